"""Rows that hold sealed secrets, and their re-wrapping under the current key-encryption key while all goes on.

Each app names its columns once, when it is ready. Only wrapped data keys change; no ciphertext is opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from apps.common.sealing import Sealed, SealError, get_key_provider, rewrap

BATCH_ROWS = 500


@dataclass(frozen=True, slots=True)
class SealedColumns:
    """The columns of one sealed value of a model.

    `rows` is the model's manager, `context(row)` what the value was sealed with; an empty key id means no value.
    """

    name: str
    rows: models.Manager[Any]
    context: Callable[[Any], bytes]
    ciphertext: str = "secret_sealed"
    data_key: str = "data_key_sealed"
    kek_id: str = "kek_id"

    def left(self, kek_id: str) -> models.QuerySet[Any]:
        """Rows with a secret under another key."""
        return self.rows.exclude(**{self.kek_id: kek_id}).exclude(**{self.kek_id: ""})


@dataclass(slots=True)
class Progress:
    """Of one batch; `broken` are primary keys of rows whose data key does not open."""

    columns: str
    done: int
    left: int
    broken: list[Any]


_registered: dict[str, SealedColumns] = {}


def register(columns: SealedColumns) -> None:
    """Name sealed columns; doing it again changes nothing."""
    _registered[columns.name] = columns


def registered() -> list[SealedColumns]:
    return list(_registered.values())


def rewrap_all(batch_rows: int = BATCH_ROWS) -> Iterator[Progress]:
    """Batch by batch, each in a transaction of its own: stopped anywhere, the next call goes on with what is left."""
    for columns in registered():
        yield from _rewrap(columns, get_key_provider().current_id(), batch_rows)


def _rewrap(columns: SealedColumns, kek_id: str, batch_rows: int) -> Iterator[Progress]:
    after: Any = None
    while True:
        with transaction.atomic():
            rows = columns.left(kek_id).select_for_update().order_by("pk")
            batch = list(rows[:batch_rows] if after is None else rows.filter(pk__gt=after)[:batch_rows])
            broken = [row.pk for row in batch if not _rewrap_row(columns, row)]
            good = [row for row in batch if row.pk not in broken]
            for row in good:  # one statement for many took longer: it names every row twice
                row.save(update_fields=[columns.data_key, columns.kek_id])
        if not batch:
            return
        after = batch[-1].pk
        yield Progress(columns.name, len(good), columns.left(kek_id).count(), broken)


def _rewrap_row(columns: SealedColumns, row: Any) -> bool:
    ciphertext, data_key = bytes(getattr(row, columns.ciphertext)), bytes(getattr(row, columns.data_key))
    try:
        sealed = rewrap(Sealed(ciphertext, data_key, getattr(row, columns.kek_id)), context=columns.context(row))
    except SealError:
        return False
    setattr(row, columns.data_key, sealed.data_key)
    setattr(row, columns.kek_id, sealed.kek_id)
    return True
