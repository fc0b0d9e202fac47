"""Forms as they are filled in: of one repair that was accepted."""

import base64
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from libs.documents.asset_forms import AssetLabel, AssetLabels, Covered, Label, WarrantyCard
from libs.documents.contract_forms import AmountLine, AssetLine, ChangeLine, ServiceContract, TermLine
from libs.documents.forms import Acceptance, OpinionFeedback, TaskOrder
from libs.documents.ticket_forms import CustomerReceipt, FeedbackRegister, RepairFeedback

AT = datetime(2026, 11, 28, 10, 52, tzinfo=ZoneInfo("Asia/Shanghai"))
STROKES = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAEAAAAAYAQAAAABiz8bpAAAAdklEQVR42o3OIQ6DQBCF4XFIjsA5qrgYzYoe"
    "qbKCI6xEUlfXTQMJ2bDMz86mCFLTZ+ZTb57wjfyHz4E5n97wdmhjCBne4FtSMIw34qsg8liQhT5pNRWoEitZ"
    "aelILsNxteb4hIth83A3pAYGg7r85LxHSurfqTsLtqsviF5A2QAAAABJRU5ErkJggg=="
)
ABOUT: dict[str, Any] = {
    "number": "WX20261128-0042",
    "visit": 1,
    "version": 14,
    "address": "https://care.example.org/work-orders/0198c0de-0000-7000-8000-000000000003",
    "customer": "王芳",
    "phones": "138 0000 0000、010-88880000 转 8001",
    "site": "北京市朝阳区和平路 1 号 3 单元 502 室",
    "region": "华北",
    "contract": "HT-2026-0113",
    "warranty": "在保",
    "kind": "维修",
    "maintenance_type": "纠正性",
    "summary": "空调不制冷，室外机有异响",
    "engineer": "李强",
}
TASK_ORDER = TaskOrder(
    **ABOUT,
    level="2 级",
    cause="正常损耗",
    payable=False,
    skills="hvac",
    requirements="上午十点以后上门",
    appointment="2026-11-28 10:00–12:00",
    rework=False,
)
ACCEPTANCE = Acceptance(
    **ABOUT,
    arrived="2026-11-28 09:58",
    completed="2026-11-28 10:47",
    result="更换压缩机启动电容，检漏、补充 R410A，试机 30 分钟正常",
    verdict="accepted",
    reasons=[],
    signature=STROKES,
    signed_by="王芳",
    signed_at="2026-11-28 10:50",
)
OPINION = OpinionFeedback(
    **ABOUT,
    completed="2026-11-28 10:47",
    result="更换压缩机启动电容",
    score=5,
    opinion="师傅准时，讲解清楚。",
    called="2026-11-30 09:10",
)
ALL = (TASK_ORDER, ACCEPTANCE, OPINION)
BY_LINK = replace(ACCEPTANCE, signature=None, by_link=True)
REJECTED = replace(
    ACCEPTANCE,
    verdict="rejected",
    reasons=["仍有异响", "阳台漏水"],
    signature=None,
    signed_by=None,
    signed_at=None,
)
ERASED = replace(
    ACCEPTANCE,
    customer="已清除",
    phones="已清除",
    site="已清除",
    summary="已清除",
    result="已清除",
    signature=None,
    signed_by="已清除",
)

CONTACT: dict[str, Any] = {
    "number": "WX20261128-0042",
    "version": 2,
    "address": "https://care.example.org/tickets/0198c0de-0000-7000-8000-000000000001",
    "received": "2026-11-28 08:12",
    "channel": "电话",
    "urgency": "普通",
    "customer": "王芳",
    "phones": "138 0000 0000",
    "site": "北京市朝阳区和平路 1 号 3 单元 502 室",
    "region": "华北",
    "contract": "HT-2026-0113",
    "kind": "维修",
    "warranty": "在保",
    "summary": "空调不制冷，室外机有异响",
    "requirements": "上午十点以后上门",
}
REGISTER, FEEDBACK = FeedbackRegister(**CONTACT), RepairFeedback(**CONTACT)
RECEIPT = CustomerReceipt(
    **CONTACT | {"summary": "滤网多久清洗一次？", "requirements": None},
    answer="滤网每季度清洗一次，客户可自行完成",
    answered_by="李敏",
    answered_at="2026-11-28 08:25",
)
BY_HAND = replace(RECEIPT, answer=None)
LABEL = Label(
    address="https://care.example.org/a/AZjA3gAAcACAAAAAAAAAAw.0a1b2c-abcdefghijklmnop", model="KFR-35GW", serial="SN-1"
)
CARD = WarrantyCard(
    number="BX-0001",
    version=4,
    address=LABEL.address,
    project="王芳 HT-2026-0113",
    customer="王芳",
    site="北京市朝阳区和平路 1 号 3 单元 502 室",
    model="KFR-35GW",
    serial="SN-1",
    maker="格力",
    contracts="HT-2026-0113",
    accepted="2026-03-14",
    completed="2026-03-01",
    covered=[
        Covered(
            part="compressor-1",
            component_class="compressor",
            serial="P1",
            begin="2026-03-15",
            until="2029-03-14",
            clause="HT-2026-0113",
        ),
        Covered(part="disk", component_class="disk", serial=None, begin=None, until=None, clause=None),
    ],
    hotline="010-65551234",
)
ONE_LABEL = AssetLabel(number="SN-1", version=4, address="/", labels=[LABEL])
LABELS = AssetLabels(number="0198c0de", version=30, address="/", labels=[LABEL] * 30)
CONTRACT = ServiceContract(
    number="HT-2026-0113",
    version=2,
    address="https://care.example.org/contracts/0198c0de-0000-7000-8000-00000000000b",
    kind="我方合同",
    of_maker=False,
    customer="福州市第一医院",
    signed="2026-01-05",
    ended=None,
    extends=None,
    extended_by="YB-2026-0001",
    level="金牌",
    labour_cap="10.00 元/小时",
    travel="免收",
    entitlements=["上门：每年 2 次", "巡检：每季度 1 次"],
    terms=[
        TermLine(component_class="main_unit", months="36 个月", start="保修卡日期", latent="24 个月", notes=""),
        TermLine(component_class="其余全部", months="12 个月", start="验收次日", latent="无", notes="备件搁置 5 年"),
    ],
    prices=[
        AmountLine(item="压缩机", unit="台", amount="1,200.00"),
        AmountLine(item="滤网", unit="片", amount="35.00"),
    ],
    budget=[AmountLine(item="备件", amount="50,000.00"), AmountLine(item="培训", amount="8,000.00")],
    total="58,000.00",
    changes=[ChangeLine(order="BG-2026-0007", agreed="2026-06-01", says=["变更 其余全部 保修 24 个月", "差旅费另计"])],
    assets=[
        AssetLine(model="KFR-35GW", serial="SN-1", maker="格力", region="东南", card="BX-0001"),
        AssetLine(model="KFR-72LW", serial=None, maker=None, region=None, card=None),
    ],
    more=False,
    hotline="010-65551234",
)
BARE_CONTRACT = replace(
    CONTRACT, entitlements=[], prices=[], budget=[], total=None, changes=[], assets=[], ended="2026-07-01"
)
MAKERS = replace(CONTRACT, kind="厂家承诺", of_maker=True, customer=None, extended_by=None)
RECORDS = (REGISTER, FEEDBACK, RECEIPT, CARD, ONE_LABEL, LABELS, CONTRACT)
"""Of tickets, assets and contracts."""
