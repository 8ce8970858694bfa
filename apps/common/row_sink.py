"""How projectors hand rows over: whole columns, and a word for each column of what to do with a row that exists.

Who writes them, and how, is the projection's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from django.db.models import Model

Columns = Mapping[str, npt.NDArray[Any]]


class Merge(Enum):
    """What becomes of a column when the row is there already; a column not named keeps its value."""

    REPLACE = "replace"
    ADD = "add"
    GREATEST = "greatest"
    LEAST = "least"


class RowSink(Protocol):
    """Writes rows inside the batch's transaction. Columns are equally long; names are database columns."""

    def insert(self, model: type[Model], columns: Columns) -> None:
        """New rows, every column given. A row that is there already is an error."""

    def upsert(self, model: type[Model], columns: Columns, merge: Mapping[str, Merge]) -> None:
        """New rows, or merged into those with the same primary key. Keys are unique within `columns`."""

    def update(self, model: type[Model], columns: Columns, merge: Mapping[str, Merge]) -> None:
        """Merge into rows that must exist; raises LookupError when one is missing. Keys are unique."""

    def next_number(self, model: type[Model]) -> int:
        """One more than the highest primary key."""


def constant(value: int, count: int) -> npt.NDArray[np.int64]:
    return np.full(count, value, np.int64)
