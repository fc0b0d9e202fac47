"""Files of imports: what a CSV or a workbook says, whatever a spreadsheet did to it, and which are refused."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from libs.chassis.lists.csv_cell import safe
from libs.imports import cells, template
from libs.imports.cells import NO_DAY, POWER, Reader
from libs.imports.columns import Column, Flawed, placed, repetitions, values
from libs.imports.outcome import Outcome, ResultLines, Wrong
from libs.imports.reading import head, read
from libs.imports.sheet import MOST_ROWS, Line, Sheet, Unreadable

COLUMNS = (
    Column("name", "姓名", "name", required=True),
    Column("phones", "电话", "phones", cells.phones, required=True),
    Column("signed_on", "签订日期", "signed on", cells.day),
)
ROWS = "姓名,电话\n王芳,13800000000\n\n李强,13900000000\n"


@pytest.mark.parametrize(
    "data",
    [
        ROWS.encode(),
        ("\ufeff" + ROWS).encode(),
        ROWS.encode("gb18030"),
        ROWS.encode("utf-16"),
        ROWS.replace("\n", "\r\n").encode(),
        ROWS.replace(",", ";").encode(),
        ROWS.replace(",", "\t").encode("utf-16"),
    ],
    ids=["utf-8", "with a mark", "gb18030", "utf-16", "crlf", "semicolons", "tabs"],
)
def test_a_comma_file_is_read_in_the_encodings_that_spreadsheets_write(data: bytes) -> None:
    sheet = read(data)
    assert sheet.header == ("姓名", "电话")
    assert sheet.lines == (Line(2, ("王芳", "13800000000")), Line(4, ("李强", "13900000000")))


def book(*rows: str, **parts: str) -> bytes:
    """A workbook with this XML as its rows; `parts` are others, with `_` for what a keyword cannot hold."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(template.workbook(COLUMNS, "customers", chinese=True))) as made:
        known = {name: made.read(name).decode() for name in made.namelist()}
    known["xl/worksheets/sheet1.xml"] = f"<worksheet><sheetData>{''.join(rows)}</sheetData></worksheet>"
    known |= {name.replace("__", "/").replace("_xml", ".xml"): part for name, part in parts.items()}
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name, part in known.items():
            target.writestr(name, part)
    return packed.getvalue()


HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c><c r="B1" t="s"><v>0</v></c></row>'
STRINGS = "<sst><si><t>电</t><rPh><t>denwa</t></rPh><t>话</t></si></sst>"


def test_a_workbook_says_texts_numbers_and_of_a_formula_what_it_came_to() -> None:
    row = (
        '<row r="5"><c r="A5" t="str"><f>HYPERLINK("http://evil.test")</f><v>王芳</v></c>'
        '<c r="B5"><v>1.38E10</v></c><c r="D5"><v>46086</v></c></row><row r="6"/>'
    )
    sheet = read(book(HEADER, row, xl__sharedStrings_xml=STRINGS))
    assert sheet.header == ("姓名", "电话")
    assert sheet.lines == (Line(5, ("王芳", "13800000000", "", "46086")),)


def test_a_number_that_has_lost_its_last_digits_is_not_taken_for_one() -> None:
    row = '<row r="2"><c r="A2"><v>123456789012345678</v></c></row>'
    (line,) = read(book(HEADER, row, xl__sharedStrings_xml=STRINGS)).lines
    with pytest.raises(ValueError, match="power of ten"):
        cells.text(line.cells[0])


@pytest.mark.parametrize("chinese", [True, False])
def test_a_template_is_read_again_by_its_titles(chinese: bool) -> None:
    titles = [column.title(chinese) for column in COLUMNS]
    filled = template.comma_file(COLUMNS, chinese) + "王芳,13800000000,\r\n".encode()
    assert read(filled).header == tuple(titles)
    assert [column.name for column in placed(COLUMNS, titles).values()] == ["name", "phones", "signed_on"]
    with pytest.raises(Unreadable, match="no-rows"):
        read(template.workbook(COLUMNS, "customers", chinese))


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target, target.open("xl/workbook.xml", "w") as part:
        for _ in range(257):
            part.write(bytes(1024 * 1024))
    return packed.getvalue()


