"""The document describes exactly the native routes of the lane, and its schemas are all there."""

from __future__ import annotations

import re
from typing import Any

from apps.gateway.openapi import EXTRA_OPERATIONS, EXTRA_SCHEMAS
from apps.gateway.routes import all_routes


def test_every_native_route_is_described_once() -> None:
    described = [(one["method"].upper(), re.sub(r"\{[^}]*\}", "{}", one["path"])) for one in EXTRA_OPERATIONS]
    native = {address for address in all_routes() if address[1].startswith("/api/v1/")}
    assert len(described) == len(set(described))
    assert set(described) == native


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
