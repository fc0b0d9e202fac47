"""The few tests that just failed, once more and by themselves (ADR 87)."""

import json
import subprocess
import sys
from pathlib import Path

FEW = 3


def second_try(root: Path) -> list[str]:
    """Run what pytest's cache below `root` says has failed, if it is little: its names if all pass now, or none.

    A file that was not read has no second try: which of its tests did not run, nobody knows.
    """
    failed = _failed(root)
    if not 0 < len(failed) <= FEW or not all("::" in name for name in failed):
        return []
    print("\n── once more: " + " ".join(failed), flush=True)
    ended = subprocess.run([sys.executable, "-m", "pytest", "-q", *failed], cwd=root, check=False)
    return failed if ended.returncode == 0 else []


def _failed(root: Path) -> list[str]:
    kept = root / ".pytest_cache" / "v" / "cache" / "lastfailed"
    return list(json.loads(kept.read_text())) if kept.exists() else []
