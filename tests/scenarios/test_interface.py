"""The engine as its callers hold it: stamps, batches, queries, dump and snapshot."""

from __future__ import annotations

from hashlib import blake2b

import pytest

from matcher.protocol.codec import decode_events
from matcher.protocol.commands import Command, DefineAsset, SetMarkPrice
from matcher.protocol.views import AnswerHeader, Query, QueryKind, StateView
from tests.scenarios.story import BTC, Story


@pytest.fixture
def traded(story: Story) -> Story:
    story.tell("""
        alice buy 5 @ 990 id=a       | accepted #1
        bob   buy 5 @ 991            | accepted #2
        maker sell 3 @ 1001          | accepted #3
        maker sell 3 @ 1002          | accepted #4
        carol buy 4 @ 1002 id=c      | accepted #5; carol takes 3@1001; maker makes 3@1001; carol takes 1@1002; maker makes 1@1002
    """)
    return story


@pytest.mark.rule("ENG-001")
@pytest.mark.parametrize(
    "wrong", [{"seq": 0}, {"seq": 2}, {"seq": 2**64 - 1}, {"time_ns": -1}, {"time_ns": -(2**63)}], ids=str
)
def test_unstamped_commands_are_a_bug_of_the_caller(blank: Story, wrong: dict[str, int]) -> None:
    command = DefineAsset(asset=1, seq=1, time_ns=5).replace(**wrong)
    before = blank.engine.dump()
    with pytest.raises(AssertionError):
        blank.engine.process(command.pack())
    assert blank.engine.dump() == before


@pytest.mark.rule("ENG-001")
def test_one_wrong_stamp_refuses_the_whole_batch_before_anything_changes(traded: Story) -> None:
    engine, seq, now = traded.engine, traded.engine.seq, traded.now_ns
    before = engine.dump()
    mark = SetMarkPrice(instrument=1, mark_ticks=5, seq=seq + 1, time_ns=now + 5)
    for second in (mark.replace(seq=seq + 3), mark.replace(seq=seq + 2, time_ns=now + 4)):
        with pytest.raises(AssertionError):
            engine.process(mark.pack() + second.pack())
        assert engine.dump() == before
    assert (engine.seq, engine.time_ns) == (seq, now)


@pytest.mark.rule("ENG-001")
@pytest.mark.parametrize("size", [1, 127, 129])
def test_half_a_command_is_a_bug_of_the_caller(blank: Story, size: int) -> None:
    with pytest.raises(AssertionError):
        blank.engine.process(bytes(size))


@pytest.mark.rule("ENG-001")
def test_a_batch_gives_the_events_of_its_commands_in_order(traded: Story) -> None:
    seq, now = traded.engine.seq, traded.now_ns
    marks = [SetMarkPrice(instrument=1, mark_ticks=n, seq=seq + n, time_ns=now, command_id=90 + n) for n in (1, 2, 3)]
    events = decode_events(traded.engine.process(b"".join(mark.pack() for mark in marks)))
    assert [(e.seq, e.command_id, e.part, e.flags) for e in events] == [(seq + n, 90 + n, 0, 129) for n in (1, 2, 3)]
    assert traded.engine.process(b"") == b""


def test_parts_number_the_events_of_a_command_and_the_last_is_flagged(traded: Story) -> None:
    assert [event.part for event in traded.events] == [0, 1, 2, 3, 4]
    assert [event.flags & 1 for event in traded.events] == [0, 0, 0, 0, 1]
    assert [event.flags & 6 for event in traded.fills()] == [0, 6, 0, 6]


@pytest.mark.rule("MAT-005")
def test_levels_are_those_of_the_last_call(traded: Story) -> None:
    assert traded.levels() == "ask 0@1001; ask 2@1002"
    traded.tell("mark 1000 | mark 1000")
    assert traded.levels() == ""


@pytest.mark.rule("ENG-002")
def test_depth_is_limited_on_each_side(traded: Story) -> None:
    bids, asks = traded.query(QueryKind.DEPTH, instrument=BTC, limit=1)
    assert [(b.price_ticks, b.quantity_lots) for b in bids] == [(991, 5)]
    assert [(a.price_ticks, a.quantity_lots) for a in asks] == [(1002, 2)]
    assert traded.book() == "5@991 5@990 / 2@1002"


