"""The database itself refuses ledger legs that do not sum to zero per event and asset.

PostgreSQL: a statement that inserts legs must insert whole entries (checked once per statement over its
rows, so COPY stays fast); legs are never updated or deleted (a rebuild truncates).
SQLite: every insert and delete moves the open sum of its entry; an open sum that is not back at zero when
the transaction commits points at a row that cannot exist, and the deferred foreign key stops the commit.
A migration that makes SQLite rebuild the table has to run these statements again: its triggers go with it.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

POSTGRESQL = [
    """
    CREATE FUNCTION accounts_ledger_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT FROM legs GROUP BY seq, part, asset_id HAVING sum(amount_units) <> 0) THEN
            RAISE EXCEPTION 'ledger legs do not sum to zero' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION accounts_ledger_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'ledger legs are never changed' USING ERRCODE = 'check_violation';
    END $$
    """,
    """
    CREATE TRIGGER accounts_ledger_insert AFTER INSERT ON accounts_ledgerentry
    REFERENCING NEW TABLE AS legs FOR EACH STATEMENT EXECUTE FUNCTION accounts_ledger_balanced()
    """,
    """
    CREATE TRIGGER accounts_ledger_keep BEFORE UPDATE OR DELETE ON accounts_ledgerentry
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_ledger_kept()
    """,
]
POSTGRESQL_BACK = [
    "DROP TRIGGER accounts_ledger_insert ON accounts_ledgerentry",
    "DROP TRIGGER accounts_ledger_keep ON accounts_ledgerentry",
    "DROP FUNCTION accounts_ledger_balanced()",
    "DROP FUNCTION accounts_ledger_kept()",
]

_MOVE = """
    INSERT INTO accounts_ledger_open (seq, part, asset_id, amount_units)
    VALUES ({row}.seq, {row}.part, {row}.asset_id, {sign}{row}.amount_units)
    ON CONFLICT (seq, part, asset_id) DO UPDATE SET amount_units = amount_units + excluded.amount_units;
    DELETE FROM accounts_ledger_open
    WHERE seq = {row}.seq AND part = {row}.part AND asset_id = {row}.asset_id AND amount_units = 0;
"""
SQLITE = [
    "CREATE TABLE accounts_ledger_never (id INTEGER PRIMARY KEY CHECK (0))",
    """
    CREATE TABLE accounts_ledger_open (
        seq INTEGER NOT NULL, part INTEGER NOT NULL, asset_id INTEGER NOT NULL, amount_units INTEGER NOT NULL,
        back_at_zero INTEGER NOT NULL DEFAULT 1 REFERENCES accounts_ledger_never (id) DEFERRABLE INITIALLY DEFERRED,
        PRIMARY KEY (seq, part, asset_id)
    ) WITHOUT ROWID
    """,
    f"""
    CREATE TRIGGER accounts_ledger_insert AFTER INSERT ON accounts_ledgerentry BEGIN
    {_MOVE.format(row="NEW", sign="")}
    END
    """,
    f"""
    CREATE TRIGGER accounts_ledger_delete AFTER DELETE ON accounts_ledgerentry BEGIN
    {_MOVE.format(row="OLD", sign="-")}
    END
    """,
    """
    CREATE TRIGGER accounts_ledger_keep BEFORE UPDATE ON accounts_ledgerentry BEGIN
        SELECT RAISE(ABORT, 'ledger legs are never changed');
    END
    """,
]
SQLITE_BACK = [
    "DROP TRIGGER accounts_ledger_insert",
    "DROP TRIGGER accounts_ledger_delete",
    "DROP TRIGGER accounts_ledger_keep",
    "DROP TABLE accounts_ledger_open",
    "DROP TABLE accounts_ledger_never",
]


def _run(schema_editor: BaseDatabaseSchemaEditor, statements: dict[str, list[str]]) -> None:
    for statement in statements.get(schema_editor.connection.vendor, []):
        schema_editor.execute(statement)


def forwards(apps, schema_editor):
    _run(schema_editor, {"postgresql": POSTGRESQL, "sqlite": SQLITE})


def backwards(apps, schema_editor):
    _run(schema_editor, {"postgresql": POSTGRESQL_BACK, "sqlite": SQLITE_BACK})


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_balance_ledgerentry")]
    operations = [migrations.RunPython(forwards, backwards)]
