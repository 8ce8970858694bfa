"""What makes the database itself refuse to change or delete records and links.

A migration that makes SQLite rebuild one of the tables has to create its triggers again. On MariaDB a trigger cannot
stop TRUNCATE: the exchange's database user must not have the DROP right there (docs/audit.md).
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = {"audit_auditrecord": "id", "audit_auditlink": "seq"}
REFUSAL = "the audit trail is never changed"


def create_triggers(connection: BaseDatabaseWrapper) -> None:
    _run(connection, _CREATE.get(connection.vendor, []))


def drop_triggers(connection: BaseDatabaseWrapper) -> None:
    _run(connection, _DROP.get(connection.vendor, []))


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


_POSTGRESQL = [
    f"""
    CREATE FUNCTION audit_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'check_violation';
    END $$
    """,
    *(
        f"""
        CREATE TRIGGER {table}_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION audit_kept()
        """
        for table in TABLES
    ),
]
_SQLITE = [
    *(
        f"CREATE TRIGGER {table}_{verb} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for table in TABLES
        for verb in ("update", "delete")
    ),
    *(  # REPLACE deletes without asking the trigger above
        f"""
        CREATE TRIGGER {table}_replace BEFORE INSERT ON {table}
        WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key}) BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
        """  # noqa: S608 - names of our own tables
        for table, key in TABLES.items()
    ),
]
_MYSQL = [
    f"CREATE TRIGGER {table}_{verb} BEFORE {verb} ON {table} "
    f"FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{REFUSAL}'"
    for table in TABLES
    for verb in ("update", "delete")
]
_CREATE = {"postgresql": _POSTGRESQL, "sqlite": _SQLITE, "mysql": _MYSQL}
_DROP = {
    "postgresql": [*(f"DROP TRIGGER {table}_keep ON {table}" for table in TABLES), "DROP FUNCTION audit_kept()"],
    "sqlite": [f"DROP TRIGGER {table}_{verb}" for table in TABLES for verb in ("update", "delete", "replace")],
    "mysql": [f"DROP TRIGGER {table}_{verb}" for table in TABLES for verb in ("update", "delete")],
}
