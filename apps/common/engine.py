"""The way to the engine for rooms below the bridge: a function the composition root names in settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.conf import settings
from django.utils.module_loading import import_string

from matcher.protocol.commands import Command
from matcher.protocol.events import Event

Send = Callable[[Command], Sequence[Event]]


def get_send() -> Send:
    """Sends one command and returns its own events. Raises ServiceUnavailable or OutcomeUnclear."""
    send: Send = import_string(settings.ENGINE_SEND)
    return send
