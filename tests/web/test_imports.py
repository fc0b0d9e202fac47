"""Imports in a browser: a file is tried, what is wrong stands by row and column, and the sound rows are put on file."""

from playwright.sync_api import expect

from tests.web.conftest import Visit
from tests.web.visitor import Visitor

FILE = "姓名,电话,地址\n陆游之,13666660001,绍兴市越城区鲁迅路1号\n,1.38E+10,绍兴\n"


def chosen(visitor: Visitor, label: str, content: str) -> None:
    """A file is chosen in the form."""
    file = {"name": "customers.csv", "mimeType": "text/csv", "buffer": content.encode("gb18030")}
    visitor.page.get_by_label(label).set_input_files(file)  # type: ignore[arg-type]  # its own type is not exported


def test_an_agent_tries_a_file_reads_what_is_wrong_and_imports_the_rest(visitor: Visitor) -> None:
    visitor.come_back("agent", "/imports")
    page = visitor.page
    expect(page.get_by_role("button", name="试导")).to_be_visible()
    assert visitor.barriers() == []
    chosen(visitor, "文件（CSV 或 XLSX）", FILE)
    page.get_by_role("button", name="试导").click()
    shown = page.get_by_role("region", name="导入", exact=True)
    expect(shown.get_by_role("table")).to_contain_text("此项必填")
    expect(shown).to_contain_text("被表格软件写成了科学计数")
    page.get_by_role("button", name="正式导入").click()
    expect(shown).to_contain_text("已建档")
    expect(shown.get_by_role("link", name="下载结果文件")).to_be_visible()
    assert visitor.barriers() == []
    page.reload()
    expect(shown).to_contain_text("已建档")
    page.goto(f"{visitor.desk.url}/customers")
    page.get_by_label("电话或尾号").fill("6660001")
    page.keyboard.press("Enter")
    expect(page.get_by_role("row").filter(has_text="陆游之")).to_be_visible()
    assert visitor.complaints == []


def test_a_file_that_is_no_table_is_refused_in_the_readers_words_on_a_narrow_page(visit: Visit) -> None:
    manager: Visitor = visit("en", width=320)
    manager.come_back("manager", "/imports")
    manager.page.get_by_label("What the rows are").select_option("engineers")
    chosen(manager, "File (CSV or XLSX)", "colour\nred\n")
    manager.page.get_by_role("button", name="Dry run").click()
    expect(manager.page.get_by_role("alert")).to_contain_text("column")
    assert manager.overflows() == []
    assert manager.barriers() == []
