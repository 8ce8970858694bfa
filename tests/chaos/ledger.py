"""What a journal adds up to, from its events alone: no engine, no snapshot."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from matcher.protocol.codec import decode_events
from matcher.protocol.events import BalanceChanged, OrderAccepted, OrderFilled
from matcher.runtime.journal import open_journal


@dataclass
class Ledger:
    """Folded events: every amount in units, every quantity in lots."""

    accepted: Counter[tuple[int, bytes]] = field(default_factory=Counter)
    wallets: dict[int, int] = field(default_factory=dict)
    positions: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    external: int = 0
    fees: int = 0
    realized: int = 0
    last_seq: int = 0

    def doubled(self) -> list[tuple[int, bytes]]:
        """Client order ids that made more than one order."""
        return [key for key, count in self.accepted.items() if count > 1 and key[1]]

    def imbalance(self) -> dict[str, int]:
        """Sums that have to be zero."""
        return {
            "wallets + fees - external - realized": sum(self.wallets.values())
            + self.fees
            - self.external
            - self.realized,
            "longs - shorts": sum(lots for lots, _ in self.positions.values()),
            "costs + realized": sum(cost for _, cost in self.positions.values()) - self.realized,
        }


def read_ledger(journal_url: str) -> Ledger:
    """Fold the whole journal."""
    journal, ledger = open_journal(journal_url), Ledger()
    for row in journal.rows(0):
        assert row.first_seq == ledger.last_seq + 1, f"a hole before {row.first_seq}"
        ledger.last_seq = row.last_seq
        for event in decode_events(row.events):
            if isinstance(event, OrderAccepted):
                ledger.accepted[event.account, event.client_order_id] += 1
            elif isinstance(event, BalanceChanged):
                ledger.wallets[event.account] = event.wallet_units
                ledger.external += event.amount_units
            elif isinstance(event, OrderFilled):
                ledger.wallets[event.account] = event.wallet_units
                ledger.positions[event.account, event.instrument] = event.position_lots, event.position_cost_units
                ledger.fees += event.fee_units
                ledger.realized += event.realized_pnl_units
    journal.close()
    return ledger
