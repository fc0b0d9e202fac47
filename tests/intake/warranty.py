"""Warranty questions for tests, as short as a row of a table can say them: facts, terms, and the day asked."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from services.intake.warranty.domain.question import Ask, Given

DATA = Path(__file__).parent / "data"
SAMPLES = DATA / "warranty_sample_cases.jsonl"
"""The 36 samples with answers that the rules of the warranty came with; `why` and what is `lenient` is not compared."""

FACTS = {"accepted": "acceptance_date", "completed": "completion_date", "zone": "site_timezone"}
PART = {"class": "class", "kind": "kind", "installed": "installed_on", "out": "replaced_on", "supplied": "supplied_by"}
SIGNED = "2019-01-05T00:00:00+08:00"
Row = Mapping[str, str]


def named_cases() -> Iterator[Row]:
    """The rows of warranty_cases.md by their heads."""
    lines = (DATA / "warranty_cases.md").read_text(encoding="utf-8").splitlines()
    heads, _, *rows = [re.split(r" *\| ?", line)[1:-1] for line in lines if line.startswith("|")]
    return (dict(zip(heads, row, strict=True)) for row in rows)


def question(row: Row) -> tuple[Given, Ask]:
    """What a row asks."""
    facts = dict(fact.split("=", 1) for fact in row["facts"].split())
    contracts, products = _promises(row["terms"])
    for name in facts.keys() & {"ended", "signed"}:
        contracts[-1][f"{name}_at"] = f"{facts[name]}T00:00:00+08:00"
    given = {"asset": _asset(facts), "contracts": contracts, "products": products}
    ask: dict[str, Any] = {
        "component": "c1",
        "on": f"{row['on'].replace(' ', 'T')}+08:00",
        "cause": row["cause"] or None,
    }
    if "known" in facts:
        ask["known_at"] = f"{facts['known']}T00:00:00+08:00"
    ask["discoverable_before_expiry"] = True if "discoverable" in facts else None
    return msgspec.convert(given, Given), msgspec.convert(ask, Ask)


def _asset(facts: Row) -> dict[str, Any]:
    part = {"id": "c1", "class": "main_unit"} | {PART[name]: value for name, value in facts.items() if name in PART}
    asset: dict[str, Any] = {"model": "product", "components": [part], "site_timezone": "Asia/Shanghai"}
    asset |= {FACTS[name]: value for name, value in facts.items() if name in FACTS}
    if "card" in facts:
        asset["card"] = {"number": "WC-1", "start_date": facts["card"]}
    if "moved" in facts:
        day, zone = facts["moved"].split(",")
        asset["moves"] = [{"at": f"{day}T00:00:00+08:00", "site_timezone": zone}]
    return asset


def _promises(cell: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    terms: dict[str, list[dict[str, Any]]] = {}
    for promise in cell.split(";"):
        whose, component_class, months, start_rule, *fields = promise.split()
        term: dict[str, Any] = {"component_class": component_class, "months": int(months), "start_rule": start_rule}
        term |= {name: int(value) if value.isdigit() else value for name, value in (each.split("=") for each in fields)}
        terms.setdefault(whose, []).append(term)
    products = [{"model": "product", "terms": terms.pop("product")}] if "product" in terms else []
    return [
        {"id": kind, "kind": kind, "signed_at": SIGNED, "terms": promised, "extends": _base(kind, terms)}
        for kind, promised in terms.items()
    ], products


def _base(kind: str, promised: Mapping[str, object]) -> str | None:
    return "own" if kind == "extension" and "own" in promised else None
