"""Contracts and assets are kept in a browser: from a template, by field, and what was not sent stays a draft."""

import pytest
from playwright.sync_api import expect

from tests.web.office import Office
from tests.web.test_desk import act, sent
from tests.web.visitor import Visitor

CUSTOMER = {"name": "顾盼", "phones": ["13544446666"], "address": "无锡市梁溪区中山路3号"}


@pytest.mark.requirement("R132")
def test_a_manager_signs_a_contract_from_a_template_amends_it_and_ends_it(visitor: Visitor) -> None:
    visitor.come_back("manager", "/home")
    page, who = visitor.page, Office(visitor).asked("intake/v1/customers", CUSTOMER)["id"]
    page.goto(f"{visitor.desk.url}/accounts/{who}")
    page.get_by_role("link", name="签订合同").click()
    page.get_by_label("合同模板").select_option("PP-08a")
    second = page.get_by_role("group", name="条款 2")
    expect(page.get_by_role("group", name="条款 3")).to_be_visible()
    page.get_by_label("合同编号").fill("HT-2026-0808")
    second.get_by_label("部件类别").fill("main_unit")
    page.keyboard.press("Control+Enter")
    expect(second).to_contain_text("同一类别有两个条款")
    assert visitor.barriers() == []
    second.get_by_label("部件类别").fill("piping")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="合同 HT-2026-0808")).to_be_visible()
    expect(page.get_by_role("region", name="签订时的条款")).to_contain_text("36 个月")
    act(visitor, "变更合同")
    page.get_by_label("部件类别").fill("piping")
    page.get_by_label("保修月数").fill("24")
    assert visitor.barriers() == []
    sent(visitor)
    expect(page.get_by_role("region", name="历次变更")).to_contain_text("24 个月")
    printed = visitor.fetched(page.get_by_role("link", name="合同打印件").get_attribute("href") or "")
    assert (printed.status, printed.headers["content-type"]) == (200, "application/pdf")
    act(visitor, "终止合同")
    page.get_by_label("终止原因").fill("双方协商终止")
    sent(visitor)
    expect(page.get_by_role("region", name="概况")).to_contain_text("双方协商终止")
    expect(page.get_by_role("button", name="终止合同")).to_have_count(0)
    assert visitor.barriers() == []


@pytest.mark.requirement("R413")
def test_an_agent_puts_an_asset_on_file_out_of_a_draft_and_notes_what_happens_to_it(visitor: Visitor) -> None:
    visitor.come_back("agent", "/home")
    page, who = visitor.page, visitor.command("intake", "customers", CUSTOMER)["id"]
    page.goto(f"{visitor.desk.url}/accounts/{who}/device")
    page.get_by_label("型号").fill("KFR-72LW")
    expect(page.get_by_text("草稿已保存")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="继续填写").click()
    expect(page.get_by_label("型号")).to_have_value("KFR-72LW")
    first = page.get_by_role("group", name="部件 1")
    first.get_by_label("部件编号").fill("main-1")
    first.get_by_label("部件类别").fill("main_unit")
    page.get_by_label("验收日").fill("2024-03-14")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="设备 KFR-72LW")).to_be_visible()
    parts, about = page.get_by_role("region", name="部件清单").first, page.get_by_role("region", name="概况")
    act(visitor, "补登日期")
    page.get_by_label("保修卡号").fill("BX-7200")
    sent(visitor)
    expect(about).to_contain_text("BX-7200")
    act(visitor, "更换部件")
    page.get_by_label("部件编号").fill("main-2")
    assert visitor.barriers() == []
    sent(visitor)
    expect(parts).to_contain_text("main-2")
    act(visitor, "迁移")
    page.get_by_label("区域").fill("西北")
    page.get_by_label("时区").fill("Nowhere/City")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("dialog")).to_contain_text("应为 IANA 时区")
    page.get_by_label("时区").fill("Asia/Urumqi")
    sent(visitor)
    expect(page.get_by_role("region", name="安装地点")).to_contain_text("Asia/Urumqi")
    assert visitor.barriers() == []
    for paper in ("保修卡", "设备标签"):
        printed = visitor.fetched(page.get_by_role("link", name=paper).get_attribute("href") or "")
        assert (printed.status, printed.headers["content-type"]) == (200, "application/pdf")


@pytest.mark.requirement("R123", "R311")
def test_a_model_says_what_an_asset_is_made_of_and_its_card_is_issued(visitor: Visitor) -> None:
    visitor.come_back("manager", "/home")
    page, who = visitor.page, Office(visitor).asked("intake/v1/customers", CUSTOMER)["id"]
    page.goto(f"{visitor.desk.url}/models")
    page.get_by_label("型号名称").fill("KFR-50GW/盼")
    page.get_by_role("button", name="增加部件").click()
    first = page.get_by_role("group", name="部件 1")
    first.get_by_label("部件编号").fill("main-unit")
    first.get_by_label("部件类别").fill("main_unit")
    assert visitor.barriers() == []
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="型号 KFR-50GW/盼")).to_be_visible()
    expect(page.get_by_role("region", name="设备部件")).to_contain_text("main-unit")
    page.get_by_role("button", name="变更型号").click()
    page.get_by_label("厂家").fill("格力")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("region", name="默认保修条款")).to_contain_text("格力")
    page.goto(f"{visitor.desk.url}/accounts/{who}/device")
    page.get_by_label("型号").fill("KFR-50GW/盼")
    page.get_by_role("button", name="采用该型号的部件和厂家").click()
    expect(page.get_by_label("部件编号")).to_have_value("main-unit")
    expect(page.get_by_label("厂家")).to_have_value("格力")
    page.get_by_label("验收日").fill("2024-03-14")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="设备 KFR-50GW/盼")).to_be_visible()
    act(visitor, "发放保修卡")
    page.get_by_label("保修卡号").fill("BX-5000")
    assert visitor.barriers() == []
    sent(visitor)
    expect(page.get_by_role("region", name="概况")).to_contain_text("BX-5000")
    expect(page.get_by_role("button", name="发放保修卡")).to_have_count(0)


