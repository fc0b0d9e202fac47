"""An engineer (维修人员): who can be sent, with what skills, from which region."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from libs.events import Catalogue, Decider, Event, event


@event("dispatch.EngineerRegistered")
class EngineerRegistered(Event, frozen=True, kw_only=True):
    """An engineer can be sent on visits; the name is a text of dispatch."""

    engineer_id: str
    name_id: str
    skills: list[str]
    region: str


@dataclass(frozen=True, slots=True)
class RegisterEngineer:
    """Put an engineer on the dispatchers' list (R165: skills are what an assignment goes by)."""

    engineer_id: str
    name_id: str
    skills: tuple[str, ...]
    region: str


@dataclass(frozen=True, slots=True)
class Engineer:
    """What the next decision reads of an engineer."""

    registered: bool = False


def decide(command: RegisterEngineer, state: Engineer, at: datetime) -> Sequence[EngineerRegistered]:
    """Registering the same engineer again says nothing."""
    if state.registered:
        return []
    return [
        EngineerRegistered(
            engineer_id=command.engineer_id,
            name_id=command.name_id,
            skills=list(command.skills),
            region=command.region,
        )
    ]


def evolve(state: Engineer, event: EngineerRegistered) -> Engineer:
    """The engineer after one event."""
    return Engineer(registered=True)


def status(state: Engineer) -> str:
    """`registered`, once so."""
    return "registered" if state.registered else "unknown"


engineer = Decider("engineer", Catalogue(EngineerRegistered), Engineer(), decide, evolve, status)
