"""Forms as PDF: what a reader finds in them, whatever people wrote, and how many are set at once."""

import asyncio
from datetime import timedelta
from io import BytesIO
from threading import Event
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from pypdf import PdfReader

from libs.documents import typesetter
from libs.documents.forms import BLANK, FORMS, Document, Form
from libs.documents.printable import printable
from libs.documents.typesetter import Overloaded, TooLong, Typesetter, compiled, fonts
from tests.documents.filled import (
    ACCEPTANCE,
    ALL,
    AT,
    BARE_CONTRACT,
    BY_HAND,
    BY_LINK,
    CARD,
    CONTRACT,
    FEEDBACK,
    LABELS,
    MAKERS,
    ONE_LABEL,
    OPINION,
    RECEIPT,
    REGISTER,
    TASK_ORDER,
)

CODE = '#panic("evaluated") $ x_1 $ = *bold* _it_ `raw` <label> @ref https://example.org \\ // [end] #sys.inputs'


def pdf(form: Document) -> PdfReader:
    return PdfReader(BytesIO(compiled(form, AT)))


def words(form: Document) -> str:
    """All that stands on its pages, without blanks: lines are broken wherever there is room."""
    text = "".join(page.extract_text() for page in pdf(form).pages)
    return "".join(text.replace("\u200b", "").split())


def test_every_form_has_its_template_and_is_on_one_page() -> None:
    assert {type(form) for form in ALL} == set(FORMS.values())
    assert [len(pdf(form).pages) for form in ALL] == [1, 1, 1]


@pytest.mark.parametrize("form", ALL, ids=lambda form: form.name)
def test_a_form_says_what_is_on_record(form: Form) -> None:
    said = words(form)
    shown = [value for value in content_of(form) if isinstance(value, str)]
    assert [value for value in shown if "".join(value.split()) not in said] == []
    assert f"{form.title}" in said
    assert "第1页，共1页" in said
    assert "打印于2026-11-2810:52" in said


def test_an_acceptance_by_link_says_so_and_one_by_hand_does_not() -> None:
    assert "通过链接验收" in words(BY_LINK)
    assert "通过链接验收" not in words(ACCEPTANCE)


def content_of(form: Document) -> list[object]:
    """What stands in words; the address is the QR code."""
    left_out = {"address", "verdict"}
    return [getattr(form, name) for name in form.__struct_fields__ if name not in left_out]


@pytest.mark.requirement("R004", "R053")
@pytest.mark.parametrize("form", [REGISTER, FEEDBACK], ids=lambda form: form.name)
def test_a_ticket_is_printed_on_one_page_as_it_was_registered(form: Document) -> None:
    said = words(form)
    shown = [value for value in content_of(form) if isinstance(value, str) and (value != "在保" or form is FEEDBACK)]
    assert [value for value in shown if "".join(value.split()) not in said] == []
    assert len(pdf(form).pages) == 1


@pytest.mark.requirement("R059")
def test_a_receipt_says_what_was_answered_and_that_nothing_has_to_be_maintained() -> None:
    said = words(RECEIPT)
    for word in ("客户回执", "客户服务部门", "王芳", "维修", "2026-11-2808:12"):
        assert word in said
    for word in ("滤网多久清洗一次", "滤网每季度清洗一次", "李敏", "2026-11-2808:25", "不需要进行维护", "客户签名"):
        assert word in said
    assert len(pdf(RECEIPT).pages) == len(pdf(BY_HAND).pages) == 1
    assert "none" not in words(BY_HAND)


@pytest.mark.requirement("R123", "R312")
def test_a_warranty_card_says_what_is_covered_until_when_and_who_answers_for_it() -> None:
    said = words(CARD)
    for word in ("BX-0001", "王芳HT-2026-0113", "compressor-1", "2026-03-15", "2029-03-14", "010-65551234"):
        assert word in said
    for heading in ("保修的原则和目的", "负责保修的部门和人员"):
        assert heading in said
    assert len(pdf(CARD).pages) == 1


@pytest.mark.requirement("R211")
def test_a_contract_on_paper_says_its_terms_prices_budget_change_orders_and_assets() -> None:
    said = words(CONTRACT)
    for word in ("福州市第一医院", "main_unit", "保修卡日期", "1,200.00", "58,000.00", "BG-2026-0007", "KFR-72LW"):
        assert word in said
    assert len(pdf(BARE_CONTRACT).pages) == 1
    bare = words(BARE_CONTRACT)
    assert "终止日：2026-07-01" in bare
    assert bare.count("无") == 6
    assert "none" not in bare


def test_a_makers_contract_on_paper_goes_to_the_maker_and_names_no_customer() -> None:
    said = words(MAKERS)
    for word in ("签约方", "KFR-35GW", "SN-1", "本纸仅交厂家", "厂家（签章）"):
        assert word in said
    for word in ("客户（签章）", "甲方", "保修卡号", "区域"):
        assert word not in said
    assert "本纸仅交厂家" not in words(CONTRACT)


def test_labels_are_a_strip_each_or_twenty_seven_a_page() -> None:
    (strip,) = pdf(ONE_LABEL).pages
    assert (round(float(strip.mediabox.width) / 72 * 25.4), round(float(strip.mediabox.height) / 72 * 25.4)) == (62, 29)
    assert [page.extract_text().count("扫码报修") for page in pdf(LABELS).pages] == [27, 3]


