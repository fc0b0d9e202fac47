"""A case of a log as one clock: each edge by an example, and the whole against counting minute by minute."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.sla.calendars.domain.calendar import Calendar, OutOfReach
from services.sla.calendars.domain.opening_hours import WEEKDAYS, OpeningHours
from services.sla.replays.domain.log_case import Change, LogPolicy, Verdict, course

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
OFFICE = OpeningHours(timezone="UTC", weekly_hours=dict.fromkeys(WEEKDAYS[:5], (("09:00", "17:00"),)))
POLICY = LogPolicy(
    metric="fix",
    calendar=OFFICE,
    targets={"High": 7200, "Low": 28800},
    pause=frozenset({"Wait", "Wait - User"}),
    stop=frozenset({"Resolved", "Closed"}),
)
NEVER = None


def monday(time: str) -> datetime:
    """A time of Monday, 2 March 2026; `+1 10:00` is the day after."""
    days, _, clock = time.rpartition(" ")
    return datetime.fromisoformat(f"2026-03-02T{clock}:00Z") + timedelta(days=int(days or 0))


def change(said: str, impact: str = "High") -> Change:
    """`10:00 Wait`, or `+1 10:00 Wait` for the next day."""
    found = said.split(" ", 2 if said.startswith("+") else 1)
    return Change(at=monday(" ".join(found[:-1])), sub_status=found[-1], impact=impact)


def judged(*said: str, last: str = "17:00", policy: LogPolicy = POLICY) -> Verdict:
    """The verdict of a case with these changes, in a log whose last instant is `last`."""
    return course([change(one) for one in said], policy).judge(Calendar(policy.calendar), monday(last))


def verdict(counted: timedelta, deadline: str | None, breached: bool = False) -> Verdict:
    return Verdict(counted=counted, breached=breached, deadline=monday(deadline) if deadline else None)


def test_a_stopped_case_counts_up_to_its_stop_and_would_have_run_on_after_it() -> None:
    assert judged("09:00 In Progress", "10:00 Resolved") == verdict(HOUR, "11:00")


def test_an_exact_fit_is_not_breached_and_due_at_that_instant() -> None:
    assert judged("09:00 In Progress", "11:00 Resolved") == verdict(2 * HOUR, "11:00")


def test_an_exact_fit_at_closing_time_is_due_at_closing_time_even_when_stopped_at_night() -> None:
    assert judged("15:00 In Progress", "20:00 Resolved", last="+1 09:00") == verdict(2 * HOUR, "17:00")


def test_a_minute_more_than_the_target_is_breached() -> None:
    assert judged("09:00 In Progress", "11:01 Resolved") == verdict(2 * HOUR + MINUTE, "11:00", breached=True)


def test_a_case_of_the_evening_starts_counting_in_the_morning() -> None:
    assert judged("18:00 In Progress", "+1 10:00 Resolved") == verdict(HOUR, "+1 11:00")


def test_a_pause_lasts_to_the_next_change_that_is_none() -> None:
    said = ("09:00 In Progress", "09:30 Wait", "10:00 Wait - User", "10:30 Wait", "12:00 Assigned", "13:00 Resolved")
    assert judged(*said) == verdict(1.5 * HOUR, "13:30")


def test_changes_between_running_statuses_count_on() -> None:
    assert judged("09:00 Assigned", "09:30 In Progress", "10:00 Unmatched", "10:30 Closed") == verdict(
        1.5 * HOUR, "11:00"
    )


def test_a_stop_during_a_pause_ends_the_pause_and_counts_none_of_it() -> None:
    said = ("09:00 In Progress", "10:00 Wait", "12:00 Resolved")
    assert judged(*said) == verdict(HOUR, "13:00")
    assert judged(*said, "13:00 In Progress", "13:30 Closed") == verdict(1.5 * HOUR, "14:00")


def test_a_stop_while_stopped_changes_nothing() -> None:
    assert judged("09:00 In Progress", "10:00 Resolved", "16:00 Closed") == verdict(HOUR, "11:00")


def test_a_reopened_case_resumes_and_the_stopped_time_is_a_pause() -> None:
    said = ("09:00 In Progress", "10:00 Resolved", "11:00 Closed", "14:00 Assigned", "14:30 Closed")
    assert judged(*said) == verdict(1.5 * HOUR, "15:00")


def test_a_case_reopened_into_a_pause_stays_halted_until_work_goes_on() -> None:
    said = ("09:00 In Progress", "10:00 Resolved", "11:00 Wait", "14:00 Assigned", "14:30 Closed")
    assert judged(*said) == verdict(1.5 * HOUR, "15:00")


def test_a_case_reopened_into_a_pause_and_left_there_has_no_deadline() -> None:
    assert judged("09:00 In Progress", "10:00 Resolved", "11:00 Wait") == verdict(HOUR, NEVER)


def test_a_case_reopened_and_left_open_is_judged_at_the_logs_last_instant() -> None:
    said = ("09:00 In Progress", "10:00 Resolved", "14:00 In Progress")
    assert judged(*said, last="14:30") == verdict(1.5 * HOUR, "15:00")
    assert judged(*said, last="+1 10:00") == verdict(5 * HOUR, "15:00", breached=True)


def test_a_case_left_running_that_began_with_the_logs_last_instant_has_counted_nothing() -> None:
    assert judged("09:00 In Progress", last="09:00") == verdict(0 * HOUR, "11:00")


def test_a_case_left_paused_short_of_its_target_has_no_deadline() -> None:
    assert judged("09:00 In Progress", "10:00 Wait") == verdict(HOUR, NEVER)


def test_a_case_left_paused_after_its_target_keeps_its_deadline() -> None:
    assert judged("09:00 In Progress", "11:00 Wait") == verdict(2 * HOUR, "11:00")
    assert judged("09:00 In Progress", "12:00 Wait") == verdict(3 * HOUR, "11:00", breached=True)


def test_an_exact_fit_before_a_night_in_a_pause_is_due_at_closing_time() -> None:
    assert judged("15:00 In Progress", "18:00 Wait", last="+1 09:00") == verdict(2 * HOUR, "17:00")


def test_a_case_that_begins_paused_starts_paused() -> None:
    assert judged("09:00 Wait", "10:00 In Progress", "10:30 Resolved") == verdict(0.5 * HOUR, "12:00")
    assert judged("09:00 Wait - User") == verdict(0 * HOUR, NEVER)


def test_a_case_that_begins_stopped_has_counted_nothing_and_would_run_from_there() -> None:
    assert judged("09:00 Closed") == verdict(0 * HOUR, "11:00")
    assert judged("09:00 Closed", "10:00 In Progress", "10:30 Closed") == verdict(0.5 * HOUR, "12:00")


def test_the_target_is_that_of_the_first_changes_impact() -> None:
    changes = [change("09:00 In Progress", "Low"), change("10:00 In Progress", "High"), change("13:00 Closed", "High")]
    assert course(changes, POLICY).target == 8 * HOUR


def test_changes_are_taken_by_time() -> None:
    assert judged("12:00 Resolved", "09:00 In Progress", "10:00 Wait", "11:00 Assigned") == verdict(2 * HOUR, "12:00")
    late = [change("12:00 Resolved", "High"), change("09:00 In Progress", "Low")]
    assert course(late, POLICY).target == 8 * HOUR


def test_changes_at_one_instant_are_taken_as_they_were_written() -> None:
    assert judged("09:00 In Progress", "10:00 Resolved", "10:00 Assigned", last="10:30").counted == 1.5 * HOUR
    assert judged("09:00 In Progress", "10:00 Assigned", "10:00 Resolved", last="10:30").counted == HOUR
    assert judged("09:00 Wait", "09:00 In Progress", "10:00 Closed").counted == HOUR


def test_the_log_may_speak_of_other_offsets_than_the_calendar() -> None:
    east = datetime(2026, 3, 2, 17, tzinfo=ZoneInfo("Asia/Shanghai"))
    changes = [Change(east, "In Progress", "High"), change("10:00 Closed")]
    assert course(changes, POLICY).judge(Calendar(OFFICE), monday("17:00")) == verdict(HOUR, "11:00")


def test_a_target_that_the_calendar_never_reaches_has_no_deadline() -> None:
    closed = msgspec.structs.replace(POLICY, calendar=OpeningHours(timezone="UTC", weekly_hours={}))
    assert judged("09:00 In Progress", "12:00 Closed", policy=closed) == verdict(0 * HOUR, NEVER)


def test_an_instant_that_no_calendar_reaches_is_no_verdict() -> None:
    with pytest.raises(OutOfReach):
        course([change("09:00 In Progress")], POLICY).judge(Calendar(OFFICE), datetime(9999, 1, 1, tzinfo=UTC))


def test_an_impact_without_a_target_is_refused() -> None:
    with pytest.raises(ValueError, match="no target for the impact 'Odd'"):
        course([change("09:00 In Progress", "Odd")], POLICY)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"reopen": "new_cycle"}, r"new_cycle.*\$.reopen"),
        ({"targets": {"High": 0}}, "targets.High: more than 0"),
        ({"targets": {"High": -1}}, "targets.High"),
        ({"targets": {"High": 1e300}}, "targets.High"),
        ({"targets": {"High": "soon"}}, r"\$.targets"),
        ({"targets": {}}, r"\$.targets"),
        ({"stop": ["Resolved", "Wait"]}, "'Wait' cannot both"),
        ({"pauses": []}, "pauses"),
        ({"metric": ""}, r"\$.metric"),
        ({"calendar": {"timezone": "Europe/Atlantis", "weekly_hours": {}}}, r"IANA.*\$.calendar"),
        ({"calendar": {"timezone": "UTC"}}, r"weekly_hours.*\$.calendar"),
    ],
)
def test_what_cannot_be_a_policy_is_refused_with_the_place(changes: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        msgspec.convert(msgspec.to_builtins(POLICY) | changes, LogPolicy)


STATUSES = ["In Progress", "Assigned", "Wait", "Wait - User", "Resolved", "Closed"]
ZONES = ["UTC", "Asia/Shanghai", "Europe/Stockholm", "America/New_York"]
SHIFTS = [(("08:00", "12:00"), ("13:30", "17:00")), (("09:00", "09:20"),), (("00:00", "24:00"),), ()]
FRIDAY = datetime(2026, 3, 27, 6, tzinfo=UTC)
"""Before a weekend on which Europe's clocks change."""


