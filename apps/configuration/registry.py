"""Which settings there are. Each app declares its own and registers them when it starts."""

from __future__ import annotations

from typing import Any

from constance import settings as store

from apps.configuration.errors import UnknownSetting
from apps.configuration.types import Setting

_settings: dict[str, Setting[Any]] = {}


def register(*settings: Setting[Any]) -> None:
    """Make settings known, to us and to the store. The same again is fine; another under a known name is a bug."""
    for setting in settings:
        setting.clean(setting.default)
        known = _settings.setdefault(setting.name, setting)
        if known != setting:
            raise ValueError(f"{setting.name} is declared twice")
        store.CONFIG[setting.name] = (setting.default, setting.help, type(setting.default))


def find(name: str) -> Setting[Any]:
    """Raises UnknownSetting."""
    try:
        return _settings[name]
    except KeyError:
        raise UnknownSetting(name) from None


def every() -> list[Setting[Any]]:
    """All settings by name."""
    return [_settings[name] for name in sorted(_settings)]
