"""The week that the demo runs, as the log has it."""

from datetime import datetime

from demo.incidents import choose


def test_the_week_is_1196_incidents_with_15519_changes_the_last_on_23_may() -> None:
    week = choose()
    assert len(week) == 1196
    assert sum(len(incident.events) for incident in week) == 15_519
    assert max(incident.events[-1].at for incident in week) == datetime.fromisoformat("2012-05-23T01:20:37+02:00")


def test_all_is_the_whole_log() -> None:
    log = choose("all")
    assert len(log) == 7554
    assert sum(len(incident.events) for incident in log) == 65_533


def test_a_number_is_that_many_of_the_weeks_first() -> None:
    assert choose("40") == choose()[:40]
