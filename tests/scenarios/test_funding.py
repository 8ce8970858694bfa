"""Funding: samples of the premium, the rate, and who pays whom."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from matcher.protocol.commands import DefineMarketRules, SetMarkPrice
from tests.scenarios.story import BTC, Story
from tests.support.vectors import rows

RULES = DefineMarketRules(instrument=BTC, impact_notional_units=1_000_000)
PPB = 10**9


def rules(story: Story) -> Any:
    return story.query(7)[0][0]


def sampled(story: Story, seconds: int = 60) -> Any:
    story.tell(f"wait {seconds}s |")
    return story.act("sample")[0]


@pytest.mark.rule("FUND-001", "FUND-002")
def test_samples_weigh_more_the_later_they_are(story: Story) -> None:
    """Premiums 6, -6 and 0 per mille: averages 6, (6 - 12) / 3, (6 - 12) / 6."""
    story.send(RULES)
    story.tell("""
        maker sell 5 @ 1010  | accepted #1
        maker sell 10 @ 1020 | accepted #2
        maker buy 10 @ 1006  | accepted #3
    """)
    first = sampled(story)
    assert first.impact_bid_microticks == 1_006_000_000
    assert first.impact_ask_microticks == 1_014_925_373  # 1,000,000 for 5 lots at 1010 and 4.85 at 1020
    assert (first.premium_ppb, first.average_premium_ppb, first.predicted_rate_ppb) == (6_000_000, 6_000_000, 5_500_000)
    story.tell("""
        maker cancel all     | canceled #1; canceled #2; canceled #3; 3 canceled
        maker sell 11 @ 994  | accepted #4
        maker buy 10 @ 990   | accepted #5
    """)
    second = sampled(story)
    assert (second.impact_bid_microticks, second.impact_ask_microticks) == (0, 994_000_000)
    assert second.premium_ppb == -6_000_000
    assert (second.average_premium_ppb, second.predicted_rate_ppb) == (-2_000_000, -1_500_000)
    story.tell("maker cancel all | canceled #4; canceled #5; 2 canceled")
    third = sampled(story)
    assert (third.premium_ppb, third.average_premium_ppb, third.predicted_rate_ppb) == (0, -1_000_000, -500_000)
    assert (rules(story).samples, rules(story).weighted_premium) == (3, -6_000_000)


@pytest.mark.rule("FUND-001")
def test_a_level_that_fits_exactly_reaches_the_notional(story: Story) -> None:
    """10 lots at 1000 are 1,000,000; 9 are too thin."""
    story.send(RULES)
    story.tell("maker sell 10 @ 1000 | accepted #1")
    assert sampled(story).impact_ask_microticks == 1_000_000_000
    story.tell("maker amend #1 to 9 @ 1000 | amended #1 9@1000")
    assert sampled(story).impact_ask_microticks == 0


@pytest.mark.rule("FUND-001")
def test_samples_are_taken_in_time_and_with_an_index(story: Story) -> None:
    story.send(SetMarkPrice(instrument=BTC, mark_ticks=1000))
    story.tell("sample | refused NO_MARK_PRICE")
    story.send(SetMarkPrice(instrument=BTC, mark_ticks=1000, index_ticks=1000))
    story.tell("""
        sample  | premium 0
        sample  | refused FUNDING_TIME_INVALID
        wait 1s |
        sample  | premium 0
    """)


@pytest.mark.rule("FUND-002")
@pytest.mark.parametrize(
    ("terms", "rate"),
    [
        ({}, 100_000),
        ({"funding_hours": 4}, 50_000),
        ({"funding_hours": 1, "interest_rate_ppb": -100_001}, -12_500),
        ({"interest_rate_ppb": 600_000}, 500_000),
        ({"funding_cap_ppb": 60_000}, 60_000),
        ({"funding_floor_ppb": -60_000, "interest_rate_ppb": -100_000}, -60_000),
    ],
)
def test_the_rate_without_samples_is_the_interest(story: Story, terms: dict[str, int], rate: int) -> None:
    story.send(RULES.replace(**terms))
    assert rules(story).predicted_rate_ppb == rate


HELD = """
    bob   sell 3 @ 1000 | accepted #1
    alice buy 3 @ 1000  | accepted #2; alice takes 3@1000; bob makes 3@1000
    mark 1001           | mark 1001
