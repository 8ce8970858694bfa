"""client_order_id and reference: the same request again returns the first result, another one is refused."""

from __future__ import annotations

import pytest

from matcher.protocol.commands import PlaceOrder
from matcher.protocol.views import QueryKind
from tests.scenarios.story import Story


def remembered(story: Story) -> int:
    """Keys held, without those of the cast's first deposits."""
    return story.query(QueryKind.STATS)[0][0].remembered_ids - 4


@pytest.mark.rule("ID-001")
def test_an_open_order_is_replayed_as_it_stands(story: Story) -> None:
    story.tell("""
        alice buy 5 @ 990 id=a       | accepted #1
        alice buy 5 @ 990 id=a       | replayed #1 0/5@990 NEW
        maker sell 1 @ 990           | accepted #2; maker takes 1@990; alice makes 1@990
        alice buy 5 @ 990 id=a       | replayed #1 1/5@990 PARTIALLY_FILLED
        alice amend id=a to 4 @ 991  | amended #1 4@991
        alice buy 5 @ 990 id=a       | replayed #1 1/4@991 PARTIALLY_FILLED
    """)
    assert story.book() == "3@991 /"


@pytest.mark.rule("ID-001")
@pytest.mark.parametrize(
    ("ending", "told"),
    [
        ("alice cancel id=a | canceled #1", "1/5@990 CANCELED"),
        ("alice amend id=a to 1 @ 991 | canceled #1 AMENDED_BELOW_FILLED", "1/5@990 CANCELED"),
        ("maker sell 4 @ 990 | accepted #3; maker takes 4@990; alice makes 4@990", "5/5@990 FILLED"),
        ("alice sell 1 @ 990 | accepted #3; expired #1 SELF_TRADE", "1/5@990 EXPIRED_IN_MATCH"),
    ],
)
def test_an_ended_order_is_replayed_as_requested_with_its_outcome(story: Story, ending: str, told: str) -> None:
    story.tell(f"""
        alice buy 5 @ 990 id=a       | accepted #1
        maker sell 1 @ 990           | accepted #2; maker takes 1@990; alice makes 1@990
        {ending}
        alice buy 5 @ 990 id=a       | replayed #1 {told}
    """)


@pytest.mark.rule("ID-001")
def test_an_order_that_never_rested_is_replayed_too(story: Story) -> None:
    story.tell("""
        alice buy 5 @ 990 ioc id=a   | accepted #1; expired #1 UNFILLED_REST
        alice buy 5 @ 990 ioc id=a   | replayed #1 0/5@990 EXPIRED
    """)
    key = story.key("alice", "a")
    assert key is not None
    assert (key.order_id, key.ended_ns, key.purpose) == (1, story.now_ns, 7)


@pytest.mark.rule("ID-001")
def test_another_request_under_the_key_is_refused(story: Story) -> None:
    story.tell("""
        alice buy 5 @ 990 id=a       | accepted #1
        alice buy 5 @ 991 id=a       | refused CLIENT_ORDER_ID_REUSED
        alice buy 5 @ 990 id=a gtx   | refused CLIENT_ORDER_ID_REUSED
        alice cancel id=a            | canceled #1
        alice buy 6 @ 990 id=a       | refused CLIENT_ORDER_ID_REUSED
        bob   buy 6 @ 990 id=a       | accepted #2
    """)


@pytest.mark.rule("ID-001")
@pytest.mark.rule("ORD-102")
def test_replay_comes_before_the_market_is_looked_at(story: Story) -> None:
    story.tell("""
        alice buy 5 @ 990 id=a       | accepted #1
        state HALTED                 | ACTIVE to HALTED
        alice buy 5 @ 990 id=a       | replayed #1 0/5@990 NEW
        alice is FROZEN quietly      | FROZEN group 1
        alice buy 5 @ 990 id=a       | refused ACCOUNT_FROZEN
    """)


