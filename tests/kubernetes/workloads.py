"""The pods of the overlay `ci` on a running node, and the guide's commands that bring them there."""

import asyncio
import json
import os
import re
import subprocess
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

from deploy.devstack.process import ROOT
from deploy.devstack.trouble import Trouble
from libs.services import EVENT_SERVICES
from tests.compose.upgrade import SERVICE
from tests.faults.verdict import Check
from tests.kubernetes.manifests import KUBECTL, of
from tests.kubernetes.node import Runtime
from tests.kubernetes.server import Cluster

NAMESPACE = "aftercare"
PROCESSES = "app.kubernetes.io/component in (http, worker)"
HEAL_SECONDS = 180.0
PAGE = ROOT / "docs/kubernetes.md"
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
IMPATIENT = """\
patches:
  - target: {kind: Deployment}
    patch: '[{"op": "replace", "path": "/spec/progressDeadlineSeconds", "value": 60}]'
"""
OF_A_DESK = ("make ", "docker ", "kind ", "port-forward")
"""Commands of the guide that this check does in its own way: images and secrets are there, and it is in the network."""


class Guide:
    """docs/kubernetes.md as it stands there, run in a clone's folder."""

    def __init__(self, clone: Path, kubeconfig: Path) -> None:
        self._clone, self._kubeconfig = clone, kubeconfig

    async def first_start(self) -> None:
        """*Try it*, with the overlay `ci`. Raises Trouble where a command fails."""
        await self._run("\n".join(_commands("## Try it")).replace("overlays/dev", "overlays/ci"))

    async def repeat_erasures(self) -> None:
        """What *Restore* says of the erasures' Job, of so few people. Raises Trouble where a command fails."""
        lines = [line for line in _commands("## Restore") if "erasures" in line or "$e" in line]
        commands = [line for line in lines if "kafkauser" not in line]
        script = "\n".join(commands).replace("overlays/production", "overlays/ci")
        await self._run(script.replace("finished 43200", "finished 1200"))

    async def release(self, tag: str) -> None:
        """*A release* of one service. Raises Trouble where a command fails."""
        first, *commands = _commands("## A release")
        assert first.startswith("m="), first
        overlays = [f"m={self._overlay(tag, 'ci/migrations')}", f"o={self._overlay(tag, 'ci')}"]
        await self._run("\n".join([*overlays, *commands]))

    async def release_without_migrations(self, tag: str) -> None:
        """What is left of it for who forgets them; Kubernetes is told to wait for a minute only."""
        commands = [line for line in _commands("## A release") if "$o" in line]
        await self._run("\n".join([f"o={self._overlay(tag, 'ci', IMPATIENT)}", *commands]))

    def _overlay(self, tag: str, of_ours: str, more: str = "") -> Path:
        """An overlay of one's own, with a tag of one's own."""
        folder = self._clone / tag / of_ours
        folder.mkdir(parents=True, exist_ok=True)
        ours = os.path.relpath(ROOT / "deploy/k8s/overlays" / of_ours, folder)
        text = f"resources: [{ours}]\nimages: [{{name: aftercare-{SERVICE}, newTag: {tag}}}]\n{more}"
        (folder / "kustomization.yaml").write_text(text, encoding="utf-8")
        return folder

    async def _run(self, script: str) -> None:
        environment = os.environ | {
            "KUBECONFIG": str(self._kubeconfig),
            "PATH": f"{KUBECTL.parent}:{os.environ['PATH']}",
        }
        command = ["bash", "-euo", "pipefail", "-x", "-c", script]
        done = await asyncio.to_thread(
            subprocess.run, command, cwd=self._clone, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise Trouble(f"the guide's commands fail: {done.stdout[-300:]}{done.stderr[-900:]}")


def _commands(heading: str) -> Iterator[str]:
    """The lines of a section's blocks that are for a cluster."""
    section = PAGE.read_text(encoding="utf-8").partition(f"\n{heading}\n")[2].partition("\n## ")[0]
    for block in BLOCK.findall(section):
        yield from (line for line in block.splitlines() if not any(word in line for word in OF_A_DESK))


class Workloads:
    """Deployments and their pods, as an operator sees them by kubectl."""

    def __init__(self, cluster: Cluster, runtime: Runtime) -> None:
        self._cluster, self._runtime = cluster, runtime

    async def kubectl(self, *arguments: str, given: str = "") -> str:
        """What it answers. Raises Trouble."""
        done = await asyncio.to_thread(self._cluster.kubectl, "--namespace", NAMESPACE, *arguments, given=given)
        if done.returncode:
            raise Trouble(f"kubectl {' '.join(arguments[:3])}: {done.stderr.strip()[-300:]}")
        return done.stdout

    async def tried(self, *arguments: str, given: str = "") -> str:
        """What it says against it; nothing if it succeeds."""
        try:
            await self.kubectl(*arguments, given=given)
        except Trouble as trouble:
            return str(trouble)
        return ""

    async def rolled_out(self) -> None:
        """Wait until every Deployment is what it is to be, and no pod of before is left. Raises Trouble."""
        await self.kubectl("rollout", "status", "deployment", "--timeout=600s")
        await _until(self._none_ends, "pods to end")

    async def ready(self, service: str, role: str = "") -> set[str]:
        """The names of its pods that are ready."""
        return {_name(pod) for pod in await self._of(service, role) if _is_ready(pod)}

    async def images(self, service: str) -> list[str]:
        """What its processes' pods run."""
        return [pod["spec"]["containers"][0]["image"] for pod in await self._of(service) if _is_ready(pod)]

    async def pods(self) -> set[str]:
        """The names of all services' pods."""
        found = await self._list(PROCESSES)
        return {_name(pod) for pod in found}

    async def all_ready(self) -> list[Check]:
        """Whether each Deployment has as many pods as the overlay says, and each Job before them is done."""
        wanted = {name: each["spec"]["replicas"] for name, each in of("ci", "Deployment").items()}
        found = {name: len(await self.ready(*name.split("-"))) for name in wanted}
        wrong = [f"{name} has {found[name]} of {number}" for name, number in wanted.items() if found[name] != number]
        jobs = json.loads(await self.kubectl("get", "jobs", "--output", "json"))["items"]
        undone = [f"{_name(job)} is not done" for job in jobs if not job["status"].get("succeeded")]
        known = {*of("ci", "Job"), *of("ci/migrations", "Job")}
        undone += [f"{name} is not there" for name in known - {_name(job) for job in jobs}]
        return [Check("pods ready", sum(found.values()), wrong), Check("Jobs done before", len(jobs), undone)]

    async def told_of_erasures(self) -> Check:
        """Whether the erasures' Job has come to every database."""
        told = await self.kubectl("logs", "job/erasures")
        wrong = [f"{name} was not: {told[-300:]}" for name in EVENT_SERVICES if f"{name}: " not in told]
        return Check("databases told of the erasures again", len(EVENT_SERVICES), wrong)

    async def evict(self, pod: str) -> str:
        """By the API, as `kubectl drain` does it; what is said against it."""
        body = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": pod, "namespace": NAMESPACE}}
        path = f"/api/v1/namespaces/{NAMESPACE}/pods/{pod}/eviction"
        return await self.tried("create", "--raw", path, "--filename", "-", given=json.dumps(body))

    async def evictable(self, deployment: str) -> None:
        """Wait until its budget lets one go. Raises TimeoutError."""
        asked = ("get", "poddisruptionbudget", deployment, "--output", "jsonpath={.status.disruptionsAllowed}")

        async def allowed() -> bool:
            return await self.kubectl(*asked) == "1"

        await _until(allowed, f"the budget of {deployment}")

    async def started_again(self) -> list[str]:
        """The pods whose process ended by itself, or was ended by a probe or for its memory."""
        return [f"{_name(pod)}: {_restarts(pod)} times" for pod in await self._list(PROCESSES) if _restarts(pod)]

    async def kill(self, deployment: str) -> None:
        """Kill what runs in one of its pods, and wait until it was started again and is ready. Raises TimeoutError."""
        service, _, role = deployment.partition("-")
        pod = (await self._of(service, role))[0]
        before = _restarts(pod)
        container = str(pod["status"]["containerStatuses"][0]["containerID"]).removeprefix("containerd://")
        await asyncio.to_thread(self._runtime.kill, container)

        async def back() -> bool:
            (same,) = [each for each in await self._of(service, role) if _name(each) == _name(pod)]
            return _is_ready(same) and _restarts(same) > before

        await _until(back, f"{deployment} to be started again")

    async def _of(self, service: str, role: str = "") -> list[Any]:
        """The pods of a service that do not end, the oldest first."""
        labels = f"app.kubernetes.io/name={service},app.kubernetes.io/component" + (f"={role}" if role else "!=migrate")
        found = await self._list(labels)
        return [pod for pod in found if "deletionTimestamp" not in pod["metadata"]]

    async def _list(self, labels: str) -> list[Any]:
        told = await self.kubectl(
            "get", "pods", "--selector", labels, "--sort-by", ".metadata.creationTimestamp", "--output", "json"
        )
        found: list[Any] = json.loads(told)["items"]
        return found

    async def _none_ends(self) -> bool:
        found = await self._list(PROCESSES)
        return all("deletionTimestamp" not in pod["metadata"] for pod in found)


async def _until(true: Callable[[], Awaitable[bool]], what: str) -> None:
    """Wait for it. Raises TimeoutError."""
    give_up = time.monotonic() + HEAL_SECONDS
    while not await true():
        if time.monotonic() > give_up:
            raise TimeoutError(f"waited {HEAL_SECONDS:.0f} s for {what}")
        await asyncio.sleep(2)  # kubectl takes a third of a second of a processor


def _name(resource: Any) -> str:
    return str(resource["metadata"]["name"])


def _is_ready(pod: Any) -> bool:
    conditions = {each["type"]: each["status"] for each in pod["status"].get("conditions", ())}
    return conditions.get("Ready") == "True"


def _restarts(pod: Any) -> int:
    return int(pod["status"]["containerStatuses"][0]["restartCount"])
