"""Each rule sees what it is for in flow that went through the matcher, and leaves honest flow alone.

Method: people trade on the compiled engine, the projection writes rows, the rules look at the rows.
"""

from __future__ import annotations

import random

import pytest

from apps.accounts.models import TradingAccount
from apps.audit.types import Actor
from apps.configuration.services import set_value
from apps.surveillance.models import Alert, RiskAction, RuleCursor
from apps.surveillance.rules.table import RULES, get_rule
from apps.surveillance.services import run_rules
from apps.surveillance.types import RuleRun
from apps.users.models import Session
from matcher.protocol.commands import CancelAllOrders
from matcher.protocol.enums import Side
from tests.support.projection import journal, journal_url
from tests.support.street import ETH, MARK_TICKS, Street, street

__all__ = ["journal", "journal_url", "street"]

pytestmark = pytest.mark.django_db
TIGHT = Actor("staff", "1")


def tune(name: str, value: int | str) -> None:
    set_value(name, value, actor=TIGHT, reason="test")


def look(street: Street, *names: str) -> list[RuleRun]:
    """The rules after everything settled and grew old enough."""
    street.wait(20_000)
    street.mark(MARK_TICKS)
    street.mark(MARK_TICKS, instrument=ETH)
    street.settle()
    rules = [rule for rule in RULES if rule.name in names] or [rule for rule in RULES if rule.name != "stale_price"]
    return run_rules(rules=rules, wall_ns=street.now_ns)


def opened() -> list[str]:
    return sorted(Alert.objects.values_list("rule", flat=True))


def honest_trading(street: Street, rounds: int = 60, seed: int = 5) -> None:
    """A maker quotes and cancels much, three people trade with it and now and then with each other."""
    dice = random.Random(seed)
    price = MARK_TICKS
    standing: list[int] = []
    for _ in range(rounds):
        street.wait(dice.randrange(300, 1500))
        price += dice.randint(-40, 40)
        street.mark(price, price + dice.randint(-20, 20))
        for order_id in standing:
            street.cancel("maker", order_id)
        standing = [street.place("maker", Side.BUY, 40, price - 10 * level) for level in range(1, 6)]
        standing += [street.place("maker", Side.SELL, 40, price + 10 * level) for level in range(1, 6)]
        who, side = dice.choice(["alice", "bob", "carol"]), dice.choice([Side.BUY, Side.SELL])
        street.place(who, side, dice.randint(5, 30), price + (60 if side == Side.BUY else -60), time_in_force=1)
        if dice.random() < 0.3:
            own = street.place(who, Side.BUY, dice.randint(5, 20), price - 300)
            street.wait(2_000)
            street.cancel(who, own)
    for name in street.accounts:
        street.send(CancelAllOrders(account=street.accounts[name]))


def test_honest_trading_raises_nothing(street: Street) -> None:
    honest_trading(street)
    runs = look(street)
    assert opened() == []
    assert {run.rule for run in runs if run.rows} >= {"wash", "spoofing", "cancel_ratio", "sudden_flow", "price_jump"}
    assert not [run for run in runs if run.error]


# wash trading


def test_one_person_on_both_sides(street: Street) -> None:
    TradingAccount.objects.filter(id=street.accounts["bob"]).update(user_id=street.users["alice"], name="second")
    honest_trading(street, rounds=10)
    for number in range(5):
        buyer, seller = ("alice", "bob") if number % 2 else ("bob", "alice")
        street.trade(buyer, seller, 50)
        street.wait(3_000)
    look(street, "wash")
    alert = Alert.objects.get()
    assert (alert.rule, alert.severity) == ("wash", 3)
    assert sorted(alert.accounts.values_list("account_id", flat=True)) == sorted(
        [street.accounts["alice"], street.accounts["bob"]]
    )
    facts = dict(alert.evidence["facts"])
    assert facts["Link"] == "linked: one person"
    assert facts["Trades with each other"] == "5"
    trades = alert.evidence["tables"][0]
    assert len(trades["rows"]) == 5
    assert trades["rows"][0][2:6] == [street.accounts["bob"], street.accounts["alice"], "50000.0", "0.050"]


