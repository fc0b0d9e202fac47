"""Engineers are registered once."""

from services.dispatch.domain.engineer import EngineerRegistered, RegisterEngineer, engineer
from tests.spec import Given

REGISTER = RegisterEngineer("e1", "n1", ("hvac", "lifts"), "north")
REGISTERED = EngineerRegistered(engineer_id="e1", name_id="n1", skills=["hvac", "lifts"], region="north")


def test_an_engineer_is_registered_with_skills_and_region() -> None:
    assert Given(engineer).when(REGISTER) == [REGISTERED]


def test_an_engineer_is_registered_once() -> None:
    registered = Given(engineer).given(REGISTERED)
    assert registered.when(REGISTER) == []
    assert (Given(engineer).status, registered.status) == ("unknown", "registered")
