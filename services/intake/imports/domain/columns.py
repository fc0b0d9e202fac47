"""The columns of intake's imports. A contract's terms stand in one cell; an asset has one component to begin with."""

from libs.imports.cells import choice, day, fen, flag, phones, several, text
from libs.imports.columns import Column, Columns

NO_TERMS = "should be class, months and start rule, such as `main_unit 36 card`, with a semicolon between two terms"

START_RULES = {
    "card": "保修卡",
    "completion": "竣工",
    "acceptance": "验收",
    "day_after_acceptance": "验收次日",
    "after_base": "原合同期满次日",
}
SOLD = {"sold": "销售", "project": "工程", "leased": "租赁", "loaned": "借用", "elsewhere": "他处购买"}
KINDS = {"own": "本公司", "maker": "厂家", "extension": "延保"}


def terms(written: str, since_1904: bool = False) -> list[dict[str, object]]:
    """Terms as people write them: `main_unit 36 card; * 12 card`."""
    rules = choice(START_RULES)
    found: list[dict[str, object]] = []
    for term in text(written).replace("；", ";").split(";"):
        if not term.strip():
            continue
        component_class, *rest = term.rsplit(None, 2)
        if len(rest) != 2 or not rest[0].isascii() or not rest[0].isdigit() or len(rest[0]) > 4:
            raise ValueError(NO_TERMS)
        months, rule = int(rest[0]), rules(rest[1], since_1904)
        found.append({"component_class": component_class.strip(), "months": months, "start_rule": rule})
    return found


CUSTOMERS: Columns = (
    Column("name", "姓名", "name", required=True),
    Column("phones", "电话", "phones", phones, required=True),
    Column("address", "地址", "address", required=True),
)

CONTRACTS: Columns = (
    Column("number", "合同编号", "number", required=True, unique=True),
    Column("kind", "类别", "kind", choice(KINDS), required=True),
    Column("customer_id", "客户编号", "customer id"),
    Column("extends", "所延合同编号", "extends contract"),
    Column("signed_on", "签订日期", "signed on", day, required=True),
    Column("terms", "保修条款", "terms", terms, required=True),
    Column("service_level", "服务级别", "service level"),
    Column("labour_cap", "人工费上限（元/小时）", "labour cap (yuan an hour)", fen),
    Column("travel_free", "免差旅费", "travel free", flag),
)

ASSETS: Columns = (
    Column("customer_id", "客户编号", "customer id", required=True),
    Column("model", "型号", "model", required=True),
    Column("maker", "厂家", "maker", unique=True),
    Column("serial", "序列号", "serial", unique=True),
    Column("lot", "批号", "lot"),
    Column("supplier", "供应商", "supplier"),
    Column("sold_as", "销售方式", "sold as", choice(SOLD)),
    Column("component_class", "部件类别", "component class"),
    Column("installed_on", "安装日期", "installed on", day),
    Column("timezone", "时区", "time zone"),
    Column("region", "区域", "region"),
    Column("address", "地址", "address"),
    Column("acceptance_date", "验收日期", "acceptance date", day),
    Column("completion_date", "竣工日期", "completion date", day),
    Column("card_number", "保修卡号", "card number"),
    Column("card_date", "保修卡日期", "card date", day),
    Column("contracts", "合同编号", "contract numbers", several),
)

COLUMNS = {"customers": CUSTOMERS, "contracts": CONTRACTS, "assets": ASSETS}
