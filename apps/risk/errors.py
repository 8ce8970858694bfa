"""What may go wrong with the limits of an account."""

from __future__ import annotations

from apps.common.errors import DomainError


class LimitsInvalid(DomainError):
    """The terms cannot stand; `field` says which of them."""

    code = "LIMITS_INVALID"

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}", field=field)


class LimitsUnchanged(DomainError):
    code = "LIMITS_UNCHANGED"
    status = 409
    message = "The limits are these already."


class LimitsMoved(DomainError):
    code = "LIMITS_MOVED"
    status = 409
    message = "The limits are no longer as they were when this was asked for."
