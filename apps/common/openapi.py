"""One OpenAPI document for both lanes: adds what the trading lane tells of its operations.

The module named by `OPENAPI_EXTRA` exports `EXTRA_OPERATIONS`, a list of
`{"path": "/api/v1/orders", "method": "post", "operation": {...}}`, and may export `EXTRA_SCHEMAS`,
`{name: schema}`, both in the words of OpenAPI 3.1.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings


def add_trading_lane(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:  # noqa: ARG001 - a hook's signature
    """Postprocessing hook of drf-spectacular. An operation both lanes claim is a bug and is refused."""
    lane = import_module(settings.OPENAPI_EXTRA)
    paths = result.setdefault("paths", {})
    for extra in lane.EXTRA_OPERATIONS:
        operations = paths.setdefault(extra["path"], {})
        method = extra["method"].lower()
        if method in operations:
            raise ValueError(f"{method} {extra['path']} is described by both lanes")
        operations[method] = extra["operation"]
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(getattr(lane, "EXTRA_SCHEMAS", {}))
    result["paths"] = dict(sorted(paths.items()))
    return result
