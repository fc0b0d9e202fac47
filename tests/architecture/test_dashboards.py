"""The dashboards are those that the code writes, over series that it makes, and leave no metric out."""

import json
import re
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

import libs.chassis.running.watch  # noqa: F401
import services.gateway.live.metrics  # as below
import services.sla.calendars.alarm  # noqa: F401  # its metric is one of those
from deploy.prometheus.dashboards import FOLDER, PAGES, Page, texts
from tests.compose.watching import SERIES

SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize(("path", "text"), [pytest.param(*each, id=each[0].name) for each in texts()])
def test_a_file_is_what_the_code_writes(path: Path, text: str) -> None:
    assert path.read_text(encoding="utf-8") == text


def test_there_is_no_other_file() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {path.name for path, _ in texts()}


def test_every_series_is_made_and_every_metric_is_shown() -> None:
    ours = [family for family in REGISTRY.collect() if family.name.startswith("aftercare_")]
    made = {f"{family.name}{suffix}" for family in ours for suffix in SUFFIXES.get(family.type, ("",))}
    asked = {series for expression in _expressions(*PAGES) for series in SERIES.findall(expression)}
    assert asked - made == set()
    assert [family.name for family in ours if not any(series.startswith(family.name) for series in asked)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_as_grafana_gets_it(page: Page) -> None:
    built = json.loads((FOLDER / f"{page.name}.json").read_text(encoding="utf-8"))
    asked = [target["expr"] for panel in built["panels"] for target in panel["targets"]]
    assert asked == _expressions(page)
    assert len({panel["id"] for panel in built["panels"]}) == len(page.panels)
    assert all(CHINESE.search(panel["title"]) for panel in built["panels"])
    assert {variable["name"] for variable in built["templating"]["list"]} == {
        "datasource",
        *({"service"} if page.is_of_one_service else ()),
    }


def _expressions(*pages: Page) -> list[str]:
    return [expression for page in pages for panel in page.panels for expression in panel.asks.values()]
