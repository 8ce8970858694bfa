"""The back office: staff only, money by command alone, secrets nowhere, edits reach the engine."""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Balance, TradingAccount
from apps.accounts.services import register_trader
from apps.approvals.models import ApprovalRequest
from apps.approvals.tasks import run as run_approvals
from apps.assets.models import Asset
from apps.assets.services import define_asset
from apps.audit.selectors import list_records
from apps.backoffice.demo_market import ASSETS, INSTRUMENTS
from apps.common.readonly_admin import ReadOnlyAdmin
from apps.instruments.models import Instrument, TradingStateChange
from apps.instruments.services import define_instrument, push_definitions
from apps.instruments.unit_fields import UNITS
from apps.instruments.unit_fields import text_of as term_text
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


@pytest.fixture
def approver() -> Client:
    """A second person, with a browser of their own."""
    client = Client()
    client.force_login(User.objects.create_superuser("second@example.com", "seven-Ducks-swim"))
    return client


def approve(approver: Client) -> HttpResponse:
    """Allow the newest request."""
    path = f"/admin/approvals/approvalrequest/{ApprovalRequest.objects.latest('id').pk}/change/"
    return approver.post(path, {"decision": "approve", "reason": "checked"}, follow=True)


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
    staff: Client, approver: Client, alice: UserRef, engine: EngineTwin
) -> None:
    answer, body = credit(staff, alice.account_id)
    assert "Another person has to approve it" in text_of(answer)
    staff.post(f"/admin/accounts/tradingaccount/{alice.account_id}/credit-form/", body, follow=True)
    assert (ApprovalRequest.objects.count(), engine.wallet_units(alice.account_id)) == (1, 0)
    assert "somebody else has to approve" in text_of(approve(staff))
    assert engine.wallet_units(alice.account_id) == 0
    assert "250.50000000 USDT credited; the wallet holds 250.50000000 USDT" in text_of(approve(approver))
    again = staff.post(f"/admin/accounts/tradingaccount/{alice.account_id}/credit-form/", body, follow=True)
    assert "executed" in text_of(again)
    assert engine.wallet_units(alice.account_id) == 25_050_000_000
    (row,) = list_records(action="approval.executed")
    assert row.reason == "goodwill"


def test_a_debit_takes_only_what_is_free(staff: Client, approver: Client, alice: UserRef, engine: EngineTwin) -> None:
    credit(staff, alice.account_id)
    approve(approver)
    credit(staff, alice.account_id, direction="accounts.debit", amount="50")
    assert "50.00000000 USDT debited; the wallet holds 200.50000000 USDT" in text_of(approve(approver))
    credit(staff, alice.account_id, direction="accounts.debit", amount="201")
    assert "The engine refused the debit" in text_of(approve(approver))
    assert engine.wallet_units(alice.account_id) == 20_050_000_000


def test_in_a_demo_one_person_credits_alone(staff: Client, alice: UserRef, engine: EngineTwin, settings: Any) -> None:
    settings.APPROVALS_SELF_SERVICE = True
    answer, _ = credit(staff, alice.account_id)
    assert "250.50000000 USDT credited" in text_of(answer)
    assert engine.wallet_units(alice.account_id) == 25_050_000_000


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


def test_an_absent_engine_credits_later(staff: Client, approver: Client, alice: UserRef, engine: EngineTwin) -> None:
    engine.down = True
    credit(staff, alice.account_id)
    assert "does not answer" in text_of(approve(approver))
    engine.down, engine.mute = False, True
    assert run_approvals() == 0
    engine.mute = False
    assert (run_approvals(), run_approvals()) == (1, 0)
    assert engine.wallet_units(alice.account_id) == 25_050_000_000, "done when nobody heard of it, and not again"


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


