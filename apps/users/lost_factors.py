"""Who lost their second factor and every backup code: support sees who they are, one of staff asks, another allows.

All their factors go, every session ends, withdrawals rest for a day and the mailbox hears of it; the password stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.approvals import services as approvals
from apps.approvals.types import ApprovalRef, Execution
from apps.audit.types import Actor
from apps.common.roles import ADMIN, COMPLIANCE, RISK, SUPPORT
from apps.users import factors
from apps.users.errors import FactorsMoved, NoSecondFactor
from apps.users.models import User
from apps.users.selectors import name_of

DROP = "users.drop_factors"
ASKERS = (SUPPORT, COMPLIANCE, ADMIN)
DECIDERS = (COMPLIANCE, RISK, ADMIN)


def register_kinds() -> None:
    approvals.register(
        DROP, _drop, roles=DECIDERS, request_roles=ASKERS,
        title="Remove a lost second factor", describe=_describe,
    )  # fmt: skip


def ask_to_drop(*, user_id: int, actor: Actor, reason: str) -> ApprovalRef:
    """Raises NoSecondFactor, ReasonMissing, MissingRole."""
    methods = factors.methods_of(user_id)
    if not methods:
        raise NoSecondFactor
    payload = {"user_id": user_id, "methods": list(methods), "security_changes": _changes(user_id)}
    return approvals.request(DROP, payload, actor=actor, reason=reason, subject=f"users.user:{user_id}")


def _drop(payload: Mapping[str, Any], execution: Execution) -> str:
    """Of the person as they stood: who has changed anything since has not lost everything."""
    user_id = payload["user_id"]
    if not factors.drop_all(
        user_id=user_id, by_staff=int(execution.requested_by), security_changes=payload["security_changes"]
    ) and not (execution.is_repeated and not factors.methods_of(user_id)):
        raise FactorsMoved
    return "The second factors are removed; the person signs in by password and sets up new ones."


def _changes(user_id: int) -> int:
    return int(User.objects.values_list("security_changes", flat=True).get(id=user_id))


def _describe(payload: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        ("Person", name_of(payload["user_id"])),
        ("Second factors", ", ".join(name.replace("_", " ") for name in payload["methods"])),
    ]
