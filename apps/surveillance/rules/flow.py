"""Sudden flow: an account, or everybody in an instrument, sends far more orders in ten seconds than it usually does.

Folds orders into spans of ten seconds. Position is an order's number; state holds the open span's counts and the
usual count of each, an average that forgets: usual += (count - usual) / 16, kept in sixteenths.
"""

from __future__ import annotations

from typing import Any

from apps.configuration.services import get
from apps.orders.flow import get_last_order_before
from apps.surveillance.evidence import chart, evidence, moment
from apps.surveillance.look import Look
from apps.surveillance.rules.base import ACCOUNT_RESPONSES, FIRST_LOOK_NS, SECOND_NS, action_setting, number
from apps.surveillance.rules.orders import orders_of_pass, was_taken_back
from apps.surveillance.types import Finding, Pass, Response, Severity

SPAN_NS = 10 * SECOND_NS
REMEMBERED_MAX = 2000
SPANS_KEPT = 60  # of each, for the chart
FORGET = 16


class SuddenFlow:
    name = "sudden_flow"
    title = "Sudden flow of orders"
    action = action_setting(name, Response.RECORD, ACCOUNT_RESPONSES, "Far more orders or cancels than usual.")
    account_min = number(
        name,
        "account_min",
        250,
        "Orders of an account in ten seconds before it is an alert.",
        unit="orders",
        most=10**6,
    )
    market_min = number(name, "market_min", 5_000, "The same of everybody in an instrument.", unit="orders", most=10**7)
    times = number(name, "times_usual", 5, "And how many times its usual count.", unit="times", most=1000)
    settings = (action, account_min, market_min, times)

    def begin(self, look: Look) -> int:
        return get_last_order_before(look.now_ns - FIRST_LOOK_NS)

    def run(self, look: Look, position: int, state: dict[str, Any]) -> Pass:
        orders = orders_of_pass(look, position)
        done = Pass(orders[-1].order_id if orders else position, state, rows=len(orders))
        span = int(state.get("span", 0))
        counts: dict[str, list[int]] = state.get("counts", {})
        usual: dict[str, list[int]] = state.get("usual", {})
        for order in orders:
            at = order.created_ns // SPAN_NS
            if at != span:
                if counts:
                    done.findings += self._close(look, span, counts, usual)
                counts, span = {}, at
            taken = 1 if was_taken_back(order) else 0
            for key in (f"a{order.account_id}", f"i{order.instrument_id}"):
                count = counts.setdefault(key, [0, 0])
                count[0] += 1
                count[1] += taken
        done.state = {"span": span, "counts": counts, "usual": usual}
        return done

    def _close(self, look: Look, span: int, counts: dict[str, list[int]], usual: dict[str, list[int]]) -> list[Finding]:
        """Judge a span that is over and learn from it. `usual[key]` is [span, sixteenths, last counts...]."""
        found = []
        for key, (orders, taken) in counts.items():
            past = usual.get(key, [span, 0])
            # Spans without an order count as zero: the average sinks for each of them.
            expected = _sunk(past[1], span - past[0] - 1 if key in usual else 0)
            least = get(self.account_min) if key[0] == "a" else get(self.market_min)
            is_maker = key[0] == "a" and int(key[1:]) in look.makers
            if orders >= least and orders * FORGET >= expected * get(self.times) and not is_maker:
                found.append(
                    _finding(look, key, span, counted=(orders, taken), usual=expected // FORGET, past=past[2:])
                )
            learned = expected + orders - expected // FORGET
            usual[key] = [span, learned, *past[2:][-(SPANS_KEPT - 1) :], orders]
        if len(usual) > REMEMBERED_MAX:
            for key, _ in sorted(usual.items(), key=lambda item: item[1][0])[: len(usual) - REMEMBERED_MAX]:
                del usual[key]
        return found


def _sunk(sixteenths: int, spans: int) -> int:
    for _ in range(min(spans, 200)):
        sixteenths -= -(-sixteenths // FORGET)
    return sixteenths


def _finding(look: Look, key: str, span: int, *, counted: tuple[int, int], usual: int, past: list[int]) -> Finding:
    orders, taken = counted
    number_, is_account = int(key[1:]), key[0] == "a"
    spec = None if is_account else look.specs.get(number_)
    named = f"account {number_}" if is_account else (spec.symbol if spec else f"instrument {number_}")
    spans = [*past[-(SPANS_KEPT - 1) :], orders]
    first = span - len(spans) + 1
    return Finding(
        key=f"{'account' if is_account else 'instrument'}:{number_}",
        severity=Severity.MEDIUM,
        summary=f"{named}: {orders:,} orders in ten seconds, {taken:,} of them taken back; usual are {usual:,}",
        happened_ns=(span + 1) * SPAN_NS,
        account_ids=(number_,) if is_account else (),
        instrument_id=0 if is_account else number_,
        evidence=evidence(
            [
                ("Of", named),
                ("Ten seconds from", moment(span * SPAN_NS)),
                ("Orders", f"{orders:,}"),
                ("Taken back within seconds", f"{taken:,}"),
                ("Usual count", f"{usual:,}"),
            ],
            charts=[
                chart(
                    "Orders in ten seconds, of the spans that had any",
                    {"orders": [((first + at) * SPAN_NS, str(count)) for at, count in enumerate(spans)]},
                )
            ],
        ),
    )