def test_staff_ends_identities(staff: Client, approver: Client, alice: UserRef) -> None:
    pair, key = open_session(user_id=alice.id), create_api_key(user_id=alice.id, label="bot").row.key
    staff.post("/admin/users/user/", {"action": "disable", "_selected_action": [alice.id]})
    assert authenticate_token(pair.access) is None
    assert authenticate_api_key(key) is None
    staff.post("/admin/users/user/", {"action": "enable", "_selected_action": [alice.id], "reason": "it was a mistake"})
    assert authenticate_api_key(key) is None, "one person enables nobody"
    assert "The person is enabled" in text_of(approve(approver))
    assert authenticate_api_key(key) is not None
    assert authenticate_token(pair.access) is None, "sessions do not come back"
    (told,) = list_records(action="user.enabled")
    assert (told.subject, told.reason) == (f"users.user:{alice.id}", "it was a mistake")
    row = ApiKey.objects.get()
    for page in ("/admin/users/apikey/", "/admin/users/session/"):
        assert 'value="revoke"' in staff.get(page).content.decode(), "the list offers its action"
    staff.post("/admin/users/apikey/", {"action": "revoke", "_selected_action": [row.pk]})
    assert authenticate_api_key(key) is None


def test_nobody_enables_alone_and_who_is_disabled_anew_stays_so(
    staff: Client, approver: Client, alice: UserRef, engine: EngineTwin
) -> None:
    """Whoever asks does not allow it, superuser or not; an approval is of the disabling that was asked about."""
    form = {"action": "enable", "_selected_action": [alice.id], "reason": "found again"}
    path = "/admin/users/user/"
    assert "The person is not disabled" in text_of(staff.post(path, form, follow=True))
    staff.post(path, {**form, "action": "disable"})
    assert "Give a reason" in text_of(staff.post(path, {**form, "reason": " "}, follow=True))
    staff.post(path, form)
    approve(staff)
    assert not User.objects.get(id=alice.id).is_active
    page = approver.get(f"/admin/approvals/approvalrequest/{ApprovalRequest.objects.latest('id').pk}/change/")
    assert "alice@example.com" in text_of(page)
    User.objects.filter(id=alice.id).update(disabled_at=timezone.now())
    assert "no longer disabled as they were" in text_of(approve(approver))
    assert not User.objects.get(id=alice.id).is_active


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


def typed(row: Instrument, name: str, value: int) -> object:
    """As a person writes it: prices, quantities, per cent."""
    return term_text(row, name, value) if name in UNITS else value


def instrument_form(row: Instrument) -> dict[str, object]:
    names = (
        "trading_state max_price_ticks min_quantity_lots max_quantity_lots max_market_quantity_lots min_notional_units "
        "price_band_ppm market_band_ppm max_open_orders maker_fee_ppb taker_fee_ppb liquidation_fee_ppb "
        "default_leverage funding_interval_hours interest_rate_ppb funding_cap_ppb impact_notional_units "
        "funding_floor_ppb mark_max_age_ms breaker_move_ppm breaker_window_ms breaker_halt_ms breaker_state "
        "max_conditional_orders price_protect_ppm profit_opens"
    )
    tiers = list(row.tiers.all())
    form: dict[str, object] = {name: typed(row, name, getattr(row, name)) for name in names.split()}
    form["audit_reason"] = "a better market"
    form |= {"tiers-TOTAL_FORMS": len(tiers), "tiers-INITIAL_FORMS": len(tiers)}
    for at, tier in enumerate(tiers):
        fields = ("id", "tier", "notional_floor_units", "maintenance_rate_ppb", "max_leverage")
        form |= {f"tiers-{at}-{name}": typed(row, name, getattr(tier, name)) for name in fields}
        form[f"tiers-{at}-instrument"] = row.pk
    return form


def test_an_edited_instrument_reaches_rows_and_engine_when_a_second_person_agrees(
    staff: Client, approver: Client, alice: UserRef, engine: EngineTwin
) -> None:
    row = Instrument.objects.get(symbol="LTCUSDT")
    path = f"/admin/instruments/instrument/{row.pk}/change/"
    engine.sent.clear()
    form = instrument_form(row)
    tiers = {"tiers-1-max_leverage": form["tiers-1-max_leverage"] - 1}  # type: ignore[operator]
    answer = staff.post(path, {**form, "maker_fee_ppb": "0.01", **tiers}, follow=True)
    assert re.search(r"Maker fee, % +0.02 → 0.01", text_of(answer))
    assert f"from 0 USDT, maintenance {form['tiers-0-maintenance_rate_ppb']} %, leverage" in text_of(answer)
    row.refresh_from_db()
    assert (engine.sent, row.maker_fee_ppb) == ([], 200_000), "nothing before somebody agrees"
    assert "The engine has taken the definition" in text_of(approve(approver))
    sent = next(command for command in engine.sent if type(command).__name__ == "DefineInstrument")
    assert (sent.instrument, sent.maker_fee_ppb) == (row.pk, 100_000)
    row.refresh_from_db()
    assert (row.maker_fee_ppb, row.tiers.get(tier=1).max_leverage) == (100_000, tiers["tiers-1-max_leverage"])


