"""A new service, as docs/add-a-service.md makes one: a copy of the smallest, and three edits, in a copy of the tree."""

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAME, LIKE = "care", "survey"
"""It calls customers back as survey does, by itself."""

PARTS = ("libs", "services", "deploy", "tests", "tools", "docs", "pyproject.toml")

JOURNEY = f'''"""One ticket through the new service."""

from tests.journeys.people import People
from tests.journeys.story import Story


async def test_an_accepted_repair_reaches_the_new_service_and_its_events_the_others(people: People) -> None:
    story = await Story.begin(people)
    await story.classify()
    await story.authorise()
    await story.repair()
    await story.sign()
    page = await people.until(lambda page: page["items"], "{NAME}", "/v1/callbacks", ticket_id=story.ticket_id)
    attempts = f"/v1/callbacks/{{page['items'][0]['id']}}/attempts"
    await people.do("agent", "{NAME}", attempts, {{"outcome": "reached", "score": 5}})
    await story.told("{NAME}.CallbackCompleted")
'''

EDITS = ("libs/services.py", "libs/events/contracts/<name>/", "pyproject.toml")


def new_service(folder: Path) -> Path:
    """The tree with the new service, below `folder`."""
    tree = folder / "tree"
    for part in PARTS:
        source, copy = ROOT / part, tree / part
        if source.is_dir():
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        else:
            shutil.copy(source, copy)
    for parent in (tree / "services", tree / "libs/events/contracts"):
        shutil.copytree(parent / LIKE, parent / NAME)
        for file in (parent / NAME).rglob("*.py"):
            text = file.read_text(encoding="utf-8")
            file.write_text(text.replace(LIKE, NAME).replace(LIKE.capitalize(), NAME.capitalize()), encoding="utf-8")
    _edit(tree / "libs/services.py", f'"{LIKE}")', f'"{LIKE}", "{NAME}")')
    contract = _contract(tree / "pyproject.toml")
    _edit(tree / "pyproject.toml", contract, contract + contract.replace(LIKE, NAME).replace("Survey", "Care"))
    concepts = f'"services.{NAME}.callbacks",\n    "services.{NAME}.contacts",\n    "services.dispatch.contacts",\n'
    _edit(tree / "pyproject.toml", '"services.dispatch.contacts",\n', concepts)
    (tree / "tests/journeys/test_care.py").write_text(JOURNEY, encoding="utf-8")
    return tree


def _contract(file: Path) -> str:
    """The contract of imports of the service that is copied."""
    heading = "[[tool.importlinter.contracts]]\n"
    (found,) = (part for part in file.read_text(encoding="utf-8").split(heading) if part.startswith(f'id = "{LIKE}"'))
    return heading + found


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file.name}"
    file.write_text(text.replace(old, new), encoding="utf-8")
