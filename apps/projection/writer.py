"""Writes the projectors' columns: COPY and array upserts on PostgreSQL, executemany elsewhere.

Runs inside the caller's transaction on Django's connection. Names come from models, never from outside.
"""
# ruff: noqa: S608  table and column names are those of our own models

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy.typing as npt
import psycopg
from django.db import connection
from django.db.models import Max, Model

from apps.common.row_sink import Columns, Merge, RowSink
from apps.projection.binary_rows import Int8Array, Int8ArrayDumper, encode_copy

_TYPES = {
    "SmallIntegerField": "i2",
    "IntegerField": "i4",
    "BigIntegerField": "i8",
    "BooleanField": "u1",
    "CharField": "text",
}


def _quote(name: str) -> str:
    return connection.ops.quote_name(name)


def _table(model: type[Model]) -> str:
    return _quote(model._meta.db_table)  # noqa: SLF001  Django's public-by-documentation _meta


def _key(model: type[Model]) -> str:
    key = model._meta.pk  # noqa: SLF001
    assert key is not None
    return str(key.column)


def _types(model: type[Model], columns: Columns) -> list[str]:
    by_column = {f.column: f.get_internal_type() for f in model._meta.concrete_fields}  # noqa: SLF001
    return [_TYPES[by_column[name]] for name in columns]


def _count(columns: Columns) -> int:
    counts = {len(values) for values in columns.values()}
    if len(counts) != 1:
        raise ValueError(f"columns of different lengths: {sorted(counts)}")
    return counts.pop()


def _rows(columns: Columns) -> list[tuple[Any, ...]]:
    return list(zip(*(_values(values) for values in columns.values()), strict=True))


def _values(values: npt.NDArray[Any]) -> list[Any]:
    listed: list[Any] = values.tolist()
    return [text.decode("ascii") for text in listed] if values.dtype.kind == "S" else listed


class StatementWriter:
    """Plain SQL through Django's cursor: SQLite, and any store that knows ON CONFLICT."""

    _least, _greatest = "MIN", "MAX"

    def insert(self, model: type[Model], columns: Columns) -> None:
        if _count(columns):
            with connection.cursor() as cursor:
                cursor.executemany(self._insert_sql(model, columns), _rows(columns))

    def upsert(self, model: type[Model], columns: Columns, merge: Mapping[str, Merge]) -> None:
        if not _count(columns):
            return
        sql = f"{self._insert_sql(model, columns)} {self._on_conflict(model, merge)}"
        with connection.cursor() as cursor:
            cursor.executemany(sql, _rows(columns))

    def update(self, model: type[Model], columns: Columns, merge: Mapping[str, Merge]) -> None:
        count = _count(columns)
        if not count:
            return
        key = _key(model)
        changes = {name: values for name, values in columns.items() if name != key}
        sets = ", ".join(f"{_quote(name)} = {self._merged(_quote(name), '%s', merge[name])}" for name in changes)
        sql = f"UPDATE {_table(model)} SET {sets} WHERE {_quote(key)} = %s"
        with connection.cursor() as cursor:
            cursor.executemany(sql, _rows({**changes, key: columns[key]}))
            if cursor.rowcount != count:
                raise LookupError(f"{count - cursor.rowcount} rows of {_table(model)} are missing")

    def next_number(self, model: type[Model]) -> int:
        highest: int | None = model._default_manager.aggregate(highest=Max("pk"))["highest"]  # noqa: SLF001
        return (highest or 0) + 1

    def _insert_sql(self, model: type[Model], columns: Columns) -> str:
        names = ", ".join(_quote(name) for name in columns)
        return f"INSERT INTO {_table(model)} ({names}) VALUES ({', '.join(['%s'] * len(columns))})"

    def _on_conflict(self, model: type[Model], merge: Mapping[str, Merge]) -> str:
        sets = ", ".join(
            f"{_quote(name)} = {self._merged(f'{_table(model)}.{_quote(name)}', f'EXCLUDED.{_quote(name)}', how)}"
            for name, how in merge.items()
        )
        return f"ON CONFLICT ({_quote(_key(model))}) DO UPDATE SET {sets}"

    def _merged(self, old: str, new: str, how: Merge) -> str:
        if how is Merge.REPLACE:
            return new
        if how is Merge.ADD:
            return f"{old} + {new}"
        return f"{self._greatest if how is Merge.GREATEST else self._least}({old}, {new})"


class PostgresWriter(StatementWriter):
    """COPY for new rows; whole columns as arrays for the rest: one statement a table and batch."""

    _least, _greatest = "LEAST", "GREATEST"

    def _cursor(self) -> psycopg.Cursor[Any]:
        raw = connection.connection
        raw.adapters.register_dumper(Int8Array, Int8ArrayDumper)
        # Django's own cursors merge parameters into the text; this one sends them in binary.
        return psycopg.Cursor(raw)

    def insert(self, model: type[Model], columns: Columns) -> None:
        if not _count(columns):
            return
        names = ", ".join(_quote(name) for name in columns)
        with (
            self._cursor() as cursor,
            cursor.copy(f"COPY {_table(model)} ({names}) FROM STDIN (FORMAT BINARY)") as copy,
        ):
            copy.write(encode_copy(columns, _types(model, columns)))

    def upsert(self, model: type[Model], columns: Columns, merge: Mapping[str, Merge]) -> None:
        if not _count(columns):
            return
        names = ", ".join(_quote(name) for name in columns)
        sql = (
            f"INSERT INTO {_table(model)} ({names}) SELECT {names} FROM {self._unnest(model, columns)}"
            f" {self._on_conflict(model, merge)}"
        )
        with self._cursor() as cursor:
            cursor.execute(sql, [Int8Array(values) for values in columns.values()], prepare=False)

    def update(self, model: type[Model], columns: Columns, merge: Mapping[str, Merge]) -> None:
        count = _count(columns)
        if not count:
            return
        key = _key(model)
        sets = ", ".join(
            f"{_quote(name)} = {self._merged(f'kept.{_quote(name)}', f'fresh.{_quote(name)}', merge[name])}"
            for name in columns
            if name != key
        )
        sql = (
            f"UPDATE {_table(model)} AS kept SET {sets} FROM {self._unnest(model, columns)}"
            f" WHERE kept.{_quote(key)} = fresh.{_quote(key)}"
        )
        with self._cursor() as cursor:
            cursor.execute(sql, [Int8Array(values) for values in columns.values()], prepare=False)
            if cursor.rowcount != count:
                raise LookupError(f"{count - cursor.rowcount} rows of {_table(model)} are missing")

    def _unnest(self, model: type[Model], columns: Columns) -> str:
        if "text" in _types(model, columns):
            raise ValueError("merged columns are integers")
        return f"unnest({', '.join(['%s'] * len(columns))}) AS fresh({', '.join(_quote(n) for n in columns)})"


def get_writer() -> RowSink:
    """The writer that suits Django's default database."""
    return PostgresWriter() if connection.vendor == "postgresql" else StatementWriter()
