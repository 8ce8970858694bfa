"""Who holds too much of an instrument, and whose money only passes through.

Concentration looks at positions as they stand (position is engine time); money at the legs of the ledger.
"""

from __future__ import annotations

from typing import Any

from apps.accounts.money_flow import MoneyMove, get_last_leg_before, list_money_moves
from apps.accounts.selectors import get_ledger
from apps.accounts.types import LedgerKind, LedgerRow
from apps.assets.selectors import get_assets
from apps.configuration.services import get
from apps.instruments.types import InstrumentSpec
from apps.marketdata.selectors import get_price_samples
from apps.orders.flow import get_turnover_units
from apps.positions.selectors import get_open_interest, list_largest_positions
from apps.positions.types import PositionRow
from apps.surveillance.evidence import evidence, moment, percent, table, whole
from apps.surveillance.look import Look
from apps.surveillance.rules.base import ACCOUNT_RESPONSES, FIRST_LOOK_NS, SECOND_NS, action_setting, number
from apps.surveillance.types import Finding, Pass, Response, Severity
from matcher.protocol.units import ASSET_UNIT, format_scaled

SPAN = 50_000  # legs of the ledger in a pass
MOVES_MAX = 500
REMEMBERED_MAX = 2000  # accounts whose moves the rule keeps in mind
MOVES_REMEMBERED = 200  # of each; older ones are added up


class Concentration:
    name = "concentration"
    title = "One holds too much"
    action = action_setting(name, Response.RECORD, ACCOUNT_RESPONSES, "A large share of an instrument in one hand.")
    share = number(name, "share_percent", 40, "Of the open interest.", unit="%", most=100)
    notional = number(
        name, "notional_min", 1_000_000, "Positions at least this large, whole quote money.", unit="", most=10**12
    )
    every = number(name, "every_s", 60, "How often it looks.", unit="s", most=3600)
    settings = (action, share, notional, every)

    def begin(self, look: Look) -> int:  # noqa: ARG002  the protocol's
        return 0

    def run(self, look: Look, position: int, state: dict[str, Any]) -> Pass:
        if look.now_ns - position < get(self.every) * SECOND_NS:
            return Pass(position, state)
        done = Pass(look.now_ns, state)
        for spec in look.specs.values():
            prices = get_price_samples(spec.id, look.now_ns - 60 * SECOND_NS, look.now_ns, 100)
            interest = get_open_interest(spec.id) if prices else 0
            if not interest:
                continue
            largest = list_largest_positions(spec.id)
            done.rows += len(largest)
            done.findings += self._judge(look, spec, largest, interest, prices[-1].mark_ticks)
        return done

    def _judge(
        self, look: Look, spec: InstrumentSpec, rows: list[PositionRow], interest: int, mark: int
    ) -> list[Finding]:
        owners = look.owners({row.account_id for row in rows})
        held: dict[tuple[int, bool], list[PositionRow]] = {}
        for row in rows:
            if row.account_id in owners and row.account_id not in look.makers:
                held.setdefault((owners[row.account_id].user_id, row.position_lots > 0), []).append(row)
        found = []
        for (user_id, is_long), own in held.items():
            lots = abs(sum(row.position_lots for row in own))
            units = spec.notional_units(mark, lots)
            if units >= get(self.notional) * ASSET_UNIT and lots * 100 >= interest * get(self.share):
                found.append(
                    _concentration_finding(
                        spec,
                        look,
                        user_id=user_id,
                        is_long=is_long,
                        own=own,
                        rows=rows,
                        interest=interest,
                        units=units,
                    )
                )
        return found


