"""A disabled person comes back: one of staff asks, another allows, and only that disabling is undone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from apps.approvals import services as approvals
from apps.approvals.types import ApprovalRef, Execution
from apps.audit.types import Actor
from apps.common.roles import ADMIN, COMPLIANCE, RISK, SUPPORT
from apps.users.errors import DisabledAnew, NotDisabled
from apps.users.selectors import get_standing, name_of
from apps.users.services import enable_user

ENABLE = "users.enable"
ASKERS = (SUPPORT, COMPLIANCE, ADMIN)
DECIDERS = (COMPLIANCE, RISK, ADMIN)


def register_kinds() -> None:
    approvals.register(
        ENABLE, _enable, roles=DECIDERS, request_roles=ASKERS,
        title="Enable a disabled person", describe=_describe,
    )  # fmt: skip


def ask_to_enable(*, user_id: int, actor: Actor, reason: str) -> ApprovalRef:
    """Raises NotDisabled, ReasonMissing, MissingRole."""
    held = get_standing(user_id)
    if held is None or held.disabled_at is None or held.is_closed:
        raise NotDisabled
    payload = {"user_id": user_id, "asked_by": int(actor.id), "disabled_at": held.disabled_at.isoformat()}
    return approvals.request(ENABLE, payload, actor=actor, reason=reason, subject=f"users.user:{user_id}")


def _enable(payload: Mapping[str, Any], execution: Execution) -> str:
    """Who was disabled anew since, or is enabled already, stays as they are."""
    user_id, disabled_at = payload["user_id"], datetime.fromisoformat(payload["disabled_at"])
    if not enable_user(user_id=user_id, by_staff=payload["asked_by"], reason=execution.reason, disabled_at=disabled_at):
        held = get_standing(user_id)
        if not execution.is_repeated or held is None or held.disabled_at is not None:
            raise DisabledAnew
    return "The person is enabled."


def _describe(payload: Mapping[str, Any]) -> list[tuple[str, str]]:
    since = datetime.fromisoformat(payload["disabled_at"])
    return [
        ("Person", name_of(payload["user_id"])),
        ("Disabled since", f"{since:%Y-%m-%d %H:%M:%S} UTC"),
    ]
