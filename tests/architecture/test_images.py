"""An image has what a service needs and no more: packages of the lock, libs, the one service, and the built console."""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCK, RUNTIME = ROOT / "requirements.lock", ROOT / "deploy/requirements.lock"


def locked(path: Path) -> dict[str, str]:
    """Each package of a lock, with its version, marker and hashes."""
    entries = re.split(r"\n(?=[a-z0-9])", re.sub(r"^ *#.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE))
    return {canonicalize_name(entry.partition("==")[0]): entry.strip() for entry in entries if "==" in entry}


def needed(requirement: Requirement) -> Iterator[tuple[str, str]]:
    """A package and what it needs in turn, with the extras that were asked for."""
    todo, done = [requirement], set[tuple[str, str]]()
    while todo:
        wanted = todo.pop()
        for extra in ("", *wanted.extras):
            place = canonicalize_name(wanted.name), extra
            if place not in done:
                done.add(place)
                found = map(Requirement, requires(wanted.name) or ())
                todo += [each for each in found if each.marker is None or each.marker.evaluate({"extra": extra})]
    yield from done


def test_the_images_lock_has_what_the_services_need_and_nothing_else() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {name for text in project["dependencies"] for name, _ in needed(Requirement(text))}
    elsewhere = {name for name, entry in locked(RUNTIME).items() if " ; " in entry.splitlines()[0]}
    assert wanted <= set(locked(RUNTIME)) <= wanted | elsewhere


def test_the_images_lock_has_what_was_tested_byte_for_byte() -> None:
    tested = locked(LOCK)
    assert {name: tested.get(name) for name in locked(RUNTIME)} == locked(RUNTIME)


def test_nothing_else_reaches_a_build() -> None:
    rules = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert rules[1:] == ["*", "!libs", "!services", "!web/dist", "!deploy/requirements.lock", "**/__pycache__"]
