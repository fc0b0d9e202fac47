"""Engineers are registered once, amended, and bound to one login."""

import pytest

from libs.events import Refused
from libs.events.contracts.dispatch.engineers import EngineerBound, EngineerUnbound
from services.dispatch.engineers.domain.engineer import (
    AmendEngineer,
    BindEngineer,
    EngineerAmended,
    EngineerRegistered,
    RegisterEngineer,
    SendEngineer,
    UnbindEngineer,
    engineer,
)
from services.dispatch.engineers.domain.login import FreeLogin, LoginFreed, LoginTaken, TakeLogin, login
from tests.spec import Given

REGISTER = RegisterEngineer("e1", "n1", ("hvac", "lifts"), "north")
REGISTERED = EngineerRegistered(engineer_id="e1", name_id="n1", skills=["hvac", "lifts"], region="north")
BOUND, UNBOUND = EngineerBound(engineer_id="e1", actor_id="a1"), EngineerUnbound(engineer_id="e1", actor_id="a1")
registered = Given(engineer).given(REGISTERED)
bound = registered.given(BOUND)


def test_an_engineer_is_registered_with_skills_and_region() -> None:
    assert Given(engineer).when(REGISTER) == [REGISTERED]


def test_an_engineer_is_registered_once() -> None:
    assert registered.when(REGISTER) == []
    assert (Given(engineer).status, registered.status, bound.status) == ("unknown", "registered", "bound")


def test_what_is_left_out_of_an_amendment_stays() -> None:
    amended = EngineerAmended(engineer_id="e1", name_id="n1", skills=[], region="north")
    assert registered.when(AmendEngineer(skills=())) == [amended]
    assert registered.given(amended).when(AmendEngineer(skills=())) == []
    assert registered.when(AmendEngineer()) == []


@pytest.mark.requirement("R165")
def test_whoever_is_sent_has_the_skills_that_the_visit_needs() -> None:
    for needed in ((), ("lifts",), ("lifts", "hvac")):
        assert registered.when(SendEngineer(needed)) == []
    with pytest.raises(Refused) as refusal:
        registered.when(SendEngineer(("boilers", "hvac", "gas")))
    assert (refusal.value.code, refusal.value.members) == ("skill-missing", {"skills": ["boilers", "gas"]})


def test_an_engineer_has_one_login_at_a_time() -> None:
    assert registered.when(BindEngineer("a1")) == [BOUND]
    assert bound.when(BindEngineer("a1")) == []
    with bound.refuses("engineer-already-bound"):
        bound.when(BindEngineer("a2"))
    assert bound.when(UnbindEngineer()) == [UNBOUND]
    assert bound.given(UNBOUND).when(UnbindEngineer()) == []


def test_a_login_is_one_engineers() -> None:
    taken = Given(login).given(LoginTaken(actor_id="a1", engineer_id="e1"))
    assert Given(login).when(TakeLogin("a1", "e1")) == [LoginTaken(actor_id="a1", engineer_id="e1")]
    assert taken.when(TakeLogin("a1", "e1")) == []
    with taken.refuses("login-already-bound"):
        taken.when(TakeLogin("a1", "e2"))
    assert taken.when(FreeLogin("a1")) == [LoginFreed(actor_id="a1")]
    assert Given(login).when(FreeLogin("a1")) == []
    assert (Given(login).status, taken.status) == ("free", "taken")


def test_nobody_changes_an_engineer_who_is_not_there() -> None:
    for command in (AmendEngineer(), BindEngineer("a1"), UnbindEngineer(), SendEngineer(())):
        with Given(engineer).refuses("unknown-engineer") as nobody:
            nobody.when(command)
