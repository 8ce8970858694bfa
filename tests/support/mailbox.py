"""What was mailed in a test: the newest letter to somebody, and what its link allows."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.core import mail
from django.core.mail import EmailMessage
from pytest_django import DjangoCaptureOnCommitCallbacks


def letters_to(address: str) -> list[EmailMessage]:
    return [letter for letter in mail.outbox if letter.to == [address]]


def last_subject(address: str) -> str:
    found = letters_to(address)
    return str(found[-1].subject) if found else ""


def last_link(address: str, what: str) -> str:
    """The one-time text of the newest link `#what=...` that was mailed to the address."""
    for letter in reversed(letters_to(address)):
        if found := re.search(rf"#{what}=([A-Za-z0-9_-]+)", str(letter.body)):
            return found[1]
    raise AssertionError(f"no {what} link was mailed to {address}")


class Committed:
    """Calls something and then does what waits for the commit, as a real transaction would."""

    def __init__(self, capture: DjangoCaptureOnCommitCallbacks) -> None:
        self._capture = capture

    def __call__(self, work: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        with self._capture(execute=True):
            return work(*arguments, **named)
