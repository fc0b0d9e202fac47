"""Sifting a lane's messages, by laws: whatever comes twice, late or never, nothing applies twice or out of order."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from libs.events.inbox.lanes import Batch, Gap, Position, realigned, sort_by_position
from libs.events.transport.wire import Message

LANE = ("post", 3)
START = {LANE: Position(1, 0)}


def message(seq: int, epoch: int = 1, id: str = "", lane: int = 3) -> Message:
    return Message(
        source="post",
        epoch=epoch,
        lane=lane,
        seq=seq,
        id=id or f"{epoch}.{seq}",
        type="post.ParcelMoved",
        version=1,
        key="parcel-a",
        headers={},
        value=b"{}",
    )


def seqs(messages: Sequence[Message]) -> list[int]:
    return [one.seq for one in messages]


sent = st.lists(st.integers(1, 12).map(message), max_size=40)
"""Any shuffle of a lane with any of it dropped and any of it doubled."""


@given(sent)
def test_what_is_fresh_goes_on_without_a_gap_from_where_the_lane_stands(messages: list[Message]) -> None:
    batch = sort_by_position(messages, START)
    assert seqs(batch.new) == list(range(1, len(batch.new) + 1))
    assert batch.positions[LANE].seq == len(batch.new)


@given(sent, st.integers(0, 40))
def test_two_batches_come_to_what_one_would(messages: list[Message], at: int) -> None:
    """As far as no gap is left: a gap ends a lane's batch, and the rest of it comes again from the source."""
    first = sort_by_position(messages[:at], START)
    second = sort_by_position(messages[at:], first.positions)
    whole = sort_by_position(messages, START)
    if not first.gaps:
        assert first.new + second.new == whole.new
        assert second.positions == whole.positions


@given(sent)
def test_the_same_again_is_all_duplicates(messages: list[Message]) -> None:
    once = sort_by_position(messages, START)
    again = sort_by_position(once.new, once.positions)
    assert (again.new, again.duplicates, again.positions) == ([], once.new, once.positions)


@given(sent)
def test_a_loss_is_told_with_where_to_go_on(messages: list[Message]) -> None:
    batch = sort_by_position(messages, START)
    missed = any(one.seq > batch.positions[LANE].seq for one in messages)
    expected = {LANE: Gap("post", 3, len(batch.new), 1)}
    assert batch.gaps == (expected if missed else {})


@given(sent)
def test_a_gap_once_filled_loses_nothing(messages: list[Message]) -> None:
    """What the source says again from the gap on, in order, is all applied."""
    batch = sort_by_position(messages, START)
    source = [message(seq) for seq in range(1, 13)]
    filled = sort_by_position(source[batch.positions[LANE].seq :], batch.positions)
    assert seqs([*batch.new, *filled.new]) == list(range(1, 13))


@given(st.permutations([message(seq, lane=lane) for lane in (3, 4) for seq in (1, 2, 3)]))
def test_lanes_do_not_disturb_each_other(messages: list[Message]) -> None:
    both = {("post", 3): Position(1, 0), ("post", 4): Position(1, 0)}
    together = sort_by_position(messages, both)
    for lane in (3, 4):
        alone = sort_by_position([one for one in messages if one.lane == lane], both)
        assert [one for one in together.new if one.lane == lane] == alone.new


def test_the_last_seq_with_another_id_is_a_divergence_and_ends_the_lane() -> None:
    at = {LANE: Position(1, 5, "1.5")}
    stranger = message(5, id="other")
    batch = sort_by_position([stranger, message(6)], at)
    assert batch == Batch(positions=at, diverged={LANE: stranger})


def test_after_a_resumption_any_id_at_the_last_seq_is_the_sources_own() -> None:
    at = {LANE: Position(1, 5)}
    batch = sort_by_position([message(5, id="other"), message(6)], at)
    assert (seqs(batch.duplicates), seqs(batch.new), batch.diverged) == ([5], [6], {})


def test_nothing_of_a_stopped_lane_applies() -> None:
    stopped = {LANE: Position(1, 0, None, "newer_schema")}
    assert sort_by_position([message(1)], stopped) == Batch(positions=stopped)


def test_an_older_epochs_messages_are_known() -> None:
    at = {LANE: Position(2, 5, "2.5")}
    assert sort_by_position([message(6, epoch=1)], at).duplicates == [message(6, epoch=1)]


def test_a_newer_epoch_is_a_gap_to_be_asked_from_its_beginning() -> None:
    at = {LANE: Position(1, 5, "1.5")}
    assert sort_by_position([message(6, epoch=2)], at).gaps == {LANE: Gap("post", 3, 0, 2)}


def test_realigned_is_just_before_the_first_of_the_new_epoch() -> None:
    at = realigned(Position(1, 9, "1.9"), message(6, epoch=2))
    assert at == Position(2, 5)
    assert sort_by_position([message(6, epoch=2)], {LANE: at}).new == [message(6, epoch=2)]
