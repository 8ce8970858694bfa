"""Hostile commands out of one seed: valid flows, valid records with fields at their edges, and plain noise.

Two kinds of exchange: the simulation's usual one, and one whose terms, wallets and prices stand at the limits
that docs/engine.md allows, so that every product is as large as it can be.
"""

from __future__ import annotations

from random import Random
from typing import Any

from matcher.protocol.commands import (
    COMMANDS,
    PROTOCOL_VERSION,
    Command,
    DefineCollateral,
    DefineInstrument,
    DefineMarketRules,
    SetMarkPrice,
)
from matcher.protocol.enums import TradingState
from matcher.protocol.records import Field
from tests.simulation.market import ASSETS, LADDERS, Market
from tests.simulation.workload import ACCOUNTS, FUND, HEADER_BYTES, VERSION_AT, Workload

LIMIT_UNITS = 10**18
VALUE_MAX = 4 * 10**18
PRICE_MAX = 2**24 - 2
KINDS = (*range(29), 99, 255)
VERSIONS = (*[PROTOCOL_VERSION] * 6, 2, 2, 1, 1, 0, 3, 255)  # the last three are never spoken
# tick_lot_units, max_price_ticks, mark_ticks: max_quantity_lots is what keeps the product at 4 x 10^18
EDGES = ((10**12, 4_000, 500), (1, PRICE_MAX, 2**21), (1, 4_000_000, 9), (238_418, PRICE_MAX, 1), (10**12, 1, 1))
STEEP: tuple[tuple[tuple[int, int, int], ...], ...] = (
    ((0, 1, 1000),),
    ((0, 1, 999), *((2 * n, 10**7 * n, 60 // n) for n in range(1, 16))),
    ((0, 999_999, 1000), (10, 999_999_999, 1)),
)
LIMITS: dict[str, tuple[int, ...]] = {
    "amount_units": (1, LIMIT_UNITS, LIMIT_UNITS + 1, -LIMIT_UNITS),
    "price_units": (1, 10**15, 10**15 + 1),
    "threshold_units": (0, LIMIT_UNITS, LIMIT_UNITS + 1),
    "haircut_ppb": (0, 10**9 - 1, 10**9, 10**9 + 1),
    "impact_notional_units": (1, LIMIT_UNITS, LIMIT_UNITS + 1),
    "funding_cap_ppb": (0, 10**9 - 1, 10**9),
    "funding_floor_ppb": (0, -(10**9 - 1), 10**9 - 1, -(10**9)),
    "interest_rate_ppb": (10**8, -(10**8), 10**8 + 1),
    "breaker_window_ns": (0, 1, 10**15),
    "breaker_halt_ns": (0, 1, 10**15),
    "breaker_move_ppm": (0, 1, 10**6 - 1),
    "mark_max_age_ns": (0, 1, 10**15),
    "max_conditional_orders": (0, 1, 10_000),
    "price_protect_ppm": (1, 10**6 - 1),
    "tick_lot_units": (1, 10**12, 10**12 + 1),
    "max_price_ticks": (1, PRICE_MAX, PRICE_MAX + 1),
    "mark_ticks": (1, 2, PRICE_MAX),
    "index_ticks": (0, 1, 2**40, 2**40 + 1),
    "maker_fee_ppb": (10**8, -(10**8)),
    "taker_fee_ppb": (10**8, -(10**8)),
    "liquidation_fee_ppb": (0, 10**8),
    "default_leverage": (1, 1000),
    "leverage": (1, 1000),
    "max_position_notional_units": (0, 1, LIMIT_UNITS, LIMIT_UNITS + 1, -1),
    "max_position_lots": (0, 1, LIMIT_UNITS, LIMIT_UNITS + 1, -1),
    "max_open_orders": (0, 1, 2),
    "countdown_ns": (0, 1, 10**15, 10**15 + 1),
    "quantity_lots": (1, 10**12),
    "price_ticks": (0, 1, PRICE_MAX),
    "trigger_ticks": (1, PRICE_MAX),
    "take_profit_ticks": (1, PRICE_MAX),
    "stop_loss_ticks": (1, PRICE_MAX),
    "callback_ppm": (1_000, 100_000, 100_001),
}
TEXTS = (b"", b"\0a", b"a" * 36, b"a b", b"\xff" * 36, b"a\0b", b".A-Z:/a-z0-9_-", b"k1", b"\0" * 35 + b"x")


class Hostile(Workload):
    """`is_extreme` worlds stand at the limits; every world gets the same kinds of hostility."""

    def __init__(self, seed: int, *, is_extreme: bool) -> None:
        super().__init__(seed)
        self.is_extreme = is_extreme
        if is_extreme:
            self.markets = [_edge(self.random, number, ASSETS[number // 3]) for number in (1, 2, 3)]

    def opening(self) -> list[bytes]:
        """The usual opening; at the limits also rules, prices and half of all wallets as large as they may be."""
        raws = super().opening()
        if not self.is_extreme:
            return raws
        commands: list[Command] = [DefineCollateral(asset=asset, price_units=10**15) for asset in ASSETS[:1]]
        for market in self.markets:
            rules = DefineMarketRules(instrument=market.number, funding_cap_ppb=10**9 - 1, impact_notional_units=1)
            commands.append(rules.replace(funding_floor_ppb=1 - 10**9, interest_rate_ppb=10**8, funding_hours=8))
        commands += [
            self._deposit(account, ASSETS[0], b"more%d" % part).replace(amount_units=LIMIT_UNITS)
            for account in (1, 2, 3)
            for part in range(2)
        ]
        return raws + [self._stamp(command.pack()) for command in commands]

    def _funds(self, asset: int, orders: tuple[int, ...]) -> int:
        return min(LIMIT_UNITS, super()._funds(asset, orders))

    def next(self) -> bytes:
        """One more stamped command: as the simulation draws it, bent, or made up."""
        raw, fate = super().next(), self.random.random()
        if fate < 0.55:
            return raw
        if fate < 0.63:
            bent = self._mended()
        elif fate < 0.85:
            bent = self._bent(raw)
        elif fate < 0.97:
            bent = self._made_up()
        else:
            bent = self.random.randbytes(128)
        stamped = raw[:24] + bent[24:]
        self.sent[-1] = stamped
        return stamped

    def _mended(self) -> bytes:
        """What keeps the exchange alive under all this: terms, marks and accounts as they should be."""
        market = self.any_market()
        account = self._terms_of(self.any_account(), 0)
        return bytes(self.random.choice((market.terms, market.mark_command(), account)).pack())

    def _bent(self, raw: bytes) -> bytes:
        """A few fields of a good record at their edges."""
        command: Any = COMMANDS.get(raw[30], SetMarkPrice).unpack(raw)
        fields = [field for field in command.LAYOUT.fields if field.offset >= HEADER_BYTES] or list(
            command.LAYOUT.fields[3:5]
        )
        for field in self.random.choices(fields, k=self.random.choice((1, 1, 2, 3))):
            command = command.replace(**{field.name: self._edge_value(field, getattr(command, field.name))})
        return bytes(command.pack())

    def _made_up(self) -> bytes:
        """Every field plausible or at an edge, of any kind and version there may be."""
        random, kind = self.random, self.random.choice(KINDS)
        record = COMMANDS.get(kind, Command)
        share = random.choice((0.05, 0.3, 0.9))
        values: dict[str, Any] = {}
        for field in record.LAYOUT.fields[3:]:
            edge = random.random() < share
            values[field.name] = self._edge_value(field, 1) if edge else self._plausible(field)
        values |= {"kind": kind, "version": random.choice(VERSIONS)}
        raw = bytearray(record(**values).pack())
        if random.random() < 0.05:  # padding is nobody's, whatever stands in it
            raw[-8:] = random.randbytes(8)
        assert raw[VERSION_AT] == values["version"]
        return bytes(raw)

    def _plausible(self, field: Field) -> Any:
        random, market = self.random, self.any_market()
        if field.code == "36s":
            return self.any_name()
        if field.name in {"account", "to_account", "group"}:
            return random.randint(1, FUND)
        if field.name in {"instrument", "asset", "settlement_asset"}:
            return random.randint(1, 2)
        if field.name.endswith("_ticks"):
            return market.price_near_mark(random, random.randrange(2))
        if field.name == "quantity_lots":
            return market.quantity(random)
        if field.name in {"linked_order_id", "order_id"}:
            return self.known_order().order_id if random.random() < 0.5 else 0
        if field.name.endswith("_ns"):
            return self.time_ns + random.choice((0, -1, 1, 10**9))
        return random.randrange(3) if field.size == 1 else random.choice((0, 1, 10, 100 if field.size == 2 else 10**6))

    def _edge_value(self, field: Field, now: Any) -> Any:
        random = self.random
        if field.code == "36s":
            return random.choice(TEXTS)
        bits = 8 * field.size
        least, most = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if field.code.islower() else (0, 2**bits - 1)
        if field.name in {"account", "to_account"}:
            value = random.choice((0, 1, 2, FUND, FUND + 1, ACCOUNTS, 2**20, 2**31 - 1, 2**31, most))
        elif field.name in LIMITS and random.random() < 0.6:
            value = random.choice(LIMITS[field.name])
        else:
            value = random.choice((0, 1, -1, 2, 3, least, least + 1, most, most - 1, now + 1, now - 1, self.time_ns))
        return max(least, min(most, value))


def _edge(random: Random, number: int, asset: int) -> Market:
    """An instrument whose largest order at the highest price is worth what the page allows and no more."""
    units, price_max, mark = random.choice(EDGES)
    most = min(10**12, VALUE_MAX // (units * price_max))
    terms = DefineInstrument(
        instrument=number,
        settlement_asset=asset,
        trading_state=TradingState.ACTIVE,
        tick_lot_units=units,
        max_price_ticks=price_max,
        min_quantity_lots=1,
        max_quantity_lots=most,
        max_market_quantity_lots=most,
        price_band_ppm=999_999,
        market_band_ppm=999_999,
        max_open_orders=10_000,
        maker_fee_ppb=random.choice((10**8, -(10**8), 0)),
        taker_fee_ppb=10**8,
        liquidation_fee_ppb=10**8,
        default_leverage=1000,
    )
    return Market(number, terms, random.choice((*STEEP, *LADDERS)), mark)