@st.composite
def logged(draw: st.DrawFn) -> tuple[LogPolicy, list[Change], datetime]:
    """A policy, a case of some changes within a few days, and the log's last instant."""
    weekly = {day: draw(st.sampled_from(SHIFTS)) for day in WEEKDAYS}
    hours = OpeningHours(timezone=draw(st.sampled_from(ZONES)), weekly_hours=weekly)
    target = draw(st.integers(1, 1_500)) * 60
    minutes = draw(st.lists(st.integers(0, 4_500), min_size=1, max_size=9))
    changes = [Change(FRIDAY + minute * MINUTE, draw(st.sampled_from(STATUSES)), "Any") for minute in minutes]
    last = max(one.at for one in changes) + draw(st.integers(0, 2_000)) * MINUTE
    return msgspec.structs.replace(POLICY, calendar=hours, targets={"Any": target}), changes, last


def walked(policy: LogPolicy, changes: list[Change], last: datetime) -> Verdict:
    """The verdict by walking minute by minute: a minute counts if it is open and the last word before it was work."""
    notices = sorted(changes, key=lambda one: one.at)
    kinds = [
        "stop" if w.sub_status in policy.stop else "pause" if w.sub_status in policy.pause else "" for w in notices
    ]
    counted, deadline, now = timedelta(), None, notices[0].at
    target = timedelta(seconds=policy.targets["Any"])
    while now < last:
        kind = [kind for word, kind in zip(notices, kinds, strict=True) if word.at <= now][-1]
        counted += MINUTE if not kind and _open(policy.calendar, now) else timedelta()
        now += MINUTE
        if counted >= target and deadline is None:
            deadline = now
    if deadline is None and kinds[-1] != "pause":
        deadline = _running_on(policy, _halted(notices, kinds, last), target - counted)
    return Verdict(counted=counted, breached=counted > target, deadline=deadline)


