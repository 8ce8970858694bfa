"""`manage.py reconcile`: checks all books and says so by its exit status."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.projection.reconciliation import reconcile


class Command(BaseCommand):
    help = "Check that legs, wallets and positions agree. Exit status 1 when they do not."

    def handle(self, *args: Any, **options: Any) -> None:
        outcome = reconcile()
        for finding in outcome.findings:
            self.stderr.write(finding)
        if not outcome.agrees:
            raise CommandError(f"{len(outcome.findings)} disagreements at command {outcome.seq}")
        self.stdout.write(f"all books agree at command {outcome.seq}")
