"""Intake's document, tried out."""

from datetime import UTC, datetime
from functools import partial
from uuid import uuid4

from libs.events.contracts.intake.assets import AssetPart, Days, Identity, Site
from libs.events.contracts.intake.contracts import Term
from libs.events.contracts.triage.cases import RemoteSupportFailed, RemoteSupportSucceeded
from libs.events.log.intent import Intent
from services.intake.accounts.domain import NotePerson, NoteSite, Person, account
from services.intake.accounts.domain import Site as CustomerSite
from services.intake.app import service
from services.intake.assets.domain.asset import asset
from services.intake.assets.domain.command import InstallAsset
from services.intake.contracts.domain.contract import SignContract, contract
from services.intake.customers.domain import RegisterCustomer, customer
from services.intake.customers.view import contact
from services.intake.imports.domain.intake_import import ImportRequested, imports
from services.intake.links.api.links import hash_of
from services.intake.links.domain import IssueLink, link
from services.intake.models.domain import DefineModel, model, model_id
from services.intake.tickets.api.merging import merging
from services.intake.tickets.domain.merging import MarkDuplicate
from services.intake.tickets.domain.ticket import OpenTicket, SettleTicket, ticket
from tests.http.api import Api, Known
from tests.http.contract import follow_links, trials, tried
from tests.http.seeds import SeededService, ids

schema = tried(service)
PHONE = {"typed": "13800000000", "e164": "+8613800000000", "extension": None}
globals().update(trials(schema))


async def seed(seeded: SeededService) -> Known:
    """A customer, tickets to withdraw, merge and part again, claim, close after remote support, and make links of."""
    (who,), withdrawn, twice, kept, mended, claimed = ids(1), ids(100), ids(100), ids(1), ids(100), ids(100)
    (revoked, used), now = (ids(50), ids(100)), datetime.now(UTC)
    merged, answered, shut = ids(100), ids(100), ids(100)
    agreed, ended, owned = ids(50), ids(100), ids(100)
    row = {"id": who, "version": 1, "name": "王芳", "phones": [PHONE], "address": "福州", "sites": None}
    await seeded.tell(customer.create(who, RegisterCustomer(who)), Intent(rows=[(contact, row)]))
    for number, id in enumerate(withdrawn + twice + kept + mended + claimed + merged + answered + shut):
        opened = OpenTicket(
            ticket_id=id,
            number=f"WX20260302-{number:04}",
            customer_id=who,
            channel="phone",
            kind="repair",
            urgency="high",
            summary_id=str(uuid4()),
        )
        await seeded.tell(ticket.create(id, opened))
    await seeded.hear(*(RemoteSupportSucceeded(ticket_id=id) for id in mended))
    for id in shut:
        await seeded.tell(ticket.on(id, SettleTicket(id, str(uuid4()))))
    for id in merged:
        await seeded.tell(partial(merging, MarkDuplicate(id, kept[0], who)))
    for id in (*revoked, *used):
        await seeded.tell(link.create(id, IssueLink(id, kept[0], "rating", hash_of(id), 14, now, who)))
    term = Term(component_class="pump", months=12, start_rule="card")
    for id in (*agreed, *ended):
        await seeded.tell(contract.create(id, SignContract(id, "HT-1", "own", who, (term,))))
    pump, here = AssetPart(id="pump-1", component_class="pump"), Site(timezone="Asia/Shanghai")
    spare = AssetPart(id="spare-1", component_class="pump", kind="spare")
    for id in owned:
        installed = InstallAsset(id, who, Identity(model="M"), here, Days(), (pump, spare), tuple(agreed[:1]))
        await seeded.tell(asset.create(id, installed))
    await seeded.tell(model.create(model_id("M"), DefineModel(model_id("M"), "M", None, (term,))))
    (person, place), text = ids(2), str(uuid4())
    someone = Person(id=person, role="management", contact_id=text)
    await seeded.tell(account.on(who, NotePerson(who, someone)))
    await seeded.tell(account.on(who, NoteSite(who, CustomerSite(id=place, timezone="Asia/Shanghai", place_id=text))))
    asked = ids(100)
    for id in asked:
        await seeded.tell(imports.create(id, ImportRequested(id=id, kind="customers")))
    parked = await seeded.park(*(RemoteSupportFailed(ticket_id=id) for id in ids(200)))
    return {
        "id": parked,
        "customer_id": [who],
        **dict.fromkeys(("get_import", "get_import_flaws", "get_import_result"), asked[:1]),
        "cancel_import": asked,
        "ticket_id": withdrawn,
        "cancel_ticket": withdrawn,
        "mark_duplicate": twice,
        "of": kept,
        "unmerge_ticket": merged,
        "list_duplicates": kept,
        "settle_ticket": answered,
        "add_note": kept,
        "amend_ticket": kept,
        "reopen_ticket": shut,
        "follows": kept,
        "close_ticket": mended,
        "set_owner": claimed,
        "set_team": kept,
        "set_wait": kept,
        "end_wait": kept,
        "issue_link.ticket_id": kept,
        "open_link.token": revoked[-1:],
        "revoke_link": revoked[:-1],
        "use_link": used,
        "contract_id": agreed,
        "end_contract": ended,
        "extends": agreed,
        "model_id": [model_id("M")],
        "asset_id": owned,
        "contracts": agreed,
        "part_id": ["pump-1"],
        "use_spare.part_id": ["spare-1"],
        "component": ["pump-1"],
        "person_id": [person],
        "site_id": [place],
    }


def test_links_lead_from_one_operation_to_the_next(api: Api) -> None:
    follow_links(schema, api)


def test_a_quarter_of_all_calls_is_carried_out(api: Api) -> None:
    api.tell(service.name)
    assert api.succeeded >= 0.25
