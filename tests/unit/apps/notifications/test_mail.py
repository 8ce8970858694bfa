"""A mail has one recipient, two parts, no surprise in its header, and waits for the commit [S13]."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage, get_connection, send_mass_mail
from pytest_django import DjangoCaptureOnCommitCallbacks

from apps.notifications.mail import BACKEND, write
from apps.notifications.mail_backend import NotOneRecipientError
from apps.notifications.services import send_mail
from tests.support.pace import PATIENCE_S

TEMPLATES = sorted(path.stem for path in (Path(settings.BASE_DIR) / "templates" / "mail").glob("*.txt"))


@pytest.mark.parametrize(
    "message",
    [
        EmailMessage(to=[]),
        EmailMessage(to=["a@example.com", "b@example.com"]),
        EmailMessage(to=["a@example.com"], cc=["b@example.com"]),
        EmailMessage(to=["a@example.com"], bcc=["b@example.com"]),
    ],
)
def test_the_backend_refuses_any_number_of_recipients_but_one(message: EmailMessage) -> None:
    good = EmailMessage(to=["c@example.com"])
    with pytest.raises(NotOneRecipientError):
        get_connection(BACKEND).send_messages([good, message])
    assert mail.outbox == []
    assert get_connection(BACKEND).send_messages([good]) == 1


def test_what_django_itself_would_send_goes_the_same_way() -> None:
    from exchange.settings import base

    assert base.EMAIL_BACKEND == BACKEND
    letter = ("subject", "text", "from@example.com", ["a@example.com", "b@example.com"])
    with pytest.raises(NotOneRecipientError):
        send_mass_mail([letter], connection=get_connection(BACKEND))


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_has_a_subject_and_two_parts_and_escapes(name: str) -> None:
    hostile = dict.fromkeys(
        ("new_email", "address", "device", "subject", "sentence", "time"), "<script>alert(1)</script>"
    )
    letter = write("a@example.com", name, {**hostile, "link": "https://example.com/confirm#x=1", "code": "12345678"})
    assert letter.subject
    assert "\n" not in letter.subject
    assert len(letter.text) > 40
    assert "<script>" not in letter.html
    assert "{" not in letter.text


@pytest.mark.django_db
def test_it_leaves_after_the_commit(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> None:
    with django_capture_on_commit_callbacks(execute=False) as waiting:
        send_mail("a@example.com", "verify_email", {"link": "https://example.com/confirm#verify=abc"})
    assert mail.outbox == []
    for work in waiting:
        work()
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["a@example.com"], "Confirm your address")
    assert "https://example.com/confirm#verify=abc" in letter.body
    assert 'href="https://example.com/confirm#verify=abc"' in letter.alternatives[0][0]


@pytest.mark.django_db
def test_with_the_broker_away_this_process_sends_it(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    settings: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from concurrent.futures import wait

    from apps.notifications import services
    from exchange.celery_app import app

    settings.REDIS_URL = "redis://127.0.0.1:1"  # type: ignore[attr-defined]
    sent = []
    submit = services._posters.submit
    monkeypatch.setattr(services._posters, "submit", lambda *a: sent.append(submit(*a)))
    kept = app.conf.task_always_eager, app.conf.broker_url
    app.conf.task_always_eager, app.conf.broker_url = False, "redis://127.0.0.1:1"
    try:
        with django_capture_on_commit_callbacks(execute=True):
            send_mail("a@example.com", "closed", {"time": "now"})
        wait(sent, timeout=PATIENCE_S)
    finally:
        app.conf.task_always_eager, app.conf.broker_url = kept
    assert [letter.to for letter in mail.outbox] == [["a@example.com"]]
