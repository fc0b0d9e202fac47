"""The customer signs on the page of the work order: drawn, or their name by keyboard; what is none is refused."""

import re

from playwright.sync_api import Locator, expect

from tests.web.conftest import Visit
from tests.web.office import Office
from tests.web.visitor import Visitor, press

SKILL = "acceptance"
POSITION = {"latitude": 39.9, "longitude": 116.4, "accuracy_m": 20}


def completed(office: Office) -> str:
    """The id of a work order that waits for the customer's signature."""
    engineer, (order, _) = office.engineer("郑浩", SKILL), office.visit(SKILL)
    path = f"dispatch/v1/work-orders/{order}"
    office.asked(f"{path}/assignment", {"engineer_id": engineer})
    office.asked(f"{path}/arrival", POSITION)
    office.asked(f"{path}/completion", {"result": "更换压缩机"})
    return order


def at_the_form(visitor: Visitor, act: str) -> Locator:
    """The form of the acceptance, of a visit that is completed, with its pad, which comes after the rest."""
    visitor.come_back("manager", "/tickets")
    order = completed(Office(visitor))
    visitor.page.goto(f"{visitor.desk.url}/work-orders/{order}")
    visitor.page.get_by_role("button", name=act, exact=True).click()
    form = visitor.page.get_by_role("dialog", name=act)
    expect(form.get_by_role("img")).to_be_visible()
    return form


def draw(visitor: Visitor, pad: Locator, length: int) -> None:
    """A line of so many pixels across the pad."""
    expect(pad).to_have_attribute("width", re.compile(r"\d"))  # it hears a stroke once it has taken its size
    pad.hover(position={"x": 40, "y": 60})  # once it stays where it is
    box = pad.bounding_box()
    assert box is not None
    x, y = box["x"] + 40, box["y"] + 60
    visitor.page.mouse.down()
    visitor.page.mouse.move(x + length, y + length / 4, steps=8)
    visitor.page.mouse.up()


def test_a_signature_is_drawn_and_a_dot_is_none(visitor: Visitor) -> None:
    form = at_the_form(visitor, "验收")
    form.get_by_label("验收人").fill("王芳")
    sign, pad = form.get_by_role("button", name="确定"), form.get_by_role("img", name="签名")
    expect(pad).to_be_visible()
    expect(sign).to_be_disabled()
    draw(visitor, pad, 0)
    sign.click()
    expect(form.get_by_role("alert")).to_contain_text("没有签名")
    form.get_by_role("button", name="清除签名").click()
    expect(sign).to_be_disabled()
    draw(visitor, pad, 160)
    expect(form.get_by_text("已签名")).to_be_visible()
    sign.click()
    expect(visitor.page.locator(".stage")).to_have_text("已验收")
    expect(visitor.page.get_by_role("definition").filter(has_text="王芳")).to_be_visible()


def test_who_cannot_draw_has_their_name_written_in_by_keyboard_on_a_narrow_screen(visit: Visit) -> None:
    visitor: Visitor = visit("en", width=320)
    form = at_the_form(visitor, "Accept")
    form.get_by_label("Signed by").focus()
    visitor.type("Wang Fnag")
    write = form.get_by_role("button", name="Write the name in")
    expect(write).to_be_focused()
    visitor.page.keyboard.press("Enter")
    expect(form.get_by_text("Signed", exact=True)).to_be_visible()
    assert visitor.overflows() == []
    assert visitor.barriers() == []
    form.get_by_label("Signed by").fill("Wang Fang")
    expect(form.get_by_role("button", name="OK")).to_be_disabled()  # the name that stood there is another one
    press(write, "Enter")
    press(form.get_by_role("button", name="OK"), "Enter")
    expect(visitor.page.locator(".stage")).to_have_text("Accepted")
