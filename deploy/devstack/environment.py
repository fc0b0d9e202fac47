"""Files of KEY=value lines, such as `.run/env`: what was started, for shells, tests and tools."""

import os
from collections.abc import Mapping
from pathlib import Path


def read_environment(path: Path) -> dict[str, str]:
    """The pairs of the file; none if it does not exist."""
    if not path.exists():
        return {}
    lines = (line for line in path.read_text().splitlines() if "=" in line and not line.startswith("#"))
    return dict(line.split("=", 1) for line in lines)


def write_environment(path: Path, values: Mapping[str, str]) -> None:
    """Write the file at once and for the owner's eyes only: it holds passwords."""
    write_private(path, "".join(f"{key}={value}\n" for key, value in values.items()))


def write_private(path: Path, text: str) -> None:
    """Replace the file's text atomically, with mode 0600."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    os.replace(scratch, path)