@pytest.mark.requirement("R063", "R067")
def test_a_pdf_is_for_the_archive_and_for_screen_readers() -> None:
    for form in ALL:
        read = pdf(form)
        catalogue: Any = read.root_object
        metadata = read.xmp_metadata
        assert metadata is not None
        assert read.metadata is not None
        assert (metadata.pdfaid_part, metadata.pdfaid_conformance) == ("2", "B")
        assert [intent["/S"] for intent in catalogue["/OutputIntents"]] == ["/GTS_PDFA1"]
        assert catalogue["/MarkInfo"]["/Marked"].value
        assert catalogue["/Lang"] == "zh-CN"
        assert catalogue["/StructTreeRoot"]
        assert read.metadata.title == f"{form.title} {form.number}"
        assert read.metadata.creation_date == AT


def test_every_font_is_in_the_file_and_is_the_packages() -> None:
    pages: list[Any] = [page for form in ALL for page in pdf(form).pages]
    names = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for page in pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert {name.partition("-")[0] for name in names} == {"NotoSansSC", "NotoSerifSC"}
    assert fonts().families() == ["Noto Sans SC", "Noto Serif SC"]


@pytest.mark.parametrize("name", ["䶮", "㛃", "𬭎", "㙍", "𬴊", "𫘧"])
def test_rare_characters_of_names_are_there(name: str) -> None:
    assert printable(name) == name
    assert f"王{name}" in words(replace(OPINION, customer=f"王{name}"))


def test_what_people_wrote_is_never_read_as_typst() -> None:
    said = words(replace(ACCEPTANCE, summary=CODE, result=CODE, customer=CODE))
    assert said.count("".join(CODE.split())) == 3


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.characters(), max_size=200), reasons=st.lists(st.text(max_size=40), max_size=4))
def test_any_text_is_set(text: str, reasons: list[str]) -> None:
    form = replace(ACCEPTANCE, summary=text, result=text, customer=text, reasons=reasons, signed_by=text)
    assert compiled(form, AT).startswith(b"%PDF")


def test_what_the_font_lacks_is_marked_and_what_is_invisible_is_left_out() -> None:
    assert printable("a\u200bb\ufe0f\x07🙂\ud800ཀ") == "ab〓〓〓"
    assert printable({"said": ["一\r\n二\u2028三", 4, None]}) == {"said": ["一\n二\n三", 4, None]}


def test_a_long_text_goes_on_over_pages_and_within_its_lines() -> None:
    long = replace(OPINION, opinion="噪音比上次小。" * 1200, result="x" * 2000)
    read = pdf(long)
    assert len(read.pages) >= 3
    assert "第2页，共" in "".join(read.pages[1].extract_text().split())
    assert words(long).count("噪") == 1200
    assert words(long).count("x") >= 2000


def test_what_nobody_knows_is_left_blank() -> None:
    assert "None" not in words(BLANK)
    assert "none" not in words(replace(TASK_ORDER, level=None, cause=None, payable=None, appointment=None))


def test_the_same_form_at_the_same_time_is_the_same_file() -> None:
    first, again = (compiled(ACCEPTANCE, AT) for _ in range(2))
    later = AT + timedelta(minutes=1)
    assert first == again != compiled(ACCEPTANCE, later)


async def test_the_loop_goes_on_while_a_form_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetter, "SETTING_SECONDS", 300.0)
    long = replace(OPINION, opinion="设备运行正常。" * 20_000)
    setting, ticks = asyncio.create_task(Typesetter().pdf(long, AT)), 0
    while not setting.done():
        await asyncio.sleep(0.005)
        ticks += 1
    assert (await setting).startswith(b"%PDF")
    assert ticks >= 10


async def test_more_forms_than_can_be_set_come_back_later(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = Event()
    monkeypatch.setattr(typesetter, "PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr(typesetter, "SETTING_SECONDS", 0.05)
    monkeypatch.setattr(typesetter, "compiled", lambda *_: go_on.wait(120) and b"%PDF")
    setter = Typesetter()
    slow = await asyncio.gather(*(setter.pdf(form, AT) for form in (*ALL, *ALL)), return_exceptions=True)
    assert [type(one) for one in slow] == [Overloaded] * 6
    with pytest.raises(Overloaded):  # the first two are still at it
        await setter.pdf(ACCEPTANCE, AT)
    go_on.set()
    monkeypatch.setattr(typesetter, "PATIENCE_SECONDS", 120)
    monkeypatch.setattr(typesetter, "SETTING_SECONDS", 120)
    assert await setter.pdf(ACCEPTANCE, AT) == b"%PDF"


async def test_a_machine_that_is_too_busy_to_be_warm_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetter, "SETTING_SECONDS", 0.0)
    with pytest.raises(Overloaded):
        await Typesetter().pdf(BLANK, AT)
    await Typesetter().warm(AT)


async def test_a_form_that_says_too_much_is_not_begun() -> None:
    with pytest.raises(TooLong):
        await Typesetter().pdf(replace(OPINION, opinion="长" * 1_000_000), AT)
