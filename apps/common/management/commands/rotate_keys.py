"""Puts every sealed secret under the current key-encryption key, online; may be stopped and run again."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.common.sealed_rows import BATCH_ROWS, registered, rewrap_all
from apps.common.sealing import SealError, get_key_provider, make_key, use_key


class Command(BaseCommand):
    help = "Re-wrap all sealed rows under the current key-encryption key; --make first makes a new one current."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--make", metavar="ID", help="make key ID in the secrets folder and seal with it from now")
        parser.add_argument("--batch", type=int, default=BATCH_ROWS, help="rows a transaction")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.EXCHANGE_SECRETS)
        try:
            if options["make"]:
                make_key(folder, options["make"])
                use_key(folder, options["make"])
            kek_id = get_key_provider().current_id()
            get_key_provider().key(kek_id)
        except (SealError, FileExistsError) as error:
            raise CommandError(str(error)) from None
        done, broken = 0, 0
        for progress in rewrap_all(options["batch"]):
            done += progress.done
            broken += len(progress.broken)
            self.stdout.write(f"{progress.columns}: {done} re-wrapped, {progress.left} left")
            for pk in progress.broken:
                self.stderr.write(f"{progress.columns}: row {pk} does not open with its key; left as it is")
        left = sum(columns.left(kek_id).count() for columns in registered())
        if left:
            raise CommandError(f"{left} rows are not under key {kek_id}: keep their old keys, and run this again")
        self.stdout.write(
            f"{done} rows re-wrapped; all sealed rows are under key {kek_id}; older keys may be destroyed"
        )