def test_an_account_that_trades_with_itself(street: Street) -> None:
    for _ in range(4):
        street.trade("alice", "alice", 40)
    look(street, "wash")
    alert = Alert.objects.get()
    assert dict(alert.evidence["facts"])["Link"] == "linked: one account"
    assert alert.summary.startswith(f"BTCUSDT: account {street.accounts['alice']} traded 4 times on both sides")


def test_one_group_and_one_device(street: Street) -> None:
    TradingAccount.objects.filter(id__in=[street.accounts["alice"], street.accounts["bob"]]).update(group=7)
    for name in ("carol", "dave"):
        Session.objects.create(
            user_id=street.users[name],
            address="93.184.216.34",
            user_agent="Somebody's browser",
            expires_at="2100-01-01T00:00:00Z",
            refresh_jti=name,
        )
    for _ in range(4):
        street.trade("alice", "bob", 30)
        street.trade("carol", "dave", 300, instrument=ETH)
    run_rules_at_real_time(street)
    links = {dict(alert.evidence["facts"])["Link"] for alert in Alert.objects.filter(rule="wash")}
    assert links == {"linked: one group", "linked: one device: 93.184.216.34, Somebody's browser"}


def run_rules_at_real_time(street: Street) -> None:
    """Sessions carry this machine's time."""
    street.wait(20_000)
    street.mark(MARK_TICKS)
    street.settle()
    rule = get_rule("wash")
    assert rule is not None
    run_rules(rules=[rule])


def test_a_private_address_links_nobody(street: Street) -> None:
    for name in ("carol", "dave"):
        Session.objects.create(
            user_id=street.users[name],
            address="192.168.1.5",
            user_agent="x",
            expires_at="2100-01-01T00:00:00Z",
            refresh_jti=name,
        )
    for _ in range(6):
        street.trade("carol", "dave", 30)
    run_rules_at_real_time(street)
    assert opened() == []


def test_two_strangers_in_circles(street: Street) -> None:
    """Turnover of 1.2 million that leaves both where they were; one who only sells much is left alone."""
    for _ in range(12):
        street.trade("alice", "bob", 1_000)
        street.trade("bob", "alice", 1_000)
        street.trade("carol", "dave", 2_000)
    look(street, "wash")
    alert = Alert.objects.get()
    assert (alert.severity, dict(alert.evidence["facts"])["Link"]) == (2, "round trips of two strangers")
    assert dict(alert.evidence["facts"])["Position moved in the end"] == "0.000 BTC"
    assert alert.key == f"pair:1:{street.accounts['alice']}:{street.accounts['bob']}"


def test_a_market_maker_may_turn_round(street: Street) -> None:
    for _ in range(12):
        street.trade("alice", "maker", 1_000)
        street.trade("maker", "alice", 1_000)
    look(street, "wash")
    assert opened() == []


# orders that were not meant


def spoof(street: Street, name: str = "alice", times: int = 4) -> None:
    """Large bids show up under the market while a small offer of the same person is taken; then they vanish."""
    for number in range(times):
        street.mark(MARK_TICKS)
        street.place(name, Side.SELL, 20, MARK_TICKS + 20)
        bids = [street.place(name, Side.BUY, 4_000, MARK_TICKS - 50 - 10 * level) for level in range(number % 2 + 1)]
        street.wait(400)
        street.place("bob", Side.BUY, 20, MARK_TICKS + 20)
        street.wait(400)
        for bid in bids:
            street.cancel(name, bid)
        street.wait(5_000)


def test_large_orders_taken_back_while_the_other_side_trades(street: Street) -> None:
    spoof(street)
    look(street, "spoofing")
    alert = Alert.objects.get()
    assert (alert.rule, alert.severity) == ("spoofing", 3)
    assert alert.key == f"account:{street.accounts['alice']}:1:buy"
    facts = dict(alert.evidence["facts"])
    assert facts["Large orders taken back"] == "6"
    assert facts["Traded on the other side"] == "0.080 BTC in 4 fills"
    assert int(facts["Longest life"].split()[0]) == 800
    orders, fills = alert.evidence["tables"]
    assert (len(orders["rows"]), len(fills["rows"])) == (6, 4)
    assert [line["name"] for line in alert.evidence["charts"][0]["lines"]] == ["mark", "orders", "trades"]


