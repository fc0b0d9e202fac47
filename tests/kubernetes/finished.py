"""`deploy/k8s/finished` before a real API server: a Job that failed for good is an error, and no wait."""

import json
import os
import subprocess
from datetime import UTC, datetime

from tests.faults.verdict import Check
from tests.kubernetes.manifests import K8S, KUBECTL, of
from tests.kubernetes.server import Cluster

AHEAD = {"Complete": "SuccessCriteriaMet", "Failed": "FailureTarget"}
"""What the Job controller says first; without it the API server takes no other end."""


def finished(made: Cluster, overlay: str) -> Check:
    """What it ends with while a Job of the erasures runs, after one that failed, and after one that is complete."""
    unlike = [
        f"{end or 'at work'}: it ended with {came}, not {wanted}, and said {said[-200:]}"
        for end, wanted in (("", 1), ("Failed", 1), ("Complete", 0))
        for came, said in [_ended(made, end)]
        if came != wanted or ("failed for good" in said) != (end == "Failed")
    ]
    return Check(f"{overlay}: ends of a Job that `finished` tells apart", 3, unlike)


def _ended(made: Cluster, end: str) -> tuple[int, str]:
    """The erasures' Job anew, which came to this end; the status of who waits for it, and what it was told."""
    job = of("ci/erasures", "Job")["erasures"]
    made.kubectl("delete", "job", "erasures", "--namespace", "aftercare", "--ignore-not-found")
    if refused := made.apply(json.dumps(job)) or (end and _end(made, end)):
        return -1, str(refused)
    environment = os.environ | {
        "PATH": f"{KUBECTL.parent}:{os.environ['PATH']}",
        "KUBECONFIG": str(made.kubeconfig),
    }
    command = [K8S / "finished", "600" if end else "0", "erasures"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout + done.stderr


def _end(made: Cluster, end: str) -> str:
    """Let the Job come to its end, as the controller would; what the API server has against it."""
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    known = {"status": "True", "reason": "Tried", "message": "", "lastProbeTime": now, "lastTransitionTime": now}
    conditions = [{"type": type, **known} for type in (AHEAD[end], end)]
    status = {"conditions": conditions, "startTime": now} | ({"completionTime": now} if end == "Complete" else {})
    asked = ("patch", "job", "erasures", "--namespace", "aftercare", "--subresource", "status", "--type", "merge")
    done = made.kubectl(*asked, "--patch", json.dumps({"status": status}))
    return "" if done.returncode == 0 else done.stderr