@pytest.mark.requirement("R098")
def test_an_agent_takes_a_spare_into_use_in_place_of_a_component(visitor: Visitor) -> None:
    visitor.come_back("agent", "/home")
    page, who = visitor.page, visitor.command("intake", "customers", CUSTOMER)["id"]
    pump = {"id": "pump-1", "component_class": "pump"}
    parts = [pump, pump | {"id": "spare-1", "kind": "spare"}]
    asset = {"customer_id": who, "model": "KFR-51GW", "site": {"timezone": "Asia/Shanghai"}, "parts": parts}
    id = visitor.command("intake", "assets", asset)["id"]
    page.goto(f"{visitor.desk.url}/devices/{id}")
    act(visitor, "启用备件")
    page.get_by_label("启用日").fill("2026-01-05")
    page.get_by_label("换下的部件").select_option("pump-1")
    assert visitor.barriers() == []
    sent(visitor)
    row = page.get_by_role("region", name="部件清单").first.get_by_role("row")
    expect(row.filter(has_text="spare-1")).to_contain_text("2026-01-05")
    expect(row.filter(has_text="pump-1")).to_contain_text("2026-01-05")
    expect(page.get_by_role("button", name="启用备件")).to_have_count(0)


def test_a_draft_of_a_models_change_puts_nothing_back_that_others_changed(visitor: Visitor) -> None:
    visitor.come_back("manager", "/home")
    page, office = visitor.page, Office(visitor)
    main, fan = ({"id": id, "component_class": id} for id in ("main", "fan"))
    id = office.asked("intake/v1/models", {"name": "KFR-52GW/盼", "components": [main]})["id"]
    page.goto(f"{visitor.desk.url}/models/{id}")
    page.get_by_role("button", name="变更型号").click()
    page.get_by_label("厂家").fill("格力")
    expect(page.get_by_text("草稿已保存")).to_be_visible()
    office.asked(f"intake/v1/models/{id}", {"components": [main, fan]})
    page.reload()
    page.get_by_role("button", name="变更型号").click()
    page.get_by_role("button", name="继续填写").click()
    expect(page.get_by_role("region", name="档案已被他人变更")).to_contain_text("fan")
    assert visitor.barriers() == []
    page.get_by_role("button", name="并入现有档案").click()
    expect(page.get_by_role("group", name="部件 2").get_by_label("部件编号")).to_have_value("fan")
    page.get_by_label("厂家").press("Control+Enter")
    expect(page.get_by_role("region", name="默认保修条款")).to_contain_text("格力")
    expect(page.get_by_role("region", name="设备部件")).to_contain_text("fan")
    page.goto(f"{visitor.desk.url}/audit")
    page.get_by_label("类别").select_option("model")
    page.get_by_label("型号名称或编号").fill("kfr-52gw/盼")
    page.keyboard.press("Enter")
    expect(page.get_by_role("table", name="何人何事").get_by_text("型号已写明")).to_have_count(3)
    expect(page.get_by_role("region", name="当时所知")).to_contain_text("格力 KFR-52GW/盼")
    assert visitor.barriers() == []


@pytest.mark.requirement("R089", "R093")
def test_an_agent_notes_people_and_a_site_and_registers_a_call_from_there(visitor: Visitor) -> None:
    visitor.come_back("agent", "/home")
    page = visitor.page
    who = visitor.command("intake", "customers", CUSTOMER | {"phones": ["13544447777"]})["id"]
    page.goto(f"{visitor.desk.url}/customers/{who}")
    people, sites = page.get_by_role("region", name="联系人"), page.get_by_role("region", name="地点")
    act(visitor, "增加联系人")
    page.get_by_label("姓名").fill("安娜")
    page.get_by_label("电话（每行一个）").fill("13611112222")
    page.get_by_label("业主方主要负责人").check()
    assert visitor.barriers() == []
    sent(visitor)
    expect(people).to_contain_text("业主方主要负责人")
    act(visitor, "增加地点")
    page.get_by_label("地点名称").fill("鼓楼分院")
    page.get_by_label("地址").fill("福州市鼓楼区东街口8号")
    page.get_by_label("区域").fill("东南")
    page.get_by_label("纬度").fill("91")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("dialog").locator("[aria-invalid=true]")).to_have_count(1)
    page.get_by_label("纬度").fill("26.0881")
    page.get_by_label("经度").fill("119.3")
    sent(visitor)
    expect(sites).to_contain_text("东街口8号")
    assert visitor.barriers() == []
    page.goto(f"{visitor.desk.url}/register")
    page.get_by_label("电话").first.fill("13544447777")
    page.get_by_role("button", name="是顾盼来电").click()
    page.get_by_label("安装地点").click()
    page.get_by_text("鼓楼分院 · 东南").last.click()
    page.get_by_label("内容").fill("空调不制冷")
    page.keyboard.press("Control+Enter")
    page.get_by_role("link", name="打开工单").click()
    expect(page.get_by_role("main")).to_contain_text("东南")
