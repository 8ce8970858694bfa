"""New terms of a level, by two: they set everybody's limits, and whether the level itself takes two persons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from apps.approvals import services as approvals
from apps.approvals.types import ApprovalRef, Execution
from apps.audit.types import Actor
from apps.common.roles import ADMIN, COMPLIANCE, RISK
from apps.common.scaled_field import MONEY, plain
from apps.kyc.errors import LevelMoved, UnknownLevel
from apps.kyc.selectors import get_level
from apps.kyc.services import set_level_terms
from apps.kyc.types import UNLIMITED_UNITS

SET = "kyc.level_terms"
TERMS = (
    "max_leverage", "daily_deposit_units", "daily_withdrawal_units", "validity_days", "requirements", "two_persons",
)  # fmt: skip


def register_kinds() -> None:
    approvals.register(
        SET, _set, roles=[COMPLIANCE, RISK, ADMIN], request_roles=[COMPLIANCE, ADMIN],
        title="Change a KYC level", describe=_describe,
    )  # fmt: skip


def ask_to_set(*, level: int, terms: Mapping[str, Any], actor: Actor, reason: str) -> ApprovalRef:
    """`terms` by the names of TERMS. Raises UnknownLevel, ReasonMissing, MissingRole."""
    now = get_level(level)
    if now is None:
        raise UnknownLevel
    before = {name: asdict(now)[name] for name in TERMS}
    payload = {"level": level, "version": now.version, "before": before, "after": {name: terms[name] for name in TERMS}}
    return approvals.request(SET, payload, actor=actor, reason=reason, subject=f"level:{level}")


def _set(payload: Mapping[str, Any], execution: Execution) -> str:
    level, now = payload["level"], get_level(payload["level"])
    after = {**payload["after"], "requirements": tuple(payload["after"]["requirements"])}
    if now is not None and execution.is_repeated and now.version == payload["version"] + 1:
        return f"Level {level} has its new terms."
    if now is None or now.version != payload["version"]:
        raise LevelMoved
    set_level_terms(level=level, **after, actor=Actor("staff", execution.requested_by), reason=execution.reason)
    return f"Level {level} has its new terms."


def _describe(payload: Mapping[str, Any]) -> list[tuple[str, str]]:
    before, after = payload["before"], payload["after"]
    changes = [
        (_label(name), f"{_text(name, before[name])} → {_text(name, after[name])}")
        for name in TERMS
        if _text(name, before[name]) != _text(name, after[name])
    ]
    return [("Level", str(payload["level"])), *(changes or [("Changes", "nothing")])]


def _label(name: str) -> str:
    return name.removesuffix("_units").replace("_", " ").capitalize()


def _text(name: str, value: Any) -> str:
    if name.endswith("_units"):
        return "no limit" if value >= UNLIMITED_UNITS else plain(value, MONEY)
    if isinstance(value, list | tuple):
        return ", ".join(value) or "none"
    return str(value)
