"""From the services' answers to the forms: each field in the form's words, and nothing that is erased or hidden."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import BaseModel

from libs.documents.forms import FORMS, Acceptance, Form, OpinionFeedback, TaskOrder
from services.dispatch.contacts.api import VisitContact
from services.dispatch.engineers.api import EngineerFile
from services.dispatch.work_orders.api.sheets import WorkOrderSheet
from services.dispatch.work_orders.api.signatures import SignatureOnFile
from services.gateway.documents import labels
from services.gateway.documents.domain import STATUSES, Record, filled_in, has_form
from services.intake.tickets.api.register import TicketDetails
from services.survey.callbacks.api import CallbackSheet
from services.triage.cases.api.cases import CaseDetails
from tests.gateway.answers import CALLBACK, CASE, CONTACT, ENGINEER, ORDER, SIGNATURE, TICKET

ADDRESS = "https://care.example.org/work-orders/1"
ZONE = ZoneInfo("Asia/Shanghai")
FULL = Record(ORDER, TICKET, CONTACT, CASE, ENGINEER, SIGNATURE, CALLBACK)
ROOT = Path(__file__).parents[2]


def erased() -> Record:
    """What the services answer when the customer's data is gone."""
    order = ORDER | {"result": None, "signed_by": None}
    ticket = TICKET | {"summary": None, "requirements": None, "customer": None}
    signature = SIGNATURE | {"signature": None, "signed_by": None}
    return Record(order, ticket, None, CASE, ENGINEER, signature, CALLBACK | {"comment": None})


def filled(form: type[Form], record: Record = FULL) -> Any:
    return filled_in(form, record, ADDRESS, ZONE)


@pytest.mark.parametrize(
    ("model", "answer"),
    [
        (WorkOrderSheet, ORDER),
        (TicketDetails, TICKET),
        (CaseDetails, CASE),
        (EngineerFile, ENGINEER),
        (VisitContact, CONTACT),
        (SignatureOnFile, SIGNATURE),
        (CallbackSheet, CALLBACK),
    ],
)
def test_the_answers_are_those_of_the_services_documents(model: type[BaseModel], answer: dict[str, Any]) -> None:
    model.model_validate(answer)
    assert answer.keys() == model.model_fields.keys()


@pytest.mark.requirement("R063")
def test_a_task_order_says_what_to_do_where_and_when() -> None:
    form = filled(TaskOrder)
    assert (form.number, form.visit, form.version) == ("WX20261127-0042", 1, 9)
    assert (form.customer, form.phones) == ("王芳", "138 0000 0000、010-88880000 转 8001")
    assert (form.kind, form.maintenance_type, form.cause, form.level) == ("维修", "纠正性", "正常损耗", "2 级")
    assert (form.payable, form.skills, form.engineer) == (False, "hvac、electrics", "李强")
    assert form.appointment == "2026-11-28 10:00–12:00"
    assert form.warranty == "待确认（未登记合同）"


@pytest.mark.requirement("R065", "R067")
def test_an_acceptance_has_the_signature_and_the_times_of_the_site() -> None:
    form = filled(Acceptance)
    assert (form.arrived, form.completed, form.signed_at) == (
        *("2026-11-28 09:58", "2026-11-28 10:47", "2026-11-28 10:50"),
    )
    assert form.signature.startswith(b"\x89PNG")
    assert (form.verdict, form.signed_by, form.result) == ("accepted", "王芳", "更换压缩机启动电容")
    elsewhere = filled(Acceptance, replace(FULL, ticket=TICKET | {"timezone": "Asia/Urumqi"}))
    assert elsewhere.arrived == "2026-11-28 07:58"


def test_an_acceptance_by_link_has_a_name_and_no_picture() -> None:
    assert not filled(Acceptance).by_link
    form = filled(Acceptance, replace(FULL, signature=SIGNATURE | {"signature": None, "by_link": True}))
    assert (form.by_link, form.signature, form.signed_by) == (True, None, "王芳")


