"""The wire: whatever stands in a record, it is a message of ours or a stranger, and the database takes either."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from libs.events.inbox import parking
from libs.events.transport import wire
from libs.events.transport.wire import Stranger, Undecodable, envelope, message
from tests.libs.conftest import Desk

Pairs = list[tuple[str, bytes | None]]
ROW: dict[str, Any] = {
    "id": "01920000-0000-7000-8000-000000000001",
    "type": "post.ParcelMoved",
    "schema_version": 1,
    "epoch": 1,
    "lane": 3,
    "seq": 1,
    "key": "parcel-a",
    "occurred_at": datetime(2026, 3, 2, tzinfo=UTC),
    "recorded_at": datetime(2026, 3, 2, tzinfo=UTC),
    "correlation_id": None,
    "causation_id": None,
    "traceparent": None,
}
OURS: Pairs = list(wire.headers("post", ROW))
NAMES = st.sampled_from([name for name, _ in OURS]) | st.text(max_size=20)
ODD = [
    b"\x00", rb"\u0000", b"\xff\xfe", "１".encode(), b"1_0", b"+1", b" 1", b"-1", b"1e3", b"9" * 30, b"0" * 5000, b"",
    b"2147483648", b"9223372036854775808", b"65536", b"16", b"/aftercare/post/9999999999", b"0001-01-01T00:00:00+14:00",
    b"9999-12-31T23:59:59-14:00", b"2026-03-02T09:00:00", b"/aftercare/schemas/post.ParcelMoved/99999", b"k" * 3000,
]  # fmt: skip
VALUES = st.none() | st.sampled_from(ODD) | st.binary(max_size=40)


@st.composite
def records(draw: st.DrawFn) -> Pairs:
    """Headers of ours with some of them changed, gone, doubled, or others beside them."""
    pairs = [pair for pair in OURS if draw(st.integers(0, 9))]
    for name, value in draw(st.lists(st.tuples(NAMES, VALUES), max_size=4)):
        at = draw(st.integers(0, len(pairs)))
        kept = [pair for pair in pairs if pair[0] != name] if draw(st.booleans()) else pairs
        pairs = [*kept[:at], (name, value), *kept[at:]]
    return pairs


@given(records(), st.binary(max_size=200))
@example(OURS, b"{}")
def test_any_record_is_a_message_that_fits_the_database_or_no_event_of_ours(pairs: Pairs, value: bytes) -> None:
    try:
        found = message(envelope(pairs), value)
    except Undecodable:
        return
    assert 0 <= found.epoch < 2**31
    assert 0 <= found.lane < 16
    assert 0 <= found.seq < 2**63
    assert 0 <= found.version < 2**15
    assert 0 < len(found.key.encode()) <= wire.MAX_KEY_BYTES
    assert "\x00" not in "".join([*found.headers, *found.headers.values()])
    for name in ("ce_time", "ce_recordedtime"):
        datetime.fromisoformat(found.headers[name]).astimezone(UTC)


@pytest.mark.parametrize(
    ("name", "odd"),
    [
        ("ce_source", b"/aftercare/post/99999999999"),
        ("ce_lane", b"16"),
        ("ce_lane", "１".encode()),
        ("ce_sequence", b"9223372036854775808"),
        ("ce_sequence", b"1_0"),
        ("ce_dataschema", b"/aftercare/schemas/post.ParcelMoved/99999"),
        ("ce_partitionkey", b"k" * 3000),
        ("ce_partitionkey", b""),
        ("ce_time", b"2026-03-02T09:00:00"),
        ("ce_time", b"0001-01-01T00:00:00+14:00"),
        ("ce_recordedtime", b"9999-12-31T23:59:59-14:00"),
        ("traceparent", b"\xff"),
        ("traceparent", b"\x00"),
    ],
)
def test_what_no_column_can_hold_is_no_envelope(name: str, odd: bytes) -> None:
    pairs = [*(pair for pair in OURS if pair[0] != name), (name, odd)]
    with pytest.raises(Undecodable):
        message(envelope(pairs), b"{}")


def test_a_header_of_ours_that_stands_twice_is_no_envelope() -> None:
    with pytest.raises(Undecodable, match="twice"):
        message(envelope([*OURS, ("ce_sequence", b"2")]), b"{}")


async def test_strangers_of_all_kinds_are_parked_and_shown(desk: Desk) -> None:
    """A literal and a real NUL, bytes that are no text, a key beyond any index, a header twice, no value at all."""
    kinds: list[Pairs] = [
        [("x", rb"\u0000")],
        [("x", b'{"x": "\\u0000"}'), ("x", b"\x00")],
        [("x\x00", b"\xff\x00\xfe")],
        [("ce_partitionkey", b"k" * 100_000)],
        [("", None), ("", None)],
        [("\ud800", b"half a character")],
        [(f"n{number}", b"\xff" * 100) for number in range(1000)],
    ]
    for number, pairs in enumerate(kinds):
        await parking.park_stranger(desk.pool, "desk", Stranger(f"post.events/0/{number}", pairs, b"\x00\xff"))
    shown = await parking.listed(desk.pool)
    assert [row.key for row in shown] == [f"post.events/0/{number}" for number in range(len(kinds))]
    assert shown[0].headers == {"x": r"\u0000"}
    assert shown[2].headers == {r"x\x00": r"\xff\x00\xfe"}


async def test_a_stranger_that_nothing_can_be_kept_of_is_parked_by_its_place(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parking, "_shown", lambda headers: {"x": "\x00"})
    await parking.park_stranger(desk.pool, "desk", Stranger("post.events/0/1", [("x", b"")], b"\xff"))
    (row,) = await parking.listed(desk.pool)
    assert (row.key, row.headers, row.data) == ("post.events/0/1", {}, "")
