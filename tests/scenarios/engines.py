"""The two engines under one name each."""

from __future__ import annotations

from typing import Any


def engine_class(name: str) -> Any:
    """`core` or `reference`."""
    if name == "reference":
        from tests.reference.engine import ReferenceEngine

        return ReferenceEngine
    from matcher.core.engine import Engine

    return Engine


def engine_config(engine: Any, **capacities: int) -> Any:
    """The engine's own EngineConfig; the twin's has the same names and defaults."""
    if engine is engine_class("reference"):
        from tests.reference.engine import EngineConfig
    else:
        from matcher.core.config import EngineConfig
    return EngineConfig(**capacities)
