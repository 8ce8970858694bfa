"""A kind of request for tests: its executor does what the test says and counts how often it did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from apps.approvals import registry
from apps.approvals.types import Execution
from apps.audit.types import SYSTEM
from apps.users.models import User
from apps.users.roles import set_roles


class Deed:
    """Set `error` and it is raised; `done` are the executions that went through."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.done: list[tuple[Mapping[str, Any], Execution]] = []

    def __call__(self, payload: Mapping[str, Any], execution: Execution) -> str:
        if self.error is not None:
            raise self.error
        self.done.append((payload, execution))
        return f"did {payload['what']}"


@pytest.fixture
def deed() -> Iterator[Deed]:
    """The kind `test.deed`: finance asks, risk allows."""
    made = Deed()
    registry.register("test.deed", made, roles=["risk"], request_roles=["finance", "risk"], title="Do a deed")
    yield made
    registry._kinds.pop("test.deed")


def staff_member(name: str, *roles: str) -> User:
    """Somebody of the staff with these roles."""
    row = User.objects.filter(email=f"{name}@example.com").first()
    row = row or User.objects.create_user(f"{name}@example.com", "seven-Ducks-swim")
    set_roles(user_id=row.pk, roles=roles, actor=SYSTEM, reason="hired")
    return User.objects.get(pk=row.pk)
