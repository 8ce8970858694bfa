"""One OpenAPI document for both lanes: adds what the trading lane tells, then says everywhere what is said once.

The module named by `OPENAPI_EXTRA` exports `EXTRA_OPERATIONS`, a list of
`{"path": "/api/v1/orders", "method": "post", "operation": {...}}`, may export `EXTRA_SCHEMAS`,
`{name: schema}`, and `EXTRA_SECURITY`, `{name: security scheme}`, all in the words of OpenAPI 3.1.
"""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any

from django.conf import settings

from apps.common.openapi_words import STATUS_WORDS, examples

Node = dict[str, Any]


def add_trading_lane(result: Node, generator: Any, request: Any, public: bool) -> Node:  # noqa: ARG001 - a hook's signature
    """Postprocessing hook of drf-spectacular. An operation both lanes claim is a bug and is refused."""
    lane = import_module(settings.OPENAPI_EXTRA)
    paths = result.setdefault("paths", {})
    for extra in lane.EXTRA_OPERATIONS:
        operations = paths.setdefault(extra["path"], {})
        method = extra["method"].lower()
        if method in operations:
            raise ValueError(f"{method} {extra['path']} is described by both lanes")
        operations[method] = _own(extra["operation"])
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(_own(getattr(lane, "EXTRA_SCHEMAS", {})))
    result["components"].setdefault("securitySchemes", {}).update(getattr(lane, "EXTRA_SECURITY", {}))
    result["paths"] = dict(sorted(paths.items()))
    return result


def _own(node: Node) -> Node:
    """A copy in which no two fields share a shape, so that each gets the example of its own name."""
    copy: Node = json.loads(json.dumps(node))
    return copy


def complete(result: Node, generator: Any, request: Any, public: bool) -> Node:  # noqa: ARG001 - a hook's signature
    """Postprocessing hook: what an open door is, what each status means, an example of every field."""
    for operations in result["paths"].values():
        for operation in operations.values():
            if {} in operation.get("security", ()):
                operation["security"] = []
            for status, response in operation["responses"].items():
                response["description"] = response.get("description") or STATUS_WORDS.get(status, "")
            for parameter in operation.get("parameters", ()):
                _exemplify(parameter["name"], parameter.setdefault("schema", {}))
    for schema in result["components"]["schemas"].values():
        for name, field in schema.get("properties", {}).items():
            _exemplify(name, field)
    return result


def _exemplify(name: str, field: Node) -> None:
    """Give a plain field its example; enums, references and compounds speak for themselves."""
    if {"enum", "$ref", "examples", "example", "const", "oneOf", "allOf", "items", "properties"} & field.keys():
        return
    for example in examples(name):
        if _fits(example, field):
            field["examples"] = [example]
            return


def _fits(example: object, field: Node) -> bool:
    types = field.get("type") or [part.get("type") for part in field.get("anyOf", ())]
    wanted = types if isinstance(types, list) else [types]
    kind = {bool: "boolean", int: "integer", float: "number", str: "string"}[type(example)]
    return kind in wanted or (kind == "integer" and "number" in wanted)
