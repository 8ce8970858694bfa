"""Multi-asset mode: every asset backs every position, at a price and less a haircut."""

from __future__ import annotations

import pytest

from matcher.protocol.commands import DefineAsset, DefineCollateral
from tests.scenarios.story import BTC_TERMS, ETH, USDT, Story
from tests.scenarios.wording import CAST

GOLD = 2
UNIT = 10**8


@pytest.fixture
def pooled(story: Story) -> Story:
    """Alice has 1,000,000 of an asset worth 2, less 10 %, and nothing else: a value of 1,800,000."""
    story.send(DefineAsset(asset=GOLD))
    story.send(DefineCollateral(asset=USDT, price_units=UNIT, threshold_units=5_000))
    story.send(DefineCollateral(asset=GOLD, price_units=2 * UNIT, haircut_ppb=UNIT))
    story.tell("""
        alice withdraw 10000000 ref=all         | -10000000 wallet 0
        alice deposit 1000000 asset=2 ref=gold  | +1000000 wallet 1000000
        alice pools                             | pooled
    """)
    return story


OPENED = """
    bob   sell 100 @ 1000 | accepted #1
    alice buy 100 @ 1000  | accepted #2; alice takes 100@1000; bob makes 100@1000
"""


@pytest.mark.rule("MAR-011")
def test_one_pool_backs_what_no_single_asset_could(pooled: Story) -> None:
    """1,800,000 less the fee of 5,000 that is owed, less 1,000,000 of margin."""
    pooled.tell(OPENED)
    dollars, gold = pooled.query(1, "alice")[0]
    assert (dollars.wallet_units, gold.wallet_units) == (-5_000, 1_000_000)
    assert (dollars.available_units, gold.available_units) == (795_000, 397_500)
    assert (dollars.withdrawable_units, gold.withdrawable_units) == (0, 397_500)
    pooled.tell("""
        alice withdraw 397501 asset=2 ref=b | refused BALANCE_INSUFFICIENT
        alice withdraw 397500 asset=2 ref=c | -397500 wallet 602500
    """)


@pytest.mark.rule("MAR-011")
@pytest.mark.parametrize(("lots", "told"), [(179, "accepted #1"), (180, "refused MARGIN_INSUFFICIENT")])
def test_the_pool_is_what_orders_are_judged_against(pooled: Story, lots: int, told: str) -> None:
    """10,050 a lot at leverage 10: 179 need 1,798,950 of 1,800,000."""
    pooled.tell(f"alice buy {lots} @ 1000 | {told}")


@pytest.mark.rule("MAR-011")
def test_a_profit_is_worth_less_and_a_loss_counts_in_full(pooled: Story) -> None:
    pooled.send(DefineCollateral(asset=USDT, price_units=UNIT, haircut_ppb=5 * UNIT))
    pooled.tell(OPENED)
    pooled.tell("mark 1010 | mark 1010")
    assert pooled.balance("alice").available_units == 1_800_000 + 95_000 // 2 - 1_010_000
    pooled.tell("mark 990 | mark 990")
    assert pooled.balance("alice").available_units == 1_800_000 - 105_000 - 990_000


@pytest.mark.rule("MAR-013", "LIQ-004")
def test_the_liquidation_price_is_that_of_the_pool(pooled: Story) -> None:
    """50 m >= 1,795,000 + 10,000 (m - 1000) up to 824; 1,795,000 are 179 ticks."""
    pooled.tell(OPENED)
    position = pooled.position("alice")
    assert (position.liquidation_ticks, position.bankruptcy_ticks) == (824, 821)


@pytest.mark.rule("LIQ-003", "LIQ-008", "LIQ-009")
def test_a_liquidated_pool_repays_its_debt_from_the_other_asset(pooled: Story) -> None:
    """35,000 at 824 are 3 ticks; 1,795,000 are owed then, 897,500 of gold repay them, 102,500 x 1.8 are left."""
    pooled.tell(OPENED)
    pooled.tell("mark 825 | mark 825")
    events = pooled.act("mark 824")
    told = [type(event).__name__ for event in events]
    assert told == [
        "MarkPriceChanged",
        "LiquidationStarted",
        "LiquidationStep",
        "OrderAccepted",
        "OrderExpired",
        "PositionMoved",
        "PositionMoved",
        "AssetConverted",
        "LiquidationEnded",
    ]
    start, step, mine, end = events[1], events[2], events[5], events[8]
    assert (start.asset, start.instrument, start.wallet_units) == (0, 0, 0)
    assert (start.equity_units, start.maintenance_units) == (35_000, 41_200)
    assert (step.bankruptcy_ticks, step.quantity_lots) == (821, 100)
    assert (mine.realized_pnl_units, mine.wallet_units) == (-1_790_000, -1_795_000)
    assert (events[7].sold_units, events[7].bought_units) == (897_500, 1_795_000)
    assert (end.equity_units, end.maintenance_units) == (184_500, 0)


