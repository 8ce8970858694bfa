"""Wash trading: trades that move nothing, because one hand, or two that know each other, is on both sides.

Linked accounts (one account, person, group or device) need few trades; two strangers are told only when they trade
mostly with each other and end where they began. Reads fills; position is a fill's number, state is empty.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from apps.configuration.services import get
from apps.instruments.types import InstrumentSpec
from apps.orders.flow import FillGlance, get_last_fill_before, list_fills, list_fills_of
from apps.surveillance.evidence import evidence, moment, percent, table, whole
from apps.surveillance.look import Look
from apps.surveillance.rules.base import ACCOUNT_RESPONSES, FIRST_LOOK_NS, SECOND_NS, action_setting, number
from apps.surveillance.types import Finding, Pass, Response, Severity
from matcher.protocol.enums import Side
from matcher.protocol.units import ASSET_UNIT

PAIRS_MAX = 50  # looked at more closely in a pass, those with the most turnover first
FILLS_MAX = 2000  # of an account, when a pair is looked at


class Pair(NamedTuple):
    """Two accounts, the lower number first, in an instrument; one account twice traded with itself."""

    instrument_id: int
    one: int
    other: int


class Mutual(NamedTuple):
    """What a pair traded with each other: the first account's halves, and what each of them traded at all."""

    fills: list[FillGlance]
    halves: dict[int, FillGlance]
    lots_of_one: int
    lots_of_other: int

    @property
    def lots(self) -> int:
        return sum(fill.quantity_lots for fill in self.fills)

    @property
    def net_lots(self) -> int:
        """How far the first account's position moved by it."""
        return sum(fill.quantity_lots * (1 if fill.side == Side.BUY else -1) for fill in self.fills)


class WashTrading:
    name = "wash"
    title = "Wash trading"
    action = action_setting(name, Response.WARN, ACCOUNT_RESPONSES, "Trades between linked accounts, or in circles.")
    window = number(name, "window_s", 600, "Trades of this long count together.", unit="s", most=86_400)
    trades_min = number(
        name, "trades_min", 4, "Trades of a linked pair before it is an alert.", unit="trades", most=1000
    )
    notional_min = number(
        name, "notional_min", 1_000, "And their turnover, whole quote money.", unit="", least=0, most=10**12
    )
    circle_notional_min = number(
        name, "circle_notional_min", 1_000_000, "Turnover of two strangers who trade in circles.", unit="", most=10**12
    )
    circle_net = number(
        name, "circle_net_percent", 5, "How little of it may move a position in the end.", unit="%", least=0, most=100
    )
    circle_share = number(
        name, "circle_share_percent", 80, "How much of their trading must be with each other.", unit="%", most=100
    )
    settings = (action, window, trades_min, notional_min, circle_notional_min, circle_net, circle_share)

    def begin(self, look: Look) -> int:
        return get_last_fill_before(look.now_ns - FIRST_LOOK_NS)

    def run(self, look: Look, position: int, state: dict[str, Any]) -> Pass:
        fills = look.once(list_fills, position, look.rows_max)
        done = Pass(fills[-1].fill_id if fills else position, state, rows=len(fills))
        turnover: Counter[Pair] = Counter()
        of_account: Counter[tuple[int, int]] = Counter()
        newest: dict[Pair, int] = {}
        for taker, maker in zip(fills[::2], fills[1::2], strict=True):
            if taker.is_liquidation or maker.is_liquidation:
                continue
            low, high = sorted((taker.account_id, maker.account_id))
            pair = Pair(taker.instrument_id, low, high)
            traded = taker.price_ticks * taker.quantity_lots
            turnover[pair] += traded
            of_account[low, pair.instrument_id] += traded
            of_account[high, pair.instrument_id] += traded
            newest[pair] = taker.time_ns
        look.owners({account for pair in turnover for account in pair[1:]})
        for pair in self._worth_a_look(look, turnover, of_account):
            finding = self._judge(look, pair, newest[pair])
            if finding is not None:
                done.findings.append(finding)
        return done

    def _worth_a_look(self, look: Look, turnover: Counter[Pair], of_account: Counter[tuple[int, int]]) -> list[Pair]:
        """Linked pairs, and of the others those that traded mostly with each other in this page."""
        linked: list[Pair] = []
        others: list[Pair] = []
        share = get(self.circle_share)
        for pair, traded in turnover.most_common():
            if look.link(pair.one, pair.other):
                linked.append(pair)
            elif traded * 100 >= share * max(
                of_account[pair.one, pair.instrument_id], of_account[pair.other, pair.instrument_id]
            ):
                others.append(pair)
        return [*linked[: 2 * PAIRS_MAX], *others[:PAIRS_MAX]]

    def _judge(self, look: Look, pair: Pair, newest_ns: int) -> Finding | None:
        spec = look.specs.get(pair.instrument_id)
        if spec is None:
            return None
        after = look.once(get_last_fill_before, newest_ns - get(self.window) * SECOND_NS)
        mutual = _mutual(look, pair, after)
        units = sum(spec.notional_units(fill.price_ticks, fill.quantity_lots) for fill in mutual.fills)
        if len(mutual.fills) < get(self.trades_min) or units < get(self.notional_min) * ASSET_UNIT:
            return None
        link = look.link(pair.one, pair.other)
        if link:
            return _finding(spec, pair, mutual, units=units, link=f"linked: {link}", severity=Severity.HIGH)
        if pair.one in look.makers or pair.other in look.makers:
            return None
        in_circles = (
            units >= get(self.circle_notional_min) * ASSET_UNIT
            and abs(mutual.net_lots) * 100 <= mutual.lots * get(self.circle_net)
            and mutual.lots * 100 >= max(mutual.lots_of_one, mutual.lots_of_other) * get(self.circle_share)
        )
        if not in_circles:
            return None
        return _finding(spec, pair, mutual, units=units, link="round trips of two strangers", severity=Severity.MEDIUM)


