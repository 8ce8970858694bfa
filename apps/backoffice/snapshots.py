"""What a row says, and what changed between two looks at it."""

from __future__ import annotations

from typing import Any

from django.db.models import BinaryField, Model

Values = dict[str, Any]


def values_of(row: Model | None) -> Values:
    """Every column by name; sealed bytes are told by their length."""
    if row is None:
        return {}
    return {
        field.attname: f"{len(bytes(value or b''))} bytes" if isinstance(field, BinaryField) else value
        for field in row._meta.concrete_fields  # noqa: SLF001 - Django's own public-by-use name
        for value in (getattr(row, field.attname),)
    }


def stored_values(row: Model) -> Values:
    """The same of the row as the database has it; empty when it has none."""
    return values_of(type(row)._base_manager.filter(pk=row.pk).first())  # noqa: SLF001 - sees every row


def related_values(row: Model, form: Any, formsets: Any) -> Values:
    """Many-to-many choices the form may change, and the rows of its inline tables, as the database has them."""
    found: Values = {}
    for field in row._meta.many_to_many:  # noqa: SLF001 - Django's own public-by-use name
        if field.name in form.fields:
            found[field.name] = sorted(str(other) for other in getattr(row, field.name).all())
    for formset in formsets:
        rows = formset.model._base_manager.filter(**{formset.fk.attname: row.pk})  # noqa: SLF001 - sees every row
        found[formset.prefix] = {str(one.pk): values_of(one) for one in rows}
    return found


def difference(before: Values, after: Values) -> tuple[Values, Values]:
    """What is not the same, on both sides."""
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return (
        {name: before[name] for name in changed if name in before},
        {name: after[name] for name in changed if name in after},
    )
