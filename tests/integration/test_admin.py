"""The back office: staff only, money by command alone, secrets nowhere, edits reach the engine."""

import re

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from apps.accounts.models import Balance, TradingAccount
from apps.accounts.services import register_trader
from apps.assets.services import define_asset
from apps.backoffice.demo_market import ASSETS, INSTRUMENTS
from apps.common.readonly_admin import ReadOnlyAdmin
from apps.instruments.models import Instrument
from apps.instruments.services import define_instrument, push_definitions
from apps.monitoring.tasks import heartbeat
from apps.users.api_keys import create_api_key
from apps.users.models import ApiKey, User
from apps.users.services import authenticate_api_key, authenticate_token, open_session
from apps.users.types import UserRef
from matcher.protocol.commands import SetMarkPrice
from matcher.protocol.views import Query, QueryKind
from tests.support.engine_twin import EngineTwin, engine

__all__ = ["engine"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice(engine: EngineTwin) -> UserRef:
    for asset_id, code, name, decimals in ASSETS:
        define_asset(asset_id=asset_id, code=code, name=name, decimals=decimals)
    for terms in INSTRUMENTS:
        define_instrument(terms=terms)
    push_definitions()
    return register_trader(email="alice@example.com", password="seven-Ducks-swim")


@pytest.fixture
def staff(client: Client) -> Client:
    user = User.objects.create_superuser("staff@example.com", "seven-Ducks-swim")
    client.force_login(user)
    return client


def text_of(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def credit(client: Client, account_id: int, **fields: str) -> tuple[HttpResponse, dict[str, str]]:
    path = f"/admin/accounts/tradingaccount/{account_id}/credit-form/"
    page = client.get(path).content.decode()
    reference = re.search(r'value="(credit-[0-9a-f]+)"', page)[1]
    body = {"amount": "250.5", "asset": "USDT", "reason": "goodwill", "reference": reference, **fields}
    return client.post(path, body, follow=True), body


def test_every_list_opens_and_strangers_are_sent_to_sign_in(staff: Client, alice: UserRef, client: Client) -> None:
    for model, model_admin in admin.site._registry.items():
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert staff.get(path).status_code == 200, path
        expected = 403 if isinstance(model_admin, ReadOnlyAdmin) else 200
        assert staff.get(f"{path}add/").status_code == expected, path
    client.logout()
    assert client.get("/admin/").status_code == 302
    client.force_login(User.objects.get(email="alice@example.com"))
    assert client.get("/admin/").status_code == 302


def test_the_dashboard_tells_what_the_engine_knows(staff: Client, alice: UserRef, engine: EngineTwin) -> None:
    engine.send(SetMarkPrice(instrument=1, mark_ticks=500_000, index_ticks=500_001))
    heartbeat()
    said = text_of(staff.get("/admin/"))
    assert f"{engine.engine.seq} commands" in said
    assert "in balance" in said
    assert "0 s ago" in said
    assert all(terms.symbol in said for terms in INSTRUMENTS)
    assert "50000.0" in said


def test_the_dashboard_tells_of_trouble(staff: Client, alice: UserRef, engine: EngineTwin) -> None:
    engine.down = True
    cache.clear()
    Balance.objects.create(balance_id=3 * 1024 + 1, account_id=3, asset_id=1, wallet_units=7, updated_ns=1)
    said = text_of(staff.get("/admin/"))
    assert "unreachable" in said
    assert "No heartbeat yet" in said
    assert "out of balance" in said


def test_a_credit_goes_through_the_engine_once_and_is_recorded(
    staff: Client, alice: UserRef, engine: EngineTwin
) -> None:
    answer, body = credit(staff, alice.account_id)
    assert "250.50000000 USDT credited; the wallet holds 250.50000000 USDT" in text_of(answer)
    again = staff.post(f"/admin/accounts/tradingaccount/{alice.account_id}/credit-form/", body, follow=True)
    assert "had been credited before" in text_of(again)
    assert engine.wallet_units(alice.account_id) == 25_050_000_000
    assert "goodwill" in LogEntry.objects.filter(object_id=alice.account_id).earliest("id").change_message


@pytest.mark.parametrize(
    "fields",
    [{"amount": "0"}, {"amount": "-1"}, {"amount": "1e3"}, {"amount": "NaN"}, {"amount": "0.123456789"}, {"amount": ""},
     {"amount": "٣"}, {"amount": "99999999999999999999"}, {"reason": ""}, {"asset": "XYZ"}, {"reference": "mine"}],
)  # fmt: skip
def test_odd_credits_do_not_reach_the_engine(
    staff: Client, alice: UserRef, engine: EngineTwin, fields: dict[str, str]
) -> None:
    engine.sent.clear()
    answer, _ = credit(staff, alice.account_id, **fields)
    assert answer.status_code == 200
    assert engine.sent == []


def test_an_absent_engine_credits_nothing_and_says_so(staff: Client, alice: UserRef, engine: EngineTwin) -> None:
    engine.down = True
    answer, _ = credit(staff, alice.account_id)
    assert "does not answer" in text_of(answer)
    assert engine.wallet_units(alice.account_id) == 0


def test_staff_without_the_right_may_not_credit(client: Client, alice: UserRef, engine: EngineTwin) -> None:
    clerk = User.objects.create_user("clerk@example.com", "seven-Ducks-swim", is_staff=True)
    client.force_login(clerk)
    assert client.get(f"/admin/accounts/tradingaccount/{alice.account_id}/credit-form/").status_code == 403


def test_the_list_action_takes_one_account_at_a_time(staff: Client, alice: UserRef, engine: EngineTwin) -> None:
    path = "/admin/accounts/tradingaccount/"
    one = staff.post(path, {"action": "credit_selected", "_selected_action": [alice.account_id]})
    assert one["Location"] == f"/admin/accounts/tradingaccount/{alice.account_id}/credit-form/"
    bob = register_trader(email="bob@example.com", password="seven-Ducks-swim")
    both = {"action": "credit_selected", "_selected_action": [alice.account_id, bob.account_id]}
    assert "Choose one account" in text_of(staff.post(path, both, follow=True))


def test_no_page_shows_a_secret(staff: Client, alice: UserRef) -> None:
    issued = create_api_key(user_id=alice.id, label="bot")
    row = ApiKey.objects.get()
    for path in ("", f"{row.pk}/change/"):
        page = staff.get(f"/admin/users/apikey/{path}").content.decode()
        assert issued.secret not in page
        assert "sealed" not in page


def test_staff_ends_identities(staff: Client, alice: UserRef) -> None:
    pair, key = open_session(user_id=alice.id), create_api_key(user_id=alice.id, label="bot").row.key
    staff.post("/admin/users/user/", {"action": "disable", "_selected_action": [alice.id]})
    assert authenticate_token(pair.access) is None
    assert authenticate_api_key(key) is None
    staff.post("/admin/users/user/", {"action": "enable", "_selected_action": [alice.id]})
    assert authenticate_api_key(key) is not None
    row = ApiKey.objects.get()
    for page in ("/admin/users/apikey/", "/admin/users/session/"):
        assert 'value="revoke"' in staff.get(page).content.decode(), "the list offers its action"
    staff.post("/admin/users/apikey/", {"action": "revoke", "_selected_action": [row.pk]})
    assert authenticate_api_key(key) is None


def test_a_password_set_by_staff_ends_sessions(staff: Client, alice: UserRef) -> None:
    pair = open_session(user_id=alice.id)
    body = {
        "password1": "eight-Geese-fly",
        "password2": "eight-Geese-fly",
        "set-password": "1",
        "usable_password": "true",
    }
    answer = staff.post(f"/admin/users/user/{alice.id}/password/", body)
    assert answer.status_code == 302, text_of(answer)
    assert authenticate_token(pair.access) is None


def instrument_form(row: Instrument) -> dict[str, object]:
    names = (
        "trading_state max_price_ticks min_quantity_lots max_quantity_lots max_market_quantity_lots min_notional_units "
        "price_band_ppm market_band_ppm max_open_orders maker_fee_ppb taker_fee_ppb liquidation_fee_ppb "
        "default_leverage funding_interval_hours interest_rate_ppb funding_cap_ppb impact_notional_units "
        "funding_floor_ppb mark_max_age_ms breaker_move_ppm breaker_window_ms breaker_halt_ms breaker_state "
        "max_conditional_orders price_protect_ppm profit_opens"
    )
    tiers = list(row.tiers.all())
    form: dict[str, object] = {name: getattr(row, name) for name in names.split()}
    form |= {"onboard_at_0": "2026-01-01", "onboard_at_1": "00:00:00"}
    form |= {"tiers-TOTAL_FORMS": len(tiers), "tiers-INITIAL_FORMS": len(tiers)}
    for at, tier in enumerate(tiers):
        fields = ("id", "tier", "notional_floor_units", "maintenance_rate_ppb", "max_leverage")
        form |= {f"tiers-{at}-{name}": getattr(tier, name) for name in fields}
        form[f"tiers-{at}-instrument"] = row.pk
    return form


def test_an_edited_instrument_reaches_the_engine(staff: Client, alice: UserRef, engine: EngineTwin) -> None:
    row = Instrument.objects.get(symbol="LTCUSDT")
    path = f"/admin/instruments/instrument/{row.pk}/change/"
    engine.sent.clear()
    answer = staff.post(path, {**instrument_form(row), "maker_fee_ppb": 100_000}, follow=True)
    assert "The engine has taken the definition" in text_of(answer)
    sent = next(command for command in engine.sent if type(command).__name__ == "DefineInstrument")
    assert (sent.instrument, sent.maker_fee_ppb) == (row.pk, 100_000)

    refused = staff.post(path, {**instrument_form(row), "max_price_ticks": 1000}, follow=True)
    assert "IMMUTABLE_CONFIGURATION" in text_of(refused)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tiers-1-max_leverage": 100}, "leverage falls"),
        ({"tiers-0-notional_floor_units": 5}, "floor is 0"),
        ({"tiers-1-tier": 14}, "without gaps"),
    ],
)
def test_a_bad_ladder_is_refused_before_the_engine(
    staff: Client, alice: UserRef, engine: EngineTwin, change: dict[str, object], said: str
) -> None:
    row = Instrument.objects.get(symbol="LTCUSDT")
    engine.sent.clear()
    answer = staff.post(f"/admin/instruments/instrument/{row.pk}/change/", {**instrument_form(row), **change})
    assert said in text_of(answer)
    assert engine.sent == []