"""


@pytest.mark.rule("FUND-003")
def test_payers_round_up_receivers_down_and_the_house_keeps_the_rest(story: Story) -> None:
    """300,300 at 0.01 % are 30.03."""
    story.tell(HELD)
    story.tell("funding | alice funding -31; bob funding +30; funding 100000 paid 31 received 30")
    fees = 150 + 60
    assert story.query(9)[0][0].fee_income_units == fees + 1
    assert (story.wallet("alice"), story.wallet("bob")) == (10_000_000 - 150 - 31, 10_000_000 - 60 + 30)
    assert story.position("alice").realized_pnl_units == 0


@pytest.mark.rule("FUND-003")
def test_the_fund_keeps_the_rest_where_there_is_one(story: Story) -> None:
    story.tell(HELD)
    story.tell(
        """
        carol insures 1 | carol insures 1
        funding         | alice funding -31; bob funding +30; carol insured +1 FUNDING_RESIDUE;
                          funding 100000 paid 31 received 30
    """.replace("\n                          ", " ")
    )
    assert story.wallet("carol") == 10_000_001


@pytest.mark.rule("FUND-003")
def test_at_a_negative_rate_shorts_pay(story: Story) -> None:
    story.send(RULES.replace(interest_rate_ppb=-100_000))
    story.tell(HELD)
    story.tell("funding | alice funding +30; bob funding -31; funding -100000 paid 31 received 30")


@pytest.mark.rule("FUND-003")
def test_an_isolated_leg_pays_from_its_margin(story: Story) -> None:
    story.tell("alice isolated | ISOLATED")
    story.tell("""
        bob   sell 3 @ 1000 | accepted #1
        alice buy 3 @ 1000  | accepted #2; alice takes 3@1000; alice margin +30000 is 30000; bob makes 3@1000
        mark 1001           | mark 1001
        funding             | alice funding -31; bob funding +30; funding 100000 paid 31 received 30
    """)
    assert story.position("alice").isolated_units == 30_000 - 31
    assert story.balance("alice").available_units == 10_000_000 - 150 - 30_000


@pytest.mark.rule("FUND-003")
def test_funding_comes_once_for_a_time_and_begins_anew(story: Story) -> None:
    """Samples are gone after it; the engine's own rate stands from then on, whatever a mark is told with."""
    story.send(RULES)
    story.tell("""
        sample            | premium 0
        funding           | funding 100000 paid 0 received 0
        funding           | refused FUNDING_TIME_INVALID
    """)
    assert (rules(story).samples, rules(story).weighted_premium) == (0, 0)
    told = story.send(SetMarkPrice(instrument=BTC, mark_ticks=1000, funding_rate_ppb=5, next_funding_ns=7))[0]
    assert (told.funding_rate_ppb, told.next_funding_ns) == (100_000, story.now_ns + 8 * 3600 * 10**9)


@pytest.mark.rule("FUND-001")
@pytest.mark.parametrize("case", rows("funding", "premium_index"))
def test_premiums_of_published_examples(story: Story, case: dict[str, str]) -> None:
    """One lot at 10,000 is the impact notional, so each side's best price is its impact price."""
    index = int(case["index_price"])
    story.send(RULES.replace(impact_notional_units=900_000))
    story.send(SetMarkPrice(instrument=BTC, mark_ticks=int(case["impact_bid"]), index_ticks=index))
    story.act(f"maker buy 10 @ {case['impact_bid']}")
    story.act(f"maker sell 10 @ {case['impact_ask']}")
    assert sampled(story).premium_ppb == int(Decimal(case["premium_index"]) * PPB)


@pytest.mark.rule("FUND-002", "FUND-003")
def test_rate_and_payment_of_the_published_example(story: Story) -> None:
    """A premium of 1 % makes 0.95 %; 2 lots at 10,000 then pay 19,000 units of 2,000,000."""
    case = {"rate": 9_500_000, "payment": 19_000}
    story.send(RULES.replace(impact_notional_units=900_000, funding_cap_ppb=10**8))
    story.send(SetMarkPrice(instrument=BTC, mark_ticks=10_000, index_ticks=10_000))
    story.tell("""
        bob   sell 2 @ 10000   | accepted #1
        alice buy 2 @ 10000    | accepted #2; alice takes 2@10000; bob makes 2@10000
        maker buy 10 @ 10100   | accepted #3
    """)
    assert sampled(story).predicted_rate_ppb == case["rate"]
    story.tell("funding | alice funding -19000; bob funding +19000; funding 9500000 paid 19000 received 19000")