def test_what_the_engine_refuses_is_not_in_the_rows(
    staff: Client, approver: Client, alice: UserRef, engine: EngineTwin
) -> None:
    row = Instrument.objects.get(symbol="LTCUSDT")
    path = f"/admin/instruments/instrument/{row.pk}/change/"
    staff.post(path, {**instrument_form(row), "max_price_ticks": "10"})
    assert "IMMUTABLE_CONFIGURATION" in text_of(approve(approver))
    assert Instrument.objects.get(symbol="LTCUSDT").max_price_ticks == row.max_price_ticks
    staff.post(path, {**instrument_form(row), "maker_fee_ppb": "0.01"})
    Instrument.objects.filter(pk=row.pk).update(maker_fee_ppb=150_000)
    assert "terms have changed" in text_of(approve(approver))
    staff.post(path, instrument_form(row) | {"maker_fee_ppb": "0.0150"})
    assert ApprovalRequest.objects.count() == 2, "what changes nothing is not asked for"
    no_reason = staff.post(path, {**instrument_form(row), "audit_reason": "", "maker_fee_ppb": 1})
    assert "This field is required" in text_of(no_reason)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tiers-1-max_leverage": 100}, "leverage falls"),
        ({"tiers-0-notional_floor_units": "0.00000005"}, "floor is 0"),
        ({"maker_fee_ppb": "0.01234567"}, "Give a multiple of 0.0000001."),
        ({"maker_fee_ppb": "1e-2"}, "Give a plain decimal number."),
        ({"max_price_ticks": "10.001"}, "Give a multiple of 0.01."),
        ({"min_quantity_lots": "0.00015"}, "Give a multiple of 0.001."),
        ({"min_quantity_lots": ""}, "This field is required."),
        ({"tiers-1-tier": 14}, "without gaps"),
    ],
)
def test_bad_terms_are_refused_before_the_engine(
    staff: Client, alice: UserRef, engine: EngineTwin, change: dict[str, object], said: str
) -> None:
    row = Instrument.objects.get(symbol="LTCUSDT")
    engine.sent.clear()
    answer = staff.post(f"/admin/instruments/instrument/{row.pk}/change/", {**instrument_form(row), **change})
    assert said in text_of(answer)
    assert engine.sent == []


def test_a_market_is_read_and_made_in_peoples_units(staff: Client, alice: UserRef, engine: EngineTwin) -> None:
    """The page shows prices and per cent; a new market's prices stand on the grid that is typed with them."""
    row = Instrument.objects.get(symbol="BTCUSDT")
    page = staff.get(f"/admin/instruments/instrument/{row.pk}/change/")
    shown = page.context["adminform"].form
    for name in ("max_price_ticks", "min_quantity_lots", "min_notional_units", "price_band_ppm", "taker_fee_ppb"):
        assert shown[name].value() == term_text(row, name, getattr(row, name))
    new = {**instrument_form(row), "id": 9, "symbol": "XYZUSDT", "onboard_at_0": "2026-01-01", "onboard_at_1": "00:00"}
    new |= {f"{side}_asset": getattr(row, f"{side}_asset_id") for side in ("base", "quote", "settlement")}
    new |= {"price_decimals": 2, "tick_step": 5, "quantity_decimals": 1, "lot_step": 2, "max_price_ticks": "1000.05"}
    new |= {"min_quantity_lots": "0.2", "max_quantity_lots": "100", "max_market_quantity_lots": "50"}
    new |= {name: "" for name in new if re.fullmatch(r"tiers-\d+-(id|instrument)", name)} | {"tiers-INITIAL_FORMS": 0}
    odd = staff.post("/admin/instruments/instrument/add/", {**new, "min_quantity_lots": "0.3"})
    assert "Give a multiple of 0.2." in text_of(odd)
    answer = staff.post("/admin/instruments/instrument/add/", new, follow=True)
    assert answer.redirect_chain, [*answer.context["adminform"].form.errors.items(), answer.context["errors"]]
    made = Instrument.objects.get(symbol="XYZUSDT")
    assert (made.max_price_ticks, made.min_quantity_lots, made.max_quantity_lots) == (20_001, 1, 500), text_of(answer)
    assert (made.taker_fee_ppb, made.tiers.count()) == (row.taker_fee_ppb, row.tiers.count())


