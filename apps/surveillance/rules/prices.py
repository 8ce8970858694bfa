"""Prices that cannot be right: a mark far from its index, a mark that jumps, a mark that stands still.

Each reads the samples of a second since it last looked; position is engine time, state is empty.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from statistics import median
from typing import Any

from apps.common.intervals import MINUTE_MS
from apps.configuration.services import get
from apps.instruments.types import InstrumentSpec
from apps.marketdata.selectors import get_price_candles, get_price_samples
from apps.marketdata.types import PriceSampleRow
from apps.surveillance.evidence import chart, evidence, moment, table
from apps.surveillance.look import Look
from apps.surveillance.rules.base import FIRST_LOOK_NS, MARKET_RESPONSES, SECOND_NS, action_setting, number
from apps.surveillance.types import Finding, Pass, Response, Severity
from matcher.protocol.enums import TradingState

PPM = 1_000_000
PAGE_NS = 1800 * SECOND_NS  # no pass looks at more
AROUND_NS = 120 * SECOND_NS
USUAL_MINUTES = 60
NOT_PRICED = (TradingState.PRE_OPEN, TradingState.SETTLING, TradingState.DELISTED)


class _PriceRule:
    """Reads the samples of each instrument from a second to another."""

    def begin(self, look: Look) -> int:
        return max(0, look.now_ns - FIRST_LOOK_NS)

    def until(self, look: Look, position: int) -> int:
        """Where the pass ends: after a long silence only the newest part of it is looked at."""
        begun = max(position, look.now_ns - 24 * PAGE_NS)
        return min(look.now_ns, begun + PAGE_NS)

    def samples(self, look: Look, spec: InstrumentSpec, start_ns: int, end_ns: int) -> list[PriceSampleRow]:
        return look.once(get_price_samples, spec.id, start_ns, end_ns, PAGE_NS // SECOND_NS + 600)


class IndexGap(_PriceRule):
    """The mark stays further from the index than it should."""

    name = "index_gap"
    title = "Mark far from index"
    action = action_setting(name, Response.RECORD, MARKET_RESPONSES, "A mark far from its index for a while.")
    gap = number(name, "gap_ppm", 20_000, "How far the mark may be from the index.", unit="ppm", most=PPM)
    samples_min = number(name, "samples_min", 5, "Seconds in a row before it is an alert.", unit="samples", most=600)
    settings = (action, gap, samples_min)

    def run(self, look: Look, position: int, state: dict[str, Any]) -> Pass:
        gap, least = get(self.gap), get(self.samples_min)
        until = self.until(look, position)
        done = Pass(until, state)
        for spec in look.specs.values():
            # Seconds before the page belong to a row of samples that goes on in it.
            rows = self.samples(look, spec, position - least * SECOND_NS, until)
            done.rows += len(rows)
            run: list[PriceSampleRow] = []
            worst: list[PriceSampleRow] = []
            for row in rows:
                run = [*run, row] if _gap_ppm(row) > gap else []
                if len(run) >= least and row.time_ns > position and len(run) >= len(worst):
                    worst = run
            if worst:
                done.findings.append(_gap_finding(spec, worst, rows, gap))
        return done


class PriceJump(_PriceRule):
    """The mark moved within a window further than it may, and far more than it usually does."""

    name = "price_jump"
    title = "Mark jumped"
    action = action_setting(name, Response.RECORD, MARKET_RESPONSES, "A mark that jumps, against its own history.")
    window = number(name, "window_s", 60, "Within how long.", unit="s", least=2, most=3600)
    move = number(name, "move_ppm", 30_000, "How far the mark may move in the window.", unit="ppm", most=PPM)
    times = number(
        name, "times_usual", 8, "And how many times its usual minute of the last hour.", unit="times", most=1000
    )
    settings = (action, window, move, times)

    def run(self, look: Look, position: int, state: dict[str, Any]) -> Pass:
        window_ns, move, times = get(self.window) * SECOND_NS, get(self.move), get(self.times)
        until = self.until(look, position)
        done = Pass(until, state)
        for spec in look.specs.values():
            rows = self.samples(look, spec, position - window_ns, until)
            done.rows += len(rows)
            moved, first, last = _greatest_move(rows, position, window_ns)
            if moved <= move:
                continue
            usual = _usual_minute_ppm(spec.id, rows[first].time_ns)
            if moved > usual * times:
                done.findings.append(_jump_finding(spec, rows, (first, last), moved, usual))
        return done


class StalePrice(_PriceRule):
    """No mark for longer than it may be used: the engine refuses new risk by itself; this tells people."""

    name = "stale_price"
    title = "No price"
    action = action_setting(
        name, Response.RECORD, (Response.OFF, Response.RECORD), "No mark price for longer than it may be used."
    )
    age = number(name, "age_ms", 10_000, "How old the newest mark may be.", unit="ms", least=2_000, most=600_000)
    settings = (action, age)

    def run(self, look: Look, position: int, state: dict[str, Any]) -> Pass:  # noqa: ARG002  looks at now alone
        age_ms = get(self.age)
        done = Pass(look.now_ns, state)
        for spec in look.specs.values():
            if spec.trading_state in NOT_PRICED:
                continue
            if get_price_samples(spec.id, look.wall_ns - age_ms * 10**6, look.wall_ns + SECOND_NS, 1):
                continue
            rows = get_price_samples(spec.id, look.wall_ns - 3600 * SECOND_NS, look.wall_ns, 3700)
            done.rows += len(rows)
            if rows:
                done.findings.append(_stale_finding(spec, rows, look.wall_ns - rows[-1].time_ns))
        return done


def _gap_ppm(row: PriceSampleRow) -> int:
    return abs(row.mark_ticks - row.index_ticks) * PPM // row.index_ticks if row.index_ticks else 0


def _greatest_move(rows: Sequence[PriceSampleRow], after_ns: int, window_ns: int) -> tuple[int, int, int]:
    """(ppm, first, last): the greatest move between two samples within the window, the later one after `after_ns`.

    Two queues hold the window's lowest and highest samples in order, so every sample is looked at once.
    """
    best = (0, 0, 0)
    lows: deque[int] = deque()
    highs: deque[int] = deque()
    for at, row in enumerate(rows):
        while lows and rows[lows[-1]].mark_ticks >= row.mark_ticks:
            lows.pop()
        while highs and rows[highs[-1]].mark_ticks <= row.mark_ticks:
            highs.pop()
        lows.append(at)
        highs.append(at)
        for queue in (lows, highs):
            while row.time_ns - rows[queue[0]].time_ns > window_ns:
                queue.popleft()
            before = rows[queue[0]].mark_ticks
            moved = abs(row.mark_ticks - before) * PPM // before if before else 0
            if row.time_ns > after_ns and moved > best[0]:
                best = (moved, queue[0], at)
    return best


def _usual_minute_ppm(instrument_id: int, before_ns: int) -> int:
    """The median minute's range in the hour before, of the minutes in which the mark moved."""
    candles = get_price_candles(
        instrument_id, "mark", MINUTE_MS, end_ms=before_ns // 10**6 - MINUTE_MS, limit=USUAL_MINUTES,
        now_ms=before_ns // 10**6,
    )  # fmt: skip
    ranges = [(row.high_ticks - row.low_ticks) * PPM // row.close_ticks for row in candles if row.change_count]
    return int(median(ranges)) if ranges else 0


def _gap_finding(spec: InstrumentSpec, run: list[PriceSampleRow], rows: list[PriceSampleRow], gap: int) -> Finding:
    widest = max(run, key=_gap_ppm)
    ppm = _gap_ppm(widest)
    return Finding(
        key=f"instrument:{spec.id}",
        severity=Severity.HIGH if ppm > 2 * gap else Severity.MEDIUM,
        summary=f"{spec.symbol}: the mark was {ppm / 10_000:.2f} % from the index, {len(run)} samples in a row",
        happened_ns=run[-1].time_ns,
        instrument_id=spec.id,
        evidence=evidence(
            [
                ("Symbol", spec.symbol),
                ("From", moment(run[0].time_ns)),
                ("To", moment(run[-1].time_ns)),
                ("Samples in a row", len(run)),
                ("Widest gap", f"{ppm / 10_000:.2f} %"),
                ("May be", f"{gap / 10_000:.2f} %"),
            ],
            [table("Samples", ("Time", "Mark", "Index", "Gap, ppm"), [_sample_row(spec, row) for row in run])],
            [_price_chart(spec, rows, run[0].time_ns, run[-1].time_ns)],
        ),
    )


def _jump_finding(
    spec: InstrumentSpec, rows: list[PriceSampleRow], span: tuple[int, int], moved: int, usual: int
) -> Finding:
    first, last = rows[span[0]], rows[span[1]]
    took_s = max(1, (last.time_ns - first.time_ns) // SECOND_NS)
    return Finding(
        key=f"instrument:{spec.id}",
        severity=Severity.HIGH,
        summary=f"{spec.symbol}: the mark moved {moved / 10_000:.2f} % in {took_s} s",
        happened_ns=last.time_ns,
        instrument_id=spec.id,
        evidence=evidence(
            [
                ("Symbol", spec.symbol),
                ("From", f"{spec.price_text(first.mark_ticks)} at {moment(first.time_ns)}"),
                ("To", f"{spec.price_text(last.mark_ticks)} at {moment(last.time_ns)}"),
                ("Moved", f"{moved / 10_000:.2f} % in {took_s} s"),
                ("Usual range of a minute", f"{usual / 10_000:.3f} %"),
                ("Index moved", f"{_moved_percent(first.index_ticks, last.index_ticks)} %"),
            ],
            [table("Samples", ("Time", "Mark", "Index", "Gap, ppm"),
                   [_sample_row(spec, row) for row in rows[span[0] : span[1] + 1]])],
            [_price_chart(spec, rows, first.time_ns, last.time_ns)],
        ),
    )  # fmt: skip


def _stale_finding(spec: InstrumentSpec, rows: list[PriceSampleRow], silent_ns: int) -> Finding:
    last = rows[-1]
    return Finding(
        key=f"instrument:{spec.id}",
        severity=Severity.HIGH,
        summary=f"{spec.symbol}: no mark price for {silent_ns // SECOND_NS} s; nothing opens or is liquidated",
        happened_ns=last.time_ns,
        instrument_id=spec.id,
        evidence=evidence(
            [
                ("Symbol", spec.symbol),
                ("Last mark", f"{spec.price_text(last.mark_ticks)} at {moment(last.time_ns)}"),
                ("Silent for", f"{silent_ns / 10**9:.1f} s"),
            ],
            charts=[_price_chart(spec, rows, last.time_ns, last.time_ns)],
        ),
    )


def _sample_row(spec: InstrumentSpec, row: PriceSampleRow) -> tuple[object, ...]:
    return moment(row.time_ns), spec.price_text(row.mark_ticks), spec.price_text(row.index_ticks), _gap_ppm(row)


def _moved_percent(before: int, after: int) -> str:
    return f"{(after - before) * 100 / before:+.2f}" if before else "-"


def _price_chart(spec: InstrumentSpec, rows: list[PriceSampleRow], start_ns: int, end_ns: int) -> dict[str, Any]:
    shown = [row for row in rows if start_ns - AROUND_NS <= row.time_ns <= end_ns + AROUND_NS]
    return chart(
        f"{spec.symbol}: mark and index",
        {
            "mark": [(row.time_ns, spec.price_text(row.mark_ticks)) for row in shown],
            "index": [(row.time_ns, spec.price_text(row.index_ticks)) for row in shown],
        },
    )
