"""`python -m deploy.prometheus.dashboards` writes the dashboards for Grafana, of panels.yml."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml  # type: ignore[import-untyped]  # it has none
from grafana_foundation_sdk.builders import dashboard, prometheus, timeseries
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import DataSourceRef

FOLDER = Path(__file__).with_name("dashboards")
COLUMNS, HEIGHT = 2, 8


@dataclass(frozen=True)
class Panel:
    """A graph: its title in both languages, its unit as Grafana names it, and expressions by their legends."""

    title: str
    unit: str
    asks: Mapping[str, str]


@dataclass(frozen=True)
class Page:
    """A dashboard. `$service` of its expressions is the service that is chosen above it."""

    name: str
    title: str
    panels: tuple[Panel, ...]

    @property
    def is_of_one_service(self) -> bool:
        return any("$service" in expression for panel in self.panels for expression in panel.asks.values())


PAGES: tuple[Page, ...] = tuple(
    Page(each["name"], each["title"], tuple(Panel(**panel) for panel in each["panels"]))
    for each in yaml.safe_load(Path(__file__).with_name("panels.yml").read_text(encoding="utf-8"))
)


def texts() -> Iterator[tuple[Path, str]]:
    """Each file as it should be."""
    for page in PAGES:
        yield FOLDER / f"{page.name}.json", JSONEncoder(sort_keys=True, indent=1).encode(_built(page)) + "\n"


def _built(page: Page) -> object:
    source = DataSourceRef(type_val="prometheus", uid="$datasource")
    made = dashboard.Dashboard(page.title).uid(f"aftercare-{page.name}").tags(["aftercare"]).readonly()
    made = made.refresh("30s").time("now-6h", "now").timezone("browser")
    made = made.with_variable(dashboard.DatasourceVariable("datasource").type("prometheus"))
    if page.is_of_one_service:
        services = "label_values(aftercare_ready, service)"
        made = made.with_variable(dashboard.QueryVariable("service").query(services).datasource(source))
    for number, panel in enumerate(page.panels):
        made = made.with_panel(_graph(panel, number, source))
    return made.build()


def _graph(panel: Panel, number: int, source: DataSourceRef) -> timeseries.Panel:
    width = 24 // COLUMNS
    graph = timeseries.Panel().title(panel.title).unit(panel.unit).min(0).datasource(source).id(number + 1)
    graph = graph.height(HEIGHT).span(width)
    for letter, (legend, expression) in zip("ABCDEF", panel.asks.items(), strict=False):
        graph = graph.with_target(prometheus.Dataquery().ref_id(letter).expr(expression).legend_format(legend))
    return graph


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for path, text in texts():
        path.write_text(text, encoding="utf-8")
