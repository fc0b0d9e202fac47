"""Every import contract is awake: an import that it forbids, planted in a copy, breaks it and no other.

`make lint` checks the tree itself; this checks the checker.
"""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"]
VERDICT = re.compile(r"^(.+) (KEPT|BROKEN)(?: \(.*\))?$", re.MULTILINE)


def _domain(concept: Path) -> str:
    name = "domain/planted.py" if (concept / "domain").is_dir() else "domain.py"
    return (concept / name).relative_to(ROOT).as_posix()


CONCEPTS = sorted(
    path.parent for path in (ROOT / "services").glob("*/*/__init__.py") if path.parent.name != "migrations"
)

MUTANTS = [
    ("independent-services", "services/survey/callbacks/planted.py", "import services.sla.tables"),
    ("libs-know-no-service", "libs/chassis/planted.py", "import services.intake.tables"),
    ("kernel-knows-no-chassis", "libs/events/planted.py", "import libs.chassis"),
    ("kernel-knows-no-chassis", "libs/events/planted.py", "import pydantic"),
    ("documents-know-no-service", "libs/documents/planted.py", "import libs.events.contracts"),
    ("nothing-runs-tools", "libs/chassis/planted.py", "import tools.golden"),
    ("kernel", "libs/events/log/planted.py", "import libs.events.inbox"),
    ("chassis", "libs/chassis/http/planted.py", "import libs.chassis.running"),
    ("chassis", "libs/chassis/input/planted.py", "import libs.chassis.lists"),
    ("http", "libs/chassis/http/routers/planted.py", "import libs.chassis.http.application"),
    ("dispatch", "services/dispatch/jobs/domain.py", "import services.dispatch.work_orders"),
    ("dispatch", "services/dispatch/engineers/api.py", "import services.dispatch.contacts"),
    ("dispatch", "services/dispatch/planted.py", "import json"),
    ("gateway", "services/gateway/sessions/api.py", "import services.gateway.sign_in.api"),
    ("gateway-has-no-log", "services/gateway/sessions/store.py", "import libs.events.log.store"),
    ("intake", "services/intake/customers/domain.py", "import services.intake.tickets"),
    ("intake", "services/intake/warranty/domain/verdict.py", "import services.intake.customers"),
    ("sla", "services/sla/policies/api/presets.py", "import services.sla.clocks"),
    ("sla", "services/sla/replays/worker.py", "import services.sla.publishing"),
    ("survey", "services/survey/contacts/view.py", "import services.survey.callbacks"),
    ("triage", "services/triage/cases/view.py", "import services.triage.reactions"),
    ("concepts", "services/triage/cases/domain.py", "import services.triage.cases.view"),
    ("concepts", "services/triage/cases/view.py", "import services.triage.cases.api"),
    ("concepts", "services/sla/replays/worker.py", "import services.sla.replays.api"),
    ("concepts", "services/sla/replays/planted.py", "import json"),
    *(
        ("pure-domain", _domain(concept), "import asyncpg")
        for concept in CONCEPTS
        if (concept / "domain").exists() or (concept / "domain.py").exists()
    ),
    ("pure-domain", "services/dispatch/jobs/domain.py", "import time"),
    ("pure-domain", "services/sla/clocks/domain/planted.py", "import libs.events.database.schema"),
    ("pure-domain", "libs/events/contracts/planted.py", "import sqlalchemy"),
    ("pure-domain", "libs/events/event.py", "import socket"),
    ("views-do-not-reach-out", "services/intake/tickets/view/planted.py", "import asyncpg"),
    ("one-aiokafka", "libs/chassis/planted.py", "import aiokafka"),
]


def verdicts(root: Path) -> dict[str, bool]:
    """Each import contract of the tree at `root` by id, and whether it is kept."""
    contracts = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    ids = {contract["name"]: contract["id"] for contract in contracts}
    run = subprocess.run(LINT, cwd=root, capture_output=True, text=True, timeout=120)
    said = {ids[name]: verdict == "KEPT" for name, verdict in VERDICT.findall(run.stdout)}
    assert said.keys() == set(ids.values()), run.stdout + run.stderr
    assert all(said.values()) == (run.returncode == 0)
    return said


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of all that the contracts speak of."""
    for package in ("libs", "services", "tools"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize(("contract", "path", "line"), MUTANTS, ids=lambda part: str(part).replace("/", "."))
def test_a_forbidden_import_breaks_its_contract(contract: str, path: str, line: str, tree: Path) -> None:
    with (tree / path).open("a", encoding="utf-8") as planted:
        planted.write(f"\n{line}\n")
    assert not verdicts(tree)[contract]


def test_every_contract_has_a_mutant_and_is_kept_without_one(tree: Path) -> None:
    kept = verdicts(tree)
    assert kept.keys() == {contract for contract, _, _ in MUTANTS}
    assert all(kept.values()), kept
