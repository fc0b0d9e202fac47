"""The few tests that just failed, once more and by themselves (ADR 87)."""

import json
import subprocess
import sys
from pathlib import Path

FEW = 3
NONE = 5
"""How pytest ends when it found no test."""


def second_try(root: Path, marked: str = "", python: Path | str = sys.executable) -> list[str]:
    """Run what pytest's cache below `root` says has failed, if it is little: its names if all pass now, or none.

    With `marked`, all have to bear that mark. A file that was not read has no second try: which of its tests did
    not run, nobody knows.
    """
    failed = _failed(root)
    if not 0 < len(failed) <= FEW or not all("::" in name for name in failed):
        return []
    pytest = [python, "-m", "pytest", "-q"]
    if marked and _ended([*pytest, "--collect-only", "-m", f"not {marked}", *failed], root) != NONE:
        return []
    print("\n── once more: " + " ".join(failed), flush=True)
    return failed if _ended([*pytest, *failed], root) == 0 else []


def _ended(command: list[Path | str], root: Path) -> int:
    return subprocess.run(command, cwd=root, check=False).returncode


def _failed(root: Path) -> list[str]:
    kept = root / ".pytest_cache" / "v" / "cache" / "lastfailed"
    return list(json.loads(kept.read_text())) if kept.exists() else []
