"""HTTP of a customer's account: agents keep people and sites; who sees contacts reads them, each look recorded."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

import msgspec

from libs.chassis.http import UUID, AsOf, CommandBody, Commands, MinVersion, Reads, Response, Router, allow, new_id
from libs.chassis.http.contacts import look_at, seen_by
from libs.chassis.links import links
from libs.events import Story
from libs.events.texts import Text
from services.intake.accounts.api.forms import (
    CustomerAccount,
    NewCustomerSite,
    NewKind,
    NewPerson,
    Removal,
)
from services.intake.accounts.domain import (
    Account,
    AccountCommand,
    ClassifyCustomer,
    NotePerson,
    NoteSite,
    Person,
    RemovePerson,
    RemoveSite,
    Site,
    account,
)
from services.intake.customers.api.customers import READERS
from services.intake.customers.api.forms import SEES
from services.intake.customers.domain import AmendCustomer, customer
from services.intake.customers.view import contact, of_customer

router = Router(prefix="/v1/customers/{customer_id}/account", tags=["accounts"])
KEEPERS = allow("agent", "manager")
ROUTE = "GET /v1/customers/{customer_id}/account"
NEXT = ("classify_customer", "add_person", "add_customer_site")


@router.get(
    "",
    operation_id="get_account",
    dependencies=[READERS],
    response_model=CustomerAccount,
    responses=links(200, *NEXT, customer_id="id"),
)
async def get_account(customer_id: UUID, reads: Reads, as_of: AsOf = None, min_version: MinVersion = None) -> Response:
    """用户档案 / A customer's people and sites; with as_of as they were known then. What is shown is recorded."""
    id = str(customer_id)
    await reads.one(of_customer(id), "customer")
    await reads.wait(account.stream(id), min_version)
    history = await reads.store.read(account.stream(id), as_of)
    state, version = account.replay(history), history[-1].version if history else 0
    fields = seen_by(reads.principal, SEES)
    await look_at(reads, contact, id, fields, ROUTE)
    said = await texts_of(reads, state)
    content = {
        "id": id,
        "kind": state.kind,
        "people": [shown_person(person, said, fields) for person in state.people],
        "sites": [shown_site(site, said, fields) for site in state.sites],
        "version": version,
    }
    return reads.answer(content, version=version or None)


async def texts_of(reads: Reads, state: Account) -> dict[str, dict[str, Any]]:
    """What is written of people and places, by the texts' ids."""
    ids = [{"id": person.contact_id} for person in state.people] + [{"id": site.place_id} for site in state.sites]
    return {id: msgspec.json.decode(body) for id, body in (await reads.texts(ids, "id")).items()}


def shown_person(person: Person, said: Mapping[str, dict[str, Any]], fields: Collection[str]) -> dict[str, Any]:
    """Somebody as they are answered."""
    written = said.get(person.contact_id, {})
    return {
        "id": person.id,
        "role": person.role,
        "responsible": person.responsible,
        "name": written.get("name") if "name" in fields else None,
        "phones": written.get("phones") if "phones" in fields else None,
        "email": written.get("email") if "phones" in fields else None,
    }


def shown_site(site: Site, said: Mapping[str, dict[str, Any]], fields: Collection[str]) -> dict[str, Any]:
    """A place as it is answered."""
    written = said.get(site.place_id, {}) if "address" in fields else {}
    place = {name: written.get(name) for name in ("name", "address", "latitude", "longitude")}
    return {"id": site.id, "region": site.region, "timezone": site.timezone, **place}


@router.post("/kind", operation_id="classify_customer", dependencies=[KEEPERS])
async def classify_customer(customer_id: UUID, body: NewKind, commands: Commands, reads: Reads) -> Response:
    """客户类型 / Say whether it is a person or an organisation."""
    id = await on_file(reads, customer_id)
    return await kept(commands, id, ClassifyCustomer(id, body.kind), body)


@router.post("/people", operation_id="add_person", dependencies=[KEEPERS])
async def add_person(customer_id: UUID, body: NewPerson, commands: Commands, reads: Reads) -> Response:
    """增加联系人 / One more to speak to. Who is responsible is so instead of the one who was."""
    id = await on_file(reads, customer_id)
    person, text = meant_person(new_id(), id, body)
    return await kept(commands, id, NotePerson(id, person), body, text)


@router.post("/people/{person_id}", operation_id="amend_person", dependencies=[KEEPERS])
async def amend_person(
    customer_id: UUID, person_id: UUID, body: NewPerson, commands: Commands, reads: Reads
) -> Response:
    """变更联系人 / All about somebody, as it is from now on."""
    id = await on_file(reads, customer_id)
    person, text = meant_person(str(person_id), id, body)
    return await kept(commands, id, NotePerson(id, person, known=True), body, text)


