"""`manage.py load_sanctions <file.csv>`: the sanctions list in force from now on; people are screened again by a job."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.audit.types import Actor
from apps.kyc.errors import MalformedList
from apps.kyc.sanctions import load_list, read_list


class Command(BaseCommand):
    help = "Load a sanctions list: CSV with the columns reference, name, aliases, birth_dates, programme."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            entries = read_list(path.read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path}: {error}") from None
        except MalformedList as error:
            raise CommandError(f"{path}: {error.message} (line {error.details['line']})") from None
        version = load_list(entries, source=path.name, actor=Actor(kind="system", id="load_sanctions"))
        self.stdout.write(f"version {version}: {len(entries)} entries")