def test_a_frozen_account_is_told_to_the_engine(staff: Client, alice: UserRef, engine: EngineTwin) -> None:
    body = {"name": "main", "group": 0, "state": 2}
    engine.sent.clear()
    staff.post(f"/admin/accounts/tradingaccount/{alice.account_id}/change/", body)
    assert [command.account_state for command in engine.sent] == [2]
    assert TradingAccount.objects.get().state == 2


def control(client: Client, instrument_id: int, **fields: str) -> HttpResponse:
    body = {"action": "halt", "reason": "drill", **fields}
    return client.post(f"/admin/instruments/instrument/{instrument_id}/market-form/", body, follow=True)


def state_of(engine: EngineTwin, instrument_id: int) -> int:
    _, views, _ = engine.query(Query(kind=QueryKind.INSTRUMENTS, instrument=instrument_id))
    return int(views[0].trading_state)  # type: ignore[attr-defined]


def test_staff_halt_resume_and_restrict_a_market(staff: Client, alice: UserRef, engine: EngineTwin) -> None:
    path = "/admin/instruments/instrument/4/market-form/"
    assert "LTCUSDT is active" in text_of(staff.get(path))
    for wanted, state in (("halt", 3), ("reduce_only", 2), ("cancel_only", 4), ("resume", 1)):
        assert "LTCUSDT: trading state is" in text_of(control(staff, 4, action=wanted))
        assert state_of(engine, 4) == state == Instrument.objects.get(id=4).trading_state
    assert "0 groups liquidated" in text_of(control(staff, 4, action="sweep"))
    assert LogEntry.objects.filter(object_id="4", change_message__contains="drill").count() == 5


