"""What a person may be told of at once. A notice is news, not a record: who was not there misses it."""

from __future__ import annotations

from enum import StrEnum


class NoticeKind(StrEnum):
    """The `event` of a notice, and the facts it carries besides `time_ms`."""

    BALANCE_CREDITED = "balance_credited"  # account_id, asset, amount, wallet_balance (decimals), reference
    SESSION_ENDED = "session_ended"  # session_id, reason; the socket adds `current`
    KEY_REVOKED = "key_revoked"  # key (its public text), label
