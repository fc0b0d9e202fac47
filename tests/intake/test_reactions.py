"""What intake hears, whatever the order of the topics and however often, leads to one status."""

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from libs.events import AnyRecorded
from libs.events.contracts.dispatch.work_orders import WorkPaused
from libs.events.contracts.intake.tickets import TicketStatusChanged
from services.intake.reactions import reactions
from services.intake.tickets.domain.ticket import Ticket, TicketEvent, TicketProgressed, ticket
from services.intake.tickets.view.history import ABOUT_TICKETS
from tests.intake.story import ASSESSED, DISPATCH, OPENED, SURVEY, TRIAGE, T, recorded
from tests.spec import MONDAY

TOPICS = [
    [recorded(event, version, stream) for version, event in enumerate(events, 1)]
    for stream, events in ((f"case-{T}", TRIAGE), ("work-w1", DISPATCH), ("callback-k1", SURVEY))
]


def react(history: list[TicketEvent], heard: AnyRecorded) -> list[TicketEvent]:
    """The history after a reaction has told its story."""
    story = reactions.get(type(heard.event))
    for do in story(heard) if story else ():
        assert do.stream == f"ticket-{T}"
        history = [*history, *do.decider.decide(do.command, do.decider.fold(history), MONDAY)]
    return history


def noted(heard: Iterable[AnyRecorded]) -> list[TicketEvent]:
    """The ticket's history after all that was heard."""
    history: list[TicketEvent] = [OPENED, ASSESSED]
    for one in heard:
        history = react(history, one)
    return history


def told(heard: Iterable[AnyRecorded]) -> Ticket:
    """The ticket after all that was heard."""
    return ticket.fold(noted(heard))


def test_the_whole_story_makes_an_accepted_ticket_that_may_be_closed() -> None:
    heard = told(one for topic in TOPICS for one in topic)
    assert (ticket.status(heard), heard.progress.done) == ("accepted", True)


@given(st.permutations([number for number, topic in enumerate(TOPICS) for _ in topic]), st.data())
def test_the_order_of_the_topics_and_redelivery_do_not_matter(turns: list[int], data: st.DataObject) -> None:
    queues = [iter(topic) for topic in TOPICS]
    heard = [next(queues[turn]) for turn in turns]
    again = data.draw(st.lists(st.integers(0, len(heard) - 1), max_size=5))
    for index in again:
        heard.append(heard[index])
    assert told(heard) == told(one for topic in TOPICS for one in topic)


@given(st.permutations([number for number, topic in enumerate(TOPICS) for _ in topic]))
def test_each_change_of_the_status_is_told_with_its_cause_and_the_last_one_holds(turns: list[int]) -> None:
    queues = [iter(topic) for topic in TOPICS]
    history = noted(next(queues[turn]) for turn in turns)
    status, said = "open", "open"
    for length, event in enumerate(history, 1):
        if isinstance(event, TicketStatusChanged):
            assert event.status not in (said, "open")
            said = event.status
        else:
            assert status == said
            status = ticket.status(ticket.fold(history[:length]))
    assert status == said == "accepted"
    changes = [event for event in history if isinstance(event, TicketStatusChanged)]
    assert {change.because_of for change in changes} <= {one.id for topic in TOPICS for one in topic}


def test_a_note_names_what_it_is_about() -> None:
    paused = next(one for one in TOPICS[1] if isinstance(one.event, WorkPaused))
    noted = react([OPENED], paused)[1]
    assert noted == TicketProgressed(
        fact="dispatch.WorkPaused", fact_id=paused.id, subject_id="w1", detail="waiting_customer", cycle=1
    )
    (noted,) = react([OPENED], TOPICS[2][2])[1:]
    assert isinstance(noted, TicketProgressed)
    assert noted.subject_id == "k1"


def test_every_reaction_hears_something_about_a_ticket() -> None:
    assert all(cls.type_name in ABOUT_TICKETS for cls in reactions)
