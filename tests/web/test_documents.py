"""Print-outs in the browser: from the page of a visit to the PDF, with the signature that the customer gave."""

from io import BytesIO

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from services.dispatch.work_orders.api.forms import SCRAWL
from tests.web.office import Office
from tests.web.visitor import Visitor

SKILL = "print_lifts"
POSITION = {"latitude": 39.9087, "longitude": 116.397, "accuracy_m": 12.5}


@pytest.fixture
def office(visitor: Visitor) -> Office:
    """A manager before the queue."""
    visitor.come_back("manager", "/tickets")
    expect(visitor.page.get_by_role("heading", level=1)).to_be_visible()
    return Office(visitor)


def words(office: Office, form: str, order: str) -> str:
    """What the form says, as the browser gets it, without blanks."""
    answer = office.manager.fetched(f"/documents/{form}/{order}.pdf")
    assert answer.headers["content-type"] == "application/pdf", answer.text()
    return "".join("".join(page.extract_text() for page in PdfReader(BytesIO(answer.body())).pages).split())


@pytest.mark.requirement("R063", "R067")
def test_an_accepted_visit_is_printed_by_keyboard_with_its_signature(office: Office) -> None:
    page, (order, number) = office.manager.page, office.visit(SKILL)
    path = f"dispatch/v1/work-orders/{order}"
    office.asked(f"{path}/assignment", {"engineer_id": office.engineer("李强", SKILL)})
    page.goto(f"{office.manager.desk.url}/work-orders/{order}")
    forms = page.get_by_role("navigation", name="打印")
    expect(forms.get_by_role("link")).to_have_text(["维护任务单"])
    assert "空调不制冷" in words(office, "maintenance-task-order", order)

    office.asked(f"{path}/arrival", POSITION)
    office.asked(f"{path}/completion", {"result": "更换电容"})
    office.asked(f"{path}/acceptance", {"signed_by": "王芳", "signature": SCRAWL})
    expect(forms.get_by_role("link")).to_have_text(["维护任务单", "维护验收表", "用户意见反馈表"])
    said = words(office, "maintenance-acceptance", order)
    assert all(word in said for word in (number, "王芳", "建国路1号", "更换电容", "李强"))
    forms.get_by_role("link", name="维护验收表").focus()
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    assert opened.value.url.endswith(f"/documents/maintenance-acceptance/{order}.pdf") or opened.value.url == ""
    assert office.manager.barriers() == []
