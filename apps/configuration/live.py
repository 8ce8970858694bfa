"""The values in force, as this process knows them: read from the store at most every half second.

A stored value that its setting does not allow never takes effect: the one before it stays. An event loop is never
kept waiting: there the known values answer, and `keep_fresh` reads them.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import structlog
from constance.codecs import loads
from constance.models import Constance
from django.db import DatabaseError

from apps.common.rows import ask_first
from apps.configuration import registry
from apps.configuration.errors import SettingInvalid

FRESH_S = 0.5
log = structlog.get_logger("configuration")

_values: dict[str, Any] = {}
_complained: dict[str, str] = {}
_fresh_until = 0.0


def values() -> Mapping[str, Any]:
    """Name to value, of settings that were ever changed."""
    if time.monotonic() >= _fresh_until and not _in_event_loop():
        read()
    return _values


def forget() -> None:
    """Read the store at the next question."""
    global _fresh_until
    _fresh_until = 0.0


def forget_all() -> None:
    """Know nothing, as a new process does."""
    global _values
    _values = {}
    forget()


def read() -> None:
    """Read the store now; when it does not answer, what is known stays."""
    global _values, _fresh_until
    try:
        stored = dict(Constance.objects.values_list("key", "value"))
    except DatabaseError as error:
        log.warning("settings.unreadable", error=str(error))
        _fresh_until = time.monotonic() + FRESH_S
        return
    _values = {setting.name: _good(setting.name, stored[setting.name]) for setting in _known(stored)}
    _fresh_until = time.monotonic() + FRESH_S


async def keep_fresh() -> None:
    """Read the store again and again for an event loop, until canceled."""
    while True:
        await ask_first(read)
        await asyncio.sleep(FRESH_S)


def _known(stored: Mapping[str, str | None]) -> list[Any]:
    return [setting for setting in registry.every() if setting.name in stored]


def _good(name: str, text: str | None) -> Any:
    setting = registry.find(name)
    try:
        return setting.clean(loads(text or ""))
    except (SettingInvalid, ValueError) as error:
        if _complained.get(name) != text:
            _complained[name] = str(text)
            log.critical("settings.bad_value", setting=name, error=str(error))
        return _values.get(name, setting.default)


def _in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
