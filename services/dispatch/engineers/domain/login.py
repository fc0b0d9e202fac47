"""A login, by its pseudonym: it belongs to one engineer at most. One stream a login keeps two from having the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from libs.events import Catalogue, Decider, Event, Refused, Story, event
from services.dispatch.engineers.domain.engineer import BindEngineer, UnbindEngineer, engineer


@event("dispatch.LoginTaken")
class LoginTaken(Event, frozen=True, kw_only=True):
    """The login is this engineer's."""

    actor_id: str
    engineer_id: str


@event("dispatch.LoginFreed")
class LoginFreed(Event, frozen=True, kw_only=True):
    """The login is nobody's."""

    actor_id: str


@dataclass(frozen=True, slots=True)
class TakeLogin:
    """Give the login to an engineer."""

    actor_id: str
    engineer_id: str


@dataclass(frozen=True, slots=True)
class FreeLogin:
    """Take the login away from whoever has it."""

    actor_id: str


Login = str | None
"""The engineer whose login it is; None while it is nobody's."""


def decide(command: TakeLogin | FreeLogin, state: Login, at: datetime) -> Sequence[LoginTaken | LoginFreed]:
    """What changes by the command. Raises Refused for a login that is another engineer's."""
    match command:
        case TakeLogin(actor_id, engineer_id):
            if state not in (None, engineer_id):
                raise Refused("login-already-bound", "This login is another engineer's; unbind it there first.")
            return [] if state else [LoginTaken(actor_id=actor_id, engineer_id=engineer_id)]
        case FreeLogin(actor_id):
            return [LoginFreed(actor_id=actor_id)] if state else []
        case _:
            assert_never(command)


def evolve(state: Login, event: LoginTaken | LoginFreed) -> Login:
    """Whose login it is after one event."""
    return event.engineer_id if isinstance(event, LoginTaken) else None


def status(state: Login) -> str:
    """`taken` or `free`."""
    return "taken" if state else "free"


login = Decider("login", Catalogue(LoginTaken, LoginFreed), None, decide, evolve, status)


def binding(engineer_id: str, actor_id: str) -> Story:
    """The engineer's side of a binding and the login's: both, or neither."""
    yield engineer.on(engineer_id, BindEngineer(actor_id))
    yield login.on(actor_id, TakeLogin(actor_id, engineer_id))


def unbinding(engineer_id: str) -> Story:
    """The end of a binding on both sides."""
    unbound = yield engineer.on(engineer_id, UnbindEngineer())
    for end in unbound:
        yield login.on(end.actor_id, FreeLogin(end.actor_id))
