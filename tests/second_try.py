"""The few tests that just failed, once more and by themselves (ADR 87)."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

FEW = 3


def second_try(root: Path, ended: int) -> list[str]:
    """Run what pytest's cache below `root` says has failed, if it is little: its names if all pass now, or none.

    A run that `ended` otherwise than with failures was broken off: tests that never ran are noted nowhere.
    """
    failed = _failed(root)
    if ended != pytest.ExitCode.TESTS_FAILED or not 0 < len(failed) <= FEW:
        return []
    print("\n── once more: " + " ".join(failed), flush=True)
    again = subprocess.run([sys.executable, "-m", "pytest", "-q", *failed], cwd=root, check=False)
    return failed if again.returncode == 0 else []


def _failed(root: Path) -> list[str]:
    kept = root / ".pytest_cache" / "v" / "cache" / "lastfailed"
    return list(json.loads(kept.read_text())) if kept.exists() else []
