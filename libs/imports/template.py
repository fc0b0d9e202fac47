"""Templates to fill in: a header, as CSV or as a workbook whose columns are text, so that nothing typed is changed."""

import io
import zipfile
from xml.sax.saxutils import escape

from libs.imports.columns import Columns

BOM = "\ufeff"
"""By which a spreadsheet knows UTF-8."""

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf xfId="0"/><xf numFmtId="49" applyNumberFormat="1" xfId="0"/></cellXfs></styleSheet>',
}
"""Format 49 is text."""


def comma_file(columns: Columns, chinese: bool) -> bytes:
    """As CSV. Headers are ours: none of them needs quotes."""
    return (BOM + ",".join(column.title(chinese) for column in columns) + "\r\n").encode()


def workbook(columns: Columns, name: str, chinese: bool) -> bytes:
    """As XLSX, with one sheet of this name."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parts:
        for path, part in {**_PARTS, **_own(columns, name, chinese)}.items():
            parts.writestr(zipfile.ZipInfo(path), f"{_HEAD}{part}", zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _own(columns: Columns, name: str, chinese: bool) -> dict[str, str]:
    titles = "".join(
        f'<c s="1" t="inlineStr"><is><t>{escape(column.title(chinese))}</t></is></c>' for column in columns
    )
    return {
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="{escape(name)}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><cols><col min="1" max="{len(columns)}" width="18" '
        f'style="1" customWidth="1"/></cols><sheetData><row r="1">{titles}</row></sheetData></worksheet>',
    }
