"""Documents say what is there: their links lead somewhere, and the commands they name exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("demo/*.md")])
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)")
DECISION = re.compile(r"\A# (\d+)\. .+\n\n- Status: .+\n- Date: 20\d\d-\d\d-\d\d\n\n")
CITED = re.compile(r"ADR (\d+)\.(\d+)")
TARGET = re.compile(r"^([a-z0-9-]+):", re.MULTILINE)
COMMAND = re.compile(r"(?:`|^)make ([a-z0-9-]+)", re.MULTILINE)
MODULE = re.compile(r"python -m ([a-z_.]+)")

TRANSLATED_PAGES = (
    "deploy",
    "dispatch",
    "kubernetes",
    "phone",
    "run",
    "operate",
    "privacy",
    "sla",
    "sla-calculator",
    "sla-decisions",
    "sla-explanations",
    "sla-presets",
    "sla-replay",
    "sla-what-if",
    "ticket-status",
    "warranty",
)
TRANSLATED = ["README.md", *(f"docs/{page}.md" for page in TRANSLATED_PAGES)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_commands_of_a_page_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = set(TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))
    assert [link for link in LINK.findall(text) if not (page.parent / link).exists()] == []
    assert [name for name in COMMAND.findall(text) if name not in targets] == []
    assert [name for name in MODULE.findall(text) if not _module(name)] == []


@pytest.mark.parametrize("name", TRANSLATED)
def test_a_page_and_its_translation_have_the_same_parts(name: str) -> None:
    english = ROOT / name
    chinese = ROOT / "README.zh-CN.md" if name == "README.md" else english.parent / "zh-CN" / english.name
    assert _shape(english) == _shape(chinese)


def test_every_decision_has_a_status_and_a_date_and_is_listed() -> None:
    folder = ROOT / "docs/decisions"
    pages = sorted(folder.glob("0*.md"))
    assert [page.name for page in pages if not DECISION.match(page.read_text(encoding="utf-8"))] == []
    listed = re.findall(r"^(\d+)\. \[.+\]\((.+)\)$", (folder / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == [(page.name[:4].lstrip("0"), page.name) for page in pages]


def test_a_decision_that_the_code_cites_has_its_row() -> None:
    rows = set(re.findall(r'id="(\d+)\.(\d+)"', (ROOT / "docs/sla-decisions.md").read_text(encoding="utf-8")))
    code = (path.read_text(encoding="utf-8") for path in (ROOT / "services").rglob("*.py"))
    cited = {number for text in code for number in CITED.findall(text)}
    assert cited
    assert cited <= rows


def test_the_glossary_names_what_is_in_the_code() -> None:
    rows = [line.split(" | ") for line in (ROOT / "docs/glossary.md").read_text(encoding="utf-8").splitlines()]
    names = {name for row in rows if len(row) == 4 for name in re.findall(r"`(\w+)`", row[2])}
    code = [
        path.read_text(encoding="utf-8") for folder in ("libs", "services") for path in (ROOT / folder).rglob("*.py")
    ]
    words = {word for text in code for word in re.findall(r"\w+", text)}
    assert names
    assert sorted(names - words) == []


def _module(name: str) -> bool:
    path = ROOT / name.replace(".", "/")
    return path.with_suffix(".py").exists() or (path / "__main__.py").exists()


def _shape(page: Path) -> list[str]:
    """What a page is made of: its headings' depths, tables' widths and code blocks' languages, in order."""
    lines = page.read_text(encoding="utf-8").splitlines()
    marks = (re.match(r"(#+ |```\w*|\|)", line) for line in lines)
    return [f"{mark[1]}{line.count('|')}" for line, mark in zip(lines, marks, strict=True) if mark]
