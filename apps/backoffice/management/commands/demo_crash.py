"""`manage.py demo_crash`: a crash on a stage of its own, told line by line. Needs EXCHANGE_DEMO=1.

Exit status 1 when something that should have happened did not, or when the books disagree.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from apps.backoffice.crash_stage import DrillFailed, set_stage
from apps.backoffice.crash_story import Story
from apps.common.errors import DomainError
from apps.projection.selectors import wait_seq

ROWS_SECONDS = 120.0


class Command(BaseCommand):
    help = "Play a market crash: liquidations, the insurance fund, deleveraging; check the books afterwards."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EXCHANGE_DEMO:
            raise CommandError("EXCHANGE_DEMO: set it to 1 to play the drill; never in production")
        try:
            story = Story(set_stage(), self.stdout.write)
            failures = story.play()
        except DomainError as error:
            raise CommandError(f"{error.code}: {error.message}") from None
        except DrillFailed as error:
            raise CommandError(str(error)) from None
        for text in failures:
            self.stderr.write(f"did not happen: {text}")
        if not wait_seq(story.engine_seq(), ROWS_SECONDS):
            raise CommandError("the rows did not catch up")
        call_command("reconcile", stdout=self.stdout, stderr=self.stderr)
        if failures:
            raise CommandError(f"{len(failures)} things did not happen as they should")
        self.stdout.write("Everything happened as it should; the books agree.")
