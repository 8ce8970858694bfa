"""Refusals of the accounts room."""

from apps.common.errors import DomainError


class UnknownAccount(DomainError):
    code = "UNKNOWN_ACCOUNT"
    status = 404
    message = "There is no such account."


class InvalidAccountName(DomainError):
    code = "INVALID_ACCOUNT_NAME"
    status = 400
    message = "A name has 1 to 32 letters, digits, spaces, dots, dashes and underscores; it begins and ends with a letter or digit."


class AccountRestricted(DomainError):
    code = "ACCOUNT_RESTRICTED"
    status = 409
    message = "No further account is opened while one of yours is restricted or frozen."


class TooManyAccounts(DomainError):
    code = "TOO_MANY_ACCOUNTS"
    status = 409
    message = "The number of trading accounts is limited."


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


class DebitRefused(DomainError):
    """The engine refused the debit; details: `reason`, a RejectReason's name."""

    code = "DEBIT_REFUSED"
    status = 409
    message = "The engine refused the debit."


class NotFrozen(DomainError):
    code = "NOT_FROZEN"
    status = 409
    message = "The person is not frozen."


class StateMoved(DomainError):
    code = "STATE_MOVED"
    status = 409
    message = "The account's state has changed since this was asked for."