SHEETS = "".join(f'<sheet name="{number}" sheetId="{number}" r:id="rId1"/>' for number in range(1, 101))
RELATIONS = [f'<Relationship Id="{number}"/>' for number in range(1001)]
ENTITIES = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">]><worksheet><sheetData>&a;</sheetData></worksheet>'


def packed_by_another_method() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(HEADER))) as made, zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as target:
        for name in made.namelist():
            target.writestr(name, made.read(name))
    return packed.getvalue()


def of(sheet: str) -> Callable[[], bytes]:
    return lambda: book(xl__worksheets__sheet1_xml=sheet)


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (packed_by_another_method, "not-a-table"),
        (of('<?xml version="1.0" encoding="utf-32"?><worksheet/>'), "not-a-table"),
        (of('<?xml version="1.0" encoding="nonsense"?><worksheet/>'), "not-a-table"),
        (of(f'<worksheet name="{"x" * 1024 * 1024}"/>'), "not-a-table"),
        (of(f"<worksheet><!-- {'x' * 1024 * 1024} --></worksheet>"), "not-a-table"),
        (of("<worksheet>" * 200 + "</worksheet>" * 200), "not-a-table"),
        (lambda: book(HEADER, f'<row><c t="str"><v>{"1;" * 20_000}</v></c></row>'), "not-a-table"),
        (lambda: book(HEADER, xl__sharedStrings_xml=f"<sst><si><t>{'1;' * 20_000}</t></si></sst>"), "not-a-table"),
        (
            lambda: book(HEADER, **{"xl/_rels/workbook.xml.rels": "".join(["<a>", *RELATIONS, "</a>"])}),
            "workbook-too-large",
        ),
        (lambda: b"", "no-rows"),
        (lambda: b"name,phones\n", "no-rows"),
        (lambda: b"\x00\x01\x02", "not-a-table"),
        (lambda: b"\xff\xff\xff\xff,\n\n", "file-encoding"),
        (lambda: b"PK\x03\x04 nothing", "not-a-table"),
        (bomb, "workbook-too-large"),
        (lambda: book(xl__worksheets__sheet1_xml=ENTITIES), "not-a-table"),
        (lambda: book(xl__worksheets__sheet1_xml="<worksheet><sheetData>"), "not-a-table"),
        (lambda: book(HEADER, xl__workbook_xml=f'<workbook xmlns:r="r">{SHEETS}</workbook>'), "too-many-sheets"),
        (lambda: book(HEADER, '<row><c r="ZZ2"><v>1</v></c></row>', xl__sharedStrings_xml=STRINGS), "too-many-columns"),
        (lambda: b"name\n" + b"x\n" * (MOST_ROWS + 1), "too-many-rows"),
        (lambda: b"name\n" + b"," * 101 + b"x", "too-many-columns"),
    ],
)
def test_what_is_no_table_or_too_much_of_one_is_refused(file: Callable[[], bytes], code: str) -> None:
    with pytest.raises(Unreadable, match=f"^{code}$"):
        read(file())


def test_a_large_sheet_of_short_tags_is_read_to_its_end() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="str"><v>王芳{n}</v></c></row>\n' for n in range(2, 50_002))
    assert len(read(book(HEADER, rows, " " * 1024 * 1024, xl__sharedStrings_xml=STRINGS)).lines) == 50_000


def test_a_million_empty_rows_are_none() -> None:
    sheet = read(book(HEADER, '<row r="2"><c r="A2"/></row>' * 200_000, '<row r="300000"><c><v>1</v></c></row>'))
    assert [line.number for line in sheet.lines] == [300_000]


