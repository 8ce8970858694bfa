"""What the matcher counts, rendered as Prometheus text."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

BATCH_BOUNDS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096)
SECONDS_BOUNDS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Histogram:
    """Counts of observations by upper bound, their sum and number."""

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def observe(self, value: float) -> None:
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value

    def render(self, name: str) -> list[str]:
        lines, running = [f"# TYPE {name} histogram"], 0
        for bound, count in zip((*self.bounds, "+Inf"), self.counts, strict=True):
            running += count
            lines.append(f'{name}_bucket{{le="{bound}"}} {running}')
        return [*lines, f"{name}_sum {self.total:.9g}", f"{name}_count {running}"]


@dataclass(slots=True)
class Metrics:
    """Counters since the start of the process; gauges as they stand."""

    commands: int = 0
    event_bytes: int = 0
    queries: int = 0
    refused: int = 0
    quarantined: int = 0
    clients: int = 0
    clients_dropped: int = 0
    last_seq: int = 0
    waiting_commands: int = 0
    snapshots: int = 0
    snapshot_failures: int = 0
    recovery_seconds: float = 0.0
    batch_commands: Histogram = field(default_factory=lambda: Histogram(BATCH_BOUNDS))
    process_seconds: Histogram = field(default_factory=lambda: Histogram(SECONDS_BOUNDS))
    commit_seconds: Histogram = field(default_factory=lambda: Histogram(SECONDS_BOUNDS))

    def render(self) -> str:
        """The whole set in Prometheus text format."""
        lines: list[str] = []
        for name, kind, value in (
            ("matcher_commands_total", "counter", self.commands),
            ("matcher_event_bytes_total", "counter", self.event_bytes),
            ("matcher_queries_total", "counter", self.queries),
            ("matcher_refused_total", "counter", self.refused),
            ("matcher_quarantined_total", "counter", self.quarantined),
            ("matcher_clients_dropped_total", "counter", self.clients_dropped),
            ("matcher_snapshots_total", "counter", self.snapshots),
            ("matcher_snapshot_failures_total", "counter", self.snapshot_failures),
            ("matcher_clients", "gauge", self.clients),
            ("matcher_last_seq", "gauge", self.last_seq),
            ("matcher_waiting_commands", "gauge", self.waiting_commands),
            ("matcher_recovery_seconds", "gauge", self.recovery_seconds),
        ):
            lines += [f"# TYPE {name} {kind}", f"{name} {value}"]
        lines += self.batch_commands.render("matcher_batch_commands")
        lines += self.process_seconds.render("matcher_process_seconds")
        lines += self.commit_seconds.render("matcher_commit_seconds")
        return "\n".join(lines) + "\n"
