"""Money that staff puts into or takes out of an account by hand, and accounts let go again: each by two people.

Every command carries the reference of the form or of the approval, so that a repetition moves nothing twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.accounts.engine import refusal, send
from apps.accounts.errors import DebitRefused, StateMoved, UnknownAccount, UnknownAsset
from apps.accounts.models import TradingAccount
from apps.accounts.services import credit_account, open_account
from apps.approvals import services as approvals
from apps.approvals.types import Execution
from apps.assets.selectors import get_asset
from apps.common.roles import ADMIN, COMPLIANCE, FINANCE, RISK
from matcher.protocol.commands import Withdraw
from matcher.protocol.enums import AccountState
from matcher.protocol.events import BalanceChanged, BalanceReplayed
from matcher.protocol.units import format_scaled

CREDIT, DEBIT, RELEASE = "accounts.credit", "accounts.debit", "accounts.release"
MONEY_ASKERS = (FINANCE, ADMIN)
DECIMALS = 8


def debit_account(*, account_id: int, asset_code: str, amount_units: int, reference: str) -> int:
    """Take `amount_units` (1e-8) of what is free, once per (account, reference); the wallet afterwards, in units.

    Raises UnknownAsset, DebitRefused, ServiceUnavailable, OutcomeUnclear (safe to repeat with the same reference).
    """
    asset = get_asset(asset_code)
    if asset is None:
        raise UnknownAsset(asset=asset_code)
    events = send(
        Withdraw(account=account_id, asset=asset.id, amount_units=amount_units, reference=reference.encode("ascii"))
    )
    reason = refusal(events)
    if reason:
        raise DebitRefused(f"The engine refused the debit: {reason}.", reason=reason)
    return next(event.wallet_units for event in events if isinstance(event, BalanceChanged | BalanceReplayed))


def register_kinds() -> None:
    """What of this room needs a second person."""
    approvals.register(
        CREDIT, _credit, roles=[FINANCE, RISK, ADMIN], request_roles=MONEY_ASKERS,
        title="Credit an account", describe=_describe_money,
    )  # fmt: skip
    approvals.register(
        DEBIT, _debit, roles=[FINANCE, RISK, ADMIN], request_roles=MONEY_ASKERS,
        title="Debit an account", describe=_describe_money,
    )  # fmt: skip
    approvals.register(
        RELEASE, _release, roles=[COMPLIANCE, RISK, ADMIN], request_roles=[COMPLIANCE, RISK, ADMIN],
        title="Let a frozen account trade again", describe=_describe_release,
    )  # fmt: skip


def _credit(payload: Mapping[str, Any], execution: Execution) -> str:
    done = credit_account(
        account_id=payload["account_id"],
        asset_code=payload["asset"],
        amount_units=payload["amount_units"],
        reference=payload["reference"],
    )
    said = "had been credited before" if done.repeated and not execution.is_repeated else "credited"
    return (
        f"{format_scaled(done.amount_units, DECIMALS)} {done.asset} {said}; "
        f"the wallet holds {format_scaled(done.wallet_units, DECIMALS)} {done.asset}."
    )


def _debit(payload: Mapping[str, Any], execution: Execution) -> str:  # noqa: ARG001 - an executor
    asset, amount = payload["asset"], payload["amount_units"]
    wallet = debit_account(
        account_id=payload["account_id"], asset_code=asset, amount_units=amount, reference=payload["reference"]
    )
    return f"{format_scaled(amount, DECIMALS)} {asset} debited; the wallet holds {format_scaled(wallet, DECIMALS)} {asset}."


def _release(payload: Mapping[str, Any], execution: Execution) -> str:
    """Only from the state it was asked in: what was frozen anew since stays so."""
    rows = TradingAccount.objects.filter(id=payload["account_id"])
    if not rows.exists():
        raise UnknownAccount
    moved = rows.filter(state=payload["state"]).update(state=AccountState.ACTIVE.value)
    if not moved and not (execution.is_repeated and rows.filter(state=AccountState.ACTIVE.value).exists()):
        raise StateMoved
    open_account(account_id=payload["account_id"])
    return "The account is active."


def _describe_money(payload: Mapping[str, Any]) -> list[tuple[str, str]]:
    row = TradingAccount.objects.select_related("user").filter(id=payload["account_id"]).first()
    return [
        ("Account", f"{payload['account_id']} of {row.user}" if row else str(payload["account_id"])),
        ("Amount", f"{format_scaled(payload['amount_units'], DECIMALS)} {payload['asset']}"),
        ("Reference", payload["reference"]),
    ]


def _describe_release(payload: Mapping[str, Any]) -> list[tuple[str, str]]:
    row = TradingAccount.objects.select_related("user").filter(id=payload["account_id"]).first()
    return [
        ("Account", f"{payload['account_id']} of {row.user}" if row else str(payload["account_id"])),
        ("State", f"{AccountState(payload['state']).name.lower()} → active"),
    ]
