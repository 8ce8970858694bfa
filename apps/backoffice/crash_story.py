"""The crash drill itself: three falls of the mark, told from the engine's own events, and what must be true afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import cast

from apps.backoffice.crash_stage import FUND, MONEY, Stage
from apps.bridge import services as bridge
from apps.instruments.services import settle_instrument
from matcher.protocol.enums import EventFlag, InsuranceCause, MoveCause, Side
from matcher.protocol.events import (
    Event,
    InsuranceChanged,
    LiquidationEnded,
    LiquidationStarted,
    LiquidationStep,
    OrderFilled,
    PositionMoved,
)
from matcher.protocol.units import format_scaled
from matcher.protocol.views import AssetView, BalanceView, PositionView, Query, QueryKind

Say = Callable[[str], None]
_CAUSES = {
    InsuranceCause.LIQUIDATION_FEE: "liquidation fee",
    InsuranceCause.SURPLUS: "surplus of the closed position",
    InsuranceCause.DEFICIT: "deficit of the closed position",
    InsuranceCause.FUNDING_RESIDUE: "residue of funding",
}


def money(units: int) -> str:
    return f"{format_scaled(units, 8)[:-6]} {MONEY[1]}"


def whole(units: int) -> str:
    """Every decimal there is."""
    text = format_scaled(units, 8)
    return text.rstrip("0").rstrip(".")


class Story:
    """Plays the falls, keeps every event, and judges at the end."""

    def __init__(self, stage: Stage, say: Say) -> None:
        self.stage, self.say = stage, say
        self.events: list[Event] = []

    def play(self) -> list[str]:
        """The three falls and the settlement; what should have happened and did not."""
        before = self.fund_wallet()
        self.say(f"The fund holds {money(before)}. Everybody entered at 100 with leverage up to 50x.")
        self.stage.place("Gus", Side.BUY, 20, "98.4")
        self.fall("98.5", "A small fall. Ivy's isolated margin runs out; the book is there to take her position.")
        after_fee = self.fund_wallet()
        self.stage.place("Gus", Side.BUY, 50, "97.2")
        self.fall("96.5", "A gap. Ben owes more than he has; the book takes a part, the fund the rest.")
        self.fall("94", "Another gap. Ann falls, and the fund cannot take more: it is under water itself.")
        after = self.fund_wallet()
        self.say(f"\nThe fund: {money(before)} before, {money(after_fee)} with Ivy's fee, {money(after)} at the end.")
        self.say("\nThe instrument is settled at 94: every position that is left is closed there.")
        settle_instrument(instrument_id=self.stage.spec.id, price_ticks=self.stage.ticks("94"))
        return [*self.missing(before, after_fee, after), *self.unbalanced()]

    def fall(self, price: str, words: str) -> None:
        self.say(f"\n=== Mark {price}: {words}")
        events = self.stage.set_mark(price)
        self.note(events)
        for line in self.tell(events):
            self.say(line)

    def note(self, events: Iterable[Event]) -> None:
        self.events.extend(events)

    def name(self, account: int) -> str:
        return self.stage.names.get(account, f"account {account}")

    def quantity(self, lots: int) -> str:
        text = self.stage.spec.quantity_text(abs(lots))
        return text.rstrip("0").rstrip(".")

    def tell(self, events: Iterable[Event]) -> Iterator[str]:
        """The lines of one fall."""
        price = self.stage.spec.price_text
        fee = ""  # told after the trade that it was taken from
        for event in events:
            who = self.name(event.account)
            if isinstance(event, LiquidationStarted):
                mode = "isolated position" if event.flags & EventFlag.ISOLATED else "cross account"
                equity, needed = money(event.equity_units), money(event.maintenance_units)
                yield f"{who} is liquidated ({mode}): {equity} left, {needed} needed"
            elif isinstance(event, LiquidationStep):
                at = f"mark {price(event.mark_ticks)}, bankruptcy price {price(event.bankruptcy_ticks)}"
                yield f"  {self.quantity(event.quantity_lots)} must go: {at}"
            elif isinstance(event, OrderFilled) and event.flags & EventFlag.MAKER:
                yield f"  book: {who} buys {self.quantity(event.quantity_lots)} at {price(event.price_ticks)}"
                if fee:
                    yield fee
                fee = ""
            elif isinstance(event, PositionMoved) and event.counterparty:
                yield from self.tell_move(event, who)
            elif isinstance(event, InsuranceChanged):
                cause = _CAUSES[InsuranceCause(event.detail)]
                line = f"  fund: {money(event.amount_units)} ({cause}), now {money(event.wallet_units)}"
                if event.detail == InsuranceCause.LIQUIDATION_FEE:
                    fee = line
                else:
                    yield line
            elif isinstance(event, LiquidationEnded):
                yield f"  {who} ends with {money(event.wallet_units)}"

    def tell_move(self, event: PositionMoved, who: str) -> Iterator[str]:
        """The receiving half of a move; the liquidated half says the same."""
        spec = self.stage.spec
        lots, at = self.quantity(event.quantity_lots), spec.price_text(event.price_ticks)
        if event.detail == MoveCause.TAKEN_OVER and event.account == self.stage.accounts[FUND.name]:
            yield f"  fund: takes over {lots} at {at} from {self.name(event.counterparty)}"
        elif event.detail == MoveCause.DELEVERAGED and not event.flags & EventFlag.SELL:
            left, profit = self.quantity(event.position_lots), money(event.realized_pnl_units)
            yield (
                f"  deleveraged: {who}, rank {event.rank}, score {event.score}: {lots} closed at {at},"
                f" profit {profit}, {left} left"
            )

    # what must be true

    def missing(self, before: int, after_fee: int, after: int) -> list[str]:
        """What should have happened and did not."""
        victims = {self.name(e.account) for e in self.events if isinstance(e, LiquidationStarted)}
        moves = [e for e in self.events if isinstance(e, PositionMoved)]
        taken = [e for e in moves if e.detail == MoveCause.TAKEN_OVER]
        receipts = [e for e in moves if e.detail == MoveCause.DELEVERAGED and not e.flags & EventFlag.SELL]
        first = [e for e in receipts if e.rank == 1]
        checks = {
            f"Ivy, Ben, Ann and the fund are liquidated, Cleo is not (it was {', '.join(sorted(victims))})": victims
            == {"Ivy", "Ben", "Ann", FUND.name},
            "the book takes a part": any(
                isinstance(e, OrderFilled) and e.flags & EventFlag.LIQUIDATION for e in self.events
            ),
            "the fund earns a fee": after_fee > before,
            "the fund takes a position over": bool(taken),
            "positions are deleveraged, Dora first": bool(first)
            and {self.name(e.account) for e in receipts} == {"Dora", "Emil"}
            and self.name(receipts[0].account) == "Dora",
            "the fund is drained and never below zero": 0 <= after < before // 10,
            "no one who was liquidated owes anything": all(
                e.wallet_units >= 0 for e in self.events if isinstance(e, LiquidationEnded)
            ),
        }
        return [text for text, is_true in checks.items() if not is_true]

    def fund_wallet(self) -> int:
        balances, _ = self._account(self.stage.accounts[FUND.name])
        return sum(view.wallet_units for view in balances)

    def engine_seq(self) -> int:
        """The last command there is."""
        header, _, _ = bridge.query(Query(kind=QueryKind.STATS))
        return int(header.seq)

    def _account(self, account: int) -> tuple[list[BalanceView], list[PositionView]]:
        _, balances, positions = bridge.query(Query(kind=QueryKind.ACCOUNT, account=account))
        return cast("list[BalanceView]", balances), cast("list[PositionView]", positions)

    def unbalanced(self) -> list[str]:
        """The drill's money must sum to zero with nothing left open. Says the sum as it looks."""
        wallets = legs = 0
        for account in self.stage.accounts.values():
            balances, positions = self._account(account)
            wallets += sum(view.wallet_units for view in balances if view.asset == MONEY[0])
            legs += sum(abs(view.position_lots) for view in positions)
        _, assets, _ = bridge.query(Query(kind=QueryKind.ASSETS))
        house = next(view for view in cast("list[AssetView]", assets) if view.asset == MONEY[0])
        earlier = self.stage.earlier_units
        held = wallets + earlier + house.fee_income_units + house.clearing_units + house.conversion_units
        self.say(
            f"Wallets {whole(wallets + earlier)} + fees {whole(house.fee_income_units)} + clearing"
            f" {whole(house.clearing_units)} - paid in {whole(house.external_units)} = {whole(held - house.external_units)}"
        )
        wrong = []
        if held != house.external_units:
            wrong.append(f"the money sums to zero (off by {held - house.external_units} units)")
        if legs:
            wrong.append(f"every position is closed ({legs} lots are open)")
        if house.clearing_units:
            wrong.append(f"all gains are somebody's losses (clearing holds {house.clearing_units} units)")
        return wrong
