"""`manage.py reconcile`: checks all books and says so by its exit status."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.bridge.errors import BridgeError
from apps.projection.engine_comparison import compare_with_engine
from apps.projection.reconciliation import reconcile

ACCOUNTS_A_ROUND = 1000


class Command(BaseCommand):
    help = (
        "Check that legs, wallets and positions agree, with each other and the engine. Exit status 1 when they do not."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rows-only", action="store_true", help="Do not ask the engine.")

    def handle(self, *args: Any, **options: Any) -> None:
        outcome = reconcile()
        findings = [*outcome.findings]
        if not options["rows_only"]:
            findings += self._compare()
        for finding in findings:
            self.stderr.write(finding)
        if findings:
            raise CommandError(f"{len(findings)} disagreements at command {outcome.seq}")
        self.stdout.write(f"all books agree at command {outcome.seq}")

    def _compare(self) -> list[str]:
        """Differences from the engine; one that does not answer is told and is no disagreement of the books."""
        above, findings, compared = 0, list[str](), 0
        try:
            while True:
                part = compare_with_engine(above=above, limit=ACCOUNTS_A_ROUND)
                findings += part.findings
                compared += len(part.accounts)
                if len(part.accounts) < ACCOUNTS_A_ROUND:
                    break
                above = part.accounts[-1]
        except (BridgeError, TimeoutError) as error:
            self.stderr.write(f"not compared with the engine: {error}")
            return findings
        self.stdout.write(f"compared with the engine: {compared} accounts")
        return findings
