"""The console's types are those of the services' documents, and whatever code a service may say has its label."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.front import DIST, build
from libs.chassis.identity.auth import ROLES
from libs.events.contracts.dispatch.work_orders import AboutWorkOrder
from libs.events.contracts.language import published
from libs.services import EVENT_SERVICES
from tests.architecture.test_openapi import DOCUMENTS
from tools.clients import FOLDER, modules

ROOT = Path(__file__).parents[2]
LANGUAGES = ("zh-CN", "en")
WORDS = ROOT / "web/src/words"


def words(language: str, name: str) -> dict[str, Any]:
    """The words of one file, by their sections."""
    found: dict[str, Any] = json.loads((WORDS / language / f"{name}.json").read_text("utf-8"))
    return found


def named(type: str) -> str:
    """What an event is called in English unless a label says it better, as in web/src/console/labels.ts."""
    return re.sub("(?!^)[A-Z]", lambda letter: f" {letter[0].lower()}", type.partition(".")[2])


OWN_NAMES: dict[str, str] = words("en", "console-labels")["event"]
"""English labels of events that are not their names."""

LABELS: dict[str, dict[str, dict[str, str]]] = {
    language: words(language, "labels") | words(language, "console-labels") for language in LANGUAGES
}
LABELS["en"]["event"] = {type: OWN_NAMES.get(type, named(type)) for type in LABELS["zh-CN"]["event"]}
BUDGET, PHONE_BUDGET = 190_000, 95_000
"""Bytes, as they are sent (brotli)."""

SELDOM = (
    "audit",
    "callbacks",
    "engineers",
    "filters",
    "hotlines",
    "imports",
    "keeping",
    "life",
    "merging",
    "models",
    "notes",
    "operations",
    "papers",
    "people",
    "policies",
    "settings",
    "snippets",
)
"""Areas of the console whose words come with their pages: nobody else may say them."""

SAID_IN = {
    "filters": {"queue"},
    "hotlines": {"hotlines", "register"},
    "keeping": {"accounts"},
    "life": {"register", "ticket"},
    "merging": {"register", "ticket"},
    "models": {"keeping"},
    "notes": {"ticket"},
    "snippets": {"snippets", "SnippetMenu.tsx", "SnippetChoice.tsx"},
}
"""Where words are said that come with the pages of more than one area, or of none that has their name."""

NAMES_OF_FIELDS = {"group_by", "sort"}
"""Parameters whose values name fields: a page has words of its own for its columns."""

OWN = {"event", "metric", "role", "service", "warranty_reason"}
"""Vocabularies of codes that no document lists: checked against their own source below, or open to a deployment."""


def codes(value: Any, name: str = "") -> Iterator[frozenset[str]]:
    """Every list of codes in a document; not those of problems, whose sentences the service says itself (ADR 41)."""
    if isinstance(value, list):
        for item in value:
            yield from codes(item, item["name"] if isinstance(item, dict) and "name" in item else name)
    if not isinstance(value, dict):
        return
    if isinstance(value.get("enum"), list) and name not in {"code", *NAMES_OF_FIELDS}:
        yield frozenset(map(str, value["enum"]))
    for key, inner in value.items():
        if key not in {"headers", "examples", "example"}:
            yield from codes(inner, name if key in {"items", "schema", "anyOf", "oneOf", "allOf"} else key)


ALL_CODES = {found for name in EVENT_SERVICES for found in codes(DOCUMENTS[name])}
PUBLISHED = {path.name for path in (ROOT / "docs/events/schemas").iterdir()}
OF_VISITS = {cls.type_name for cls in published("dispatch") if issubclass(cls, AboutWorkOrder)}


def unlabelled(some: frozenset[str], vocabularies: list[set[str]]) -> list[str]:
    """The codes of a list that have no label in the vocabulary that fits it best."""
    missing = min([some - vocabulary for vocabulary in vocabularies], key=len)
    return sorted(missing)


def test_the_clients_are_those_of_the_documents() -> None:
    assert {path.name: path.read_text("utf-8") for path in FOLDER.iterdir()} == modules(), "run make golden"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_that_a_service_may_say_has_a_label(language: str) -> None:
    vocabularies = [set(labels) for labels in LABELS[language].values()]
    missing = {code for some in ALL_CODES for code in unlabelled(some, vocabularies)}
    assert missing == set(), f"a vocabulary of web/src/words/{language} has all codes of a list but these"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_label_is_of_a_code_that_nobody_says(language: str) -> None:
    said = frozenset().union(*ALL_CODES)
    labels = {name: set(words) - said for name, words in LABELS[language].items() if name not in OWN}
    assert {name: extra for name, extra in labels.items() if extra} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_published_event_role_and_service_has_a_label(language: str) -> None:
    labels = LABELS[language]
    assert set(labels["event"]) ^ PUBLISHED == set(), "`event` of web/src/words/zh-CN/console-labels.json"
    assert (set(labels["role"]), set(labels["service"])) == (set(ROLES), set(EVENT_SERVICES))


def test_every_published_event_is_said_to_make_something_stale() -> None:
    named = re.findall(r'each\("(\w+)", "([^"]+)"', (ROOT / "web/src/lib/stale.ts").read_text("utf-8"))
    stale = {f"{service}.{name}" for service, names in named for name in names.split()}
    assert PUBLISHED - OF_VISITS - stale == set(), "say in web/src/lib/stale.ts what it makes stale"
    assert stale - PUBLISHED == set()


def test_an_english_label_of_an_event_says_something_else_than_its_name() -> None:
    assert [type for type, label in OWN_NAMES.items() if label == named(type)] == []
    assert OWN_NAMES.keys() <= LABELS["zh-CN"]["event"].keys()


def test_a_label_is_said_in_both_languages() -> None:
    chinese, english = (LABELS[language] for language in LANGUAGES)
    assert {name: list(words) for name, words in chinese.items()} == {
        name: list(words) for name, words in english.items()
    }


@pytest.mark.parametrize("part", ["console", "field", "lib", "ui"])
def test_what_a_page_says_is_among_the_words_that_it_loads(part: str) -> None:
    files = {"console": ["console", *SELDOM], "field": ["field"]}.get(part, [])
    loaded = words("en", "shared").keys() | {section for name in files for section in words("en", name)}
    sources = [
        path.read_text("utf-8") for path in (ROOT / "web/src" / part).rglob("*.ts*") if ".test." not in path.name
    ]
    calls = [call for source in sources for call in re.findall(r"\bt\(([^()]*)", source)]
    said = {section for call in calls for section in re.findall(r"""["`](\w+)\.""", call)}
    assert said
    assert said - loaded == set()


