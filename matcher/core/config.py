"""Capacities of an engine: the only thing it is told from outside that is no command."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EngineConfig:
    """Highest account number, most resting orders, and what to make room for at start.

    Memory is reserved, not used: it follows what is touched. `expected_orders` and `expected_keys`
    size the hash tables at start (they grow, at the cost of one pause each time they double);
    `prefault` touches the books' and the order pool's first pages at once, for a steady first second.
    """

    accounts: int = 1 << 20
    orders: int = 1 << 24
    expected_orders: int = 1 << 10
    expected_keys: int = 1 << 10
    prefault: bool = False
