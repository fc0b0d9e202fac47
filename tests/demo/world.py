"""The services' own deciders and reactions, in memory: what one hears of another is heard at once."""

from collections import Counter, deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, assert_never

from demo.scenario import Step
from libs.events import Addressed, AnyRecorded, Change, Event, Recorded, Story
from services.dispatch.engineers.domain.engineer import RegisterEngineer, engineer
from services.dispatch.jobs.domain import work_order_id_of
from services.dispatch.reactions import reactions as of_dispatch
from services.dispatch.work_orders.api.acceptances import rejection
from services.dispatch.work_orders.domain.acceptance import Accept, Reject
from services.dispatch.work_orders.domain.schedule import planned
from services.dispatch.work_orders.domain.visit import Arrive, Complete, Pause, Resume
from services.dispatch.work_orders.domain.work_order import Assign
from services.intake.reactions import reactions as of_intake
from services.intake.tickets.domain.ticket import CancelTicket, CloseTicket, OpenTicket, ticket
from services.survey.callbacks.domain import RecordAttempt, callback, callback_id_of
from services.survey.reactions import reactions as of_survey
from services.triage.cases.domain import AuthoriseWork, ClassifyFault, ReportRemoteSupport, case
from services.triage.reactions import reactions as of_triage

REACTIONS = (of_intake, of_triage, of_dispatch, of_survey)


class World:
    """Streams of all services. `give` raises Refused where a service would; `events` counts what was recorded."""

    def __init__(self) -> None:
        self.states: dict[str, Any] = {}
        self.events: Counter[str] = Counter()

    def register(self, engineer_id: str, at: datetime) -> None:
        """There is this engineer, who can do nothing in particular."""
        self._decide(engineer.on(engineer_id, RegisterEngineer(engineer_id, "name", (), "region")), at)

    def give(self, ticket_id: str, step: Step, engineer_id: str = "") -> Sequence[Event]:
        """The events of a step's own command, an assignment's of this engineer; then all hear of them."""
        said, news = self._tell(command(ticket_id, step, engineer_id), step.at)
        pending = deque(news)
        while pending:
            heard = self._heard(pending.popleft(), step.at)
            for reactions in REACTIONS:
                if (react := reactions.get(type(heard.event))) is not None:
                    pending.extend(self._tell(react(heard), step.at)[1])
        return said

    def status(self, ticket_id: str) -> str:
        """The ticket's public status."""
        return ticket.status(self.states[ticket.stream(ticket_id)])

    def _tell(self, work: Addressed | Story, at: datetime) -> tuple[Sequence[Event], list[Event]]:
        """What the first command came to, and all that the story came to."""
        if isinstance(work, Addressed):
            said = self._decide(work, at)
            return said, list(said)
        first: Sequence[Event] | None = None
        news: list[Event] = []
        try:
            do = next(work)
            while True:
                said = self._decide(do, at)
                first = said if first is None else first
                news += said
                do = work.send(said)
        except StopIteration:
            return first or [], news

    def _decide(self, do: Addressed, at: datetime) -> Change:
        state = self.states.get(do.stream, do.decider.initial)
        said = list(do.decider.decide(do.command, state, at))
        self.states[do.stream] = do.decider.fold(said, state)
        self.events.update(event.type_name for event in said)
        return Change(said, state, self.states[do.stream])

    def _heard(self, event: Event, at: datetime) -> AnyRecorded:
        id = f"event-{self.events.total()}-{event.type_name}"
        return Recorded(event=event, id=id, stream="", version=0, occurred_at=at, recorded_at=at)


def command(ticket_id: str, step: Step, engineer_id: str) -> Addressed | Story:
    """A step as its service's API would understand it."""
    fields = step.fields
    match step.service:
        case "intake":
            return _at_intake(ticket_id, step.verb)
        case "triage":
            return _at_triage(ticket_id, step)
        case "dispatch":
            return _at_dispatch(work_order_id_of(ticket_id, step.visit), step, engineer_id)
        case "survey":
            about = callback_id_of(work_order_id_of(ticket_id, step.visit))
            return callback.on(about, RecordAttempt(fields["outcome"], fields["score"]))
        case _:
            assert_never(step.service)


def _at_intake(ticket_id: str, verb: str) -> Addressed:
    opened = OpenTicket(ticket_id, "WX20120423-0001", "customer", "phone", "repair", "normal", "summary")
    commands: dict[str, Any] = {
        "open": opened,
        "closure": CloseTicket(ticket_id),
        "cancellation": CancelTicket(ticket_id),
    }
    return ticket.on(ticket_id, commands[verb])


def _at_triage(ticket_id: str, step: Step) -> Addressed:
    fields = step.fields
    commands: dict[str, Callable[[], Any]] = {
        "classification": lambda: ClassifyFault(ticket_id, fields["level"], fields["maintenance_type"]),
        "remote-support": lambda: ReportRemoteSupport(ticket_id, fields["outcome"]),
        "authorisation": lambda: AuthoriseWork(ticket_id, fields["job_type"], fields["payable"], ()),
    }
    return case.on(ticket_id, commands[step.verb]())


def _at_dispatch(work_order_id: str, step: Step, engineer_id: str) -> Story:
    if step.verb == "rejection":
        return rejection(work_order_id, Reject("reasons"))
    fields = step.fields
    commands: dict[str, Callable[[], Any]] = {
        "assignment": lambda: Assign(engineer_id),
        "arrival": lambda: Arrive("location", fields["accuracy_m"]),
        "pause": lambda: Pause(fields["reason"]),
        "resumption": Resume,
        "completion": lambda: Complete("result"),
        "acceptance": lambda: Accept("name", "signature"),
    }
    return planned(work_order_id, commands[step.verb]())
