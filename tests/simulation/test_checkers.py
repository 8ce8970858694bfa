"""Aim: checkers that stand outside notice a wrong rule even when both engines are wrong in the same way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.reference import checks, deleveraging, funding, groups, limits, liquidation, matching, pretrade
from tests.reference.engine import ReferenceEngine
from tests.simulation.run import Tally, run_seed


def _in_reverse(ranking: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    return lambda *where, **which: list(reversed(ranking(*where, **which)))


def _a_tick_early(liquidation_ticks: Callable[..., int]) -> Callable[..., int]:
    return lambda *where: liquidation_ticks(*where) + 1 if liquidation_ticks(*where) else 0


WRONG: dict[str, tuple[Any, str, Callable[[Any], Any], str]] = {
    "nobody is liquidated": (liquidation, "run_passes", lambda _: lambda *_: 0, "is left liquidatable"),
    "the last is deleveraged first": (deleveraging, "ranking", _in_reverse, "deleverag"),
    "closing orders are not cut": (checks, "cut_to_position", lambda _: lambda *_: None, "clos"),
    "the position may fall below its closing orders": (matching, "hold_to_position", lambda _: lambda *_: None, "clos"),
    "a liquidation price is a tick off": (groups, "liquidation_ticks", _a_tick_early, "liquidat"),
    "limits are not asked for": (limits, "check_holding", lambda _: lambda *_: None, "limit of lots"),
    "orders are not counted": (limits, "check_open_orders", lambda _: lambda *_: None, "limit of orders"),
    "restricted accounts open": (checks, "may_open", lambda _: lambda *_: None, "a restricted account"),
    "margin is not asked for": (pretrade, "check_margin", lambda _: lambda *_, **__: None, "pre-trade"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_rule_in_both_engines_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, function, break_it, told = WRONG[name]
    monkeypatch.setattr(module, function, break_it(getattr(module, function)))
    with pytest.raises(AssertionError, match=told):
        live()


def live() -> None:
    for seed in range(200, 230):
        run_seed(seed, 800, Tally(), new_core=Blind, new_twin=Blind)


class Blind(ReferenceEngine):
    """The twin without its own check(), so that only what stands outside can notice."""

    def check(self) -> None:
        pass


def test_funding_that_makes_money_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    pay = funding._pay

    def generous(turn: Any, account: Any, leg: Any, rate: int, funding_ns: int) -> int:
        units = pay(turn, account, leg, rate, funding_ns)
        turn.events[-1] = turn.events[-1].replace(amount_units=units + 1)
        return units

    monkeypatch.setattr(funding, "_pay", generous)
    with pytest.raises(AssertionError, match="wallet"):
        live()
