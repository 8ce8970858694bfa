"""Refusals of the identity room."""

from apps.common.errors import DomainError


class InvalidCredentials(DomainError):
    code = "INVALID_CREDENTIALS"
    status = 401
    message = "Email or password is wrong."


class InvalidToken(DomainError):
    code = "INVALID_TOKEN"
    status = 401
    message = "The token is malformed, expired or revoked."


class EmailTaken(DomainError):
    code = "EMAIL_TAKEN"
    status = 409
    message = "An account with this email exists."


class WeakPassword(DomainError):
    code = "WEAK_PASSWORD"
    status = 400
    message = "The password is too easy to guess."


class UnknownApiKey(DomainError):
    code = "UNKNOWN_API_KEY"
    status = 404
    message = "There is no such API key."


class TooManyApiKeys(DomainError):
    code = "TOO_MANY_API_KEYS"
    status = 409
    message = "The number of API keys is limited; revoke one first."


class NoTradingAccount(DomainError):
    code = "NO_TRADING_ACCOUNT"
    status = 409
    message = "The user has no trading account yet."