@pytest.mark.rule("ENG-002")
def test_an_order_is_found_by_number_and_by_name(traded: Story) -> None:
    by_number, key = traded.query(QueryKind.ORDER, "alice", instrument=BTC, order_id=1)
    by_name, named_key = traded.query(QueryKind.ORDER, "alice", instrument=BTC, client_order_id=b"a")
    assert by_number == by_name
    assert (key, named_key[0].order_id, named_key[0].ended_ns) == ([], 1, 0)
    assert by_number[0].order_id == 1
    assert traded.query(QueryKind.ORDER, "bob", instrument=BTC, order_id=1) == ([], [])
    assert traded.query(QueryKind.ORDER, "alice", order_id=1) == ([], [])
    gone, key = traded.query(QueryKind.ORDER, "carol", client_order_id=b"c")
    assert (gone, key[0].filled_lots, key[0].filled_quote_units) == ([], 4, 3 * 100_100 + 100_200)


@pytest.mark.rule("ENG-002")
@pytest.mark.parametrize("size", [0, 79, 81])
def test_what_is_no_query_is_a_bug_of_the_caller(traded: Story, size: int) -> None:
    with pytest.raises(AssertionError):
        traded.engine.query(bytes(size))


@pytest.mark.rule("ENG-002")
@pytest.mark.parametrize("kind", [0, 11, 255])
def test_an_unknown_question_has_a_header_for_an_answer(traded: Story, kind: int) -> None:
    answer = traded.engine.query(Query(kind=kind, account=1, instrument=1).pack())
    header = AnswerHeader(seq=traded.engine.seq, time_ns=traded.now_ns, kind=kind)
    assert answer == header.pack()


@pytest.mark.rule("ENG-002")
@pytest.mark.parametrize("kind", list(QueryKind))
def test_of_what_is_not_known_the_answer_is_empty(traded: Story, kind: QueryKind) -> None:
    request = {"instrument": 65_535, "order_id": 2**64 - 1, "client_order_id": b"\xff" * 36}
    first, second = traded.query(kind, "nobody", **request)
    assert (len(first), second) == (int(kind in (QueryKind.STATS, QueryKind.ASSETS)), [])


@pytest.mark.rule("ENG-003")
def test_digest_is_the_hash_of_the_dump(traded: Story) -> None:
    dump = traded.engine.dump()
    assert traded.engine.digest() == blake2b(dump, digest_size=32).digest()
    state = StateView.unpack(dump)
    assert (state.seq, state.open_orders, state.remembered_ids, state.accounts) == (traded.engine.seq, 3, 6, 4)


def test_a_restored_engine_goes_on_as_if_nothing_had_happened(traded: Story) -> None:
    copy = Story(type(traded.engine).restore(traded.engine.snapshot()))
    copy.now_ns = traded.now_ns
    copy.engine.check()
    assert copy.engine.dump() == traded.engine.dump()
    after = """
        alice buy 5 @ 990 id=a       | replayed #1 0/5@990 NEW
        maker sell 7 @ 990           | accepted #6; maker takes 5@991; bob makes 5@991; maker takes 2@990; alice makes 2@990
        wait 24h                     |
        carol buy 5 @ 1002 id=c      | accepted #7; carol takes 2@1002; maker makes 2@1002
    """
    traded.tell(after)
    copy.tell(after)
    assert copy.engine.digest() == traded.engine.digest()


def test_a_snapshot_keeps_a_half_told_ladder(story: Story) -> None:
    """The staged tiers are state though dump() does not show them."""
    from tests.scenarios.test_definitions import tier

    story.send(tier(0, 2, 0, 5_000_000, 20))
    copy = Story(type(story.engine).restore(story.engine.snapshot()))
    copy.now_ns = story.now_ns
    copy.send(tier(1, 2, 700, 6_000_000, 3))
    assert copy.events[0].reason == 0
    copy.tell("alice leverage 20 | leverage 20 up to 700")


@pytest.mark.parametrize("at", [0, 5, 20, 50, 100, -1])
def test_a_damaged_snapshot_is_refused(traded: Story, at: int) -> None:
    """Corrupt data is worse than no data: one flipped bit anywhere, a cut tail, nothing at all."""
    snapshot = bytearray(traded.engine.snapshot())
    snapshot[at] ^= 1
    for damaged in (bytes(snapshot), traded.engine.snapshot()[:-1], b"", b"x" * 500):
        with pytest.raises(ValueError):
            type(traded.engine).restore(damaged)


@pytest.mark.rule("ORD-101")
def test_any_bytes_behind_a_good_stamp_are_answered(blank: Story) -> None:
    """Every kind byte with a body of every one byte: exactly one refusal or effect, never a crash."""
    for kind in range(256):
        for filler in (0, 1, 127, 255):
            raw = bytearray(bytes((filler,)) * 128)
            raw[:32] = Command(
                seq=blank.engine.seq + 1, time_ns=blank.now_ns, kind=kind, account=1, instrument=1
            ).pack()[:32]
            assert blank.send_raw(bytes(raw))
