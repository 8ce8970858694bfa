"""What the reference engine shows of itself: answers to queries and the canonical dump."""

from __future__ import annotations

from matcher.protocol.codec import encode_answer
from matcher.protocol.enums import Side
from matcher.protocol.records import Record
from matcher.protocol.views import (
    AccountView,
    AdlView,
    AssetView,
    BalanceView,
    ClientIdView,
    CountdownView,
    InstrumentView,
    LevelView,
    LimitsView,
    MarkView,
    OrderView,
    PositionView,
    Query,
    QueryKind,
    RulesView,
    StateView,
    TierView,
)
from tests.reference import deleveraging, funding, groups, limits
from tests.reference.keys import PLACE_ORDER
from tests.reference.margin import totals
from tests.reference.matching import resting_closing, status_of
from tests.reference.state import Account, Instrument, Key, Leg, Order, State, clamped

Answer = tuple[list[Record], list[Record]]


def answer(state: State, request: bytes) -> bytes:
    """The packed answer to a packed Query; of what is not known, nothing."""
    query = Query.unpack(request)
    find = _ANSWERS.get(query.kind)
    first, second = find(state, query) if find else ([], [])
    return encode_answer(query, state.seq, state.time_ns, first, second)


def _account(state: State, query: Query) -> Answer:
    account = state.accounts.get(query.account)
    if account is None:
        return [], []
    balances = [_balance_view(state, account, asset) for asset in sorted(account.balances)]
    return balances, [_position_view(state, account, leg) for leg in sorted(account.positions)]


def _balance_view(state: State, account: Account, asset: int) -> Record:
    now = totals(state, account, asset)
    return BalanceView(
        wallet_units=now.wallet,
        unrealized_pnl_units=clamped(now.unrealized_pnl),
        position_margin_units=clamped(now.position_margin),
        order_margin_units=clamped(now.order_margin),
        maintenance_margin_units=clamped(now.maintenance),
        available_units=clamped(groups.available(state, account, asset)),
        withdrawable_units=clamped(groups.withdrawable(state, account, asset)),
        updated_ns=account.balances[asset].updated_ns,
        account=account.number,
        asset=asset,
        isolated_units=clamped(now.isolated),
        cross_unrealized_pnl_units=clamped(now.cross_unrealized_pnl),
        cross_maintenance_margin_units=clamped(now.cross_maintenance),
    )


def _position_view(state: State, account: Account, leg: Leg) -> Record:
    instrument, position = state.instruments[leg[0]], account.positions[leg]
    mine = groups.held(state, account, leg)
    closing = {
        side: sum(o.leaves_lots for o in resting_closing(instrument, account.number, leg[1], side)) for side in Side
    }
    return PositionView(
        position_lots=mine.q,
        cost_units=mine.cost,
        realized_pnl_units=position.realized_pnl_units,
        mark_ticks=mine.mark,
        unrealized_pnl_units=clamped(mine.unrealized_pnl),
        position_margin_units=clamped(mine.position_margin),
        order_margin_units=clamped(mine.order_margin),
        maintenance_margin_units=clamped(mine.maintenance),
        buy_lots=mine.buy_lots,
        sell_lots=mine.sell_lots,
        buy_value=clamped(mine.buy_value),
        sell_value=clamped(mine.sell_value),
        reduce_only_buy_lots=closing[Side.BUY],
        reduce_only_sell_lots=closing[Side.SELL],
        liquidation_ticks=groups.liquidation_ticks(state, account, leg),
        updated_ns=position.updated_ns,
        account=account.number,
        instrument=leg[0],
        leverage=mine.leverage,
        position_side=leg[1],
        margin_mode=account.shared(leg[0]).margin_mode,
        isolated_units=clamped(position.isolated_units),
        bankruptcy_ticks=groups.bankruptcy_ticks(state, account, leg),
    )


def _open_orders(state: State, query: Query) -> Answer:
    return [_order_view(state, o) for o in _orders_of(state, query)], []


def _orders_of(state: State, query: Query) -> list[Order]:
    if query.instrument and query.instrument not in state.instruments:
        return []
    return state.open_orders_of(query.account, query.instrument)


def _order(state: State, query: Query) -> Answer:
    """The open order a CancelOrder of these fields would end; the key of the client_order_id in any case."""
    text = query.client_order_id
    found = [
        order
        for order in state.open_orders_of(query.account)
        if order.instrument == query.instrument
        and (order.order_id == query.order_id if query.order_id else text and order.client_order_id == text)
    ]
    key = (query.account, PLACE_ORDER, text)
    known = [_client_id_view(state, key)] if text and key in state.remembered else []
    return [_order_view(state, o) for o in found], known


def _depth(state: State, query: Query) -> Answer:
    instrument = state.instruments.get(query.instrument)
    if instrument is None:
        return [], []
    bids, asks = _levels(instrument.bids), _levels(instrument.asks)
    limit = query.limit or len(bids) + len(asks)
    return bids[:limit], asks[:limit]


