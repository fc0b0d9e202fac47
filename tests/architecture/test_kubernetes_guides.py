"""Who follows the guides on Kubernetes is told of a Job that failed, and does not wait for it."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FINISHED = ROOT / "deploy/k8s/finished"
GUIDES = ("docs/kubernetes.md", "docs/zh-CN/kubernetes.md")
BLIND = re.compile(r"kubectl [^\n]*wait [^\n]*\bjob\b|condition=Complete")
"""It sees that a Job is complete, and goes on waiting for one that never will be."""


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_waits_for_jobs_in_a_way_that_sees_them_fail(guide: str) -> None:
    text = (ROOT / guide).read_text(encoding="utf-8")
    assert BLIND.findall(text) == []
    assert text.count("deploy/k8s/finished ") == 5


def test_both_guides_wait_alike() -> None:
    found = [re.findall(r"^deploy/k8s/finished .*$", (ROOT / guide).read_text(), re.MULTILINE) for guide in GUIDES]
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("states", "status", "said"),
    [
        ("access Complete\ndatabases SuccessCriteriaMet,Complete", 0, ""),
        ("access Complete\ndatabases FailureTarget,Failed", 1, "failed for good"),
        ("access Failed,Complete\ndatabases <none>", 1, "failed for good"),
        ("access Complete\ndatabases <none>", 1, "not complete in time"),
        ("access FailureTarget", 1, "not complete in time"),
        ("", 1, "there is none"),
    ],
)
def test_it_ends_with_an_error_unless_every_job_is_complete(
    states: str, status: int, said: str, tmp_path: Path
) -> None:
    answer = tmp_path / "kubectl"
    answer.write_text(f"#!/bin/sh\nprintf '%s' '{states}'\n")
    answer.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    command = [str(FINISHED), "0", "access", "databases"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, said in done.stderr) == (status, True)


@pytest.mark.parametrize(("seconds", "status"), [("60", 0), ("0", 1)])
def test_it_asks_again_where_the_api_server_does_not_answer_for_a_moment(
    seconds: str, status: int, tmp_path: Path
) -> None:
    answer = tmp_path / "kubectl"
    once = f"[ -e {tmp_path}/asked ] || {{ touch {tmp_path}/asked; exit 1; }}"
    answer.write_text(f"#!/bin/sh\n{once}\necho 'erasures Complete'\n")
    answer.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run([FINISHED, seconds, "erasures"], env=environment, capture_output=True, check=False)
    assert done.returncode == status
