"""`manage.py audit_verify`: walk the whole trail and say where it was changed. Exit status 1 when it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.audit.anchors import AnchorFile, public_key
from apps.audit.services import link_pending
from apps.audit.verification import verify


class Command(BaseCommand):
    help = "Verify the audit trail from its first record, against the anchors; each damage is located."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anchors", type=Path, help="another file of anchors, for example a copy kept elsewhere")

    def handle(self, *args: Any, **options: Any) -> None:
        link_pending()
        file = AnchorFile(options["anchors"])
        verdict = verify(anchors=file)
        for finding in verdict.findings:
            self.stdout.write(f"{finding.kind}: {finding.text}")
        self.stdout.write(f"looked at places {verdict.from_seq} to {verdict.through_seq}; head {verdict.head or '-'}")
        self.stdout.write(f"anchors are signed by {public_key()}")
        if not verdict.is_good:
            raise CommandError(f"{len(verdict.findings)} findings: the trail was changed")
        self.stdout.write("The trail is whole.")