@pytest.mark.parametrize("area", SELDOM)
def test_what_an_area_says_is_said_there_alone(area: str) -> None:
    assert list(words("en", area)) == [area]
    console = ROOT / "web/src/console"
    homes = SAID_IN.get(area, {area})
    others = [path for path in console.rglob("*.ts*") if homes.isdisjoint(path.relative_to(console).parts)]
    assert [path.name for path in others if re.search(rf"""\bt\(["`]{area}\.""", path.read_text("utf-8"))] == []


def test_the_console_is_made_of_free_software() -> None:
    lock = json.loads((ROOT / "web/package-lock.json").read_text("utf-8"))["packages"]
    licences = {name: package.get("license") for name, package in lock.items() if name and not package.get("dev")}
    free = {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "Unlicense", "(MIT OR CC0-1.0)"}
    assert {name: licence for name, licence in licences.items() if licence not in free} == {}


def test_the_lock_names_no_host() -> None:
    lock = (ROOT / "web/package-lock.json").read_text("utf-8")
    assert '"resolved"' not in lock
    assert "://" not in lock


def test_what_the_first_page_loads_is_within_its_budget() -> None:
    assert size(loaded_by("index.html")) < BUDGET


def test_what_the_phone_loads_is_within_its_budget() -> None:
    assert size(loaded_by("field/index.html")) < PHONE_BUDGET


def test_the_phones_worker_keeps_all_that_its_page_loads() -> None:
    worker = (build() / "field/sw.js").read_text("utf-8")
    found = re.search(r"const FILES = (\[.*\]);", worker)
    assert found is not None
    kept = set(json.loads(found[1]))
    assert {"/field/index.html", *(f"/{name}" for name in loaded_by("field/index.html"))} <= kept
    assert any("SignaturePad" in name for name in kept - {f"/{name}" for name in loaded_by("field/index.html")})
    assert "__" not in worker


def test_the_phones_page_has_no_nonce() -> None:
    assert "nonce" not in (build() / "field/index.html").read_text("utf-8")


def loaded_by(page: str) -> set[str]:
    """The hashed files that a page asks for at once."""
    return set(re.findall(r'(?:src|href)="/(assets/[^"]+)"', (build() / page).read_text("utf-8")))


def size(loaded: set[str]) -> int:
    """Of scripts and styles, as they are sent."""
    assert any(name.endswith(".js") for name in loaded)
    return sum((DIST / f"{name}.br").stat().st_size for name in loaded)
