"""The steps of a KYC story as tests tell it: open, add, hand in, approve."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from apps.audit.types import Actor
from apps.kyc import applications, reviews
from apps.kyc.documents import keep_document
from apps.kyc.models import Application
from apps.kyc.types import ApplicationRef, InspectedDocument, Person
from apps.users.models import User
from tests.support.kyc_papers import pdf

PERSON = Person("Alice Example", date(1990, 5, 17), "DE", "FR", "1 High Street, Berlin")


def actor(user: User) -> Actor:
    return Actor("staff" if user.is_staff else "user", str(user.pk), "10.0.0.1")


def opened(user: User, level: int = 1, name: str = PERSON.full_name) -> str:
    person = replace(PERSON, full_name=name)
    return applications.open_application(user_id=user.pk, level=level, person=person, actor=actor(user)).id


def add(user: User, application_id: str, kind: str = "passport", content: bytes = b"") -> str:
    return applications.add_document(
        user_id=user.pk, application_id=application_id, kind=kind, file_name="p.pdf", content=content or pdf()
    ).id


def submit(user: User, application_id: str) -> ApplicationRef:
    return applications.submit_application(user_id=user.pk, application_id=application_id, actor=actor(user))


def _put(application_id: str, kind: str) -> None:
    """A document that was inspected before, without the worker, which takes its time."""
    plain = InspectedDocument(pdf(), "application/pdf", 1, 0, 0)
    keep_document(Application.objects.get(id=application_id), kind=kind, file_name="p.pdf", inspected=plain)


def submitted(user: User, level: int = 1, name: str = PERSON.full_name) -> str:
    application_id = opened(user, level, name)
    for kind in ("passport", "proof_of_address", "source_of_funds")[:level]:
        _put(application_id, kind)
    submit(user, application_id)
    return application_id


def approved(user: User, reviewer: User, level: int = 1) -> str:
    application_id = submitted(user, level)
    assert reviews.approve_application(application_id=application_id, actor=actor(reviewer), reason="all is well")
    return application_id


SYSTEM = Actor("system", "test")