def _mutual(look: Look, pair: Pair, after: int) -> Mutual:
    ones = look.once(list_fills_of, pair.one, pair.instrument_id, after, FILLS_MAX)
    if pair.one == pair.other:
        halves = {fill.trade_id: fill for fill in ones if fill.fill_id % 2}
        fills = [fill for fill in ones if fill.fill_id % 2 == 0 and fill.trade_id in halves]
        return Mutual(fills, halves, 0, 0)
    others = look.once(list_fills_of, pair.other, pair.instrument_id, after, FILLS_MAX)
    halves = {fill.trade_id: fill for fill in others if not fill.is_liquidation}
    fills = [fill for fill in ones if fill.trade_id in halves and not fill.is_liquidation]
    return Mutual(fills, halves, sum(fill.quantity_lots for fill in ones), sum(fill.quantity_lots for fill in others))


def _finding(spec: InstrumentSpec, pair: Pair, mutual: Mutual, *, units: int, link: str, severity: Severity) -> Finding:
    accounts = tuple(sorted({pair.one, pair.other}))
    named = " and ".join(f"account {account}" for account in accounts)
    rows = [_trade_row(spec, fill, mutual.halves[fill.trade_id]) for fill in mutual.fills]
    gross = f"{spec.quantity_text(mutual.lots)} {spec.base_asset}"
    return Finding(
        key=f"pair:{pair.instrument_id}:{pair.one}:{pair.other}",
        severity=severity,
        summary=f"{spec.symbol}: {named} traded {len(rows)} times on both sides, {whole(units)} {spec.quote_asset} ({link})",
        happened_ns=mutual.fills[-1].time_ns,
        account_ids=accounts,
        instrument_id=spec.id,
        evidence=evidence(
            [
                ("Symbol", spec.symbol),
                ("Accounts", ", ".join(map(str, accounts))),
                ("Link", link),
                ("Trades with each other", len(rows)),
                ("Turnover", f"{whole(units)} {spec.quote_asset}, {gross}"),
                ("Position moved in the end", f"{spec.quantity_text(abs(mutual.net_lots))} {spec.base_asset}"),
                ("Share of the first one's trading", percent(mutual.lots, mutual.lots_of_one)),
                ("Share of the second one's trading", percent(mutual.lots, mutual.lots_of_other)),
            ],
            [
                table(
                    "Trades with each other",
                    ("Time", "Trade", "Buyer", "Seller", "Price", "Quantity", "Buyer's order", "Seller's order"),
                    rows,
                )
            ],
        ),
    )


def _trade_row(spec: InstrumentSpec, fill: FillGlance, half: FillGlance) -> tuple[object, ...]:
    buyer, seller = (fill, half) if fill.side == Side.BUY else (half, fill)
    return (
        moment(fill.time_ns),
        fill.trade_id,
        buyer.account_id,
        seller.account_id,
        spec.price_text(fill.price_ticks),
        spec.quantity_text(fill.quantity_lots),
        buyer.order_id,
        seller.order_id,
    )