@router.post("/people/{person_id}/removal", operation_id="remove_person", dependencies=[KEEPERS])
async def remove_person(
    customer_id: UUID, person_id: UUID, commands: Commands, reads: Reads, body: Removal | None = None
) -> Response:
    """移除联系人 / They are nobody to speak to any more."""
    id = await on_file(reads, customer_id)
    return await kept(commands, id, RemovePerson(id, str(person_id)), body or Removal(occurred_at=None))


@router.post("/sites", operation_id="add_customer_site", dependencies=[KEEPERS])
async def add_customer_site(customer_id: UUID, body: NewCustomerSite, commands: Commands, reads: Reads) -> Response:
    """增加地点 / One more place of theirs."""
    row = await reads.one(of_customer(str(customer_id)), "customer")
    site, text = meant_site(new_id(), row["id"], body)
    return await shown_to_dispatch(commands, row, NoteSite(row["id"], site), body, text)


@router.post("/sites/{site_id}", operation_id="amend_customer_site", dependencies=[KEEPERS])
async def amend_customer_site(
    customer_id: UUID, site_id: UUID, body: NewCustomerSite, commands: Commands, reads: Reads
) -> Response:
    """变更地点 / All about a place, as it is from now on."""
    row = await reads.one(of_customer(str(customer_id)), "customer")
    site, text = meant_site(str(site_id), row["id"], body)
    return await shown_to_dispatch(commands, row, NoteSite(row["id"], site, known=True), body, text)


@router.post("/sites/{site_id}/removal", operation_id="remove_customer_site", dependencies=[KEEPERS])
async def remove_customer_site(
    customer_id: UUID, site_id: UUID, commands: Commands, reads: Reads, body: Removal | None = None
) -> Response:
    """移除地点 / The customer is there no more."""
    row = await reads.one(of_customer(str(customer_id)), "customer")
    command, form = RemoveSite(row["id"], str(site_id)), body or Removal(occurred_at=None)
    if str(site_id) not in (row["sites"] or {}):
        return await kept(commands, row["id"], command, form)
    return await shown_to_dispatch(commands, row, command, form)


async def shown_to_dispatch(
    commands: Commands,
    row: Mapping[str, Any],
    command: NoteSite | RemoveSite,
    body: CommandBody,
    text: Text | None = None,
) -> Response:
    """The command's answer. The contact has the site from then on, or no more: dispatch sends engineers by it."""
    sites = dict(row["sites"] or {})
    if isinstance(command, NoteSite) and text is not None:
        said = msgspec.json.decode(text.body)
        sites[command.site.id] = {"name": said["name"], "address": said["address"]}
    elif isinstance(command, RemoveSite):
        del sites[command.site_id]
    changed = {**row, "sites": sites, "version": row["version"] + 1}
    texts = [text] if text else []
    story = partial(sited, command, row["version"])
    return await commands.run(story, body, texts=texts, rows=[(contact, changed)], creates=True, status=200)


def sited(command: NoteSite | RemoveSite, contact_version: int) -> Story:
    """The account's sites change, and with them the contact that was read."""
    yield account.on(command.customer_id, command)
    yield customer.on(command.customer_id, AmendCustomer(command.customer_id, contact_version))


async def kept(
    commands: Commands, id: str, command: AccountCommand, body: CommandBody, text: Text | None = None
) -> Response:
    """The command's answer. The first one about a customer begins their account."""
    texts = [text] if text else []
    return await commands.run(account.on(id, command), body, texts=texts, creates=True, status=200)


async def on_file(reads: Reads, customer_id: UUID) -> str:
    """The id of a customer who has a contact; a 404 problem for others, who are erased among them."""
    row = await reads.one(of_customer(str(customer_id)), "customer")
    return str(row["id"])


def meant_person(id: str, customer_id: str, form: NewPerson) -> tuple[Person, Text]:
    """Somebody, and what is written of them: a text that goes with the customer's erasure."""
    said = {"name": form.name, "phones": [asdict(phone) for phone in form.phones], "email": form.email}
    text = written(customer_id, said)
    return Person(id=id, role=form.role, responsible=form.responsible, contact_id=text.id), text


def meant_site(id: str, customer_id: str, form: NewCustomerSite) -> tuple[Site, Text]:
    """A place, and what is written of it."""
    said = {name: getattr(form, name) for name in ("name", "address", "latitude", "longitude")}
    text = written(customer_id, said)
    return Site(id=id, region=form.region, timezone=form.timezone, place_id=text.id), text


def written(customer_id: str, said: Mapping[str, Any]) -> Text:
    return Text.of(customer_id, msgspec.json.encode(said).decode(), "application/json")
