"""Stories are told to both engines: the compiled core and the naive twin."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scenarios.story import Story


def engine_class(name: str) -> Any:
    if name == "reference":
        from tests.reference.engine import ReferenceEngine

        return ReferenceEngine
    from matcher.core.engine import Engine

    return Engine


@pytest.fixture(params=["core", "reference"])
def new_engine(request: pytest.FixtureRequest) -> Any:
    return engine_class(request.param)


@pytest.fixture
def story(new_engine: Any) -> Story:
    """An open BTC market at mark 1000 and the cast with 10,000,000 units each."""
    told = Story(new_engine())
    told.open_market()
    told.open_accounts()
    return told


@pytest.fixture
def blank(new_engine: Any) -> Story:
    """An engine that has been told nothing yet."""
    return Story(new_engine())


@pytest.fixture
def small_engine(new_engine: Any) -> Story:
    """An engine with room for accounts 1 to 4."""
    return Story(new_engine(engine_config(new_engine, accounts=4)))


def engine_config(engine: Any, **capacities: int) -> Any:
    """The engine's own EngineConfig; the twin's has the same names and defaults."""
    if engine.__name__ == "ReferenceEngine":
        from tests.reference.engine import EngineConfig
    else:
        from matcher.core.config import EngineConfig
    return EngineConfig(**capacities)
