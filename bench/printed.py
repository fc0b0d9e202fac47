"""The form that is set in the benchmarks: a task order, filled in. By itself it is set once, as PDF: the cold side."""

import sys
from datetime import datetime
from zoneinfo import ZoneInfo

from libs.documents.forms import TaskOrder
from libs.documents.typesetter import compiled

AT = datetime(2026, 11, 28, 10, 52, tzinfo=ZoneInfo("Asia/Shanghai"))
NUMBER = "WX20261128-0042"
FORM = TaskOrder(
    number=NUMBER,
    visit=1,
    version=14,
    address="https://care.example.org/work-orders/0198c0de-0000-7000-8000-000000000003",
    customer="王芳",
    phones="138 0000 0000、010-88880000 转 8001",
    site="北京市朝阳区和平路 1 号 3 单元 502 室",
    region="华北",
    contract="HT-2026-0113",
    warranty="在保",
    kind="维修",
    maintenance_type="纠正性",
    summary="空调不制冷，室外机有异响",
    engineer="李强",
    level="2 级",
    cause="正常损耗",
    payable=False,
    skills="hvac",
    requirements="上午十点以后上门",
    appointment="2026-11-28 10:00–12:00",
    rework=False,
)


def pdf() -> bytes:
    """It, as the gateway sets it."""
    return compiled(FORM, AT)


if __name__ == "__main__":
    sys.stdout.buffer.write(pdf())
