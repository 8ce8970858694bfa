"""What time does: levels run out, drafts are given up, documents are deleted when nobody may keep them longer."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from apps.audit.services import record
from apps.audit.types import Actor
from apps.kyc import vault
from apps.kyc.details import forget_details
from apps.kyc.documents import delete_document, retain_documents
from apps.kyc.models import Application, Document
from apps.kyc.models import Standing as StandingRow
from apps.kyc.moving import lock_application, move, subject
from apps.kyc.types import ApplicationState
from apps.notifications.services import notify_user
from apps.notifications.types import NoticeKind

SYSTEM = Actor(kind="system", id="kyc.expiry")
TOLD_BEFORE = timedelta(days=30)
DRAFT_LIFE = timedelta(days=30)
KEPT_AFTER_DRAFT = timedelta(days=7)
ORPHAN_AGE_S = 3600.0
AT_ONCE = 200
ENDED = (ApplicationState.REJECTED, ApplicationState.EXPIRED)


def expire_due() -> int:
    """Approved applications whose time is over, and with them the level; how many."""
    due = Application.objects.filter(state=ApplicationState.APPROVED, expires_at__lte=timezone.now())
    done = 0
    for application_id in list(due.values_list("id", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            row = lock_application(str(application_id))
            if row.state == ApplicationState.APPROVED:
                move(row, Application.expire, actor=SYSTEM, reason="The verification has run out; please verify again.")
                done += 1
            StandingRow.objects.filter(user_id=row.user_id, expires_at__lte=timezone.now()).update(
                level=0, expires_at=None, expiry_told_at=None
            )
    return done


def give_up_drafts() -> int:
    """Drafts, and questions without an answer, of a month ago; how many."""
    idle = Application.objects.filter(
        state__in=(ApplicationState.DRAFT, ApplicationState.NEEDS_MORE), changed_at__lte=timezone.now() - DRAFT_LIFE
    )
    done = 0
    for application_id in list(idle.values_list("id", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            row = lock_application(str(application_id))
            if row.state in {ApplicationState.DRAFT, ApplicationState.NEEDS_MORE}:
                move(row, Application.expire, actor=SYSTEM, reason="Nothing came for 30 days; please start again.")
                retain_documents(row, timezone.now() + KEPT_AFTER_DRAFT)
                done += 1
    return done


def tell_of_expiry() -> int:
    """Tell each person once, weeks before their level runs out; how many were told."""
    now, told = timezone.now(), 0
    due = StandingRow.objects.filter(expires_at__gt=now, expires_at__lte=now + TOLD_BEFORE, expiry_told_at=None)
    for standing in due[:AT_ONCE]:
        with transaction.atomic():
            if StandingRow.objects.filter(pk=standing.pk, expiry_told_at=None).update(expiry_told_at=now):
                assert standing.expires_at is not None, "asked for above"
                notify_user(
                    user_id=standing.user_id,
                    kind=NoticeKind.KYC_EXPIRING,
                    level=standing.level,
                    expires_ms=int(standing.expires_at.timestamp() * 1000),
                )
                told += 1
    return told


def delete_retained() -> int:
    """Documents whose retention is over, then the personal details of applications that have none left; how many."""
    done = 0
    for row in Document.objects.filter(retain_until__lte=timezone.now(), deleted_at=None)[:AT_ONCE]:
        with transaction.atomic():
            delete_document(row, actor=SYSTEM, reason="retention is over")
        done += 1
    return done + _forget_people()


def _forget_people() -> int:
    """Of applications that have ended, once every document is gone and was to go."""
    kept = Document.objects.filter(application=OuterRef("pk"), deleted_at=None)
    rows = Application.objects.filter(~Exists(kept), state__in=ENDED, changed_at__lte=timezone.now() - KEPT_AFTER_DRAFT)
    rows = rows.exclude(details_sealed=b"")
    done = 0
    for application_id in list(rows.values_list("id", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            row = lock_application(str(application_id))
            forget_details(row)
            row.save()
            record("kyc.details_deleted", actor=SYSTEM, subject=subject(row), reason="retention is over")
        done += 1
    return done


def sweep_orphans() -> int:
    """Files that no row names, an hour old: of uploads that were rolled back; how many."""
    done = 0
    for name in vault.names_older_than(ORPHAN_AGE_S):
        if not Document.objects.filter(stored_name=name).exists():
            vault.drop(name)
            done += 1
    return done
