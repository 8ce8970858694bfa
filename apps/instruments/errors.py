"""Refusals of the instruments room."""

from apps.common.errors import DomainError


class DefinitionRefused(DomainError):
    code = "DEFINITION_REFUSED"
    status = 409
    message = "The engine refused the definition."
