"""A real API server of Kubernetes with its etcd: it takes what an overlay says, or says why not. There is no node."""

import secrets
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.check.needs import install_packages
from deploy.devstack.environment import write_private
from deploy.devstack.folder import RunFolder
from deploy.devstack.process import Process, clean_environment, free_port, wait_until
from tests.kubernetes.manifests import KUBECTL

GROUP = '"system:masters"'
ETCD = {"etcd": "etcd-server"}


@dataclass(frozen=True)
class Cluster:
    """Where it is asked, by whom."""

    kubeconfig: Path

    def kubectl(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """What kubectl answers; a warning of the server is an error."""
        command: list[str | Path] = [KUBECTL, "--kubeconfig", self.kubeconfig, "--warnings-as-errors", *arguments]
        return subprocess.run(command, input=given, capture_output=True, text=True, check=False, timeout=900)

    def apply(self, given: str) -> str:
        """Apply resources in the server's own way; what it refused or warned of, nothing if all is well."""
        done = self.kubectl("apply", "--server-side", "--filename", "-", given=given)
        return "" if done.returncode == 0 else done.stderr.strip()


class Server(Process):
    """One program of a cluster."""

    def __init__(self, name: str, folder: RunFolder, command: Sequence[str | Path]) -> None:
        super().__init__(name, folder)
        self._command = command

    def begin(self) -> None:
        """Start it."""
        self.spawn(self._command, clean_environment())


@contextmanager
def cluster(programs: Path) -> Iterator[Cluster]:
    """A fresh one, for as long as the block lasts. Raises Lacking where etcd cannot be had."""
    install_packages(ETCD)
    with (
        tempfile.TemporaryDirectory(prefix="aftercare-k8s-") as scratch,
        served(programs, RunFolder(Path(scratch))) as made,
    ):
        yield made


@contextmanager
def served(programs: Path, folder: RunFolder, address: str = "127.0.0.1") -> Iterator[Cluster]:
    """One in this folder, asked at this address. Raises Trouble."""
    store, port = f"http://127.0.0.1:{free_port()}", free_port()
    made = Cluster(_credentials(folder.data, address, port))
    etcd = Server("etcd", folder, _etcd(folder.data, store))
    command = _api_server(folder.data, programs / "kube-apiserver", store, address, port)
    api = Server("kube-apiserver", folder, command)
    try:
        etcd.begin()
        api.begin()
        wait_until(lambda: made.kubectl("get", "--raw", "/readyz").returncode == 0, api, 60, "the API server")
        yield made
    finally:
        api.end()
        etcd.end()


def _etcd(folder: Path, clients: str) -> Sequence[str | Path]:
    peers = f"http://127.0.0.1:{free_port()}"
    return [
        "etcd", "--data-dir", folder / "etcd", "--unsafe-no-fsync",
        "--listen-client-urls", clients, "--advertise-client-urls", clients,
        "--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers, "--initial-cluster", f"default={peers}",
    ]  # fmt: skip


def _api_server(folder: Path, program: Path, store: str, address: str, port: int) -> Sequence[str | Path]:
    return [
        program, "--etcd-servers", store, "--bind-address", address, "--secure-port", str(port),
        "--cert-dir", folder / "pki", "--service-account-key-file", folder / "account.pub",
        "--service-account-signing-key-file", folder / "account.key",
        "--service-account-issuer", "https://kubernetes.default.svc", "--service-cluster-ip-range", "10.96.0.0/16",
        "--token-auth-file", folder / "tokens.csv", "--authorization-mode", "Node,RBAC",
        "--kubelet-preferred-address-types", "InternalIP",
    ]  # fmt: skip


def _credentials(folder: Path, address: str, port: int) -> Path:
    """The keys of service accounts, and an administrator with a token."""
    token = secrets.token_hex(16)
    write_private(folder / "tokens.csv", f"{token},admin,admin,{GROUP}\n")
    private, public = folder / "account.key", folder / "account.pub"
    subprocess.run(["openssl", "genrsa", "-out", private, "2048"], check=True, capture_output=True)
    subprocess.run(["openssl", "rsa", "-in", private, "-pubout", "-out", public], check=True, capture_output=True)
    path = folder / "kubeconfig"
    write_private(
        path,
        "apiVersion: v1\nkind: Config\ncurrent-context: x\n"
        f"clusters: [{{name: c, cluster: {{server: 'https://{address}:{port}', insecure-skip-tls-verify: true}}}}]\n"
        f"users: [{{name: u, user: {{token: '{token}'}}}}]\n"
        "contexts: [{name: x, context: {cluster: c, user: u}}]\n",
    )
    return path
