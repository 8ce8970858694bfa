"""What may go wrong with a live setting; each names the setting."""

from __future__ import annotations

from apps.common.errors import DomainError


class UnknownSetting(DomainError):
    code = "UNKNOWN_SETTING"
    status = 404

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}: there is no such setting.", setting=name)


class SettingInvalid(DomainError):
    """The value is of the wrong kind or out of bounds; nothing was changed."""

    code = "SETTING_INVALID"

    def __init__(self, name: str, problem: str) -> None:
        self.problem = problem
        super().__init__(f"{name}: {problem}", setting=name, problem=problem)


class SettingUnchanged(DomainError):
    """The setting has this value already, and nothing was written."""

    code = "SETTING_UNCHANGED"
    status = 409

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}: it has this value already.", setting=name)


class SettingConflict(DomainError):
    """Somebody else changed the setting at the same moment; look at it and try again."""

    code = "SETTING_CONFLICT"
    status = 409

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}: somebody else changed it at the same moment.", setting=name)


class SettingMoved(DomainError):
    """What was asked for was a change from another value than it has now."""

    code = "SETTING_MOVED"
    status = 409

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}: it has changed since this was asked for.", setting=name)
