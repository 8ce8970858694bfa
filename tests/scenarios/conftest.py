"""Stories are told to both engines: the compiled core and the naive twin."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scenarios.engines import engine_class, engine_config
from tests.scenarios.story import Story


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
