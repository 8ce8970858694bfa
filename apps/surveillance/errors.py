"""What may go wrong at the alert queue."""

from __future__ import annotations

from apps.common.errors import DomainError


class UnknownAlert(DomainError):
    code = "UNKNOWN_ALERT"
    status = 404
    message = "There is no such alert."


class AlertClosed(DomainError):
    """A closed alert stays closed; a new one opens when it happens again."""

    code = "ALERT_CLOSED"
    status = 409
    message = "The alert is closed."


class ActionRefused(DomainError):
    code = "ACTION_REFUSED"
    status = 409
    message = "That cannot be done."


class ReasonMissing(DomainError):
    code = "REASON_MISSING"
    message = "Say why, in at most 200 characters."