@pytest.mark.rule("ID-001")
def test_a_refused_order_leaves_no_key(story: Story) -> None:
    story.tell("""
        alice buy 1001 @ 990 id=a    | refused QUANTITY_TOO_LARGE
        alice buy 5 @ 990 id=a       | accepted #1
    """)


@pytest.mark.rule("ID-002")
def test_a_key_is_forgotten_24_hours_after_the_end(story: Story) -> None:
    story.tell("""
        alice buy 5 @ 990 id=a       | accepted #1
        wait 48h                     |
        alice buy 5 @ 990 id=a       | replayed #1 0/5@990 NEW
        alice cancel id=a            | canceled #1
        wait 86399s                  |
        alice buy 5 @ 990 id=a       | replayed #1 0/5@990 CANCELED
        wait 1s                      |
        alice buy 6 @ 990 id=a       | accepted #2
    """)


@pytest.mark.rule("ID-002")
def test_at_most_four_keys_are_forgotten_per_command_oldest_end_first(story: Story) -> None:
    names = "abcdef"
    for name in names:
        story.act(f"alice buy 1 @ 990 id={name}")
    for name in reversed(names):
        story.act(f"alice cancel id={name}")
    assert remembered(story) == 6
    story.tell("""
        wait 25h                     |
        alice buy 1 @ 990 id=b       | replayed #2 0/1@990 CANCELED
    """)
    assert remembered(story) == 2
    story.tell("alice buy 1 @ 990 id=f | accepted #7")
    assert remembered(story) == 1


@pytest.mark.rule("ID-002")
@pytest.mark.rule("MON-001")
def test_money_moves_once_per_name_and_30_days(story: Story) -> None:
    """The mark at the end forgets the cast's four first deposits, which are older than `x`."""
    story.tell("""
        alice deposit 500 ref=x      | +500 wallet 10000500
        alice deposit 500 ref=x      | again +500 wallet 10000500
        alice deposit 501 ref=x      | refused CLIENT_ORDER_ID_REUSED
        alice withdraw 200 ref=x     | -200 wallet 10000300
        alice withdraw 200 ref=x     | again -200 wallet 10000300
        alice withdraw 201 ref=x     | refused CLIENT_ORDER_ID_REUSED
        bob   deposit 501 ref=x      | +501 wallet 10000501
        wait 719h                    |
        alice deposit 500 ref=x      | again +500 wallet 10000300
        wait 1h                      |
        mark 1000                    | mark 1000
        alice deposit 500 ref=x      | +500 wallet 10000800
    """)


@pytest.mark.rule("MON-001")
def test_every_request_says_the_same_of_a_replayed_withdrawal_it_can_no_longer_afford(story: Story) -> None:
    story.tell("""
        alice withdraw 10000000 ref=w | -10000000 wallet 0
        alice withdraw 10000000 ref=w | again -10000000 wallet 0
        alice withdraw 1 ref=v        | refused BALANCE_INSUFFICIENT
    """)


@pytest.mark.rule("ID-001")
@pytest.mark.parametrize("text", [b"a" * 36, b"A.z:/9_-", b"0"])
def test_a_key_may_use_the_whole_field_and_alphabet(story: Story, text: bytes) -> None:
    order = PlaceOrder(account=1, instrument=1, price_ticks=990, quantity_lots=1, client_order_id=text)
    story.send(order)
    story.send(order)
    assert type(story.events[0]).__name__ == "OrderReplayed"


@pytest.mark.rule("ID-001")
def test_bytes_behind_the_fields_tell_requests_apart(story: Story) -> None:
    """The fingerprint covers the whole body, so padding that changed is another request."""
    order = PlaceOrder(account=1, instrument=1, price_ticks=990, quantity_lots=1, client_order_id=b"a")
    story.send(order)
    raw = bytearray(order.replace(seq=story.engine.seq + 1, time_ns=story.now_ns).pack())
    raw[-1] = 1
    story.send_raw(bytes(raw))
    assert story.events[0].reason == 30
