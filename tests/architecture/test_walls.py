"""Walls that need more than layers: what an app keeps to itself, and where the matcher may touch stores and sockets."""

from __future__ import annotations

import re

from tests.architecture.source import imports, in_room

# What an app keeps to itself. Others use its services, selectors, types, errors and the plain modules beside them.
CLOSED_ROOMS = {"admin", "apps", "consumers", "management", "migrations", "models", "projectors", "tasks", "views"}
# The projection calls projectors, and its rebuild empties the rows they wrote.
PROJECTION_ROOMS = {"models", "projectors"}
SQL_MODULES = {"psycopg", "sqlite3", "socket"}
SQL_ROOMS = re.compile(r"^matcher/runtime/(journal|snapshot|transport)\w*\.py$")


def test_no_app_enters_the_closed_rooms_of_another() -> None:
    found = []
    for module in in_room("apps/"):
        own = module.name.split(".")[1] if module.name.count(".") else ""
        for line, name in imports(module):
            parts = name.split(".")
            if parts[0] != "apps" or len(parts) < 3 or parts[1] == own or parts[2] not in CLOSED_ROOMS:
                continue
            if own != "projection" or parts[2] not in PROJECTION_ROOMS:
                found.append(f"{module.path}:{line}: {name}")
    assert found == []


def test_only_the_projection_calls_projectors() -> None:
    found = [
        f"{module.path}:{line}"
        for module in in_room("apps/")
        for line, name in imports(module)
        if ".projectors" in name and not module.path.startswith("apps/projection/")
        and name.split(".")[1] != module.name.split(".")[1]
    ]  # fmt: skip
    assert found == []


def test_sql_and_sockets_stay_in_three_rooms_of_the_matcher() -> None:
    found = [
        f"{module.path}:{line}: {name}"
        for module in in_room("matcher/")
        for line, name in imports(module)
        if name.partition(".")[0] in SQL_MODULES and not SQL_ROOMS.match(module.path)
    ]
    assert found == []


def test_the_supervisor_needs_no_django() -> None:
    found = [
        f"{module.path}:{line}: {name}"
        for module in in_room("deploy/")
        for line, name in imports(module)
        if name.partition(".")[0] in {"django", "apps", "exchange"}
    ]
    assert found == []
