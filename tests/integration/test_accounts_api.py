"""The ledger as its owner reads it, and the public list of instruments."""

import pytest
from django.test import Client

from apps.accounts.models import LedgerEntry
from apps.accounts.services import create_account, credit_account, open_account
from apps.accounts.types import LedgerBook, LedgerKind
from apps.assets.services import define_asset
from apps.backoffice.demo_market import ASSETS, INSTRUMENTS
from apps.instruments.services import define_instrument
from matcher.protocol.commands import DefineAsset
from tests.support.engine_twin import EngineTwin, engine
from tests.support.people import come_in

__all__ = ["engine"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _market() -> None:
    for asset_id, code, name, decimals in ASSETS:
        define_asset(asset_id=asset_id, code=code, name=name, decimals=decimals)
    for terms in INSTRUMENTS:
        define_instrument(terms=terms)


def test_the_ledger_newest_first_with_names(client: Client, engine: EngineTwin) -> None:
    alice = come_in(client)
    account = alice["user"]["account_id"]
    legs = [
        (1, 1, LedgerKind.DEPOSIT, LedgerBook.WALLET, 0, 0, 5_000_000_000, "r-1"),
        (2, 1, LedgerKind.DEPOSIT, LedgerBook.EXTERNAL, 0, 0, -5_000_000_000, "r-1"),
        (3, 2, LedgerKind.COMMISSION, LedgerBook.WALLET, 1, 9, -2_500, ""),
        (4, 2, LedgerKind.COMMISSION, LedgerBook.FEE_INCOME, 1, 9, 2_500, ""),
    ]
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            entry_id=entry, seq=seq, part=0, asset_id=1, book=book, kind=kind, instrument_id=instrument,
            account_id=account if book == LedgerBook.WALLET else 0, trade_id=trade, amount_units=amount,
            time_ns=seq * 1_000_000, reference=reference,
        )
        for entry, seq, kind, book, instrument, trade, amount, reference in legs
    )  # fmt: skip
    path, headers = f"/api/v1/accounts/{account}/ledger", {"authorization": f"Bearer {alice['access']}"}
    fee = {
        "id": 3, "kind": "commission", "asset": "USDT", "amount": "-0.00002500",
        "symbol": "BTCUSDT", "trade_id": 9, "reference": "", "time_ms": 2,
    }  # fmt: skip
    deposit = {
        "id": 1, "kind": "deposit", "asset": "USDT", "amount": "50.00000000",
        "symbol": None, "trade_id": None, "reference": "r-1", "time_ms": 1,
    }  # fmt: skip
    assert client.get(path, headers=headers).json() == [fee, deposit]
    assert client.get(f"{path}?limit=1&offset=1", headers=headers).json() == [deposit]
    assert client.get(f"{path}?start_ms=2&end_ms=2", headers=headers).json() == [fee]


def test_instruments_are_public_and_in_decimal_text(client: Client) -> None:
    rows = client.get("/api/v1/instruments").json()
    assert [row["symbol"] for row in rows] == [terms.symbol for terms in INSTRUMENTS]
    bitcoin = client.get("/api/v1/instruments/BTCUSDT").json()
    assert bitcoin == rows[0]
    assert (bitcoin["tick_size"], bitcoin["lot_size"], bitcoin["min_notional"]) == ("0.1", "0.001", "100.00000000")
    assert (bitcoin["maker_fee_rate"], bitcoin["taker_fee_rate"]) == ("0.000200000", "0.000500000")
    assert bitcoin["risk_tiers"][0]["max_leverage"] == 125
    assert bitcoin["risk_tiers"][-1]["notional_cap"] is None


def test_money_moves_between_ones_own_accounts_once(client: Client, engine: EngineTwin) -> None:
    """The same reference is carried out once; somebody else's account looks like none; too much is refused."""
    alice, bob = (come_in(client, f"{name}@example.com") for name in ("alice", "bob"))
    main, bobs = alice["user"]["account_id"], bob["user"]["account_id"]
    second = create_account(user_id=alice["user"]["id"], name="second").id
    open_account(account_id=second)
    engine.send(DefineAsset(asset=1))
    credit_account(account_id=main, asset_code="USDT", amount_units=50 * 10**8, reference="start")
    path, headers = f"/api/v1/accounts/{main}/transfers", {"authorization": f"Bearer {alice['access']}"}

    def move(**changes: object) -> tuple[int, dict[str, object]]:
        body = {"to_account_id": second, "asset": "USDT", "amount": "20.5", "reference": "move-1"} | changes
        answer = client.post(path, body, "application/json", headers=headers)
        return answer.status_code, answer.json()

    assert move() == (200, {"amount": "20.50000000", "wallet_balance": "29.50000000", "repeated": False})
    assert move() == (200, {"amount": "20.50000000", "wallet_balance": "29.50000000", "repeated": True})
    assert engine.wallet_units(second) == 2_050_000_000
    assert move(to_account_id=bobs)[1]["code"] == "UNKNOWN_ACCOUNT"
    assert move(asset="NOPE", reference="move-2")[1]["code"] == "UNKNOWN_ASSET"
    status, refused = move(amount="100", reference="move-3")
    assert (status, refused["details"]) == (409, {"reason": "BALANCE_INSUFFICIENT"})
    assert move(to_account_id=main, reference="move-4")[1]["details"] == {"reason": "INVALID_AMOUNT"}
    for changes in ({"amount": "1e3"}, {"amount": "0.000000001"}, {"reference": "no spaces"}, {"amount": "-1"}):
        assert move(**{"reference": "move-5"} | changes)[0] in {400, 409}, changes
    assert client.get(path, headers=headers).json() == [], "rows come from the journal"
    stranger = {"authorization": f"Bearer {bob['access']}"}
    assert client.get(path, headers=stranger).status_code == 404
