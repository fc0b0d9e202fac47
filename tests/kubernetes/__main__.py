"""`python -m tests.kubernetes`: `make k8s-check`. LEVEL=1 asks the schemas, 2 an API server too, 3 a node."""

import os
import sys
from collections.abc import Iterator

import yaml  # type: ignore[import-untyped]  # it has none

from deploy.check.binaries import KUBERNETES, built
from deploy.check.needs import Lacking
from deploy.devstack.trouble import Trouble
from tests.faults.report import show_checks
from tests.faults.verdict import Check
from tests.kubernetes.finished import finished
from tests.kubernetes.manifests import BUILT, K8S, OVERLAYS, problems, resources, text
from tests.kubernetes.server import Cluster, cluster
from tests.kubernetes.whole import whole

MAY_NOT = ("get secrets", "list pods", "create pods", "get configmaps")
CARELESS = """
apiVersion: v1
kind: Pod
metadata: {name: careless, namespace: aftercare}
spec: {serviceAccountName: intake-service, containers: [{name: careless, image: careless}]}
"""


def main() -> int:
    """Check up to LEVEL; 0 where all is well, 69 where this machine cannot."""
    level = os.environ.get("LEVEL", "1") or "1"
    if level not in ("1", "2", "3"):
        print(f"LEVEL={level}: there is 1, schemas, 2, a real API server, and 3, a node", file=sys.stderr)
        return 2
    try:
        checks = [*schemas(), *(served() if level != "1" else ())]
        show_checks(checks)
        return 0 if all(check.holds for check in checks) and (level != "3" or whole()) else 1
    except Lacking as lacking:
        print(f"aftercare: the check cannot run here: {lacking}", file=sys.stderr)
        return os.EX_UNAVAILABLE
    except Trouble as trouble:
        print(f"aftercare: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def schemas() -> Iterator[Check]:
    """Every resource by the schema of its kind."""
    for name in BUILT:
        found = resources(name)
        yield Check(
            f"{name}: resources by their schemas", len(found), [each for one in found for each in problems(one)]
        )


def served() -> Iterator[Check]:
    """The same, taken by an API server that knows the operators' kinds: each overlay by one of its own."""
    programs = built(KUBERNETES, "kube-apiserver")
    for overlay in OVERLAYS:
        with cluster(programs) as made:
            yield _operators(made)
            for name in BUILT:
                if name.split("/")[0] == overlay:
                    refused = made.apply(text(name))
                    yield Check(
                        f"{name}: resources taken by the API server", len(resources(name)), [refused] * bool(refused)
                    )
            yield finished(made, overlay)
            yield _rights(made)
            yield _careless(made, overlay)


def _careless(made: Cluster, overlay: str) -> Check:
    """A pod without what Pod Security asks for."""
    told = made.apply(CARELESS)
    wrong = [] if "forbidden" in told and "restricted" in told else [told or "it was taken"]
    return Check(f"{overlay}: a pod without our securityContext is refused", 1, wrong)


def _operators(made: Cluster) -> Check:
    found = sorted((K8S / "schemas").glob("*.yaml"))
    refused = made.apply("---\n".join(path.read_text(encoding="utf-8") for path in found))
    names = [yaml.safe_load(path.read_text(encoding="utf-8"))["metadata"]["name"] for path in found]
    waited = made.kubectl("wait", "--for=condition=Established", "--timeout=60s", *(f"crd/{name}" for name in names))
    return Check("kinds of the operators", len(names), [refused or waited.stderr] * bool(refused or waited.returncode))


def _rights(made: Cluster) -> Check:
    """Nobody of ours may ask Kubernetes for anything."""
    found = made.kubectl("get", "serviceaccounts", "--namespace", "aftercare", "--output", "name").stdout.split()
    may = []
    for account in (name.partition("/")[2] for name in found):
        for asked in MAY_NOT:
            subject = f"system:serviceaccount:aftercare:{account}"
            answer = made.kubectl("auth", "can-i", *asked.split(), "--namespace", "aftercare", "--as", subject).stdout
            may += [f"{account} may {asked}"] * (answer.strip() != "no")
    return Check("accounts that may ask for nothing", len(found), may)


if __name__ == "__main__":
    sys.exit(main())
