"""A release writes nothing that the one before it cannot read, for both work side by side during an upgrade."""

from datetime import UTC, datetime

import pytest

from libs.events import Catalogue, Decider, Event, event
from libs.events.catalogue import NewerSchema
from libs.events.log.intent import Intent
from libs.events.log.unit import NotYetWritten, Unit
from libs.events.message import AnyRecorded
from tools.release import Release, reads, released, unreadable, writes

OLD = Release("v0.1", {"post": {"post.Moved": 1}, "desk": {"post.Moved": 1, "desk.Entered": 1}})


def test_this_release_writes_nothing_that_the_last_one_cannot_read() -> None:
    assert [sentence for last in released()[-1:] for sentence in unreadable(last, writes())] == []


def test_each_service_reads_whatever_it_writes() -> None:
    today = Release("today", reads())
    assert list(unreadable(today, writes())) == []
    assert set(today.reads) == {"dispatch", "intake", "sla", "survey", "triage"}


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ({"post": {"post.Moved": 1}, "desk": {"desk.Entered": 1}}, []),
        ({"post": {}}, []),
        ({"new": {"new.Begun": 1}}, []),
        ({"post": {"post.Lost": 1}}, ["post writes post.Lost version 1, which post of v0.1 cannot read"]),
        (
            {"post": {"post.Moved": 2}},
            [
                "post writes post.Moved version 2, which post of v0.1 cannot read",
                "post writes post.Moved version 2, which desk of v0.1 cannot read",
            ],
        ),
        ({"desk": {"desk.Entered": 3}}, ["desk writes desk.Entered version 3, which desk of v0.1 cannot read"]),
    ],
)
def test_what_the_predecessor_cannot_read_is_refused(written: dict[str, dict[str, int]], says: list[str]) -> None:
    assert list(unreadable(OLD, written)) == says


@event("post.Weighed")
class Weighed(Event, frozen=True, kw_only=True):
    """In kilograms, as this release writes it."""

    kilograms: int


def in_kilograms(fields: dict[str, int]) -> dict[str, int]:
    return {"kilograms": fields["grams"] // 1000}


def test_a_version_that_only_the_next_release_writes_is_read_by_its_downcaster() -> None:
    catalogue = Catalogue(Weighed, downcasters={("post.Weighed", 2): in_kilograms})
    assert catalogue.decode("post.Weighed", 2, b'{"grams": 3000}') == Weighed(kilograms=3)
    assert (catalogue.reads, catalogue.writes) == ({"post.Weighed": 2}, {"post.Weighed": 1})
    with pytest.raises(NewerSchema, match="knows up to 2"):
        catalogue.decode("post.Weighed", 3, b"{}")


@event("post.Lost", written=False)
class Lost(Event, frozen=True, kw_only=True):
    """Read by this release, written by the next."""


async def test_an_event_that_is_only_read_is_never_recorded() -> None:
    assert (Catalogue(Lost).reads, Catalogue(Lost).writes) == ({"post.Lost": 1}, {})

    async def empty(stream: str) -> list[AnyRecorded]:
        return []

    unit = Unit(datetime.now(UTC), empty)
    loses: Decider[None, None, Event] = Decider(
        "parcel", Catalogue(Lost), None, lambda command, state, at: [Lost()], lambda state, lost: None, str
    )
    with pytest.raises(NotYetWritten):
        await unit.decide(loses.on("7", None), Intent())
