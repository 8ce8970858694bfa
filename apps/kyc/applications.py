"""What an applicant does: open an application, correct it, add and remove documents, hand it in."""

from __future__ import annotations

import uuid

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from apps.audit.types import Actor
from apps.kyc import documents, providers, screening
from apps.kyc.details import close_details
from apps.kyc.errors import (
    ApplicationOpen,
    DocumentsMissing,
    LevelReached,
    TooManyDocuments,
    UnknownDocument,
    UnknownLevel,
    WrongState,
)
from apps.kyc.models import Application, Document
from apps.kyc.models import Standing as StandingRow
from apps.kyc.moving import lock_application, move, note
from apps.kyc.selectors import application_ref, document_ref, get_level, missing_requirements
from apps.kyc.types import EDITABLE_STATES, OPEN_STATES, ApplicationRef, DocumentRef, Person

DOCUMENTS_MAX = 8


def open_application(*, user_id: int, level: int, person: Person, actor: Actor) -> ApplicationRef:
    """A draft. Raises UnknownLevel, LevelReached, ApplicationOpen."""
    if level == 0 or get_level(level) is None:
        raise UnknownLevel
    with transaction.atomic():
        standing, _ = StandingRow.objects.select_for_update().get_or_create(user_id=user_id)
        if standing.level > level or (standing.level == level and not _runs_out_soon(standing)):
            raise LevelReached
        known = Application.objects.filter(user_id=user_id, state__in=OPEN_STATES).first()
        if known is not None:
            raise ApplicationOpen(application_id=str(known.id))
        row = Application(id=uuid.uuid4(), user_id=user_id, level=level)
        close_details(row, person)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            raise ApplicationOpen from None
        note(row, "", actor=actor)
    return application_ref(row)


def _runs_out_soon(standing: StandingRow) -> bool:
    """Within the weeks in which a person is told of it, the same level may be asked for again."""
    return standing.expires_at is not None and standing.expiry_told_at is not None


def correct_application(*, user_id: int, application_id: str, person: Person) -> ApplicationRef:
    """Other details. Raises UnknownApplication, WrongState."""
    with transaction.atomic():
        row = _editable(user_id, application_id)
        close_details(row, person)
        row.save()
    return application_ref(row)


def add_document(*, user_id: int, application_id: str, kind: str, file_name: str, content: bytes) -> DocumentRef:
    """Inspect, seal and keep. Raises UnknownApplication, WrongState, TooManyDocuments, DocumentRefused."""
    with transaction.atomic():  # what cannot be taken anyway is not looked at
        _check_room(_editable(user_id, application_id))
    inspected = documents.inspect_document(content)
    with transaction.atomic():
        row = _editable(user_id, application_id)
        _check_room(row)
        row.save(update_fields=["changed_at"])
        return document_ref(documents.keep_document(row, kind=kind, file_name=file_name, inspected=inspected))


def remove_document(*, user_id: int, application_id: str, document_id: str, actor: Actor) -> None:
    """Raises UnknownApplication, WrongState, UnknownDocument."""
    with transaction.atomic():
        row = _editable(user_id, application_id)
        document = row.documents.filter(id=document_id, deleted_at=None).first()
        if document is None:
            raise UnknownDocument
        documents.delete_document(document, actor=actor, reason="removed by the applicant")


def submit_application(*, user_id: int, application_id: str, actor: Actor) -> ApplicationRef:
    """Hand it in; it is screened and goes to the provider. Raises UnknownApplication, WrongState, DocumentsMissing."""
    with transaction.atomic():
        row = _editable(user_id, application_id)
        kinds = set(_kept(row).values_list("kind", flat=True))
        missing = missing_requirements(row.level, kinds)
        if missing:
            raise DocumentsMissing(missing=list(missing))
        row.submitted_at = timezone.now()
        move(row, Application.submit, actor=actor)
        screening.screen_application(row)
        providers.queue_submission(row)
    return application_ref(row)


def _editable(user_id: int, application_id: str) -> Application:
    """The locked row; somebody else's looks like none. Raises UnknownApplication, WrongState."""
    row = lock_application(application_id, user_id=user_id)
    if row.state not in EDITABLE_STATES:
        raise WrongState(state=row.state)
    return row


def _check_room(row: Application) -> None:
    if _kept(row).count() >= DOCUMENTS_MAX:
        raise TooManyDocuments


def _kept(row: Application) -> QuerySet[Document]:
    return row.documents.filter(deleted_at=None)
