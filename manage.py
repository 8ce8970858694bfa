#!/usr/bin/env python
"""Django's command line; see celery.py for the worker's."""

import os
import sys


def main() -> None:
    """Run one management command with the settings of `make run` unless told otherwise."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exchange.settings.local")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