def test_an_assets_haircut_is_typed_in_per_cent(staff: Client, approver: Client, alice: UserRef) -> None:
    asset = Asset.objects.get(code="USDT")
    path = f"/admin/assets/asset/{asset.pk}/change/"
    shown = staff.get(path).context["adminform"].form
    assert (shown["haircut_ppb"].value(), shown["fixed_price_units"].value()) == ("5", "0")
    form = {"code": "USDT", "name": asset.name, "decimals": 8, "is_collateral": "on", "audit_reason": "a calm market"}
    staff.post(path, {**form, "haircut_ppb": "2.5", "overdraft_units": "100", "fixed_price_units": "1"})
    approve(approver)
    asset.refresh_from_db()
    assert (asset.haircut_ppb, asset.overdraft_units, asset.fixed_price_units) == (25_000_000, 10**10, 10**8)


def test_an_account_is_frozen_by_one_and_let_go_by_two(
    staff: Client, approver: Client, alice: UserRef, engine: EngineTwin
) -> None:
    path = f"/admin/accounts/tradingaccount/{alice.account_id}/change/"
    body = {"name": "main", "group": 0, "audit_reason": "a letter from the court"}
    engine.sent.clear()
    staff.post(path, {**body, "state": 2})
    assert [command.account_state for command in engine.sent] == [2]
    assert TradingAccount.objects.get().state == 2
    row = list_records(action="admin.changed")[0]
    assert (row.reason, row.before, row.after) == ("a letter from the court", '{"state":0}', '{"state":2}')
    staff.post(path, {**body, "state": 0})
    assert TradingAccount.objects.get().state == 2
    assert "The account is active" in text_of(approve(approver))
    assert (TradingAccount.objects.get().state, engine.sent[-1].account_state) == (0, 0)  # type: ignore[attr-defined]


def test_a_person_is_frozen_by_one_and_let_go_by_two(
    staff: Client, approver: Client, alice: UserRef, engine: EngineTwin
) -> None:
    pair = open_session(user_id=alice.id)
    form = {"action": "freeze_person", "_selected_action": [alice.account_id], "reason": "a stolen phone"}
    staff.post("/admin/accounts/tradingaccount/", form)
    assert authenticate_token(pair.access) is None
    assert engine.sent[-1].account_state == 2  # type: ignore[attr-defined]
    assert TradingAccount.objects.get().state == 0, "the account's own state is another matter"
    staff.post("/admin/accounts/tradingaccount/", {**form, "action": "unfreeze_person"})
    assert engine.sent[-1].account_state == 2  # type: ignore[attr-defined]
    assert "The person is unfrozen" in text_of(approve(approver))
    assert engine.sent[-1].account_state == 0  # type: ignore[attr-defined]


def test_nobody_lets_go_alone_and_a_later_freeze_stays(
    staff: Client, approver: Client, alice: UserRef, engine: EngineTwin
) -> None:
    """Whoever asks does not allow it, superuser or not; an approval is of the freeze that was asked about."""
    form = {"action": "unfreeze_person", "_selected_action": [alice.account_id], "reason": "found again"}
    path = "/admin/accounts/tradingaccount/"
    assert "The person is not frozen" in text_of(staff.post(path, form, follow=True))
    staff.post(path, {**form, "action": "freeze_person"})
    staff.post(path, form)
    approve(staff)
    assert User.objects.get(id=alice.id).frozen_by == "staff"
    page = approver.get(f"/admin/approvals/approvalrequest/{ApprovalRequest.objects.latest('id').pk}/change/")
    assert "alice@example.com" in text_of(page)
    User.objects.filter(id=alice.id).update(frozen_at=timezone.now())
    assert "state has changed" in text_of(approve(approver))
    assert User.objects.get(id=alice.id).frozen_by == "staff"
    assert engine.sent[-1].account_state == 2  # type: ignore[attr-defined]


