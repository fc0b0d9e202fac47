"""Peer: the same form as HTML, set by WeasyPrint to tagged PDF/A-2b, in the fonts of the same package.

By itself it is set once: the cold side.
"""

import sys
from functools import cache
from html import escape
from pathlib import Path

import pylopdf_fonts_zh_cn
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from bench.printed import FORM
from libs.documents.typesetter import qr_code

FONTS = Path(pylopdf_fonts_zh_cn.__file__).parent
STYLE = f"""
@font-face {{ font-family: Sans; src: url({(FONTS / "NotoSansSC-Regular.otf").as_uri()}) }}
@font-face {{ font-family: Serif; src: url({(FONTS / "NotoSerifSC-Regular.otf").as_uri()}) }}
@page {{ size: A4; margin: 15mm 18mm 18mm; font-family: Sans; font-size: 8pt;
  @bottom-left {{ content: "{FORM.number} 第 {FORM.visit} 次上门" }}
  @bottom-center {{ content: "第 " counter(page) " 页，共 " counter(pages) " 页" }}
  @bottom-right {{ content: "打印于 2026-11-28 10:52，记录版本 {FORM.version}" }} }}
body {{ font-family: Serif; font-size: 10.5pt }}
h1, h2, th {{ font-family: Sans; font-weight: normal }}
table {{ width: 100%; border-collapse: collapse }}
th, td {{ border: 0.6pt solid; padding: 6pt; text-align: left }}
th {{ background: #f3f3f3; font-size: 9.5pt }}
svg {{ width: 18mm; height: 18mm; float: right }}
"""
FACTS = (
    (("工单号", FORM.number), ("上门", f"第 {FORM.visit} 次")),
    (("客户", FORM.customer), ("联系电话", FORM.phones)),
    (("地址", FORM.site), ("区域", FORM.region)),
    (("合同编号", FORM.contract), ("保修", FORM.warranty)),
    (("服务类别", FORM.kind), ("维护类型", FORM.maintenance_type)),
    (("故障级别", FORM.level), ("故障原因", FORM.cause)),
    (("所需技能", FORM.skills), ("费用", "☑ 无偿 ☐ 有偿")),
    (("维护人员", FORM.engineer), ("预约时间", FORM.appointment)),
    (("执行规范", "☐《软件维护规范》 ☐《系统维护规范》"),),
)
DATED = "年　　月　　日"


def pdf() -> bytes:
    """The form: head with its code, facts, what is to be done, lines to fill in, and who signs."""
    fonts, style = _style()
    facts = "".join(f"<tr>{''.join(f'<th>{name}<td>{_said(value)}' for name, value in row)}" for row in FACTS)
    lines = "".join(f"<tr><td>{number}<td><td><td>" for number in range(1, 5))
    page = (
        f"<html lang=zh-CN><title>{FORM.title}</title>{qr_code(FORM.address)}<h1>{FORM.title}</h1>"
        f"<table>{facts}</table>"
        f"<h2>一、维护内容</h2><table><tr><td>{_said(FORM.summary)}</table>"
        f"<h2>二、客户要求</h2><table><tr><td>{_said(FORM.requirements)}</table>"
        f"<h2>三、维护记录</h2><table><tr><th>序号<th>维护项目<th>处理方法<th>数量{lines}</table>"
        f"<table><tr><th>派工人<th>维护人员<tr><td>{DATED}<td>{_said(FORM.engineer)} {DATED}</table></html>"
    )
    whole = HTML(string=page)
    written: bytes = whole.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/a-2b", pdf_tags=True)
    return written


def _said(value: str | None) -> str:
    return escape(value or "")


@cache
def _style() -> tuple[FontConfiguration, CSS]:
    fonts = FontConfiguration()
    return fonts, CSS(string=STYLE, font_config=fonts)


if __name__ == "__main__":
    sys.stdout.buffer.write(pdf())
