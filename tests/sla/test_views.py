"""The list's rows and the timers, folded from a ticket's history."""

from libs.events import AnyRecorded, Recorded
from services.sla.clocks.domain.clock import clock_id
from services.sla.clocks.view.clocks import ClockRow, clock_view
from services.sla.clocks.view.timers import TimerRow, timer_view
from tests.sla.ticket import T, Ticket, on
from tests.spec import MONDAY


def recorded(ticket: Ticket) -> list[AnyRecorded]:
    return [
        Recorded(event=event, id=str(n), stream=f"clocks-{T}", version=n, occurred_at=MONDAY, recorded_at=MONDAY)
        for n, event in enumerate(ticket.history, 1)
    ]


def story() -> Ticket:
    ticket = Ticket()
    ticket.tell("opened", "mon 09:00")
    ticket.tell("classified", "mon 09:10", level=2)
    ticket.tell("paused", "mon 10:00", reason="waiting_parts")
    return ticket


def test_a_row_is_what_the_facts_say_of_the_clock() -> None:
    rows = clock_view.fold(recorded(story()))
    assert rows[clock_id(T, "fix")] == ClockRow(
        id=clock_id(T, "fix"),
        ticket_id=T,
        metric="fix",
        policy="demo/1",
        calendar="demo/1#office",
        cycle=1,
        state="paused",
        state_since=on("mon 10:00"),
        level=2,
        target_seconds=57600,
        started_at=on("mon 09:00"),
        counted_seconds=3600,
        due_at=None,
        no_deadline=None,
        provisional=False,
        breached=False,
        breached_then=False,
        by_change=False,
        met_at=None,
        breach_at=None,
        version=len(story().history),
    )
    assert set(rows) == {clock_id(T, metric) for metric in ("response", "on_site", "fix")}


def test_only_a_running_clock_has_a_timer_and_it_is_the_next_of_warning_and_breach() -> None:
    ticket = story()
    arrival = clock_id(T, "on_site")
    assert timer_view.fold(recorded(ticket)) == {
        clock_id(T, "response"): None,
        clock_id(T, "fix"): None,
        arrival: TimerRow(id=arrival, stream_id=T, due_at=on("mon 15:00")),
    }
    ticket.release(on("mon 16:00"))
    assert timer_view.fold(recorded(ticket))[arrival] == TimerRow(id=arrival, stream_id=T, due_at=on("mon 17:00"))
    ticket.release(on("mon 17:00"))
    assert timer_view.fold(recorded(ticket))[arrival] is None