def _halted(notices: list[Change], kinds: list[str], last: datetime) -> datetime:
    """From when on the clock would run on: the first of the stops that end the case, or the log's last instant."""
    trailing = len(kinds)
    while trailing and kinds[trailing - 1] == "stop":
        trailing -= 1
    return notices[trailing].at if trailing < len(notices) else last


def _running_on(policy: LogPolicy, now: datetime, left: timedelta) -> datetime | None:
    for _ in range(9 * 24 * 60):
        left -= MINUTE if _open(policy.calendar, now) else timedelta()
        now += MINUTE
        if not left:
            return now
    return None  # in nine days no minute, or not enough of them: as good as never here


def _open(hours: OpeningHours, at: datetime) -> bool:
    wall = at.astimezone(ZoneInfo(hours.timezone))
    return any(opens <= f"{wall:%H:%M}" < closes for opens, closes in hours.weekly_hours[WEEKDAYS[wall.weekday()]])


@settings(max_examples=60, deadline=None)
@given(logged())
def test_a_verdict_is_what_walking_minute_by_minute_says(case: tuple[LogPolicy, list[Change], datetime]) -> None:
    policy, changes, last = case
    found, expected = course(changes, policy).judge(Calendar(policy.calendar), last), walked(policy, changes, last)
    assert (found.counted, found.breached) == (expected.counted, expected.breached)
    if expected.deadline is None and found.deadline is not None:
        assert found.deadline > FRIDAY + timedelta(days=9)
    else:
        assert found.deadline == expected.deadline