def test_the_head_of_a_file_is_read_without_the_rest() -> None:
    sheet = head(b"name\n" + b"x\n" * (MOST_ROWS + 10))
    assert (sheet.header, len(sheet.lines)) == (("name",), 1)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-03-05", "2026-03-05"),
        ("2026/3/5", "2026-03-05"),
        ("2026.03.05", "2026-03-05"),
        ("2026年3月5日", "2026-03-05"),
        ("3月5日2026年", "2026-03-05"),
        ("2026-03-05 00:00:00", "2026-03-05"),
        ("2026/3/5 0:00", "2026-03-05"),
        ("46086", "2026-03-05"),
        ("46086.0", "2026-03-05"),
        ("61", "1900-03-01"),
        ("60", None),
        ("2026", None),
        ("1999.0", None),
        ("03/05/2026", None),
        ("2026-02-30", None),
        ("next week", None),
        ("2026-03-05 08:30", None),
    ],
)
def test_a_day_is_read_as_spreadsheets_write_it_and_never_guessed(written: str, day: str | None) -> None:
    if day is None:
        with pytest.raises(ValueError, match=NO_DAY):
            cells.day(written)
    else:
        assert cells.day(written) == day


def test_a_workbook_of_an_old_mac_counts_days_from_1904() -> None:
    days = (date(2026, 3, 5) - date(1904, 1, 1)).days
    assert cells.day(str(days), True) == "2026-03-05"


@pytest.mark.parametrize(
    ("reader", "written", "said"),
    [
        (cells.phones, "13800000000；010-12345678", ["13800000000", "010-12345678"]),
        (cells.whole, "36.0", 36),
        (cells.fen, "10.5", 1050),
        (cells.flag, "是", True),
        (cells.flag, "No", False),
        (cells.choice({"own": "本公司"}), "本公司", "own"),
        (cells.choice({"own": "本公司"}), "OWN", "own"),
    ],
)
def test_a_cell_means_what_people_write(reader: Reader, written: str, said: Any) -> None:
    assert reader(written, False) == said


@pytest.mark.parametrize(
    ("reader", "written"),
    [
        (cells.phones, "1.38E+10"),
        (cells.text, "1.38e+10"),
        (cells.text, "#N/A"),
        (cells.whole, "3.5"),
        (cells.fen, "ten"),
        (cells.flag, "maybe"),
    ],
)
def test_what_a_spreadsheet_has_ruined_is_refused_with_a_sentence(reader: Reader, written: str) -> None:
    with pytest.raises(ValueError, match=r"^(was|is|should)"):
        reader(written, False)


def test_a_header_names_what_is_missing_unknown_or_there_twice() -> None:
    with pytest.raises(Flawed) as flawed:
        placed(COLUMNS, ["姓名*", "NAME", "colour", ""])
    assert [place for place, _ in flawed.value.errors] == ["column[2]", "column[3]", "column.phones"]


def test_a_row_says_what_is_wrong_with_which_column() -> None:
    where = placed(COLUMNS, ["name", "phones", "signed on"])
    said, errors = values(where, Line(2, ("", "1.38E+10", "2026/3/5")), False)
    assert said == {"signed_on": "2026-03-05"}
    assert errors == [("name", "Field required"), ("phones", POWER)]


def test_what_may_not_repeat_is_found_in_the_whole_file() -> None:
    columns = (Column("maker", "厂家", "maker", unique=True), Column("serial", "序列号", "serial", unique=True))
    rows = [("格力", "1"), ("美的", "1"), ("格力", "1"), ("格力", ""), ("格力", "")]
    sheet = Sheet(("maker", "serial"), tuple(Line(number, row) for number, row in enumerate(rows, 2)))
    assert repetitions(columns, placed(columns, sheet.header), sheet) == {4: "serial"}


def test_no_cell_of_a_result_begins_as_a_formula_does() -> None:
    for cell in ("=1+1", "+1", "-1", "@a", "\tx", "\rx"):
        assert safe(cell) == f"'{cell}"
    outcomes = [
        Outcome(row=2, id="a"),
        Outcome(row=3),
        Outcome(row=4, errors=(Wrong("name", "Field required"), Wrong("", "=1+1"))),
    ]
    lines = ResultLines(COLUMNS, True, lambda english: english)
    made = (lines.head() + lines.of(outcomes)).decode("utf-8-sig")
    assert made.splitlines() == [
        "行,结果,编号,问题",
        "2,已建档,a,",
        "3,无误,,",
        "4,有误,,姓名: Field required; =1+1",
    ]
