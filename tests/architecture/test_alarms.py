"""The alarms that Prometheus tells are those of the guides, of every process, over series that the code makes."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # it has none
from prometheus_client import REGISTRY

import libs.chassis.running.watch  # noqa: F401
import services.gateway.live.metrics  # as below
import services.sla.calendars.alarm  # noqa: F401  # its metric is one of those
from tests.compose.watching import PROCESSES, SERIES

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy/prometheus"
GUIDES = ("docs/operate.md", "docs/zh-CN/operate.md")
NAME = re.compile(r"- \*\*[^*]+\*\*\s?[(（]`(\w+)`[)）]")
MADE = re.compile(r"^([A-Z_]+) = (?:Counter|Gauge|Histogram)\(", re.MULTILINE)
SET = re.compile(r"\b([A-Z_]+)\.(?:inc|dec|set|observe|labels|clear)\(")
IN_TURN = {"PARKED", "STOPPED"}
"""Set by housekeeping under another name, one after the other."""
SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}


@pytest.fixture(scope="module")
def rules() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load((FOLDER / "rules.yml").read_text(encoding="utf-8"))["groups"]
    found: list[dict[str, Any]] = group["rules"]
    return found


@pytest.mark.parametrize("guide", GUIDES)
def test_every_alarm_is_explained_in_the_guide_by_its_name(guide: str, rules: list[dict[str, Any]]) -> None:
    explained = NAME.findall((ROOT / guide).read_text(encoding="utf-8"))
    assert sorted(explained) == sorted(rule["alert"] for rule in rules)


def test_every_alarm_is_tried(rules: list[dict[str, Any]]) -> None:
    tried = yaml.safe_load((FOLDER / "rules.test.yml").read_text(encoding="utf-8"))["tests"]
    rung = {each["alertname"] for test in tried for each in test["alert_rule_test"] if each.get("exp_alerts")}
    quiet = {each["alertname"] for test in tried for each in test["alert_rule_test"] if not each.get("exp_alerts")}
    assert rung == quiet == {rule["alert"] for rule in rules}


def test_every_series_is_one_that_the_code_makes(rules: list[dict[str, Any]]) -> None:
    made = {f"{family.name}{suffix}" for family in REGISTRY.collect() for suffix in SUFFIXES.get(family.type, ("",))}
    asked = {series for rule in rules for series in SERIES.findall(rule["expr"])}
    assert asked - made == set()


def test_every_metric_is_set_somewhere() -> None:
    paths = [path for folder in ("libs", "services") for path in (ROOT / folder).rglob("*.py")]
    sources = [path.read_text(encoding="utf-8") for path in paths]
    made = {name for text in sources for name in MADE.findall(text)}
    assert made - {name for text in sources for name in SET.findall(text)} - IN_TURN == set()


def test_every_process_is_looked_at_and_missed(rules: list[dict[str, Any]]) -> None:
    (job,) = yaml.safe_load((FOLDER / "prometheus.yml").read_text(encoding="utf-8"))["scrape_configs"]
    (found,) = job["dns_sd_configs"]
    (gone,) = (rule["expr"] for rule in rules if rule["alert"] == "ProcessGone")
    assert set(found["names"]) == PROCESSES
    assert set(re.findall(r'absent\(up\{process="([a-z-]+)"\}\)', gone)) == PROCESSES


def test_every_alarm_says_what_it_is_in_both_languages_and_how_urgent(rules: list[dict[str, Any]]) -> None:
    for rule in rules:
        assert rule["labels"]["severity"] in ("page", "ticket"), rule["alert"]
        assert set(rule["annotations"]) == {"summary", "summary_zh", "runbook"}, rule["alert"]
        page = rule["annotations"]["runbook"].partition("#")[0]
        assert (ROOT / page).is_file(), rule["alert"]
