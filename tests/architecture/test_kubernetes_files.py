"""Every file that a pod of deploy/k8s is told of is mounted there."""

import re

import pytest

from libs.services import SERVICES
from tests.kubernetes.manifests import BUILT, KUBECTL, Resource, of, templates

FILE = re.compile(r"/run/(?:secrets|public)/[\w.]+")
SERVERS = ("postgres", "kafka", "keycloak")
"""Their folders are mounted whole, as `make configure` writes them."""
SETUP = ("databases", "access", "erasures")
OF_WORKERS = ("KAFKA_", "OIDC_CLIENT_")
"""Settings that an http process has and never looks at."""

pytestmark = pytest.mark.skipif(not KUBECTL.exists(), reason="no kubectl for this system")


@pytest.mark.parametrize("overlay", BUILT)
def test_every_file_that_a_process_is_told_of_is_mounted(overlay: str) -> None:
    settings = {name: each["data"] for name, each in of(overlay, "ConfigMap").items()}
    for name, template in templates(overlay).items():
        pod = template["spec"]
        (container,) = pod["containers"]
        if name in SERVERS:
            continue
        mounted = _mounted(pod, container)
        assert mounted, name
        environment = {key: value for each in _maps(container) for key, value in settings[each].items()}
        environment |= {each["name"]: each.get("value", "") for each in container.get("env", ())}
        told = {path for key, value in environment.items() if _concerns(key, name) for path in FILE.findall(value)}
        assert told <= mounted, name


def _maps(container: Resource) -> list[str]:
    return [each["configMapRef"]["name"] for each in container.get("envFrom", ())]


def _concerns(setting: str, pod: str) -> bool:
    """Whether a process looks at a setting: of all services' at its own alone, of a worker's not in an http process."""
    of_service = [name for name in SERVICES if setting.startswith(f"{name.upper()}_")]
    if "-migrate" in pod:
        return bool(of_service) and of_service[0] in pod and "_DATABASE_" in setting
    if of_service:
        return of_service[0] in pod
    if pod in SETUP:
        return setting in ("DATABASE_URL", "KAFKA_SASL_PASSWORD_FILE", "KAFKA_SSL_CAFILE")
    return not (pod.endswith("-http") and setting.startswith(OF_WORKERS))


def _mounted(pod: Resource, container: Resource) -> set[str]:
    """The files of volumes with named items, and what is known to be in folders that are mounted whole."""
    where = {each["name"]: each["mountPath"] for each in container["volumeMounts"]}
    found = set()
    for volume in pod["volumes"]:
        for source in volume.get("projected", {}).get("sources", ()):
            (given,) = source.values()
            found |= {f"{where[volume['name']]}/{item['path']}" for item in given["items"]}
        if "secret" in volume or volume.get("configMap", {}).get("name") == "authority":
            found |= {f"{where[volume['name']]}/{name}" for name in ("kafka_admin", "ca.pem")}
    return found
