"""A customer's people and sites: noted, put in the place of what they were, and removed."""

import msgspec
import pytest

from libs.events import Refused
from services.intake.accounts.domain import (
    ClassifyCustomer,
    CustomerClassified,
    NotePerson,
    NoteSite,
    Person,
    PersonNoted,
    PersonRemoved,
    RemovePerson,
    RemoveSite,
    Site,
    SiteNoted,
    SiteRemoved,
    account,
)
from tests.spec import Given

ANNA = Person(id="p1", role="management", responsible=True, contact_id="t1")
BERT = Person(id="p2", role="engineering", responsible=True, contact_id="t2")
BRANCH = Site(id="s1", region="华东", timezone="Asia/Shanghai", place_id="t3")
nothing = Given(account)
on_file = nothing.given(PersonNoted(customer_id="c1", person=ANNA), SiteNoted(customer_id="c1", site=BRANCH))


@pytest.mark.requirement("R089")
def test_people_and_sites_are_noted_changed_and_removed() -> None:
    assert nothing.when(NotePerson("c1", ANNA)) == [PersonNoted(customer_id="c1", person=ANNA)]
    moved = msgspec.structs.replace(BRANCH, region="华北")
    assert on_file.when(NoteSite("c1", moved, known=True)) == [SiteNoted(customer_id="c1", site=moved)]
    assert account.fold([SiteNoted(customer_id="c1", site=site) for site in (BRANCH, moved)]).sites == (moved,)
    assert on_file.when(RemovePerson("c1", "p1")) == [PersonRemoved(customer_id="c1", person_id="p1")]
    assert on_file.when(RemoveSite("c1", "s1")) == [SiteRemoved(customer_id="c1", site_id="s1")]


@pytest.mark.requirement("R093")
def test_one_alone_is_responsible_on_the_owners_side() -> None:
    state = account.fold([PersonNoted(customer_id="c1", person=person) for person in (ANNA, BERT)])
    assert [(person.id, person.responsible) for person in state.people] == [("p1", False), ("p2", True)]


def test_what_is_so_already_says_nothing_and_what_is_not_there_cannot_change() -> None:
    kind = CustomerClassified(customer_id="c1", kind="organisation")
    assert nothing.when(ClassifyCustomer("c1", "organisation")) == [kind]
    assert nothing.given(kind).when(ClassifyCustomer("c1", "organisation")) == []
    assert nothing.when(RemovePerson("c1", "p1")) == []
    assert nothing.when(RemoveSite("c1", "s1")) == []
    for command, code in (
        (NotePerson("c1", ANNA, True), "unknown-person"),
        (NoteSite("c1", BRANCH, True), "unknown-site"),
    ):
        with pytest.raises(Refused) as refusal:
            nothing.when(command)
        assert refusal.value.code == code


def test_an_account_has_room_for_so_many_people_and_sites() -> None:
    people = [PersonNoted(customer_id="c1", person=msgspec.structs.replace(BERT, id=f"p{n}")) for n in range(200)]
    full = nothing.given(*people)
    with full.refuses("too-many-people"):
        full.when(NotePerson("c1", msgspec.structs.replace(ANNA, id="new")))
    assert full.when(NotePerson("c1", msgspec.structs.replace(BERT, id="p7"), known=True))
    sites = [SiteNoted(customer_id="c1", site=msgspec.structs.replace(BRANCH, id=f"s{n}")) for n in range(200)]
    with nothing.given(*sites).refuses("too-many-sites"):
        nothing.given(*sites).when(NoteSite("c1", msgspec.structs.replace(BRANCH, id="new")))
