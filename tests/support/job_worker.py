"""A Celery worker's process for tests: runs one of the beat's tasks so many times against the matcher at MATCHER_URL.

`python -m tests.support.job_worker funding 4 FIRST_SAMPLE_NS`: waits for a line on stdin first, so that several
workers begin at once; prints what each call returned as one line of JSON.
"""

from __future__ import annotations

import json
import os
import sys


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exchange.settings.test")
    import django

    django.setup()
    from apps.bridge import services as bridge
    from apps.funding import services as funding
    from apps.funding.tasks import funding_round
    from apps.liquidations.tasks import sweep_accounts

    name, times, first_sample_ns = arguments[0], int(arguments[1]), int(arguments[2])
    funding.get_first_sample_ns = lambda instrument_id: first_sample_ns  # the rows are not what is proven here
    bridge.get_client()
    print("ready", flush=True)
    sys.stdin.readline()
    task = {"funding": funding_round, "sweep": sweep_accounts}[name]
    print(json.dumps([task.apply().get() for _ in range(times)]), flush=True)
    bridge.close_client()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
