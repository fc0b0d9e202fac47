"""The five OpenAPI documents, read by two generators of clients that are not ours: openapi-typescript and
openapi-python-client. They are locked beside this file and fetched once into the user's cache; npm is needed."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from tempfile import mkdtemp

import pytest

from deploy.devstack.artefacts import cache_folder
from libs.services import EVENT_SERVICES

LOCKS = Path(__file__).parent / "generators"


def _run(*command: str, folder: Path, **environment: str) -> None:
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command[0]}: {done.stdout[-3000:]}{done.stderr[-3000:]}"


@pytest.fixture(scope="session")
def generators() -> Path:
    """The folder with both: `node_modules`, and `python` for PYTHONPATH."""
    locks = sorted(LOCKS.iterdir())
    digest = hashlib.sha256(b"".join(lock.read_bytes() for lock in locks)).hexdigest()[:12]
    home = cache_folder() / f"generators-{digest}"
    if home.exists():
        return home
    home.parent.mkdir(parents=True, exist_ok=True)
    made = Path(mkdtemp(dir=home.parent))
    for lock in locks:
        shutil.copy(lock, made)
    _run("npm", "ci", "--no-audit", "--no-fund", folder=made)
    target = ("--target", "python", "--no-deps", "-r", "requirements.txt")
    _run(sys.executable, "-m", "pip", "install", "-q", *target, folder=made)
    try:
        made.rename(home)
    except OSError:  # another run was faster
        shutil.rmtree(made)
    return home


@pytest.fixture(params=EVENT_SERVICES)
def document(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A service's document as a file."""
    app = import_module(f"services.{request.param}.app").service.http()
    path = tmp_path / f"{request.param}.json"
    path.write_text(json.dumps(app.openapi()), encoding="utf-8")
    return path


def test_typescript_types_are_made_of_it_and_compile(document: Path, generators: Path) -> None:
    programs, types = generators / "node_modules" / ".bin", document.with_suffix(".ts")
    _run(str(programs / "openapi-typescript"), document.name, "-o", types.name, folder=document.parent)
    assert "operations" in types.read_text(encoding="utf-8")
    _run(str(programs / "tsc"), "--noEmit", "--strict", types.name, folder=document.parent)


def test_a_python_client_is_made_of_it_and_has_every_operation(document: Path, generators: Path) -> None:
    command = ("-m", "openapi_python_client", "generate", "--path", document.name, "--output-path", "client")
    ruff = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    paths = {"PYTHONPATH": str(generators / "python"), "PATH": ruff}
    _run(sys.executable, *command, "--meta", "none", "--fail-on-warning", folder=document.parent, **paths)
    described = json.loads(document.read_text(encoding="utf-8"))["paths"].values()
    operations = {operation["operationId"] for path in described for operation in path.values()}
    made = {path.stem for path in (document.parent / "client" / "api").glob("*/*.py")}
    assert operations - made == set()