def test_what_was_frozen_anew_stays_so(staff: Client, approver: Client, alice: UserRef, engine: EngineTwin) -> None:
    path = f"/admin/accounts/tradingaccount/{alice.account_id}/change/"
    TradingAccount.objects.update(state=1)
    staff.post(path, {"name": "main", "group": 0, "audit_reason": "fine again", "state": 0})
    TradingAccount.objects.update(state=2)
    assert "state has changed" in text_of(approve(approver))
    assert TradingAccount.objects.get().state == 2


def control(client: Client, instrument_id: int, **fields: str) -> HttpResponse:
    body = {"action": "halt", "reason": "drill", **fields}
    return client.post(f"/admin/instruments/instrument/{instrument_id}/market-form/", body, follow=True)


def state_of(engine: EngineTwin, instrument_id: int) -> int:
    _, views, _ = engine.query(Query(kind=QueryKind.INSTRUMENTS, instrument=instrument_id))
    return int(views[0].trading_state)  # type: ignore[attr-defined]


def test_staff_halt_and_restrict_a_market_alone_and_resume_it_by_two(
    staff: Client, approver: Client, alice: UserRef, engine: EngineTwin
) -> None:
    path = "/admin/instruments/instrument/4/market-form/"
    assert "LTCUSDT is active" in text_of(staff.get(path))
    for wanted, state in (("halt", 3), ("reduce_only", 2), ("cancel_only", 4)):
        assert "LTCUSDT: trading state is" in text_of(control(staff, 4, action=wanted))
        assert state_of(engine, 4) == state == Instrument.objects.get(id=4).trading_state
    assert "Another person has to approve it" in text_of(control(staff, 4, action="resume"))
    assert state_of(engine, 4) == 4
    assert "trading state is active" in text_of(approve(approver))
    assert state_of(engine, 4) == 1 == Instrument.objects.get(id=4).trading_state
    assert "0 groups liquidated" in text_of(control(staff, 4, action="sweep"))
    assert [row.action for row in reversed(list_records(action="instrument."))] == [
        "instrument.halt", "instrument.reduce_only", "instrument.cancel_only", "instrument.sweep",
    ]  # fmt: skip
    assert {row.reason for row in list_records(action="instrument.")} == {"drill"}


def test_a_halt_that_came_in_between_stays(staff: Client, approver: Client, alice: UserRef, engine: EngineTwin) -> None:
    control(staff, 4, action="halt")
    control(staff, 4, action="resume")
    TradingStateChange.objects.create(
        change_id=9, seq=9, instrument_id=4, state_before=1, trading_state=3, by_rule=True, resume_ns=0, time_ns=9
    )
    assert "has changed since" in text_of(approve(approver))
    assert state_of(engine, 4) == 3


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


def test_a_delisting_is_for_good(staff: Client, approver: Client, alice: UserRef, engine: EngineTwin) -> None:
    asked = control(staff, 4, action="delist", confirm="LTCUSDT", final_price="80.00")
    assert re.search(r"Final price\s*</th>\s*<td[^>]*>\s*80\s*<", asked.content.decode()), "what is approved is a price"
    assert state_of(engine, 4) == 1
    assert "delisted, 0 positions closed" in text_of(approve(approver))
    assert state_of(engine, 4) == 5
    control(staff, 4, action="resume")
    assert "TRADING_NOT_OPEN" in text_of(approve(approver))


def test_market_controls_need_the_right(client: Client, alice: UserRef, engine: EngineTwin) -> None:
    client.force_login(User.objects.create_user("clerk@example.com", "seven-Ducks-swim", is_staff=True))
    engine.sent.clear()
    assert control(client, 4).status_code == 403
    assert engine.sent == []
