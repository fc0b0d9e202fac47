"""The form of a new ticket takes every channel that a customer has."""

import pytest

from libs.events.contracts.intake.tickets import Channel
from services.intake.tickets.api.forms import NewTicket
from tests.intake.test_api import FORM


@pytest.mark.parametrize(
    "channel",
    [
        pytest.param("phone", marks=pytest.mark.requirement("R052", "R232", "R369")),
        pytest.param("web", marks=pytest.mark.requirement("R052")),
        pytest.param("letter", marks=pytest.mark.requirement("R052")),
        pytest.param("fax", marks=pytest.mark.requirement("R369")),
        pytest.param("email", marks=pytest.mark.requirement("R232", "R369")),
        pytest.param("chat", marks=pytest.mark.requirement("R232")),
        "walk_in",
    ],
)
def test_a_ticket_is_opened_on_this_channel(channel: Channel) -> None:
    assert NewTicket.model_validate(FORM | {"channel": channel}).channel == channel
