"""A region, a contract or a skill that is spelt in two ways in two services, or in a policy, is one."""

import unicodedata
from collections.abc import Callable
from string import ascii_lowercase, ascii_uppercase
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.dispatch.engineers.api import NewEngineer
from services.intake.tickets.api.forms import NewTicket
from services.sla.policies.domain.when import Not, fits
from services.triage.cases.api.decisions import step as triage
from tests.texts import NAMES

Way = Callable[[str], str]

WAYS: list[Way] = [
    lambda text: f" {text}\u3000",
    lambda text: text.replace(" ", "\u00a0 "),
    lambda text: unicodedata.normalize("NFD", text),
    lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
]
CAPITALS = str.maketrans(ascii_lowercase, ascii_uppercase)
SHORT = NAMES.filter(lambda name: len(name) <= 15)


@st.composite
def spellings(draw: st.DrawFn, ways: list[Way]) -> tuple[str, str]:
    """One name, spelt in two ways."""

    def spell(name: str) -> str:
        for way in draw(st.lists(st.sampled_from(ways), max_size=2)):
            name = way(name)
        return name if len(name) <= 60 else written

    written = draw(SHORT)
    return spell(written), spell(written)


def engineer(**fields: Any) -> NewEngineer:
    return NewEngineer(**{"name": "李强", "skills": [], "region": "华北", "occurred_at": None, **fields})


def ticket(**fields: Any) -> NewTicket:
    form = {"channel": "phone", "kind": "repair", "customer_id": "0198a000-0000-7000-8000-000000000001", "summary": "x"}
    return NewTicket(**{**form, **fields})


@given(spellings(WAYS))
def test_a_ticket_an_engineer_and_a_policy_name_one_region(names: tuple[str, str]) -> None:
    one, other = names
    region = ticket(region=one).region
    assert engineer(region=other).region == region
    assert fits(region, (other,))
    assert fits(ticket(contract=one).contract, ("another", other))
    assert not fits(region, Not((other,)))
    assert not fits(region, (f"{other}2",))


@given(spellings([*WAYS, lambda text: text.translate(CAPITALS)]))
def test_an_engineer_has_the_skill_that_triage_asks_for(names: tuple[str, str]) -> None:
    one, other = names
    asked = triage.forms["Authorisation"](job_type="repair", payable=False, skills=[one, other], occurred_at=None)
    assert set(asked.skills) == set(engineer(skills=[other]).skills)
