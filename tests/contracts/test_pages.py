"""Pages made from the code are fresh, and every service can read what it hears in every version there ever was."""

from pathlib import Path

import pytest

from docs.pages import pages, services
from libs.events.contracts.language import PUBLISHERS
from tools.golden import GOLDEN, ROOT


def test_pages_made_from_the_code_are_fresh() -> None:
    stale = [path.name for path, text in pages().items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "make golden writes them anew"


@pytest.mark.parametrize("service", sorted(PUBLISHERS))
def test_every_module_of_a_services_contracts_is_among_its_concepts(service: str) -> None:
    package = PUBLISHERS[service]
    files = {path.stem for path in Path(str(package.__file__)).parent.glob("*.py")} - {"__init__"}
    assert {concept.__name__.rpartition(".")[2] for concept in package.CONCEPTS} == files


@pytest.mark.parametrize("service", sorted(PUBLISHERS))
def test_a_service_reads_every_golden_file_of_what_it_hears(service: str) -> None:
    hears = services()[service].hears
    for cls in hears:
        files = list((ROOT / GOLDEN / cls.type_name).glob("*.json"))
        assert files, f"{cls.type_name} was never published"
        for path in files:
            assert isinstance(hears.decode(cls.type_name, int(path.name.split(".")[0]), path.read_bytes()), cls)


@pytest.mark.parametrize("service", sorted(PUBLISHERS))
def test_a_service_reads_every_golden_file_of_what_it_published(service: str) -> None:
    log = services()[service].catalogue
    for path in (ROOT / GOLDEN).glob(f"{service}.*/*.json"):
        assert path.parent.name in log, f"{path.parent.name} is published by no stream of {service}"
        log.decode(path.parent.name, int(path.name.split(".")[0]), path.read_bytes())
