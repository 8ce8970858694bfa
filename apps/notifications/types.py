"""What a person may be told of at once. A notice is news, not a record: who was not there misses it."""

from __future__ import annotations

from enum import StrEnum


class NoticeKind(StrEnum):
    """The `event` of a notice, and the facts it carries besides `time_ms`."""

    BALANCE_CREDITED = "balance_credited"  # account_id, asset, amount, wallet_balance (decimals), reference
    SESSION_ENDED = "session_ended"  # session_id, reason; the socket adds `current`
    KEY_REVOKED = "key_revoked"  # key (its public text), label
    KYC_CHANGED = "kyc_changed"  # application_id, state, level, reason (as shown to the applicant)
    KYC_EXPIRING = "kyc_expiring"  # level, expires_ms
    RISK_WARNING = "risk_warning"  # account_id, rule, message: to the person whose trading it is
    ACCOUNT_RESTRICTED = "account_restricted"  # account_id, state (active, reduce_only, frozen), reason
    RISK_ALERT = "risk_alert"  # alert_id, rule, summary: to staff of the risk desk
    SECURITY_CHANGED = "security_changed"  # what (a word of apps.users.security.CHANGES), address
