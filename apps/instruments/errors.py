"""Refusals of the instruments room."""

from apps.common.errors import DomainError


class DefinitionRefused(DomainError):
    code = "DEFINITION_REFUSED"
    status = 409
    message = "The engine refused the definition."


class TermsMoved(DomainError):
    """Details: `field`, what is not as it was."""

    code = "TERMS_MOVED"
    status = 409
    message = "The market's terms have changed since this was asked for."
