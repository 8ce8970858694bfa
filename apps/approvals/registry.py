"""Which kinds of request there are. Apps register theirs when Django is ready."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from apps.approvals.types import Describe, Executor, Kind
from apps.common.roles import STAFF_ROLES

_LIFETIME = timedelta(hours=24)
_kinds: dict[str, Kind] = {}


def register(
    kind: str,
    executor: Executor,
    *,
    roles: Iterable[str],
    request_roles: Iterable[str] = STAFF_ROLES,
    title: str = "",
    describe: Describe | None = None,
    lifetime: timedelta = _LIFETIME,
) -> None:
    """`roles` may allow it, `request_roles` may ask for it; registering the same executor again changes nothing."""
    known = _kinds.get(kind)
    assert known is None or known.executor is executor, f"{kind} is registered twice"
    _kinds[kind] = Kind(
        name=kind,
        title=title or kind,
        executor=executor,
        roles=frozenset(roles),
        request_roles=frozenset(request_roles),
        describe=describe or _plainly,
        lifetime=lifetime,
    )


def find(kind: str) -> Kind | None:
    return _kinds.get(kind)


def every() -> list[Kind]:
    return sorted(_kinds.values(), key=lambda kind: kind.name)


def _plainly(payload: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(name.replace("_", " "), str(value)) for name, value in payload.items()]
