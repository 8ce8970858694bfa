"""Verbs of live settings: read one, change one, take an earlier value back. Every change is a version row.

Whoever changes the store without asking here leaves a row too, without a name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar, overload

from constance import config
from constance.models import Constance
from constance.signals import config_updated
from django.db import IntegrityError, transaction
from django.dispatch import receiver

from apps.approvals import services as approvals
from apps.approvals.types import ApprovalState, Execution
from apps.audit.services import record
from apps.audit.types import Actor
from apps.common.errors import DomainError
from apps.common.roles import ADMIN, OPERATOR, RISK
from apps.configuration import live, registry
from apps.configuration.errors import SettingConflict, SettingInvalid, SettingMoved, SettingUnchanged
from apps.configuration.models import SettingVersion
from apps.configuration.selectors import get_version, list_versions
from apps.configuration.types import Outcome, Setting, SettingVersionRow

V = TypeVar("V", bound=int | str)
REASON_CHARS_MAX = 200
APPROVAL = "configuration.change"
register = registry.register
keep_fresh = live.keep_fresh
forget = live.forget


@dataclass(frozen=True, slots=True)
class _Change:
    actor: Actor
    reason: str
    before: int | str


_STORE = Actor("system", "store")
_change: ContextVar[_Change | None] = ContextVar("configuration_change", default=None)


@overload
def get(setting: Setting[V]) -> V: ...
@overload
def get(setting: str) -> Any: ...
def get(setting: Setting[V] | str) -> V | Any:
    """The value in force, at most a second old; the default while nobody changed it. Raises UnknownSetting."""
    known = registry.find(setting) if isinstance(setting, str) else setting
    return live.values().get(known.name, known.default)


def set_value(name: str, value: object, *, actor: Actor, reason: str) -> int:
    """Change a setting at once; the number of its new version.

    Raises UnknownSetting, SettingInvalid, SettingUnchanged, SettingConflict; then nothing was changed.
    """
    setting = registry.find(name)
    cleaned = setting.clean(value)
    reason = reason.strip()
    if not 0 < len(reason) <= REASON_CHARS_MAX:
        raise SettingInvalid(name, f"give a reason of at most {REASON_CHARS_MAX} characters")
    try:
        with transaction.atomic():
            Constance.objects.select_for_update().filter(key=name).first()
            live.read()
            before = get(setting)
            if before == cleaned:
                raise SettingUnchanged(name)
            with _as(_Change(actor, reason, before)):
                setattr(config, name, cleaned)
            number = SettingVersion.objects.filter(name=name).order_by("-number").values_list("number", flat=True)[0]
    except IntegrityError:
        raise SettingConflict(name) from None
    finally:
        live.forget()
    return number


def revert(name: str, *, number: int, actor: Actor, reason: str) -> int:
    """Give a setting the value it had before version `number`. Raises as `set_value`, and SettingInvalid without it."""
    return set_value(name, value_before(name, number), actor=actor, reason=reason)


def value_before(name: str, number: int) -> int | str:
    """What the setting was before its version `number`. Raises SettingInvalid."""
    version = get_version(name, number)
    if version is None:
        raise SettingInvalid(name, f"there is no version {number}")
    return version.before


def change(name: str, value: object, *, actor: Actor, reason: str) -> Outcome:
    """Change a setting, or ask a second person for it when it is guarded. Raises as `set_value`, and MissingRole."""
    setting = registry.find(name)
    if not setting.guarded:
        return Outcome(version=set_value(name, value, actor=actor, reason=reason))
    cleaned = setting.clean(value)
    if get(setting) == cleaned:
        raise SettingUnchanged(name)
    payload = {"name": name, "value": cleaned, "shown": setting.show(cleaned), "before": setting.show(get(setting))}
    asked = approvals.request(APPROVAL, payload, actor=actor, reason=reason, subject=f"setting:{name}")
    if asked.state == ApprovalState.FAILED:
        raise DomainError(asked.result)
    return Outcome(approval_id=asked.id)


def declare_approval() -> None:
    """Guarded settings are changed by two people."""
    approvals.register(
        APPROVAL,
        _change_allowed,
        roles=(RISK, ADMIN),
        request_roles=(RISK, OPERATOR, ADMIN),
        title="Change a live setting",
        describe=lambda told: [
            ("Setting", str(told["name"])),
            ("Is", str(told["before"])),
            ("To be", str(told["shown"])),
        ],
    )


def _change_allowed(payload: Mapping[str, Any], execution: Execution) -> str:
    name, value = str(payload["name"]), payload["value"]
    live.read()
    if registry.find(name).show(get(name)) not in (payload["before"], payload["shown"]):
        raise SettingMoved(name)
    try:
        version = set_value(
            name, value, actor=Actor("staff", execution.approved_by), reason=execution.reason[:REASON_CHARS_MAX]
        )
    except SettingUnchanged:
        return f"{name} had this value already"
    return f"{name} is {payload['shown']}, version {version}"


def history(name: str, *, limit: int = 100) -> list[SettingVersionRow]:
    """Changes of a setting, newest first. Raises UnknownSetting."""
    return list_versions(registry.find(name).name, limit=limit)


@contextmanager
def _as(change: _Change) -> Iterator[None]:
    token = _change.set(change)
    try:
        yield
    finally:
        _change.reset(token)


@receiver(config_updated, dispatch_uid="configuration.versions")
def _add_version(key: str, old_value: Any, new_value: Any, **_: Any) -> None:
    """The store changed: a version row and an audit record, in the same transaction."""
    setting = registry.find(key)
    change = _change.get()
    if change is None:
        before = setting.default if old_value is None else old_value
        if before == new_value:
            return
        change = _Change(_STORE, "changed in the store itself", before)
    last = SettingVersion.objects.filter(name=key).order_by("-number").values_list("number", flat=True).first()
    SettingVersion.objects.create(
        name=key,
        number=(last or 0) + 1,
        before=change.before,
        after=new_value,
        actor_kind=change.actor.kind,
        actor_id=change.actor.id,
        reason=change.reason,
    )
    record(
        "configuration.changed",
        actor=change.actor,
        subject=f"setting:{key}",
        reason=change.reason,
        before={"value": change.before},
        after={"value": new_value},
    )
    live.forget()
    transaction.on_commit(live.forget)
