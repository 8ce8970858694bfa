"""Rows of the back office that two people change: asked for as values, looked at again and saved when another allows it.

What is asked for holds from the values that were shown: a row that has moved in the meantime stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model

from apps.approvals import registry, services
from apps.approvals.errors import RowMoved, RowRefused
from apps.approvals.types import ApprovalRef, Execution
from apps.audit.services import record
from apps.audit.types import Actor

Values = dict[str, Any]
Texts = Mapping[str, Callable[[Any], str]]


def guard(
    model: type[Model],
    kind: str,
    *,
    title: str,
    roles: Iterable[str],
    request_roles: Iterable[str],
    texts: Texts | None = None,
    then: Callable[[], str] | None = None,
) -> None:
    """Rows of the model change under this kind alone.

    `texts` tell columns in people's units; `then` follows a change and undoes it when it raises.
    """

    def save(payload: Mapping[str, Any], execution: Execution) -> str:
        with transaction.atomic():
            told = _save(model, payload, execution)
            return f"{told} {then()}" if then else told

    def describe(payload: Mapping[str, Any]) -> list[tuple[str, str]]:
        return _describe(model, payload, texts or {})

    registry.register(kind, save, roles=roles, request_roles=request_roles, title=title, describe=describe)


def ask_to_save(kind: str, row: Model, *, actor: Actor, reason: str) -> ApprovalRef | None:
    """Ask for the row as it is in memory, a new one or a change; None when nothing differs.

    Raises ReasonMissing, MissingRole.
    """
    adding = row._state.adding  # noqa: SLF001 - Django's documented name
    stored = None if adding else _rows(type(row)).get(pk=row.pk)
    before, after = values_of(stored) if stored else None, values_of(row)
    if before == after:
        return None
    payload = {"pk": stored.pk if stored else None, "before": before, "after": after}
    name = stored.pk if stored else "new"
    return services.request(kind, payload, actor=actor, reason=reason, subject=f"{row._meta.label_lower}:{name}")  # noqa: SLF001 - Django's documented name


def values_of(row: Model) -> Values:
    """The columns people edit, by name."""
    return {field.attname: getattr(row, field.attname) for field in _fields(type(row))}


def _save(model: type[Model], payload: Mapping[str, Any], execution: Execution) -> str:
    before, after, rows = payload["before"], payload["after"], _rows(model).select_for_update()
    if payload["pk"] is not None:
        row = rows.filter(pk=payload["pk"]).first()
    else:
        row = rows.filter(**after).first() if execution.is_repeated else None
    now = values_of(row) if row else None
    if now != after:
        if now != before:
            raise RowMoved
        row = _take(row or model(), after)
        label = row._meta.label_lower  # noqa: SLF001 - Django's documented name
        record(
            f"{label}_{'changed' if before else 'created'}",
            actor=Actor("staff", execution.requested_by),
            subject=f"{label}:{row.pk}",
            reason=execution.reason,
            before=before,
            after=after,
        )
    return f"{row} is saved."


def _take(row: Model, values: Values) -> Model:
    for name, value in values.items():
        setattr(row, name, value)
    try:
        row.full_clean()
    except ValidationError as error:
        raise RowRefused(" ".join(error.messages)) from None
    row.save()
    return row


def _describe(model: type[Model], payload: Mapping[str, Any], texts: Texts) -> list[tuple[str, str]]:
    before, after = payload["before"], payload["after"]
    row = _rows(model).filter(pk=payload["pk"]).first() if before else None
    lines = [(str(model._meta.verbose_name).capitalize(), str(row) if row else "a new one")]  # noqa: SLF001 - documented
    for field in _fields(model):
        new = _text(field, after[field.attname], texts)
        if not before:
            lines.append((_label(field), new))
        elif before[field.attname] != after[field.attname]:
            lines.append((_label(field), f"{_text(field, before[field.attname], texts)} → {new}"))
    return lines


def _label(field: Any) -> str:
    return str(field.verbose_name).removesuffix(" units").removesuffix(" ppb").capitalize()


def _text(field: Any, value: Any, texts: Texts) -> str:
    if field.attname in texts:
        return texts[field.attname](value)
    if field.related_model is not None:
        return str(_rows(field.related_model).filter(pk=value).first() or value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) or "nothing"


def _fields(model: type[Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.editable and not field.auto_created]  # noqa: SLF001 - Django's documented name


def _rows(model: type[Model]) -> Any:
    return model._default_manager  # noqa: SLF001 - Django's documented name