class PassThrough:
    name = "pass_through"
    title = "Money that passes through"
    action = action_setting(
        name, Response.RECORD, ACCOUNT_RESPONSES, "Deposited and withdrawn again, hardly traded with."
    )
    window = number(name, "window_s", 3_600, "Between deposit and withdrawal.", unit="s", most=7 * 86_400)
    amount = number(name, "amount_min", 10_000, "Withdrawn at least this much, whole asset.", unit="", most=10**12)
    share = number(name, "percent", 80, "Of what was deposited in the window.", unit="%", most=100)
    turnover = number(
        name, "turnover_percent", 50, "Traded less than this part of the deposits meanwhile.", unit="%", most=10_000
    )
    settings = (action, window, amount, share, turnover)

    def begin(self, look: Look) -> int:
        return get_last_leg_before(look.now_ns - FIRST_LOOK_NS)

    def run(self, look: Look, position: int, state: dict[str, Any]) -> Pass:
        last, moves = look.once(list_money_moves, position, SPAN)
        window_s = get(self.window)
        known: dict[str, list[list[int]]] = state.get("moves", {})
        done = Pass(last, {"moves": known}, rows=len(moves))
        newest: dict[str, MoneyMove] = {}
        for move in moves:
            key = f"{move.account_id}:{move.asset_id}"
            _remember(known.setdefault(key, []), move, window_s)
            if move.amount_units < 0:
                newest[key] = move
        if len(known) > REMEMBERED_MAX:
            for key in sorted(known, key=lambda key: known[key][-1][0])[: len(known) - REMEMBERED_MAX]:
                del known[key]
        for key, move in newest.items():
            finding = self._judge(move, known.get(key, []))
            if finding is not None:
                done.findings.append(finding)
        return done

    def _judge(self, last: MoneyMove, known: list[list[int]]) -> Finding | None:
        """`known`: [second, amount] of the account's moves in the window, the newest last."""
        start_ns = last.time_ns - get(self.window) * SECOND_NS
        given = sum(amount for _, amount in known if amount > 0)
        taken = -sum(amount for _, amount in known if amount < 0)
        if taken < get(self.amount) * ASSET_UNIT or taken * 100 < given * get(self.share) or not given:
            return None
        traded = get_turnover_units(last.account_id, start_ns, last.time_ns)
        if traded * 100 >= given * get(self.turnover):
            return None
        rows = get_ledger(
            last.account_id,
            (LedgerKind.DEPOSIT, LedgerKind.WITHDRAWAL),
            asset=last.asset_id,
            start_ns=start_ns,
            end_ns=last.time_ns,
            limit=MOVES_MAX,
        )
        return _money_finding(last, rows[::-1], given, taken, traded)


def _remember(known: list[list[int]], move: MoneyMove, window_s: int) -> None:
    """Add a move and let go of those that left the window."""
    second = move.time_ns // SECOND_NS
    known.append([second, move.amount_units])
    while known[0][0] < second - window_s:
        known.pop(0)
    if len(known) > MOVES_REMEMBERED:
        same = next((at for at in range(1, len(known)) if (known[at][1] > 0) == (known[0][1] > 0)), 0)
        if same:
            known[same][1] += known[0][1]
            known.pop(0)


def _concentration_finding(
    spec: InstrumentSpec,
    look: Look,
    *,
    user_id: int,
    is_long: bool,
    own: list[PositionRow],
    rows: list[PositionRow],
    interest: int,
    units: int,
) -> Finding:
    lots, side = abs(sum(row.position_lots for row in own)), "long" if is_long else "short"
    accounts = tuple(sorted({row.account_id for row in own}))
    holders = [
        (
            row.account_id,
            "market maker" if row.account_id in look.makers else "",
            "long" if row.position_lots > 0 else "short",
            spec.quantity_text(abs(row.position_lots)),
            percent(abs(row.position_lots), interest),
        )
        for row in rows
    ]
    return Finding(
        key=f"user:{user_id}:{spec.id}:{side}",
        severity=Severity.MEDIUM,
        summary=f"{spec.symbol}: one person holds {percent(lots, interest)} of all {side} positions",
        happened_ns=look.now_ns,
        account_ids=accounts,
        instrument_id=spec.id,
        evidence=evidence(
            [
                ("Symbol", spec.symbol),
                ("Accounts", ", ".join(map(str, accounts))),
                ("Position", f"{side} {spec.quantity_text(lots)} {spec.base_asset}, {whole(units)} {spec.quote_asset}"),
                ("Open interest", f"{spec.quantity_text(interest)} {spec.base_asset}"),
                ("Share", percent(lots, interest)),
            ],
            [table("Largest holders", ("Account", "", "Side", "Quantity", "Share"), holders)],
        ),
    )


def _money_finding(last: MoneyMove, rows: list[LedgerRow], given: int, taken: int, traded: int) -> Finding:
    code = next((asset.code for asset in get_assets() if asset.id == last.asset_id), str(last.asset_id))
    return Finding(
        key=f"account:{last.account_id}:{last.asset_id}",
        severity=Severity.MEDIUM,
        summary=f"account {last.account_id}: {whole(given)} {code} came and {whole(taken)} went, {whole(traded)} traded",
        happened_ns=last.time_ns,
        account_ids=(last.account_id,),
        evidence=evidence(
            [
                ("Account", last.account_id),
                ("Deposited", f"{whole(given)} {code}"),
                ("Withdrawn", f"{whole(taken)} {code}"),
                ("Traded meanwhile", whole(traded)),
            ],
            [
                table(
                    "Deposits and withdrawals",
                    ("Time", "Command", "Amount", "Asset", "Reference"),
                    [
                        (moment(row.time_ns), row.seq, format_scaled(row.amount_units, 8), code, row.reference)
                        for row in rows
                    ],
                )
            ],
        ),
    )
