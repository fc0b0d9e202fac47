"""An engineer (维修人员): who can be sent, with what skills, from which region, and whose login is theirs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never, get_args

from libs.events import Catalogue, Decider, Event, Refused, event
from libs.events.contracts.dispatch.engineers import EngineerBound, EngineerUnbound


@event("dispatch.EngineerRegistered")
class EngineerRegistered(Event, frozen=True, kw_only=True):
    """An engineer can be sent on visits; the name is a text of dispatch."""

    engineer_id: str
    name_id: str
    skills: list[str]
    region: str


@event("dispatch.EngineerAmended")
class EngineerAmended(Event, frozen=True, kw_only=True):
    """The record of an engineer as it is from now on."""

    engineer_id: str
    name_id: str
    skills: list[str]
    region: str


EngineerEvent = EngineerRegistered | EngineerAmended | EngineerBound | EngineerUnbound


@dataclass(frozen=True, slots=True)
class RegisterEngineer:
    """Put an engineer on the dispatchers' list (skills are what an assignment goes by)."""

    engineer_id: str
    name_id: str
    skills: tuple[str, ...]
    region: str


@dataclass(frozen=True, slots=True)
class AmendEngineer:
    """Change an engineer's record; None leaves a field as it is."""

    name_id: str | None = None
    skills: tuple[str, ...] | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class BindEngineer:
    """Say whose login is this engineer's, by its pseudonym."""

    actor_id: str


@dataclass(frozen=True, slots=True)
class UnbindEngineer:
    """The login is this engineer's no longer."""


@dataclass(frozen=True, slots=True)
class SendEngineer:
    """Ask whether the engineer can be sent to a visit that needs these skills: nothing is recorded."""

    skills: tuple[str, ...]


EngineerCommand = RegisterEngineer | AmendEngineer | BindEngineer | UnbindEngineer | SendEngineer


@dataclass(frozen=True, slots=True)
class Engineer:
    """What the next decision reads of an engineer: the record, None until there is one, and the login."""

    record: RegisterEngineer | None = None
    actor_id: str | None = None


def decide(command: EngineerCommand, state: Engineer, at: datetime) -> Sequence[EngineerEvent]:
    """What changes by the command, nothing if it is so already. Raises Refused for a second login or missing skills."""
    if isinstance(command, RegisterEngineer):
        return [] if state.record else [_as_it_is(EngineerRegistered, command)]
    record = _registered(state)
    match command:
        case AmendEngineer():
            amended = _amended(record, command)
            return [] if amended == record else [_as_it_is(EngineerAmended, amended)]
        case BindEngineer(actor_id):
            return _bind(record, actor_id, state)
        case UnbindEngineer():
            if state.actor_id is None:
                return []
            return [EngineerUnbound(engineer_id=record.engineer_id, actor_id=state.actor_id)]
        case SendEngineer(skills):
            return _send(skills, record)
        case _:
            assert_never(command)


def _registered(state: Engineer) -> RegisterEngineer:
    if state.record is None:
        raise Refused("unknown-engineer", "There is no such engineer.")
    return state.record


def _amended(record: RegisterEngineer, command: AmendEngineer) -> RegisterEngineer:
    given = {"name_id": command.name_id, "skills": command.skills, "region": command.region}
    return replace(record, **{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]  # each by its own field


def _bind(record: RegisterEngineer, actor_id: str, state: Engineer) -> list[EngineerEvent]:
    if state.actor_id not in (None, actor_id):
        raise Refused("engineer-already-bound", "The engineer has another login; unbind it first.")
    return [] if state.actor_id else [EngineerBound(engineer_id=record.engineer_id, actor_id=actor_id)]


def _send(needed: Sequence[str], record: RegisterEngineer) -> list[EngineerEvent]:
    if missing := [skill for skill in needed if skill not in record.skills]:
        raise Refused("skill-missing", f"The engineer lacks skills: {', '.join(missing)}.", skills=missing)
    return []


def _as_it_is(kind: type[EngineerRegistered | EngineerAmended], record: RegisterEngineer) -> EngineerEvent:
    return kind(
        engineer_id=record.engineer_id, name_id=record.name_id, skills=list(record.skills), region=record.region
    )


def evolve(state: Engineer, event: EngineerEvent) -> Engineer:
    match event:
        case EngineerRegistered() | EngineerAmended():
            record = RegisterEngineer(event.engineer_id, event.name_id, tuple(event.skills), event.region)
            return replace(state, record=record)
        case EngineerBound(actor_id=actor_id):
            return replace(state, actor_id=actor_id)
        case EngineerUnbound():
            return replace(state, actor_id=None)
        case _:
            assert_never(event)


def status(state: Engineer) -> str:
    """`registered`, and `bound` once there is a login."""
    if state.record is None:
        return "unknown"
    return "bound" if state.actor_id else "registered"


engineer = Decider("engineer", Catalogue(*get_args(EngineerEvent)), Engineer(), decide, evolve, status)
