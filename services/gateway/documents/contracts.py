"""From a contract as intake answers it to its print-out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from libs.documents.contract_forms import AmountLine, AssetLine, ChangeLine, ServiceContract, TermLine
from services.gateway.documents.domain import Answer
from services.gateway.documents.labels import (
    CHANGE_OP,
    CONTRACT_KIND,
    ENTITLED_PER,
    ENTITLED_SERVICE,
    REPLACEMENT_RULE,
    START_RULE,
)

EVERY_CLASS = "其余全部"


@dataclass(frozen=True)
class ContractRecord:
    """What intake answered of one contract: the `others` that go with it by id, and the assets that it holds for."""

    contract: Answer
    customer: Answer | None
    others: dict[str, Answer]
    assets: Sequence[Answer]
    more: bool = False


def agreement(record: ContractRecord, address: str, zone: ZoneInfo, hotline: str) -> ServiceContract:
    """售后服务合同. Days are those of `zone`. What a maker promised for all customers' assets names none of them."""
    contract, conditions = record.contract, record.contract["conditions"]
    budget = conditions["budget"]
    travel = conditions["travel_free"]
    return ServiceContract(
        number=contract["number"],
        version=contract["version"],
        address=address,
        kind=CONTRACT_KIND[contract["kind"]],
        of_maker=contract["customer_id"] is None,
        customer=(record.customer or {}).get("name"),
        signed=_day(contract["signed_at"], zone),
        ended=_ended(contract, zone),
        extends=_numbers(record, filter(None, [contract["extends"]])),
        extended_by=_numbers(record, _own(record, contract["extended_by"])),
        level=conditions["service_level"],
        labour_cap=None if conditions["labour_cap"] is None else f"{yuan(conditions['labour_cap'])} 元/小时",
        travel=None if travel is None else ("免收" if travel else "另计"),
        entitlements=[_entitled(line) for line in conditions["entitlements"]],
        terms=[_term(term) for term in contract["terms"]],
        prices=[AmountLine(item=p["item"], unit=p["unit"], amount=yuan(p["price"])) for p in conditions["prices"]],
        budget=[AmountLine(item=line["item"], amount=yuan(line["amount"])) for line in budget],
        total=yuan(sum(line["amount"] for line in budget)) if budget else None,
        changes=[_change(amended, zone) for amended in contract["amendments"]],
        assets=[_asset(asset, contract) for asset in record.assets if asset["retired_at"] is None],
        more=record.more,
        hotline=hotline or None,
    )


def yuan(fen: int) -> str:
    """An amount as a paper says it: 12,000.00."""
    return f"{fen // 100:,}.{fen % 100:02}"


def _day(instant: str, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(instant).astimezone(zone):%Y-%m-%d}"


def _ended(contract: Answer, zone: ZoneInfo) -> str | None:
    if contract["ended_at"] is None:
        return None
    return "，".join(filter(None, [_day(contract["ended_at"], zone), contract["end_reason"]]))


def _own(record: ContractRecord, ids: Iterable[str]) -> Iterator[str]:
    """Those of the same side: the numbers of customers' contracts that extend a maker's are not the maker's to know."""
    whose = record.contract["customer_id"]
    return (id for id in ids if id in record.others and record.others[id]["customer_id"] == whose)


def _numbers(record: ContractRecord, ids: Iterator[str]) -> str | None:
    return "、".join(record.others[id]["number"] for id in ids if id in record.others) or None


def _entitled(line: Answer) -> str:
    return f"{ENTITLED_SERVICE[line['service']]}：{ENTITLED_PER[line['per']]} {line['times']} 次"


def _class(name: str) -> str:
    return EVERY_CLASS if name == "*" else name


def _term(term: Answer) -> TermLine:
    latent = term["latent_defect_months"]
    return TermLine(
        component_class=_class(term["component_class"]),
        months=f"{term['months']} 个月",
        start=" ".join(filter(None, [START_RULE[term["start_rule"]], term["start_date"]])),
        latent=f"{latent} 个月" if latent else "无",
        notes="；".join(_notes(term)),
    )


def _notes(term: Answer) -> Iterator[str]:
    """What a term says of replacements, expansions and spares, where it says more than the usual."""
    if term["shelf_years"]:
        yield f"备件搁置 {term['shelf_years']} 年"
    if term["replacement"] == "own":
        months = f" {term['replacement_months']} 个月" if term["replacement_months"] else ""
        yield f"更换件{REPLACEMENT_RULE['own']}{months}"
    if term["expansion"] == "own":
        yield "扩容件自装入日起算"


def _change(amended: Answer, zone: ZoneInfo) -> ChangeLine:
    says = [_changed(change) for change in amended["changes"]]
    conditions = amended["conditions"]
    return ChangeLine(
        order=amended["order"],
        agreed=_day(amended["agreed_at"], zone),
        says=[*says, *(_agreed(conditions) if conditions else ())],
    )


def _changed(change: Answer) -> str:
    latent, start = change["latent_defect_months"], change["start_rule"]
    said = [
        f"保修 {change['months']} 个月" if change["months"] else None,
        f"自{START_RULE[start]}起算" if start else None,
        change["start_date"],
        None if latent is None else f"潜在缺陷 {latent} 个月",
        *_notes(change),
    ]
    return " ".join([CHANGE_OP[change["op"]], _class(change["component_class"]), "，".join(filter(None, said))]).strip()


def _agreed(conditions: Answer) -> Iterator[str]:
    """All that was agreed anew beside the warranty."""
    yield "其他约定重新约定："
    if conditions["service_level"]:
        yield f"服务级别 {conditions['service_level']}"
    if conditions["labour_cap"] is not None:
        yield f"人工费上限 {yuan(conditions['labour_cap'])} 元/小时"
    if conditions["travel_free"] is not None:
        yield "免收差旅费" if conditions["travel_free"] else "差旅费另计"
    yield from map(_entitled, conditions["entitlements"])
    for name, lines, field in (("价目", conditions["prices"], "price"), ("预算", conditions["budget"], "amount")):
        if lines:
            yield f"{name}：" + "、".join(f"{line['item']} {yuan(line[field])} 元" for line in lines)


def _asset(asset: Answer, contract: Answer) -> AssetLine:
    known = AssetLine(model=asset["model"], serial=asset["serial"], maker=asset["maker"])
    if contract["customer_id"] is None:
        return known
    return replace(known, region=asset["region"], card=asset["card_number"])
