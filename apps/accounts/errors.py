"""Refusals of the accounts room."""

from apps.common.errors import DomainError


class UnknownAccount(DomainError):
    code = "UNKNOWN_ACCOUNT"
    status = 404
    message = "There is no such account."


class UnknownAsset(DomainError):
    code = "UNKNOWN_ASSET"
    status = 404
    message = "There is no such asset."


class CreditRefused(DomainError):
    """The engine refused the deposit; details: `reason`, a RejectReason's name."""

    code = "CREDIT_REFUSED"
    status = 409
    message = "The engine refused the deposit."


class OpeningRefused(DomainError):
    """The engine refused the account; details: `reason`, a RejectReason's name."""

    code = "OPENING_REFUSED"
    status = 409
    message = "The engine refused the account."


class TransferRefused(DomainError):
    """The engine refused the transfer; details: `reason`, a RejectReason's name."""

    code = "TRANSFER_REFUSED"
    status = 409
    message = "The engine refused the transfer."
