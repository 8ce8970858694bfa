"""The document describes exactly the routes of the lane, and its schemas are all there."""

from __future__ import annotations

import re
from typing import Any

from jsonschema import Draft202012Validator

from apps.fapi.routes import ROUTES
from apps.gateway.openapi import EXTRA_OPERATIONS, EXTRA_SCHEMAS
from apps.gateway.openapi_compatible import TABLE
from apps.gateway.routes import all_routes


def test_every_route_is_described_once() -> None:
    described = [(one["method"].upper(), re.sub(r"\{[^}]*\}", "{}", one["path"])) for one in EXTRA_OPERATIONS]
    assert len(described) == len(set(described))
    assert set(described) == {address for address in all_routes() if not address[1].startswith("/health/")}


def test_the_compatible_table_holds_nothing_that_is_not_served() -> None:
    served = {(method, path.split("/", 3)[3]) for method, path in ROUTES}
    assert {(method, address) for address, methods in TABLE.items() for method in methods} == served


def references(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"]} if "$ref" in node else set()
        return own.union(*(references(value) for value in node.values())) if node else own
    if isinstance(node, list):
        return set().union(*(references(value) for value in node)) if node else set()
    return set()


def test_every_reference_has_its_schema() -> None:
    wanted = references(EXTRA_OPERATIONS) | references(EXTRA_SCHEMAS)
    assert {one.removeprefix("#/components/schemas/") for one in wanted} <= set(EXTRA_SCHEMAS)


def test_operations_have_names_of_their_own() -> None:
    names = [one["operation"]["operationId"] for one in EXTRA_OPERATIONS]
    assert len(names) == len(set(names))


def test_every_public_market_answer_has_an_example_of_its_shape() -> None:
    """An example names the very fields of its schema, with values of their types."""
    answers = {
        one["path"]: one["operation"]["responses"]["200"]["content"]["application/json"]
        for one in EXTRA_OPERATIONS
        if one["path"].startswith("/api/v1/markets/{symbol}/")
    }
    assert {path.rpartition("/")[2] for path in answers} > {"depth", "trades", "ticker", "candles"}
    for path, answer in answers.items():
        validator = Draft202012Validator({**answer["schema"], "components": {"schemas": EXTRA_SCHEMAS}})
        assert [error.message for error in validator.iter_errors(answer["example"])] == [], path
        known = EXTRA_SCHEMAS[answer["schema"]["$ref"].rpartition("/")[2]]["properties"]
        assert set(answer["example"]) == set(known), path
