"""Who looks at applications: persons of the back office, or a service that is told over HTTP and calls back.

Submissions wait in rows until the provider has taken them, so that nothing is lost while it is away.
"""

from __future__ import annotations

import http.client
import json
from datetime import timedelta
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from apps.kyc.details import open_details
from apps.kyc.documents import open_document
from apps.kyc.errors import ProviderFailed
from apps.kyc.models import Application, Submission
from apps.kyc.signing import sign

LOCAL, REMOTE = "local", "remote"
QUEUED, SENT, DECIDED, WITHDRAWN = "queued", "sent", "decided", "withdrawn"
TIMEOUT_S = 10.0
PAUSE_S_MAX = 3600


class KycProvider(Protocol):
    """`submit` returns when the provider has the whole case; it may be called again for the same one."""

    name: str

    def submit(self, submission: Submission) -> None:
        """Raises ProviderFailed: to be tried again later."""


class LocalReviewer:
    """Persons of the back office: the queue is the table of applications, and nothing has to be sent."""

    name = LOCAL

    def submit(self, submission: Submission) -> None:
        """The rows are all they need."""


class RemoteProvider:
    """`POST /submissions` with the person, `PUT /submissions/<reference>/documents/<id>` with each document, then
    `POST /submissions/<reference>/complete`; every request is signed (signing.py) and may be repeated.
    """

    name = REMOTE

    def __init__(self, url: str, key: bytes) -> None:
        self._url, self._key = urlsplit(url), key

    def submit(self, submission: Submission) -> None:
        row, reference = submission.application, str(submission.reference)
        person = open_details(row)
        if person is None:
            return
        documents = list(row.documents.filter(deleted_at=None))
        facts = {
            "reference": reference,
            "level": row.level,
            "full_name": person.full_name,
            "birth_date": person.birth_date.isoformat(),
            "country": person.country,
            "nationality": person.nationality,
            "address": person.address,
            "documents": [{"id": str(one.id), "kind": one.kind, "content_type": one.content_type} for one in documents],
        }
        self._send("POST", "/submissions", json.dumps(facts).encode(), "application/json")
        for one in documents:
            self._send("PUT", f"/submissions/{reference}/documents/{one.id}", open_document(one), one.content_type)
        self._send("POST", f"/submissions/{reference}/complete", b"{}", "application/json")

    def _send(self, method: str, path: str, body: bytes, content_type: str) -> None:
        """No redirect is followed: a document goes where the settings say or nowhere."""
        path = self._url.path.rstrip("/") + path
        kind = http.client.HTTPSConnection if self._url.scheme == "https" else http.client.HTTPConnection
        link = kind(self._url.hostname or "", self._url.port, timeout=TIMEOUT_S)
        headers = {"Content-Type": content_type, **sign(self._key, method, path, body)}
        try:
            link.request(method, path, body, headers)
            status = link.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            raise ProviderFailed(cause=type(error).__name__) from None
        finally:
            link.close()
        if not 200 <= status < 300:
            raise ProviderFailed(cause=f"HTTP {status}")


def get_provider(name: str) -> KycProvider:
    if name == REMOTE:
        return RemoteProvider(settings.EXCHANGE_KYC_PROVIDER_URL, settings.EXCHANGE_KYC_PROVIDER_KEY.encode())
    return LocalReviewer()


def queue_submission(row: Application) -> Submission:
    """The application waits for its provider; what was sent before counts no more."""
    row.submissions.exclude(state=DECIDED).update(state=WITHDRAWN)
    remote = bool(settings.EXCHANGE_KYC_PROVIDER_URL)
    return Submission.objects.create(
        application=row,
        provider=REMOTE if remote else LOCAL,
        state=QUEUED if remote else SENT,
        next_attempt_at=timezone.now() if remote else None,
    )


def send_queued(*, limit: int = 20) -> int:
    """Hand waiting submissions over; how many the provider took. What fails is tried again, later each time."""
    due = Submission.objects.filter(Q(next_attempt_at__lte=timezone.now()), state=QUEUED)
    sent = 0
    for submission_id in list(due.order_by("id").values_list("id", flat=True)[:limit]):
        sent += _send_one(submission_id)
    return sent


def _send_one(submission_id: int) -> int:
    """Claimed first by moving its next attempt away, so that no two workers send at once and no lock is held meanwhile."""
    now = timezone.now()
    claim: dict[str, Any] = {"id": submission_id, "state": QUEUED, "next_attempt_at__lte": now}
    if not Submission.objects.filter(**claim).update(next_attempt_at=now + timedelta(minutes=5)):
        return 0
    submission = Submission.objects.select_related("application").get(id=submission_id)
    try:
        get_provider(submission.provider).submit(submission)
    except ProviderFailed:
        pause = min(10 * 2 ** min(submission.attempts, 10), PAUSE_S_MAX)
        Submission.objects.filter(id=submission_id, state=QUEUED).update(
            attempts=submission.attempts + 1, next_attempt_at=timezone.now() + timedelta(seconds=pause)
        )
        return 0
    with transaction.atomic():
        return Submission.objects.filter(id=submission_id, state=QUEUED).update(state=SENT, next_attempt_at=None)
