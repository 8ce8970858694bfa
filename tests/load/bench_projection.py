"""How fast the projector is, and how far it lags: rows of the bench table.

    python -m tests.load.bench_projection [--runs 5] [--stores postgresql,sqlite] [--json]

Throughput: a journal that is already there is caught up with from zero, `--runs` times, each with an
emptied set of tables; events per second, median. Lag: journal rows appear at 3,000 orders a second in
batches of 5 ms, the projector follows as in production (poll of 5 ms instead of HEAD frames); lag of a
batch = its cursor is committed minus its append. Flow: seeded orders, cancels, amends of the reference
engine, made before the clock starts. PostgreSQL: a private server from the wheel.
"""

from __future__ import annotations

import statistics
import sys
import threading
import time

from tests.load.child import Row, main_of
from tests.reference.engine import ReferenceEngine
from tests.support.journals import JournalWriter
from tests.support.story import Batch, Story

ORDERS = 60_000
BATCH_COMMANDS = 30
ORDERS_A_SECOND = 3_000
LAG_SECONDS = 10
POLL_SECONDS = 0.005


def make_batches(orders: int, batch_commands: int, seed: int) -> list[Batch]:
    story = Story(ReferenceEngine(), seed=seed, accounts=100, step_ns=600_000)
    story.open()
    while story.seq < orders:
        story.go_on(1, batch_commands)
    return story.batches


def measure(runs: int, journal: str) -> dict[str, float]:
    """Runs in a process whose environment names the stores."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from apps.projection.follower import clear_rows
    from tests.support.projection import attached

    writer = JournalWriter(journal)
    writer.append(make_batches(ORDERS, BATCH_COMMANDS, seed=1))
    rates, events = [], 0
    for _ in range(runs):
        clear_rows()
        with attached(journal) as follower:
            started, cpu = time.perf_counter(), time.process_time()
            events = follower.catch_up()
            rates.append((events / (time.perf_counter() - started), (time.process_time() - cpu) / events * 1e6))
    writer.execute("DELETE FROM matcher_journal")
    writer.chain = bytes(32)
    clear_rows()
    lags = sorted(measure_lag(writer, journal))
    writer.close()
    return {
        "events": events,
        "events_per_second": statistics.median(rate for rate, _ in rates),
        "cpu_us_per_event": statistics.median(cpu for _, cpu in rates),
        "lag_p50_ms": lags[len(lags) // 2] * 1e3,
        "lag_p99_ms": lags[len(lags) * 99 // 100] * 1e3,
        "lag_max_ms": lags[-1] * 1e3,
    }


def measure_lag(writer: JournalWriter, journal: str) -> list[float]:
    """Seconds from append to committed cursor, of every batch."""
    from tests.support.projection import attached

    batches = make_batches(ORDERS_A_SECOND * LAG_SECONDS, BATCH_COMMANDS, seed=2)
    written: list[tuple[int, float]] = []

    def feed() -> None:
        started = time.perf_counter()
        for batch in batches:
            ahead = batch.last_seq / ORDERS_A_SECOND - (time.perf_counter() - started)
            if ahead > 0:
                time.sleep(ahead)
            writer.append([batch])
            written.append((batch.last_seq, time.perf_counter()))

    feeder = threading.Thread(target=feed)
    lags: list[float] = []
    with attached(journal) as follower:
        feeder.start()
        done = 0
        while done < len(batches):
            stepped = follower.step()
            now = time.perf_counter()
            while done < len(written) and written[done][0] <= follower.seq:
                lags.append(now - written[done][1])
                done += 1
            if not stepped:
                time.sleep(POLL_SECONDS)
    feeder.join()
    return lags


def print_table(found: dict[str, Row]) -> None:
    print("| projection | events/s (median) | CPU us/event | lag p50 at 3,000 orders/s | lag p99 | lag max |")
    print("|---|---|---|---|---|---|")
    for store, row in found.items():
        print(
            f"| {store} | {row['events_per_second']:,.0f} | {row['cpu_us_per_event']:.1f} | {row['lag_p50_ms']:.0f} ms"
            f" | {row['lag_p99_ms']:.0f} ms | {row['lag_max_ms']:.0f} ms |"
        )


if __name__ == "__main__":
    sys.exit(main_of("bench_projection", measure, print_table, 5))
