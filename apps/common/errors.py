"""The one shape of a refusal inside Django: a code, words for people, details for programs."""

from typing import Any


class DomainError(Exception):
    """Something was asked that may not be done. Subclasses set `code`, `status` and `message`."""

    code = "REFUSED"
    status = 400
    message = "The request was refused."

    def __init__(self, message: str = "", **details: Any) -> None:
        self.message = message or self.message
        self.details = details
        super().__init__(self.message)


class ServiceUnavailable(DomainError):
    """A server we need does not answer; nothing was done, the caller may repeat."""

    code = "SERVICE_UNAVAILABLE"
    status = 503
    message = "The service is unavailable for a moment. Try again."


class OutcomeUnclear(DomainError):
    """A command was sent and no answer came in time; repeating it under its reference is safe."""

    code = "OUTCOME_UNKNOWN"
    status = 503
    message = "No answer came in time. Ask for the state, or repeat the same request."
