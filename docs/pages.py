"""The pages that are made from the code, such as docs/events.md: `python -m docs.pages` writes them anew."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from inspect import getdoc
from pathlib import Path
from types import ModuleType
from typing import Any

from prometheus_client import Metric
from prometheus_client.metrics import MetricWrapperBase
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings

from docs.markdown import page, table
from docs.presets import presets
from docs.requirements import requirements
from docs.ticket_status import ticket_status
from libs.chassis import telemetry as chassis
from libs.chassis.department import Department
from libs.chassis.running.service import Service
from libs.chassis.running.settings import Common, Own
from libs.events import Published
from libs.events import metrics as kernel
from libs.events.contracts.language import PUBLISHERS, published
from services.gateway.live import metrics as live
from services.gateway.settings import GatewaySettings
from services.sla.calendars import alarm
from tools.schemas import schema

HERE = Path(__file__).resolve().parent


def services() -> dict[str, Service]:
    """Every service's table of contents, by name."""
    return {name: import_module(f"services.{name}.app").service for name in PUBLISHERS}


def pages() -> dict[Path, str]:
    """Every made page as it should stand, by path."""
    return {
        HERE / "events.md": events(services()),
        HERE / "metrics.md": metrics(),
        HERE / "requirements.md": requirements(),
        HERE / "settings.md": settings(),
        HERE / "sla-presets.md": presets("en"),
        HERE / "zh-CN" / "sla-presets.md": presets("zh-CN"),
        HERE / "ticket-status.md": ticket_status("en"),
        HERE / "zh-CN" / "ticket-status.md": ticket_status("zh-CN"),
    }


def events(known: Mapping[str, Service]) -> str:
    """What each service publishes, field by field, and who hears it."""
    return page(
        "# Events",
        "What the services tell each other, and everyone who reads their topics. Each service publishes to one topic, "
        "`<service>.events`; the key is the ticket's id for all that is about a ticket, so a ticket's news has one "
        "order in each topic. How to read them, and what the headers say: [read-the-events.md](read-the-events.md). A "
        "field with a question mark may be absent or null; `…_id` of words, names, signatures and places is the id of "
        "a text in the publishing service, never the text.",
        *(part for name in sorted(PUBLISHERS) for part in _of_service(name, known)),
    )


def _of_service(name: str, known: Mapping[str, Service]) -> Iterator[str]:
    yield f"## {name}"
    yield f"{getdoc(PUBLISHERS[name])} Topic `{name}.events`, [AsyncAPI document](events/asyncapi/{name}.json)."
    rows = ([_linked(cls), _meaning(cls), _fields(cls), _hearers(cls, known)] for cls in published(name))
    yield table(["event", "meaning", "fields", "heard by"], rows)


def _linked(cls: type[Published]) -> str:
    name, version = cls.type_name, cls.version
    return f"[`{name}`](events/schemas/{name}/{version}.json) {version}"


def _meaning(cls: type[Published]) -> str:
    return " ".join((getdoc(cls) or "").split())


def _fields(cls: type[Published]) -> str:
    shape = schema(cls)
    needed = shape.get("required", ())
    return "<br>".join(_field(name, field, name in needed) for name, field in shape["properties"].items())


def _field(name: str, field: Mapping[str, Any], needed: bool) -> str:
    return f"`{name}{'' if needed else '?'}` {_kind(field)}"


def _kind(field: Mapping[str, Any]) -> str:
    """The field's type in words."""
    if "enum" in field:
        return "one of " + ", ".join(map(str, field["enum"]))
    if "anyOf" in field:
        return " or ".join(_kind(branch) for branch in field["anyOf"] if branch.get("type") != "null")
    if field["type"] == "array":
        return f"list of {_kind(field['items'])}"
    if field.get("format") == "date-time":
        return "instant"
    limits = [str(field[end]) for end in ("minimum", "maximum") if end in field]
    return " ".join([{"string": "text"}.get(field["type"], field["type"]), " to ".join(limits)]).strip()


def _hearers(cls: type[Published], known: Mapping[str, Service]) -> str:
    return ", ".join(name for name, service in sorted(known.items()) if cls.type_name in service.hears)


def settings() -> str:
    """Every environment variable that a service reads."""
    return page(
        "# Settings",
        "A service reads its settings from environment variables when it starts, and refuses to start without those "
        "that it needs, naming them. `make up` and `make demo` write a complete set to `.run/env`.",
        "## Of each service",
        f"{_meaning_of(Own)} `<SERVICE>` is INTAKE, TRIAGE, DISPATCH, SLA or SURVEY.",
        _variables(Own, "<SERVICE>_", {"<SERVICE>_INTERNAL_URL": _FEED}),
        "## Of the gateway",
        f"{_meaning_of(GatewaySettings)} Where the services answer is named by `<SERVICE>_URL`, as INTAKE_URL.",
        _variables(GatewaySettings, "GATEWAY_", {}, beside=Own),
        "## Of all services",
        _meaning_of(Common),
        _variables(Common, "", {}),
        "## Of the department",
        _meaning_of(Department),
        _variables(Department, "DEPARTMENT_", {}),
    )


_FEED = "That service's internal port, for those that hear it and fetch from its feed what Kafka did not bring."


def _meaning_of(cls: type[Any]) -> str:
    return (getdoc(cls) or "").split("\n")[0]


def _variables(
    cls: type[BaseSettings], prefix: str, more: Mapping[str, str], beside: type[BaseSettings] = BaseSettings
) -> str:
    own = [(name, field) for name, field in _sorted(cls) if name not in beside.model_fields]
    rows = [[f"`{prefix}{name.upper()}`", _default(field), field.description or ""] for name, field in own]
    return table(["variable", "default", "meaning"], [*rows, *([f"`{name}`", "", text] for name, text in more.items())])


def _sorted(cls: type[BaseSettings]) -> list[tuple[str, FieldInfo]]:
    return sorted(cls.model_fields.items())


def _default(field: FieldInfo) -> str:
    if field.default is PydanticUndefined:
        return "**required**"
    return "" if field.default in (None, "") else f"`{field.default}`"


def metrics() -> str:
    """Every metric of a service's process."""
    return page(
        "# Metrics",
        "What `GET /metrics` of a service tells, in Prometheus's text format, beside the client library's own figures "
        "of the process. Totals count from the process's start. What to watch: [operate.md](operate.md).",
        "## The event kernel",
        _metrics(kernel),
        "## The chassis",
        _metrics(chassis),
        "## sla alone",
        _metrics(alarm),
        "## The gateway alone",
        _metrics(live),
    )


def _metrics(module: ModuleType) -> str:
    found = [
        each for metric in vars(module).values() if isinstance(metric, MetricWrapperBase) for each in metric.collect()
    ]
    return table(
        ["metric", "type", "meaning"], ([_named(metric), metric.type, metric.documentation] for metric in found)
    )


def _named(metric: Metric) -> str:
    return f"`{metric.name}{'_total' if metric.type == 'counter' else ''}`"


def main() -> None:
    """Write the pages."""
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
