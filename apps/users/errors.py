"""Refusals of the identity room."""

from apps.common.errors import DomainError


class InvalidCredentials(DomainError):
    code = "INVALID_CREDENTIALS"
    status = 401
    message = "Email or password is wrong, or the email is not confirmed yet."


class InvalidToken(DomainError):
    code = "INVALID_TOKEN"
    status = 401
    message = "The token is malformed, expired or revoked."


class EmailTaken(DomainError):
    """Inside the house only: no door tells a stranger who is registered."""

    code = "EMAIL_TAKEN"
    status = 409
    message = "An account with this email exists."


class InvalidEmail(DomainError):
    code = "INVALID_EMAIL"
    status = 400
    message = "This is not an e-mail address."


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
    message = "The number of API keys of an account is limited; revoke one first."


class NoTradingAccount(DomainError):
    code = "NO_TRADING_ACCOUNT"
    status = 409
    message = "The user has no trading account yet."


class TooManyAttempts(DomainError):
    """Details: `retry_after_s`."""

    code = "TOO_MANY_ATTEMPTS"
    status = 429
    message = "Too many wrong tries from here. Wait a little."


class InvalidLink(DomainError):
    code = "INVALID_LINK"
    status = 400
    message = "The link is used up, too old or not complete. Ask for a new one."


class InvalidCode(DomainError):
    code = "INVALID_CODE"
    status = 401
    message = "The code is wrong or was used already."


class ChallengeOver(DomainError):
    code = "CHALLENGE_OVER"
    status = 401
    message = "The sign-in took too long or was tried too often. Start again."


class AccountFrozen(DomainError):
    """Told only to who knows the password; details: `by`."""

    code = "ACCOUNT_FROZEN"
    status = 403
    message = "The account is frozen."


class StepUpRequired(DomainError):
    """Details: `methods`, what would do."""

    code = "STEP_UP_REQUIRED"
    status = 403
    message = "Prove once more that it is you."


class WithdrawalHeld(DomainError):
    """Details: `until_ms`."""

    code = "WITHDRAWAL_HELD"
    status = 403
    message = "Withdrawals rest for 24 hours after a security change."


class EmailNotVerified(DomainError):
    code = "EMAIL_NOT_VERIFIED"
    status = 403
    message = "Confirm your e-mail address first."


class SecondFactorExists(DomainError):
    code = "SECOND_FACTOR_EXISTS"
    status = 409
    message = "An authenticator is set up already; remove it first."


class NoSecondFactor(DomainError):
    code = "NO_SECOND_FACTOR"
    status = 409
    message = "There is no second factor to do this with."


class UnknownPasskey(DomainError):
    code = "UNKNOWN_PASSKEY"
    status = 404
    message = "There is no such passkey."


class PasskeyRefused(DomainError):
    code = "PASSKEY_REFUSED"
    status = 400
    message = "The passkey was not accepted."


class PasskeysNotHere(DomainError):
    code = "PASSKEYS_NOT_HERE"
    status = 409
    message = "Passkeys need the exchange's own name in the address bar (or localhost), not a number."


class TooManyPasskeys(DomainError):
    code = "TOO_MANY_PASSKEYS"
    status = 409
    message = "The number of passkeys is limited; remove one first."


class UnknownSession(DomainError):
    code = "UNKNOWN_SESSION"
    status = 404
    message = "There is no such live session."


class NotDisabled(DomainError):
    code = "NOT_DISABLED"
    status = 409
    message = "The person is not disabled."


class DisabledAnew(DomainError):
    code = "DISABLED_ANEW"
    status = 409
    message = "The person is no longer disabled as they were when this was asked for."


class RolesMoved(DomainError):
    code = "ROLES_MOVED"
    status = 409
    message = "The person's roles have changed since this was asked for."


class FactorsMoved(DomainError):
    code = "FACTORS_MOVED"
    status = 409
    message = "The person has changed how they sign in since this was asked for."


class AccountNotEmpty(DomainError):
    """Details: `reasons`."""

    code = "ACCOUNT_NOT_EMPTY"
    status = 409
    message = "Only an account without positions, orders and money can be closed."


class InvalidPublicKey(DomainError):
    code = "INVALID_PUBLIC_KEY"
    message = "The public key must be an Ed25519 key in PEM form."


class InvalidAddress(DomainError):
    code = "INVALID_ADDRESS"
    message = "Addresses are IPv4 or IPv6 addresses or networks, in limited number."


class InvalidSymbol(DomainError):
    code = "INVALID_SYMBOL"
    message = "Instruments are named by their symbols, in limited number."


class InvalidExpiry(DomainError):
    code = "INVALID_EXPIRY"
    message = "A key expires in the future, at most five years from now."


class AddressListNeeded(DomainError):
    code = "ADDRESS_LIST_NEEDED"
    message = "A key that may transfer or withdraw needs a list of addresses it is used from, no network wider than /16 (IPv6: /32)."
