"""`python -m tests`: lint, then every test in parts, and the minutes that each part took."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from deploy.check.chromium import chromium
from deploy.check.needs import Lacking
from deploy.devstack.artefacts import kafka_classpath, postgres_home
from deploy.devstack.keycloak import keycloak_home
from deploy.devstack.trouble import Trouble
from deploy.front import packages
from libs.services import SERVICES
from tests.second_try import second_try

HERE = Path(__file__).parent
ROOT = HERE.parent
SOURCES = ("libs", "services", "tools", "deploy", "demo", "bench", "tests")
WORKERS = ("-n", str(min(4, os.cpu_count() or 1)), "--dist", "loadfile", "--no-loadscope-reorder")
"""The order of files is that of tests/conftest.py."""

BYTECODE = {"PYTHONDONTWRITEBYTECODE": ""}
"""Hundreds of processes begin in a run: where the shell keeps no bytecode, each would compile the services anew."""

PARTS = {
    "architecture": ("architecture",),
    "unit": ("chassis", "contracts", "demo", "documents", *sorted(SERVICES)),
    "store and relay": ("libs", "devstack", "faults"),
    "schemathesis": ("journeys", "http"),
    "sign-in": ("sign_in",),
    "browser": ("web",),
    "faults": (),
}
"""The folders of tests/ in each part. A folder with tests that no part names is an error."""

SERVED = {"unit": "served", "store and relay": "", "schemathesis": "", "sign-in": "", "browser": ""}
"""Parts where a few tests that fail have a second try (ADR 87), and the mark that each of them has to bear for it.

Unit tests bear it that have a server beside them; in the other parts all have.
"""

SOME_FAILED = 1
"""How pytest ends when it ran everything and tests failed; of any other end nobody knows what did not run."""

Command = Sequence[str]


def lint() -> Iterator[Command]:
    """ruff, mypy --strict and import-linter; biome, tsc, knip and vitest of the console."""
    python = Path(sys.executable)
    yield [sys.executable, "-m", "ruff", "check", "."]
    yield [sys.executable, "-m", "ruff", "format", "--check", "."]
    yield [sys.executable, "-m", "mypy", *SOURCES]
    yield [str(python.with_name("lint-imports"))]
    yield [sys.executable, "-m", "deploy.front", "lint"]


def tests(part: str) -> Iterator[Command]:
    """pytest over the part's folders; the faults' quick form runs by itself, for it prints a report."""
    folders = [f"tests/{name}" for name in PARTS[part] if any((HERE / name).glob("**/test_*.py"))]
    unused = () if part == "schemathesis" else ("-p", "no:schemathesis")  # half a second to import, in each process
    if folders:
        yield [sys.executable, "-m", "pytest", "-q", "--cache-clear", "--durations=12", *unused, *WORKERS, *folders]
    if part == "faults":
        yield [sys.executable, "-m", "tests.faults"]


def strangers() -> set[str]:
    """Folders with tests that no part would run."""
    found = {path.relative_to(HERE).parts[0] for path in HERE.glob("*/**/test_*.py")}
    return found - {name for names in PARTS.values() for name in names}


def run(part: str, commands: Iterator[Command], raced: list[str], stop_at_once: bool = False) -> bool:
    """Run the part's commands; whether all passed. Tests that passed at their second try only are added to `raced`."""
    passed = True
    for command in commands:
        shown = " ".join([Path(command[0]).name, *command[1:]])
        print(f"\n── {part}: {shown}", flush=True)
        ended = subprocess.run(command, cwd=ROOT, env=os.environ | BYTECODE, check=False).returncode
        well = ended == 0
        if ended == SOME_FAILED and part in SERVED:
            raced.extend(again := second_try(ROOT, SERVED[part]))
            well = bool(again)
        passed &= well
        if stop_at_once and not passed:
            break
    return passed


def report(took: dict[str, float], failed: Sequence[str], raced: Sequence[str]) -> None:
    """The table of minutes, what is to be looked into, and the verdict."""
    print(f"\n{'part':<18}minutes")
    for part, seconds in took.items():
        print(f"{part:<18}{seconds / 60:7.1f}{'   failed' if part in failed else ''}")
    print(f"{'in all':<18}{sum(took.values()) / 60:7.1f}", flush=True)
    for test in raced:
        print(f"a race, to be mended: {test} failed, and passed alone", flush=True)


def main(
    only: Annotated[
        str,
        typer.Option(
            help="One part: lint, architecture, unit, 'store and relay', schemathesis, sign-in, browser, faults."
        ),
    ] = "",
    set_up_began: Annotated[float, typer.Option(help="Unix time at which the set-up began.")] = 0.0,
) -> None:
    """Run lint and all parts, or one of them."""
    if unknown := strangers():
        raise Trouble(f"tests/__main__.py names no part for tests/{', tests/'.join(sorted(unknown))}")
    parts = {"lint": lint(), **{part: tests(part) for part in PARTS}}
    if only and only not in parts:
        raise Trouble(f"there is no part {only!r}; the parts are {', '.join(parts)}")
    took: dict[str, float] = {}
    failed: list[str] = []
    raced: list[str] = []
    if not only:
        took["set-up"] = _set_up(set_up_began or time.time())
    for part in [only] if only else parts:
        began = time.monotonic()
        if not run(part, parts[part], raced, stop_at_once=part == "lint" and not only):
            failed.append(part)
        took[part] = time.monotonic() - began
        if failed == ["lint"]:
            break
    report(took, failed, raced)
    raise SystemExit(1 if failed else 0)


def _set_up(began: float) -> float:
    """Fetch what the tests need, so that no test waits for a network; seconds since the set-up began."""
    print(
        "fetching Kafka, PostgreSQL and Keycloak, unless they are here; Keycloak is compiled once, for a minute",
        flush=True,
    )
    kafka_classpath()
    postgres_home()
    keycloak_home()
    packages()
    with suppress(Lacking):  # without a browser its tests say so
        chromium()
    return time.time() - began


if __name__ == "__main__":
    try:
        typer.run(main)
    except Trouble as trouble:
        print(f"aftercare: {trouble}", file=sys.stderr)
        raise SystemExit(1) from None
