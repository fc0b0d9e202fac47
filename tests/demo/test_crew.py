"""Who goes: nobody is on site for two tickets within one window, and the first who is free goes."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from demo.crew import Member, crew
from demo.runner import window_end
from demo.scenario import Step

MONDAY = datetime(2012, 4, 23, 8, 0, tzinfo=UTC)
WINDOW = timedelta(minutes=15)
window = partial(window_end, window=WINDOW)


def run(*steps: tuple[float, str]) -> list[Step]:
    """Steps at dispatch: after so many windows, what is done; `assignment G2` is to group G2, without a name G1."""
    return [
        Step(MONDAY + windows * WINDOW, "dispatch", verb, {"group": group or "G1"} if verb == "assignment" else {}, 1)
        for windows, told in steps
        for verb, _, group in [told.partition(" ")]
    ]


def numbers(*runs: list[Step]) -> list[int]:
    """The number of who is assigned, assignment by assignment, run by run."""
    return [member.number for _, member in sorted(crew(runs, window).items())]


def stay(begin: float, end: float) -> list[Step]:
    return run((begin, "assignment"), (begin, "arrival"), (end, "completion"))


def test_the_first_who_is_free_goes() -> None:
    assert numbers(stay(1, 4), stay(2, 3), stay(5, 6)) == [0, 1, 0]


def test_within_one_window_nobody_is_at_two_doors() -> None:
    assert numbers(stay(1, 4.2), stay(4.4, 6), stay(5.2, 6)) == [0, 1, 0]


def test_a_pause_frees_and_the_rest_is_kept_free() -> None:
    paused = run((1, "assignment"), (1, "arrival"), (2, "pause"), (8, "resumption"), (9, "completion"))
    assert numbers(paused, stay(4, 6), stay(7, 10)) == [0, 0, 1]


def test_who_takes_over_on_site_is_there_at_once_and_the_other_leaves() -> None:
    handed = run((1, "assignment"), (1, "arrival"), (4, "assignment G2"), (9, "completion"))
    other = run((6, "assignment G2"), (6, "arrival"), (7, "completion"))
    assert crew([handed, stay(5, 6), other], window) == {
        (0, 0): Member("G1", 0),
        (0, 2): Member("G2", 0),
        (1, 0): Member("G1", 0),
        (2, 0): Member("G2", 1),
    }


def test_who_never_completes_is_there_for_ever() -> None:
    assert numbers(run((1, "assignment"), (1, "arrival")), stay(99, 100)) == [0, 1]


@given(st.lists(st.lists(st.integers(0, 40), min_size=2, max_size=8, unique=True).map(sorted), max_size=12))
def test_no_two_stays_of_one_engineer_share_a_window(days: list[list[int]]) -> None:
    verbs = ["arrival", *["pause", "resumption"] * 4]
    runs = [run((day[0], "assignment"), *zip(day, verbs, strict=False)) for day in days]
    going, seen = crew(runs, window), defaultdict[tuple[Member, int], set[int]](set)
    for number, day in enumerate(days):
        for begin, end in zip(day[::2], [*day[1::2], 41], strict=False):
            for spent in range(begin, end + 1):
                seen[going[number, 0], spent].add(number)
    assert all(len(runs) == 1 for runs in seen.values())