def test_a_rejected_visit_says_why_and_is_signed_by_nobody() -> None:
    order = ORDER | {"status": "rejected", "signed_by": None, "rejection_reasons": ["仍有异响", "漏水"]}
    form = filled(Acceptance, replace(FULL, order=order, signature=None))
    assert (form.verdict, form.reasons, form.signature) == ("rejected", ["仍有异响", "漏水"], None)
    assert (form.signed_by, form.signed_at) == (None, None)


@pytest.mark.requirement("R063", "R064")
def test_an_opinion_is_what_the_callback_heard() -> None:
    form = filled(OpinionFeedback)
    assert (form.score, form.opinion, form.called) == (5, "师傅准时，讲解清楚", "2026-11-30 09:10")
    before = filled(OpinionFeedback, replace(FULL, callback=None))
    assert (before.score, before.opinion, before.called) == (None, None, None)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_what_was_erased_is_said_to_be_and_nothing_of_it_stands_there(form: type[Form]) -> None:
    printed = filled(form, erased())
    assert {printed.customer, printed.phones, printed.site, printed.summary} == {"已清除"}
    for personal in ("王芳", "138 0000 0000", "建国路", "空调不制冷", "电容", "师傅"):
        assert personal not in repr(printed)


@pytest.mark.requirement("R093")
def test_a_site_that_the_ticket_names_is_what_stands_on_paper() -> None:
    site = {"id": TICKET["id"], "name": "二号仓库", "address": "福州市马尾区1号"}
    assert filled(TaskOrder, replace(FULL, ticket=TICKET | {"site": site})).site == "二号仓库 福州市马尾区1号"
    hidden = TICKET | {"site": {"id": TICKET["id"], "name": None, "address": None}, "customer": None}
    theirs = CONTACT | {"site": "二号仓库", "address": "福州市马尾区1号"}
    assert filled(TaskOrder, replace(FULL, ticket=hidden, customer=theirs)).site == "二号仓库 福州市马尾区1号"
    before = {name: value for name, value in TICKET.items() if name != "site"}
    assert filled(TaskOrder, replace(FULL, ticket=before)).site == filled(TaskOrder).site


def test_what_the_reader_may_not_see_is_blank() -> None:
    form = filled(Acceptance, replace(FULL, customer=None, case=None, engineer=None, signature=None))
    assert [form.customer, form.phones, form.site, form.maintenance_type, form.engineer] == [None] * 5
    assert (form.signature, form.signed_at, form.verdict) == (None, None, "accepted")


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_form_is_there_from_the_status_on_in_which_it_says_something(form: type[Form]) -> None:
    assert has_form(form, "accepted")
    assert has_form(form, "assigned") == (form is TaskOrder)
    assert not has_form(form, "cancelled")


def test_codes_are_called_as_the_console_calls_them() -> None:
    folder = ROOT / "web/src/words/zh-CN"
    files = (json.loads((folder / name).read_text("utf-8")) for name in ("labels.json", "console-labels.json"))
    words = {name: labels for file in files for name, labels in file.items()}
    for name in (
        "cause",
        "channel",
        "change_op",
        "contract_kind",
        "entitled_per",
        "entitled_service",
        "job_type",
        "maintenance_type",
        "replacement_rule",
        "start_rule",
        "ticket_kind",
        "urgency",
        "verdict",
        "warranty_reason",
    ):
        assert dict(getattr(labels, name.upper())) == words[name]


def test_the_console_offers_the_forms_that_there_are() -> None:
    text = (ROOT / "web/src/console/forms.ts").read_text("utf-8")
    offered = json.loads(re.sub(r",(\s*[}\]])", r"\1", text.partition("FORMS = ")[2].partition(" as const")[0]))
    assert {name: sorted(statuses) for name, statuses in offered.items()} == {
        form.name: sorted(statuses) for form, statuses in STATUSES.items()
    }