def _levels(queue: list[Order]) -> list[Record]:
    prices = list(dict.fromkeys(order.price_ticks for order in queue))
    lots = {price: sum(o.leaves_lots for o in queue if o.price_ticks == price) for price in prices}
    return [LevelView(price_ticks=price, quantity_lots=lots[price]) for price in prices]


def _instruments(state: State, query: Query) -> Answer:
    numbers = [n for n in sorted(state.instruments) if query.instrument in (0, n)]
    return [_instrument_view(state, state.instruments[n]) for n in numbers], []


def _stats(state: State, query: Query) -> Answer:
    return [_state_view(state)], []


def _rules(state: State, query: Query) -> Answer:
    numbers = [n for n in sorted(state.instruments) if query.instrument in (0, n)]
    armed = [key for key in sorted(state.countdowns) if key[0] == query.account]
    return [_rules_view(state.instruments[n]) for n in numbers], [_countdown_view(state, key) for key in armed]


def _adl(state: State, query: Query) -> Answer:
    """Of an account: its legs' places, by instrument and side; of no account: an instrument's longs, then its shorts."""
    numbers = [n for n in sorted(state.instruments) if query.instrument in (0, n)]
    if query.account == 0:
        numbers = numbers if query.instrument else []
    views = [_adl_view(place) for n in numbers for place in deleveraging.places(state, state.instruments[n])]
    if query.account == 0:
        return views, []
    mine = [view for view in views if view.account == query.account]
    return sorted(mine, key=lambda view: (view.instrument, view.position_side)), []


def _adl_view(place: deleveraging.Place) -> Record:
    return AdlView(
        score=place.score,
        account=place.account.number,
        rank=place.rank,
        holders=place.holders,
        instrument=place.leg[0],
        position_side=place.leg[1],
        lights=5 - 5 * (place.rank - 1) // place.holders,
    )


def _assets(state: State, query: Query) -> Answer:
    return [_asset_view(state, asset) for asset in sorted(state.houses)], []


def _accounts(state: State, query: Query) -> Answer:
    numbers = [n for n in sorted(state.accounts) if query.account in (0, n)]
    return [_account_view(state.accounts[n]) for n in numbers], []


def _limits(state: State, query: Query) -> Answer:
    return [_limits_view(state, key) for key in sorted(state.limits) if query.account in (0, key[0])], []


_ANSWERS = {
    QueryKind.ACCOUNT: _account,
    QueryKind.OPEN_ORDERS: _open_orders,
    QueryKind.ORDER: _order,
    QueryKind.DEPTH: _depth,
    QueryKind.INSTRUMENTS: _instruments,
    QueryKind.STATS: _stats,
    QueryKind.RULES: _rules,
    QueryKind.ADL: _adl,
    QueryKind.ASSETS: _assets,
    QueryKind.ACCOUNTS: _accounts,
    QueryKind.LIMITS: _limits,
}


def _order_view(state: State, order: Order) -> Record:
    return OrderView(
        order_id=order.order_id,
        price_ticks=order.price_ticks,
        quantity_lots=order.quantity_lots,
        filled_lots=order.filled_lots,
        filled_quote_units=order.filled_quote_units,
        created_ns=order.created_ns,
        updated_ns=order.updated_ns,
        account=order.account,
        instrument=order.instrument,
        side=order.side,
        order_type=order.order_type,
        time_in_force=order.time_in_force,
        order_flags=order.flags,
        working_type=order.working_type,
        self_trade_prevention=order.self_trade_prevention,
        status=status_of(order),
        client_order_id=order.client_order_id,
        position_side=order.position_side,
        waiting=int(order in state.instruments[order.instrument].waiting),
        trigger_ticks=order.trigger_ticks,
        callback_ppm=order.callback_ppm,
        watermark_ticks=order.watermark_ticks,
        take_profit_ticks=order.take_profit_ticks,
        stop_loss_ticks=order.stop_loss_ticks,
        good_till_ns=order.good_till_ns,
        linked_order_id=order.linked_order_id,
    )


def _client_id_view(state: State, key: Key) -> Record:
    remembered = state.remembered[key]
    return ClientIdView(
        fingerprint=remembered.fingerprint,
        order_id=remembered.order_id,
        filled_lots=remembered.filled_lots,
        filled_quote_units=remembered.filled_quote_units,
        ended_ns=remembered.ended_ns,
        account=key[0],
        purpose=key[1],
        status=remembered.status,
        client_order_id=key[2],
    )


def open_interest_lots(state: State, instrument: int) -> int:
    held = [p.lots for a in state.accounts.values() for leg, p in a.positions.items() if leg[0] == instrument]
    return sum(lots for lots in held if lots > 0)


