"""Orders that were not meant to trade: large ones near the touch taken back at once, and far more cancels than trades.

Read orders once they are old enough for their fate to be known. Position is an order's number, state is empty.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from typing import Any

from apps.configuration.services import get
from apps.instruments.types import InstrumentSpec
from apps.marketdata.selectors import get_price_samples
from apps.marketdata.types import PriceSampleRow
from apps.orders.flow import (
    FillGlance,
    OrderGlance,
    get_last_fill_before,
    get_last_order_before,
    list_fills_of,
    list_orders,
    list_orders_of,
)
from apps.surveillance.evidence import chart, evidence, moment, percent, table, whole
from apps.surveillance.look import Look
from apps.surveillance.rules.base import ACCOUNT_RESPONSES, FIRST_LOOK_NS, SECOND_NS, action_setting, number
from apps.surveillance.types import Finding, Pass, Response, Severity
from matcher.protocol.enums import OrderStatus, Side
from matcher.protocol.units import ASSET_UNIT

PPM = 1_000_000
SETTLED_NS = 5 * SECOND_NS  # the age at which every rule of the order stream reads an order
GROUPS_MAX = 50
ORDERS_MAX = 5000
FILLS_MAX = 500


def orders_of_pass(look: Look, position: int) -> list[OrderGlance]:
    """Orders above the number that are old enough, one page; the same for every rule that stands there."""
    through = look.once(get_last_order_before, look.now_ns - SETTLED_NS)
    return look.once(list_orders, position, through, look.rows_max)


def was_taken_back(order: OrderGlance) -> bool:
    """Canceled because its owner asked, with nearly nothing filled."""
    return (
        order.status == OrderStatus.CANCELED and not order.end_reason and order.filled_lots * 10 < order.quantity_lots
    )


class Spoofing:
    name = "spoofing"
    title = "Spoofing-like orders"
    action = action_setting(
        name,
        Response.WARN,
        ACCOUNT_RESPONSES,
        "Large orders near the market, taken back at once while the other side trades.",
    )
    lifetime = number(
        name, "lifetime_ms", 3_000, "Orders taken back sooner than this.", unit="ms", most=SETTLED_NS // 10**6
    )
    notional = number(
        name, "notional_min", 50_000, "Orders at least this large, whole quote money.", unit="", most=10**12
    )
    distance = number(name, "distance_ppm", 5_000, "Orders at most this far from the mark.", unit="ppm", most=PPM)
    orders_min = number(
        name, "orders_min", 3, "Such orders on one side before it is an alert.", unit="orders", most=1000
    )
    levels_min = number(
        name, "levels_min", 3, "Prices at once that make layers, where nothing traded on the other side.", unit="levels",
        least=2, most=100,
    )  # fmt: skip
    window = number(name, "window_s", 120, "Orders of this long count together.", unit="s", most=3600)
    settings = (action, lifetime, notional, distance, orders_min, levels_min, window)

    def begin(self, look: Look) -> int:
        return get_last_order_before(look.now_ns - FIRST_LOOK_NS)

    def run(self, look: Look, position: int, state: dict[str, Any]) -> Pass:
        orders = orders_of_pass(look, position)
        done = Pass(orders[-1].order_id if orders else position, state, rows=len(orders))
        newest: dict[tuple[int, int, int], OrderGlance] = {}
        lifetime_ns = get(self.lifetime) * 10**6
        for order in orders:
            if was_taken_back(order) and self._is_large_and_short(look, order, lifetime_ns):
                newest[order.account_id, order.instrument_id, order.side] = order
        for order in list(newest.values())[:GROUPS_MAX]:
            if order.account_id not in look.makers:
                finding = self._judge(look, order)
                if finding is not None:
                    done.findings.append(finding)
        return done

    def _is_large_and_short(self, look: Look, order: OrderGlance, lifetime_ns: int) -> bool:
        spec = look.specs.get(order.instrument_id)
        return (
            spec is not None
            and order.updated_ns - order.created_ns <= lifetime_ns
            and spec.notional_units(order.price_ticks, order.quantity_lots) >= get(self.notional) * ASSET_UNIT
        )

    def _judge(self, look: Look, last: OrderGlance) -> Finding | None:
        spec, lifetime_ns = look.specs[last.instrument_id], get(self.lifetime) * 10**6
        start_ns = last.created_ns - get(self.window) * SECOND_NS
        after = look.once(get_last_order_before, start_ns)
        around = look.once(list_orders_of, last.account_id, last.instrument_id, after, last.order_id, ORDERS_MAX)
        prices = look.once(get_price_samples, last.instrument_id, start_ns, last.updated_ns, 4000)
        moments = [row.time_ns for row in prices]
        suspects = [
            order
            for order in around
            if order.side == last.side
            and was_taken_back(order)
            and self._is_large_and_short(look, order, lifetime_ns)
            and _near(order, prices, moments, get(self.distance))
        ]
        if len(suspects) < get(self.orders_min):
            return None
        levels = _levels_at_once(suspects)
        fills = [
            fill
            for fill in list_fills_of(
                last.account_id, last.instrument_id, get_last_fill_before(suspects[0].created_ns), FILLS_MAX
            )
            if fill.side != last.side and fill.time_ns <= suspects[-1].updated_ns + lifetime_ns
        ]
        if not fills and levels < get(self.levels_min):
            return None
        return _spoofing_finding(spec, suspects, fills, levels, prices)


class CancelRatio:
    name = "cancel_ratio"
    title = "Far more cancels than trades"
    action = action_setting(name, Response.RECORD, ACCOUNT_RESPONSES, "Nearly every order is taken back unfilled.")
    window = number(name, "window_s", 300, "Orders of this long count together.", unit="s", most=3600)
    orders_min = number(name, "orders_min", 200, "Orders before it is an alert.", unit="orders", most=ORDERS_MAX)
    ratio = number(name, "percent", 97, "How many of them were taken back.", unit="%", most=100)
    settings = (action, window, orders_min, ratio)

    def begin(self, look: Look) -> int:
        return get_last_order_before(look.now_ns - FIRST_LOOK_NS)

    def run(self, look: Look, position: int, state: dict[str, Any]) -> Pass:
        orders = orders_of_pass(look, position)
        done = Pass(orders[-1].order_id if orders else position, state, rows=len(orders))
        counts: Counter[tuple[int, int]] = Counter()
        made: Counter[tuple[int, int]] = Counter()
        newest: dict[tuple[int, int], OrderGlance] = {}
        for order in orders:
            key = (order.account_id, order.instrument_id)
            made[key] += 1
            if was_taken_back(order):
                counts[key] += 1
                newest[key] = order
        # If the whole window has the ratio, so has some page of it.
        ratio = get(self.ratio)
        suspects = [key for key, count in counts.most_common() if count * 100 >= made[key] * ratio]
        for account_id, instrument_id in suspects[:GROUPS_MAX]:
            spec = look.specs.get(instrument_id)
            if spec is not None and account_id not in look.makers:
                finding = self._judge(look, spec, newest[account_id, instrument_id])
                if finding is not None:
                    done.findings.append(finding)
        return done

    def _judge(self, look: Look, spec: InstrumentSpec, last: OrderGlance) -> Finding | None:
        after = look.once(get_last_order_before, last.created_ns - get(self.window) * SECOND_NS)
        orders = look.once(list_orders_of, last.account_id, spec.id, after, last.order_id, ORDERS_MAX)
        taken_back = [order for order in orders if was_taken_back(order)]
        if len(orders) < get(self.orders_min) or len(taken_back) * 100 < len(orders) * get(self.ratio):
            return None
        filled = sum(order.filled_lots for order in orders)
        return Finding(
            key=f"account:{last.account_id}:{spec.id}",
            severity=Severity.LOW,
            summary=f"{spec.symbol}: account {last.account_id} took back {len(taken_back)} of {len(orders)} orders",
            happened_ns=last.updated_ns,
            account_ids=(last.account_id,),
            instrument_id=spec.id,
            evidence=evidence(
                [
                    ("Symbol", spec.symbol),
                    ("Account", last.account_id),
                    ("Orders", len(orders)),
                    ("Taken back", f"{len(taken_back)} ({percent(len(taken_back), len(orders))})"),
                    ("Ordered", spec.quantity_text(sum(order.quantity_lots for order in orders))),
                    ("Filled", spec.quantity_text(filled)),
                ],
                [_orders_table(spec, taken_back, "Orders taken back")],
            ),
        )


def _near(order: OrderGlance, prices: list[PriceSampleRow], moments: list[int], distance_ppm: int) -> bool:
    """Whether the order stood close to the mark of its second; without a mark nothing is near."""
    at = bisect_right(moments, order.created_ns + SECOND_NS) - 1
    if at < 0:
        return False
    mark = prices[at].mark_ticks
    return abs(order.price_ticks - mark) * PPM <= mark * distance_ppm


def _levels_at_once(orders: list[OrderGlance]) -> int:
    """The most prices at which the orders stood at one moment."""
    standing: defaultdict[int, int] = defaultdict(int)
    turns = [(order.created_ns, 1, order.price_ticks) for order in orders]
    turns += [(order.updated_ns, -1, order.price_ticks) for order in orders]
    most = 0
    for _, change, price in sorted(turns):
        standing[price] += change
        if not standing[price]:
            del standing[price]
        most = max(most, len(standing))
    return most


def _spoofing_finding(
    spec: InstrumentSpec,
    orders: list[OrderGlance],
    fills: list[FillGlance],
    levels: int,
    prices: list[PriceSampleRow],
) -> Finding:
    account_id, side = orders[0].account_id, Side(orders[0].side)
    units = sum(spec.notional_units(order.price_ticks, order.quantity_lots) for order in orders)
    gained = sum(fill.quantity_lots for fill in fills)
    longest = max(order.updated_ns - order.created_ns for order in orders)
    return Finding(
        key=f"account:{account_id}:{spec.id}:{side.name.lower()}",
        severity=Severity.HIGH if fills else Severity.MEDIUM,
        summary=(
            f"{spec.symbol}: account {account_id} took back {len(orders)} large {side.name.lower()} orders at once"
            + (f" and traded {len(fills)} times on the other side" if fills else f", {levels} prices deep")
        ),
        happened_ns=orders[-1].updated_ns,
        account_ids=(account_id,),
        instrument_id=spec.id,
        evidence=evidence(
            [
                ("Symbol", spec.symbol),
                ("Account", account_id),
                ("Side of the orders", side.name.lower()),
                ("Large orders taken back", len(orders)),
                ("Worth", f"{whole(units)} {spec.quote_asset}"),
                ("Longest life", f"{longest / 10**6:.0f} ms"),
                ("Prices at once", levels),
                ("Traded on the other side", f"{spec.quantity_text(gained)} {spec.base_asset} in {len(fills)} fills"),
            ],
            [
                _orders_table(spec, orders, "Orders taken back"),
                table(
                    "Trades on the other side",
                    ("Time", "Trade", "Order", "Side", "Price", "Quantity"),
                    [_fill_row(spec, fill) for fill in fills],
                ),
            ],
            [
                chart(
                    f"{spec.symbol}: mark, orders and trades",
                    {"mark": [(row.time_ns, spec.price_text(row.mark_ticks)) for row in prices]},
                    {
                        "orders": [(order.created_ns, spec.price_text(order.price_ticks)) for order in orders],
                        "trades": [(fill.time_ns, spec.price_text(fill.price_ticks)) for fill in fills],
                    },
                )
            ],
        ),
    )


def _orders_table(spec: InstrumentSpec, orders: list[OrderGlance], title: str) -> dict[str, Any]:
    rows = [
        (
            moment(order.created_ns),
            order.order_id,
            Side(order.side).name.lower(),
            spec.price_text(order.price_ticks),
            spec.quantity_text(order.quantity_lots),
            spec.quantity_text(order.filled_lots),
            (order.updated_ns - order.created_ns) // 10**6,
        )
        for order in orders
    ]
    return table(title, ("Made", "Order", "Side", "Price", "Quantity", "Filled", "Lived, ms"), rows)


def _fill_row(spec: InstrumentSpec, fill: FillGlance) -> tuple[object, ...]:
    return (
        moment(fill.time_ns),
        fill.trade_id,
        fill.order_id,
        Side(fill.side).name.lower(),
        spec.price_text(fill.price_ticks),
        spec.quantity_text(fill.quantity_lots),
    )