def test_layers_need_no_trade(street: Street) -> None:
    bids = [street.place("alice", Side.BUY, 2_000, MARK_TICKS - 10 * level) for level in range(1, 6)]
    street.wait(500)
    for bid in bids:
        street.cancel("alice", bid)
    look(street, "spoofing")
    alert = Alert.objects.get()
    assert (alert.severity, dict(alert.evidence["facts"])["Prices at once"]) == (2, "5")


@pytest.mark.parametrize("excuse", ["small", "far", "slow", "maker", "filled"])
def test_orders_that_are_no_spoof(street: Street, excuse: str) -> None:
    name = "maker" if excuse == "maker" else "alice"
    lots = 20 if excuse == "small" else 4_000
    for level in range(1, 6):
        ticks = MARK_TICKS - (20_000 if excuse == "far" else 0) - 10 * level
        order_id = street.place(name, Side.BUY, lots, ticks)
        if excuse == "filled":
            street.place("bob", Side.SELL, lots // 2, ticks)
        street.place("bob", Side.BUY, 5, MARK_TICKS + 10)
        street.place(name, Side.SELL, 5, MARK_TICKS + 10)
        street.wait(4_000 if excuse == "slow" else 300)
        street.cancel(name, order_id)
    look(street, "spoofing")
    assert opened() == []


def test_far_more_cancels_than_trades(street: Street) -> None:
    for _ in range(210):
        street.cancel("carol", street.place("carol", Side.BUY, 10, MARK_TICKS - 1_000))
        street.cancel("maker", street.place("maker", Side.BUY, 10, MARK_TICKS - 1_000))
    look(street, "cancel_ratio")
    alert = Alert.objects.get()
    assert alert.summary == f"BTCUSDT: account {street.accounts['carol']} took back 210 of 210 orders"


def test_a_sudden_flow_is_measured_by_the_usual_one(street: Street) -> None:
    """Thirty spans of 60 orders are usual; 400 in one are not, and 260 of somebody who always sends 100 are."""
    tune("risk.sudden_flow.account_min", 200)
    for span in range(30):
        for _ in range(60 if span < 29 else 400):
            street.place("alice", Side.BUY, 5, MARK_TICKS - 5_000, time_in_force=1)
        for _ in range(100 if span < 29 else 260):
            street.place("bob", Side.BUY, 5, MARK_TICKS - 5_000, time_in_force=1)
        street.wait(10_000)
    street.place("carol", Side.BUY, 5, MARK_TICKS - 5_000)
    look(street, "sudden_flow")
    alert = Alert.objects.get()
    assert alert.key == f"account:{street.accounts['alice']}"
    assert dict(alert.evidence["facts"])["Orders"] == "400"
    assert 40 <= int(dict(alert.evidence["facts"])["Usual count"]) <= 60


# positions and money


def test_one_person_holds_too_much(street: Street) -> None:
    street.trade("alice", "bob", 30_000)
    street.trade("carol", "dave", 20_000)
    street.trade("maker", "dave", 20_000)
    look(street, "concentration")
    alerts = {alert.key for alert in Alert.objects.all()}
    assert alerts == {f"user:{street.users['alice']}:1:long", f"user:{street.users['bob']}:1:short"} | {
        f"user:{street.users['dave']}:1:short"
    }
    alert = Alert.objects.get(key=f"user:{street.users['alice']}:1:long")
    assert dict(alert.evidence["facts"])["Share"] == "42.9 %"
    assert len(alert.evidence["tables"][0]["rows"]) == 5


def test_money_that_only_passes_through(street: Street) -> None:
    for name in ("alice", "bob", "carol"):
        street.deposit(name, 100_000)
    street.trade("bob", "maker", 200_000)
    street.wait(60_000)
    street.withdraw("alice", 9_500_000)
    street.withdraw("bob", 9_000_000)
    street.withdraw("carol", 5_000)
    look(street, "pass_through")
    alert = Alert.objects.get()
    assert alert.key == f"account:{street.accounts['alice']}:1"
    assert len(alert.evidence["tables"][0]["rows"]) == 3


# prices


def test_a_mark_far_from_its_index(street: Street) -> None:
    for second in range(12):
        street.wait(1_000)
        street.mark(MARK_TICKS, MARK_TICKS * (100 - 3 * (3 <= second < 10)) // 100)
    street.wait(1_000)
    street.mark(MARK_TICKS, MARK_TICKS * 90 // 100, instrument=ETH)  # a single sample is no alert
    look(street, "index_gap")
    alert = Alert.objects.get()
    assert (alert.instrument_id, alert.severity) == (1, 2)
    assert dict(alert.evidence["facts"])["Samples in a row"] == "7"
    assert dict(alert.evidence["facts"])["Widest gap"] == "3.09 %"


def test_a_gap_that_spans_two_passes(street: Street) -> None:
    """Three samples before a pass and three after it make six in a row."""
    look(street, "index_gap")
    for number in range(6):
        street.wait(1_000)
        street.mark(MARK_TICKS, MARK_TICKS * 95 // 100)
        if number == 2:
            street.settle()
            rule = get_rule("index_gap")
            assert rule is not None
            run_rules(rules=[rule], wall_ns=street.now_ns)
            assert opened() == []
    look(street, "index_gap")
    assert dict(Alert.objects.get().evidence["facts"])["Samples in a row"] == "6"


def test_a_mark_that_jumps_against_its_own_history(street: Street) -> None:
    for _ in range(200):
        street.wait(1_000)
        street.mark(MARK_TICKS + 50)
        street.wait(1_000)
        street.mark(MARK_TICKS - 50)
    look(street, "price_jump")
    assert opened() == []
    street.mark(MARK_TICKS * 104 // 100)
    look(street, "price_jump")
    alert = Alert.objects.get()
    assert dict(alert.evidence["facts"])["Moved"].startswith("4.0")
    assert alert.evidence["charts"][0]["lines"][0]["points"]


def test_a_wild_market_is_judged_by_its_own_measure(street: Street) -> None:
    for number in range(200):
        street.wait(2_000)
        street.mark(MARK_TICKS * (100 + number % 2) // 100)
    street.mark(MARK_TICKS * 104 // 100)
    look(street, "price_jump")
    assert opened() == []


def test_a_price_that_stands_still_is_told(street: Street) -> None:
    street.wait(15_000)
    street.settle()
    rule = get_rule("stale_price")
    assert rule is not None
    street.wait(1_000)
    street.mark(MARK_TICKS, instrument=ETH)
    street.settle()
    run_rules(rules=[rule], wall_ns=street.now_ns)
    alert = Alert.objects.get()
    assert alert.instrument_id == 1
    assert alert.summary == "BTCUSDT: no mark price for 16 s; nothing opens or is liquidated"


# passes


def test_nothing_is_counted_twice_and_an_open_alert_goes_on(street: Street) -> None:
    spoof(street)
    look(street)
    before = list(Alert.objects.values_list("id", "occurrences"))
    cursors = positions()
    run_rules(wall_ns=street.now_ns)
    run_rules(wall_ns=street.now_ns)
    assert list(Alert.objects.values_list("id", "occurrences")) == before
    assert positions() == cursors
    spoof(street)
    look(street, "spoofing")
    assert list(Alert.objects.filter(rule="spoofing").values_list("occurrences", flat=True)) == [2]


def positions() -> list[tuple[str, int]]:
    rows = RuleCursor.objects.exclude(rule="stale_price").order_by("rule")
    return list(rows.values_list("rule", "position"))


def test_small_pages_find_what_large_ones_find(street: Street) -> None:
    honest_trading(street, rounds=30)
    spoof(street)
    for _ in range(5):
        street.trade("carol", "carol", 40)
    look(street)
    whole = set(Alert.objects.values_list("rule", "key"))
    assert {rule for rule, _ in whole} == {"spoofing", "wash"}
    RiskAction.objects.all().delete()
    Alert.objects.all().delete()
    RuleCursor.objects.all().delete()
    tune("risk.actions.rows_a_pass", 100)
    while any(run.rows for run in run_rules(rules=[r for r in RULES if r.name in {"wash", "spoofing"}])):
        pass
    assert set(Alert.objects.values_list("rule", "key")) == whole


def test_a_rule_that_is_off_does_not_look(street: Street) -> None:
    tune("risk.spoofing.action", "off")
    spoof(street)
    assert "spoofing" not in {run.rule for run in look(street)}
    assert opened() == []
