"""Wider limits of an account, by two: tighter ones are set by one person at once.

How many orders may be sent is a matter of load and not of money: one person sets it either way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from apps.approvals import services as approvals
from apps.approvals.types import ApprovalRef, Execution
from apps.audit.types import Actor
from apps.common.roles import ADMIN, RISK
from apps.instruments.selectors import get_instrument_by_id
from apps.risk.errors import LimitsMoved
from apps.risk.limit_words import words
from apps.risk.selectors import get_limits
from apps.risk.services import check_limits, set_limits
from apps.risk.types import LimitTerms, Told

WIDEN = "risk.limits"
BOUNDS = ("max_position_notional_units", "max_position_lots", "max_open_orders")


def register_kinds() -> None:
    approvals.register(
        WIDEN, _set, roles=[RISK, ADMIN], request_roles=[RISK, ADMIN],
        title="Widen an account's limits", describe=_describe,
    )  # fmt: skip


def is_wider(before: LimitTerms, after: LimitTerms) -> bool:
    """Whether something may be larger than it might before; 0 is no limit."""
    pairs = [(getattr(before, name), getattr(after, name)) for name in BOUNDS]
    return any(old and (not new or new > old) for old, new in pairs)


def ask_to_widen(*, account_id: int, instrument_id: int, terms: LimitTerms, actor: Actor, reason: str) -> ApprovalRef:
    """Raises LimitsInvalid, LimitsMoved when there are none, ReasonMissing, MissingRole."""
    check_limits(account_id, instrument_id, terms, reason)
    row = get_limits(account_id, instrument_id)
    if row is None:
        raise LimitsMoved
    payload = {
        "account_id": account_id,
        "instrument_id": instrument_id,
        "version": row.version,
        "before": asdict(row.terms),
        "after": asdict(terms),
    }
    return approvals.request(WIDEN, payload, actor=actor, reason=reason, subject=f"accounts.account:{account_id}")


def _set(payload: Mapping[str, Any], execution: Execution) -> str:
    place, after = (payload["account_id"], payload["instrument_id"]), LimitTerms(**payload["after"])
    row = get_limits(*place)
    if row is not None and execution.is_repeated and (row.version, row.terms) == (payload["version"] + 1, after):
        return "The limits are set."
    if row is None or row.version != payload["version"]:
        raise LimitsMoved
    told = set_limits(
        account_id=place[0],
        instrument_id=place[1],
        terms=after,
        actor=Actor("staff", execution.requested_by),
        reason=execution.reason,
    )
    return "The engine has taken the limits." if told == Told.YES else "The limits are set; the engine is told again."


def _describe(payload: Mapping[str, Any]) -> list[tuple[str, str]]:
    spec = get_instrument_by_id(payload["instrument_id"])
    return [
        ("Account", str(payload["account_id"])),
        ("Instrument", spec.symbol if spec else "all together"),
        ("Before", words(LimitTerms(**payload["before"]), spec)),
        ("After", words(LimitTerms(**payload["after"]), spec)),
    ]
