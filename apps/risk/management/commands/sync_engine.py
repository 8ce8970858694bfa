"""Tells the engine every asset, instrument, ladder, account and limit again. Harmless to repeat."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.accounts.services import sync_accounts
from apps.common.errors import DomainError, ServiceUnavailable
from apps.instruments.services import push_definitions
from apps.risk.services import push_limits


class Command(BaseCommand):
    help = "Send all definitions, accounts and limits to the matching engine (repeatable)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--wait", type=float, default=10.0, help="Seconds to wait for the engine to answer.")

    def handle(self, *args: Any, **options: Any) -> None:
        definitions = self._push(options["wait"])
        self.stdout.write(f"definitions: {definitions}")
        try:
            accounts = sync_accounts(progress=lambda done, total: self.stdout.write(f"accounts: {done}/{total}"))
            limits = push_limits()
        except DomainError as error:
            raise CommandError(f"{error.code}: {error.message}") from None
        self.stdout.write(f"engine is in step: {definitions} definitions, {accounts} accounts, {limits} limits")

    def _push(self, wait_s: float) -> int:
        give_up = time.monotonic() + wait_s
        while True:
            try:
                return push_definitions()
            except ServiceUnavailable as error:
                if time.monotonic() > give_up:
                    raise CommandError(f"{error.code}: {error.message}") from None
                time.sleep(0.2)
            except DomainError as error:
                raise CommandError(f"{error.code}: {error.message}") from None
