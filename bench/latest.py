"""latest.json: each row as it was measured last, which may be another day than its neighbour."""

import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bench.comparison import Row

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "latest.json"


def read(path: Path = RESULTS) -> list[Row]:
    """The rows that stand there."""
    return msgspec.json.decode(path.read_bytes(), type=list[Row]) if path.exists() else []


def write(rows: Sequence[Row], path: Path = RESULTS) -> None:
    """Put these there instead."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(rows), indent=2) + b"\n")


def merged(standing: Sequence[Row], measured: Sequence[Row]) -> list[Row]:
    """What stands, with what was measured in the place of the row of its path and peer, or behind all of them."""
    newest = {(row.path, row.against): row for row in [*standing, *measured]}
    return list(newest.values())


def stamped(row: Row, revision: str) -> Row:
    """The row as it was measured now."""
    return msgspec.structs.replace(row, revision=revision, measured_at=f"{datetime.now(UTC):%Y-%m-%dT%H:%MZ}")


def revision() -> str:
    """The commit that is measured, with `-dirty` where more than that is; nothing outside a clone or without git."""
    if (git := shutil.which("git")) is None:
        return ""
    command = [git, "describe", "--always", "--dirty", "--exclude", "*"]
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
    return done.stdout.strip()