@pytest.mark.rule("LIQ-009", "LIQ-001")
def test_a_sweep_repays_debts_beyond_the_threshold_only(pooled: Story) -> None:
    """5,000 are owed: 2,500 of gold."""
    pooled.tell(OPENED)
    pooled.tell("sweep | swept 0 0 0")
    pooled.send(DefineCollateral(asset=USDT, price_units=UNIT, threshold_units=4_999))
    pooled.tell("sweep | alice gave 2500 of 2 for 5000 of 1; swept 0 1 0")
    assert [b.wallet_units for b in pooled.query(1, "alice")[0]] == [0, 997_500]
    dollars, gold = pooled.query(9)[0]
    assert (dollars.conversion_units, gold.conversion_units) == (-5_000, 2_500)


@pytest.mark.rule("LIQ-009")
def test_conversion_rounds_for_the_house(pooled: Story) -> None:
    """Gold at 3: the 5,000 owed cost ceil(1,666.67)."""
    pooled.tell(OPENED)
    pooled.send(DefineCollateral(asset=USDT, price_units=UNIT))
    pooled.send(DefineCollateral(asset=GOLD, price_units=3 * UNIT))
    pooled.tell("sweep | alice gave 1667 of 2 for 5000 of 1; swept 0 1 0")


@pytest.mark.rule("MAR-011")
def test_multi_asset_mode_changes_only_with_nothing_open(story: Story) -> None:
    story.tell("""
        alice parts            | refused MODE_UNCHANGED
        alice buy 1 @ 900      | accepted #1
        alice pools            | refused HAS_OPEN_ORDERS
        alice cancel #1        | canceled #1
        carol insures 1        | carol insures 1
        carol pools            | refused INVALID_MODE
        alice pools            | pooled
        alice buy 1 @ 900      | refused NO_COLLATERAL_PRICE
        alice parts            | apart
        bob   sell 1 @ 1000    | accepted #2
        alice buy 1 @ 1000     | accepted #3; alice takes 1@1000; bob makes 1@1000
        alice pools            | refused HAS_POSITION
    """)


@pytest.mark.rule("MAR-012")
@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"price_units": -1}, 35),
        ({"price_units": 10**15 + 1}, 35),
        ({"haircut_ppb": 10**9 + 1}, 35),
        ({"threshold_units": -1}, 35),
        ({"threshold_units": 10**18 + 1}, 35),
        ({"asset": GOLD}, 13),
        ({"price_units": 10**15, "haircut_ppb": 10**9, "threshold_units": 10**18}, 0),
        ({"price_units": 0}, 0),
    ],
)
def test_collateral_has_limits(story: Story, wrong: dict[str, int], told: int) -> None:
    terms = DefineCollateral(asset=USDT, price_units=0).replace(**wrong)
    assert story.send(terms)[0].reason == told


@pytest.mark.rule("MAR-012")
def test_a_price_once_known_stays_known(pooled: Story) -> None:
    assert pooled.send(DefineCollateral(asset=GOLD))[0].reason == 35


@pytest.mark.rule("MAR-014")
def test_a_transfer_moves_what_is_free_once(story: Story) -> None:
    story.tell("""
        alice gives 100 to=bob ref=a        | -100 wallet 9999900; +100 wallet 10000100
        alice gives 100 to=bob ref=a        | again -100 wallet 9999900
        alice gives 101 to=bob ref=a        | refused CLIENT_ORDER_ID_REUSED
        alice gives 100 to=alice ref=b      | refused INVALID_AMOUNT
        alice gives 0 to=bob ref=b          | refused INVALID_AMOUNT
        alice gives 100 to=bob asset=7 ref=b | refused UNKNOWN_ASSET
        alice gives 100 to=bob              | refused INVALID_CLIENT_ORDER_ID
        alice gives 9999901 to=bob ref=b    | refused BALANCE_INSUFFICIENT
        alice buy 10 @ 1000                 | accepted #1
        alice gives 9899401 to=bob ref=b    | refused BALANCE_INSUFFICIENT
        alice gives 9899400 to=bob ref=b    | -9899400 wallet 100500; +9899400 wallet 19899500
        alice is FROZEN quietly             | FROZEN group 1
        alice gives 1 to=bob ref=c          | refused ACCOUNT_FROZEN
    """)
    assert [event.account for event in story.events] == [CAST["alice"]]
    assert story.query(9)[0][0].external_units == 40_000_000


@pytest.mark.rule("MAR-011")
@pytest.mark.parametrize(("lots", "told"), [(33, "accepted #1"), (34, "refused MARGIN_INSUFFICIENT")])
def test_an_order_settled_in_an_asset_the_account_has_nothing_of_weighs_on_the_pool(
    story: Story, lots: int, told: str
) -> None:
    """10,050 of gold a lot at 30 each: 33 lots weigh 9,949,500 of the 10,000,000."""
    story.send(DefineAsset(asset=GOLD))
    story.send(DefineCollateral(asset=USDT, price_units=UNIT))
    story.send(DefineCollateral(asset=GOLD, price_units=30 * UNIT))
    story.send(BTC_TERMS.replace(instrument=ETH, settlement_asset=GOLD))
    story.define_ladder(instrument=ETH)
    story.tell(f"""
        mark 1000 on=eth                    | mark 1000
        alice pools                         | pooled
        alice buy {lots} @ 1000 on=eth      | {told}
    """)
