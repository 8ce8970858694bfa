"""Whatever the engine does to its levels, the rebuilt book is its depth."""

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.feeds.book import Book, Head
from apps.feeds.market import Market
from matcher.protocol.codec import decode_levels
from matcher.protocol.commands import AmendOrder, CancelOrder
from matcher.protocol.enums import Side, TimeInForce
from matcher.protocol.views import Query, QueryKind
from tests.support.feeds import ALICE, BOB, INSTRUMENT, MARK_TICKS, SPEC, EngineMatcher

changes = st.lists(
    st.tuples(st.sampled_from(list(Side)), st.integers(1, 40), st.integers(0, 3)), min_size=1, max_size=120
)
orders = st.lists(
    st.tuples(
        st.sampled_from(["limit", "ioc", "cancel", "amend"]),
        st.sampled_from([ALICE, BOB, 3]),
        st.sampled_from(list(Side)),
        st.integers(-6, 6),
        st.integers(1, 9),
    ),
    min_size=1,
    max_size=40,
)


def test_depth_is_best_first_and_cut_at_the_limit() -> None:
    book = Book(Head())
    book.load(7, 0, [(10, 1), (12, 2), (11, 3)], [(15, 1), (13, 2), (14, 3)])
    depth = book.depth(2)
    assert (depth.bids, depth.asks) == ([(12, 2), (11, 3)], [(13, 2), (14, 3)])
    assert len(book.depth(0).bids) == 3
    assert (book.best().bid_ticks, book.best().ask_ticks) == (12, 13)


def test_an_empty_side_has_no_best() -> None:
    best = Book(Head()).best()
    assert (best.bid_ticks, best.bid_lots, best.ask_ticks, best.ask_lots) == (0, 0, 0, 0)


@given(changes)
def test_any_sequence_of_totals_gives_the_same_book_as_a_plain_dictionary(
    sequence: list[tuple[Side, int, int]],
) -> None:
    market = Market(SPEC, Head())
    plain: dict[Side, dict[int, int]] = {Side.BUY: {}, Side.SELL: {}}
    for seq, (side, price, lots) in enumerate(sequence, 1):
        market.set_level(seq, side, price, lots, 0)
        plain[side][price] = lots
    depth = market.book.depth(0)
    standing = {side: {p: q for p, q in levels.items() if q} for side, levels in plain.items()}
    assert depth.bids == sorted(standing[Side.BUY].items(), reverse=True)
    assert depth.asks == sorted(standing[Side.SELL].items())


@settings(max_examples=60, deadline=None)
@given(orders)
def test_the_rebuilt_book_is_the_engines_depth_after_every_batch(story: list[tuple[str, int, Side, int, int]]) -> None:
    matcher = EngineMatcher()
    market = Market(SPEC, Head())

    def follow(first_seq: int, last_seq: int, events: bytes, levels: bytes) -> None:
        for level in decode_levels(levels):
            market.set_level(level.seq, level.side, level.price_ticks, level.quantity_lots, 0)

    matcher.on_batch(follow)
    open_ids: list[tuple[int, int]] = []
    for action, account, side, offset, lots in story:
        price = MARK_TICKS + offset
        if action in {"limit", "ioc"}:
            time_in_force = TimeInForce.IOC if action == "ioc" else TimeInForce.GTC
            events = matcher.limit(account, side, price, lots, time_in_force=time_in_force)
            open_ids.append((account, events[0].order_id))
        elif open_ids:
            owner, order_id = open_ids[(offset + lots) % len(open_ids)]
            if action == "cancel":
                matcher.send(CancelOrder(account=owner, instrument=INSTRUMENT, order_id=order_id))
            else:
                matcher.send(
                    AmendOrder(
                        account=owner, instrument=INSTRUMENT, order_id=order_id, price_ticks=price, quantity_lots=lots
                    )
                )
        _, bids, asks = matcher.answer(Query(kind=QueryKind.DEPTH, instrument=INSTRUMENT))
        depth = market.book.depth(0)
        assert depth.bids == [(view.price_ticks, view.quantity_lots) for view in bids]
        assert depth.asks == [(view.price_ticks, view.quantity_lots) for view in asks]


def test_changes_that_the_snapshot_contains_are_not_applied_again() -> None:
    market = Market(SPEC, Head())
    market.book.load(10, 0, [(5, 2)], [])
    market.set_level(10, Side.BUY, 5, 9, 0)
    assert market.book.depth(0).bids == [(5, 2)]
    market.set_level(11, Side.BUY, 5, 0, 0)
    assert market.book.depth(0).bids == []
