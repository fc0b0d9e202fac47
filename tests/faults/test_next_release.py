"""The tree of the next release is made from today's code, and its events are more than today's release reads."""

import subprocess
import sys
from pathlib import Path

from deploy.devstack.process import clean_environment
from services.survey.callbacks.domain import callback
from tests.faults.next_release import UNREAD, next_release


def test_it_writes_what_this_release_cannot_read(tmp_path: Path) -> None:
    tree = next_release(tmp_path)
    look = "from services.survey.app import service; print(*service.streams[0].events.writes)"
    run = subprocess.run(
        [sys.executable, "-c", look], cwd=tree, env=clean_environment(), capture_output=True, text=True, check=True
    )
    assert set(run.stdout.split()) == {*callback.events.writes, UNREAD}
