"""A staff role is given by two: who could give one alone could make a second pair of eyes of their own.

Taking roles away, and giving those of customers, one administrator does at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from apps.approvals import services as approvals
from apps.approvals.types import ApprovalRef, Execution
from apps.audit.types import Actor
from apps.common.roles import ADMIN, STAFF_ROLES
from apps.users.errors import RolesMoved
from apps.users.models import User
from apps.users.roles import set_roles
from apps.users.selectors import name_of

GIVE = "users.give_roles"


def register_kinds() -> None:
    approvals.register(
        GIVE, _give, roles=[ADMIN], request_roles=[ADMIN], title="Give a staff role", describe=_describe,
    )  # fmt: skip


def roles_held(user_id: int) -> list[str]:
    """By name, in order."""
    return sorted(User.objects.get(id=user_id).groups.values_list("name", flat=True))


def needs_two(user_id: int, wanted: Iterable[str]) -> bool:
    """Whether the person would get a staff role that they do not hold."""
    return not (frozenset(wanted) - frozenset(roles_held(user_id))).isdisjoint(STAFF_ROLES)


def ask_to_give(*, user_id: int, roles: Iterable[str], actor: Actor, reason: str) -> ApprovalRef:
    """Raises ReasonMissing, MissingRole."""
    payload = {"user_id": user_id, "before": roles_held(user_id), "after": sorted(roles)}
    return approvals.request(GIVE, payload, actor=actor, reason=reason, subject=f"users.user:{user_id}")


def _give(payload: Mapping[str, Any], execution: Execution) -> str:
    user_id = payload["user_id"]
    with transaction.atomic():
        User.objects.select_for_update().get(id=user_id)
        held = roles_held(user_id)
        if held != payload["before"] and not (execution.is_repeated and held == payload["after"]):
            raise RolesMoved
        actor = Actor("staff", execution.requested_by)
        set_roles(user_id=user_id, roles=payload["after"], actor=actor, reason=execution.reason)
    return f"The person's roles: {_words(payload['after'])}."


def _describe(payload: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        ("Person", name_of(payload["user_id"])),
        ("Roles before", _words(payload["before"])),
        ("Roles after", _words(payload["after"])),
    ]


def _words(roles: Iterable[str]) -> str:
    return ", ".join(roles) or "none"
