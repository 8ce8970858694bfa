"""Who is told: the risk desk of every new alert, the person of a warning or of what was done to the account."""

from __future__ import annotations

from apps.accounts.selectors import get_account
from apps.notifications.services import notify_user
from apps.notifications.types import NoticeKind
from apps.users.selectors import list_staff_of_group
from matcher.protocol.enums import AccountState

RISK_DESK = "risk"
WARNING = "Your recent trading shows a pattern that the rules of the market forbid or watch. Please check what you run."


def tell_desk(*, alert_id: int, rule: str, summary: str) -> None:
    """After the commit, to everybody of the desk who is there."""
    for user_id in list_staff_of_group(RISK_DESK):
        notify_user(user_id=user_id, kind=NoticeKind.RISK_ALERT, alert_id=alert_id, rule=rule, summary=summary)


def warn_owner(*, account_id: int, rule: str) -> None:
    account = get_account(account_id)
    if account is not None:
        notify_user(
            user_id=account.user_id,
            kind=NoticeKind.RISK_WARNING,
            account_id=account_id,
            rule=rule,
            message=WARNING,
        )


def tell_state(*, account_id: int, state: AccountState) -> None:
    account = get_account(account_id)
    if account is not None:
        notify_user(
            user_id=account.user_id,
            kind=NoticeKind.ACCOUNT_RESTRICTED,
            account_id=account_id,
            state=state.name.lower(),
            reason="risk control",
        )