def _instrument_view(state: State, instrument: Instrument) -> Record:
    same_names = {field.name for field in InstrumentView.LAYOUT.fields}
    terms = {name: value for name, value in instrument.terms.as_dict().items() if name in same_names}
    terms |= {
        "mark_ticks": instrument.mark_ticks,
        "index_ticks": instrument.index_ticks,
        "next_funding_ns": instrument.next_funding_ns,
        "funding_rate_ppb": instrument.funding_rate_ppb,
        "last_price_ticks": instrument.last_price_ticks,
        "last_trade_id": instrument.last_trade_id,
        "open_interest_lots": open_interest_lots(state, instrument.number),
        "best_bid_ticks": instrument.bids[0].price_ticks if instrument.bids else 0,
        "best_ask_ticks": instrument.asks[0].price_ticks if instrument.asks else 0,
        "open_orders": len(instrument.bids) + len(instrument.asks),
        "mark_time_ns": instrument.mark_time_ns,
        "trading_state": instrument.trading_state,
        "tier_count": len(instrument.tiers),
    }
    return InstrumentView(**terms)


def _state_view(state: State) -> Record:
    return StateView(
        seq=state.seq,
        time_ns=state.time_ns,
        last_order_id=state.last_order_id,
        last_trade_id=state.last_trade_id,
        accounts=len(state.accounts),
        open_orders=len(state.open_orders()),
        remembered_ids=len(state.remembered),
    )


def dump(state: State) -> bytes:
    """Canonical bytes of the state."""
    return b"".join(record.pack() for record in dump_records(state))


def dump_records(state: State) -> list[Record]:
    """The records of the dump, in the order docs/engine.md gives."""
    records = [_state_view(state)]
    instruments = [state.instruments[number] for number in sorted(state.instruments)]
    accounts = [state.accounts[number] for number in sorted(state.accounts)]
    records.extend(_asset_view(state, asset) for asset in sorted(state.houses))
    for instrument in instruments:
        records.extend(_instrument_records(state, instrument))
    records.extend(_account_view(account) for account in accounts)
    for account in accounts:
        for asset, balance in sorted(account.balances.items()):
            records.append(BalanceView(account=account.number, asset=asset, **vars(balance)))
    for account in accounts:
        records.extend(_bare_position_view(account, leg) for leg in sorted(account.positions))
    for instrument in instruments:
        records.extend(_order_view(state, order) for order in instrument.bids + instrument.asks)
    for instrument in instruments:
        records.extend(_order_view(state, o) for o in sorted(instrument.waiting, key=lambda o: o.order_id))
    records.extend(_client_id_view(state, key) for key in sorted(state.remembered))
    records.extend(_countdown_view(state, key) for key in sorted(state.countdowns))
    records.extend(_limits_view(state, key) for key in sorted(state.limits))
    return records


def _asset_view(state: State, asset: int) -> Record:
    return AssetView(asset=asset, **vars(state.houses[asset]))


def _bare_position_view(account: Account, leg: Leg) -> Record:
    position = account.positions[leg]
    bare = {"position_lots" if name == "lots" else name: value for name, value in vars(position).items()}
    return PositionView(account=account.number, instrument=leg[0], position_side=leg[1], **bare)


def _countdown_view(state: State, key: tuple[int, int]) -> Record:
    return CountdownView(deadline_ns=state.countdowns[key], account=key[0], instrument=key[1])


def _limits_view(state: State, key: tuple[int, int]) -> Record:
    told = {name: getattr(state.limits[key], name) for name in limits.LIMITS}
    return LimitsView(account=key[0], instrument=key[1], **told)


def _instrument_records(state: State, instrument: Instrument) -> list[Record]:
    tiers = [
        TierView(
            notional_floor_units=tier.floor_units,
            maintenance_amount_units=tier.maintenance_amount_units,
            maintenance_rate_ppb=tier.rate_ppb,
            instrument=instrument.number,
            max_leverage=tier.max_leverage,
            tier=number,
        )
        for number, tier in enumerate(instrument.tiers)
    ]
    marks = [MarkView(time_ns=time_ns, mark_ticks=mark) for time_ns, mark in instrument.marks]
    return [_instrument_view(state, instrument), *tiers, _rules_view(instrument), *marks]


def _rules_view(instrument: Instrument) -> Record:
    shown = {field.name for field in RulesView.LAYOUT.fields}
    told = {name: value for name, value in instrument.rules.as_dict().items() if name in shown}
    told |= {name: value for name, value in vars(instrument).items() if name in shown}
    told |= {
        "instrument": instrument.number,
        "average_premium_ppb": funding.average_premium_ppb(instrument),
        "predicted_rate_ppb": funding.predicted_rate_ppb(instrument),
    }
    return RulesView(**told)


def _account_view(account: Account) -> Record:
    terms = account.terms
    return AccountView(
        account=account.number,
        group=account.group,
        maker_fee_ppb=terms.maker_fee_ppb,
        taker_fee_ppb=terms.taker_fee_ppb,
        fee_override=terms.fee_override,
        account_state=terms.account_state,
        position_mode=account.position_mode,
        multi_assets=account.multi_assets,
    )
