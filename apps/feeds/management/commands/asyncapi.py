"""`manage.py asyncapi --file docs/asyncapi.yaml`: write the description of the native socket."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand

from apps.feeds.asyncapi import document


class _Dumper(yaml.SafeDumper):
    """Long texts as blocks; nothing by reference."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> Any:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def written() -> str:
    """The file's text."""
    return yaml.dump(document(), Dumper=_Dumper, sort_keys=False, width=110, allow_unicode=True)


class Command(BaseCommand):
    help = "Write the AsyncAPI document of the native socket."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, required=True)

    def handle(self, *_: Any, **options: Any) -> None:
        options["file"].write_text(written(), encoding="utf-8")
