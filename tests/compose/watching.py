"""The profile `observability`: Prometheus sees every process, every alarm could ring, every graph shows something."""

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import httpx
import yaml  # type: ignore[import-untyped]  # it has none

from deploy.devstack.process import ROOT
from deploy.prometheus.dashboards import PAGES, Page
from libs.services import EVENT_SERVICES
from libs.services import PROCESSES as WITHOUT_LOG
from tests.compose.containers import Container, docker, until, write_hosts
from tests.faults.verdict import Check

URL = "http://prometheus:9090/api/v1"
PROCESSES = {f"{service}{role}" for service in EVENT_SERVICES for role in ("", "-worker")} | {*WITHOUT_LOG}
SERIES = re.compile(r"aftercare_[a-z_]+")
RARE = {"aftercare_parked_events", "aftercare_stopped_lanes"}
"""There only when something has happened."""


async def watched() -> list[Check]:
    """What Prometheus has seen at the end."""
    await asyncio.to_thread(write_hosts)
    async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
        await until(lambda: _seen() == PROCESSES, "Prometheus to see every process")
        await until(lambda: _health() == {"ok"}, "Prometheus to judge every rule")
        wanted = sorted(set(SERIES.findall(_rules())) - RARE)
        found = {name: await _ask(http, "query", query=f"count({name})") for name in wanted}
        graphs = [graph for page in PAGES for graph in _graphs(page)]
        empty = [name for name, expression in graphs if not (await _ask(http, "query", query=expression))["result"]]
    return [
        Check("series that alarms look at", len(wanted), [name for name in wanted if not found[name]["result"]]),
        Check("graphs of the dashboards with something to show", len(graphs), empty),
        Check("alarms tried by promtool", len(yaml.safe_load(_rules())["groups"][0]["rules"]), _tried()),
    ]


def _graphs(page: Page) -> Iterator[tuple[str, str]]:
    """What each panel asks, of every service where one is to be chosen."""
    for panel in page.panels:
        for legend, expression in panel.asks.items():
            for service in EVENT_SERVICES if page.is_of_one_service else ("",):
                yield f"{page.name}: {panel.title}: {legend} {service}", expression.replace("$service", service)


def _seen() -> set[str]:
    """The processes that answer it, each known to be its service's."""
    labels = [each["labels"] for each in _now("targets", state="active")["activeTargets"] if each["health"] == "up"]
    return {each["process"] for each in labels if each["process"].removesuffix("-worker") == each.get("service")}


def _health() -> set[str]:
    return {rule["health"] for group in _now("rules")["groups"] for rule in group["rules"]}


def _tried() -> list[str]:
    """What promtool says against them; it is in the image."""
    try:
        docker("exec", Container("prometheus").id, "promtool", "test", "rules", "/etc/prometheus/rules.test.yml")
    except OSError as error:
        return [str(error)]
    return []


def _rules() -> str:
    return (ROOT / "deploy/prometheus/rules.yml").read_text(encoding="utf-8")


def _now(path: str, **asked: str) -> Any:
    return httpx.get(f"{URL}/{path}", params=asked, trust_env=False, timeout=60).json()["data"]


async def _ask(http: httpx.AsyncClient, path: str, **asked: str) -> Any:
    return (await http.get(f"{URL}/{path}", params=asked)).json()["data"]