@pytest.mark.parametrize(
    "fields",
    [{"confirm": ""}, {"confirm": "ltcusdt"}, {"final_price": ""}, {"final_price": "80.001"}, {"final_price": "0"},
     {"final_price": "99999999"}, {"reason": ""}],
)  # fmt: skip
def test_a_delisting_is_confirmed_in_full(
    staff: Client, alice: UserRef, engine: EngineTwin, fields: dict[str, str]
) -> None:
    engine.sent.clear()
    control(staff, 4, **{"action": "delist", "confirm": "LTCUSDT", "final_price": "80.00", **fields})
    assert engine.sent == []


def test_a_delisting_is_for_good(staff: Client, alice: UserRef, engine: EngineTwin) -> None:
    answer = control(staff, 4, action="delist", confirm="LTCUSDT", final_price="80.00")
    assert "delisted, 0 positions closed" in text_of(answer)
    assert state_of(engine, 4) == 5
    assert "TRADING_NOT_OPEN" in text_of(control(staff, 4, action="resume"))


def test_market_controls_need_the_right(client: Client, alice: UserRef, engine: EngineTwin) -> None:
    client.force_login(User.objects.create_user("clerk@example.com", "seven-Ducks-swim", is_staff=True))
    engine.sent.clear()
    assert control(client, 4).status_code == 403
    assert engine.sent == []
