"""Roles of people: who holds which, giving and taking them, and the predicates of the admin site."""

from __future__ import annotations

from collections.abc import Iterable

import rules
from django.contrib.auth.models import Group
from django.db import transaction

from apps.audit.services import record
from apps.audit.types import Actor
from apps.common.roles import (
    ADMIN,
    AUDITOR,
    COMPLIANCE,
    CUSTOMER_ROLES,
    FINANCE,
    MARKET_MAKER,
    OPERATOR,
    RISK,
    ROLES,
    STAFF_ROLES,
    SUPPORT,
    TRADER,
    roles_of,
)
from apps.users.models import User

__all__ = [
    "ADMIN", "AUDITOR", "COMPLIANCE", "CUSTOMER_ROLES", "FINANCE", "MARKET_MAKER", "OPERATOR", "RISK", "ROLES",
    "STAFF_ROLES", "SUPPORT", "TRADER", "has_any_role", "has_role", "roles_of", "set_roles",
]  # fmt: skip


def has_role(user_id: int, role: str) -> bool:
    return role in roles_of(user_id)


def has_any_role(user_id: int, roles: Iterable[str]) -> bool:
    return not roles_of(user_id).isdisjoint(roles)


def set_roles(*, user_id: int, roles: Iterable[str], actor: Actor, reason: str) -> None:
    """The person holds exactly these roles from now on; a staff role makes them staff, none ends it.

    Raises ValueError for an unknown role.
    """
    wanted = frozenset(roles)
    if not wanted <= frozenset(ROLES):
        raise ValueError(f"unknown roles: {sorted(wanted - frozenset(ROLES))}")
    with transaction.atomic():
        person = User.objects.select_for_update().get(id=user_id)
        before = sorted(person.groups.values_list("name", flat=True))
        person.groups.set([Group.objects.get_or_create(name=name)[0] for name in sorted(wanted)])
        person.is_staff = not wanted.isdisjoint(STAFF_ROLES)
        person.save(update_fields=["is_staff"])
        record(
            "user.roles_changed",
            actor=actor,
            subject=f"users.user:{user_id}",
            reason=reason,
            before={"roles": before},
            after={"roles": sorted(wanted)},
        )


@rules.predicate  # type: ignore[untyped-decorator]
def is_oneself(person: User, other: User | None) -> bool:
    return other is not None and person.pk == other.pk


@rules.predicate  # type: ignore[untyped-decorator]
def is_customer(_: User, other: User | None) -> bool:
    """The other is neither staff nor superuser."""
    return other is None or not (other.is_staff or other.is_superuser)


@rules.predicate  # type: ignore[untyped-decorator]
def is_administrator(person: User) -> bool:
    return has_role(person.pk, ADMIN)


# A colleague's password by nobody: who could set it could approve as them. They have a link mailed to themselves.
rules.add_rule("users.set_password", is_administrator & is_customer)
# Whose row may be touched: a customer's by whoever has the right for the model, a colleague's by administrators,
# and one's own by nobody.
rules.add_rule("users.touch_person", ~is_oneself & (is_customer | is_administrator))
rules.add_rule("users.give_roles", ~is_oneself & is_administrator)
