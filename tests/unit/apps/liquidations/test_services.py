"""A sweep is one command; its refusal is named, and the job outlives an absent engine."""

from __future__ import annotations

import pytest

from apps.liquidations.services import SweepRefused, sweep
from apps.liquidations.tasks import sweep_accounts
from apps.liquidations.types import SweepResult
from tests.support.engine_twin import EngineTwin
from tests.support.market import opening


def test_a_quiet_market_is_swept(engine: EngineTwin) -> None:
    for command in opening(2):
        engine.send(command)
    assert sweep() == sweep(instrument_id=1) == SweepResult(0, 0, 0)
    assert sweep_accounts() == 0


def test_an_unknown_instrument_is_refused(engine: EngineTwin) -> None:
    with pytest.raises(SweepRefused) as refusal:
        sweep(instrument_id=9)
    assert refusal.value.details == {"reason": "UNKNOWN_INSTRUMENT"}


def test_an_absent_engine_is_swept_later(engine: EngineTwin) -> None:
    engine.down = True
    assert sweep_accounts() == 0
