"""An asset's fund is named once; naming it again disturbs nothing, and a refusal says why."""

from __future__ import annotations

import pytest

from apps.common.errors import ServiceUnavailable
from apps.insurance.services import FundRefused, ask_fund_account, define_insurance_fund
from tests.support.engine_twin import EngineTwin
from tests.support.market import USDT, Side, opening, order


def test_named_once(engine: EngineTwin) -> None:
    for command in opening(2):
        engine.send(command)
    for _ in range(2):
        define_insurance_fund(asset_id=USDT, account_id=2)
    assert ask_fund_account(asset_id=USDT) == 2
    assert engine.kinds().count("SetInsuranceFund") == 1


def test_an_account_with_orders_cannot_be_the_fund(engine: EngineTwin) -> None:
    for command in [*opening(1), order(1, Side.BUY)]:
        engine.send(command)
    with pytest.raises(FundRefused) as refusal:
        define_insurance_fund(asset_id=USDT, account_id=1)
    assert refusal.value.details == {"reason": "INVALID_CONFIGURATION"}


def test_an_absent_engine_is_said_so(engine: EngineTwin) -> None:
    engine.down = True
    with pytest.raises(ServiceUnavailable):
        define_insurance_fund(asset_id=USDT, account_id=1)
