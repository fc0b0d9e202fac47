"""One real node of Kubernetes with its control plane, in namespaces of our own: they end, and all of it with them."""

import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from string import Template

from deploy.check.binaries import CONTAINERD, COREDNS, KUBERNETES, built
from deploy.devstack.folder import RunFolder
from deploy.devstack.process import wait_until
from deploy.devstack.trouble import Trouble
from tests.kubernetes.server import Cluster, Server, served

NAME = "node"
ADDRESS, PODS = "10.200.0.1", "10.201.0.0/24"
LINKS = (
    "link set lo up",
    f"link add {NAME} type bridge",
    f"address add {ADDRESS}/24 dev {NAME}",
    f"link set {NAME} up",
    f"route add default dev {NAME}",
)
OF_THE_MACHINE = (
    "--conntrack-max-per-core", "0", "--conntrack-tcp-timeout-established", "0s",
    "--conntrack-tcp-timeout-close-wait", "0s",
)  # fmt: skip
"""What kube-proxy would set for the whole machine: nothing."""
SETTINGS = Path(__file__).parent / "settings"
OF_ITS_OWN = ("/run/netns", "/run/containerd", "/var/lib/cni", "/var/lib/kubelet", "/var/log/containers")
"""Where it writes on the machine whatever its settings say: they end with our mounts, and so does what is in them."""
SYSCTLS = (
    "vm/overcommit_memory", "vm/panic_on_oom", "kernel/panic", "kernel/panic_on_oops", "kernel/keys/root_maxkeys",
    "kernel/keys/root_maxbytes",
)  # fmt: skip
"""What the kubelet sets for the whole machine: here it sets copies."""
READY_SECONDS = 120.0


def programs() -> None:
    """Build what the node consists of, unless it is there. Raises Lacking."""
    built(KUBERNETES, "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy")
    built(CONTAINERD, "containerd", "containerd-shim-runc-v2", "ctr")
    built(COREDNS, "coredns")


class Runtime:
    """The node's containers, by containerd."""

    def __init__(self, folder: RunFolder) -> None:
        self._ctr: list[str | Path] = [
            CONTAINERD.folder / "ctr", "--address", folder.path / "containerd.sock", "--namespace", "k8s.io",
        ]  # fmt: skip

    def answers(self) -> bool:
        """Whether it takes requests."""
        return subprocess.run([*self._ctr, "version"], capture_output=True, check=False).returncode == 0

    def load(self, archive: Path, names: Mapping[str, str]) -> None:
        """Take the images of an archive, and give each of them the name that manifests have."""
        self._run("images", "import", "--no-unpack", archive)
        for name, kept in names.items():
            self._run("images", "tag", "--force", kept, name)

    def kill(self, container: str) -> None:
        """SIGKILL to what runs in it, as the kernel gives it when memory is short."""
        self._run("tasks", "kill", "--signal", "SIGKILL", container)

    def _run(self, *arguments: str | Path) -> None:
        done = subprocess.run([*self._ctr, *arguments], capture_output=True, text=True, check=False)
        if done.returncode:
            raise Trouble(f"ctr {arguments[0]} {arguments[1]}: {done.stderr.strip()[-300:]}")


@contextmanager
def node(folder: RunFolder, archive: Path, names: Mapping[str, str]) -> Iterator[tuple[Cluster, Runtime]]:
    """Ready, with these images, until the block ends. We have to be alone in our namespaces. Raises Trouble."""
    _network()
    _own_folders()
    _copied_sysctls(folder.data)
    runtime, started = Runtime(folder), []
    with served(KUBERNETES.folder, folder, ADDRESS) as cluster:
        try:
            for each in _programs(folder, cluster.kubeconfig):
                each.begin()
                started.append(each)
                if each.name == "containerd":
                    wait_until(runtime.answers, each, READY_SECONDS, "containerd")
                    runtime.load(archive, names)
            wait_until(lambda: _is_ready(cluster), started[-1], READY_SECONDS, "the node")
            yield cluster, runtime
        finally:
            for each in reversed(started):
                each.end()


def _network() -> None:
    """An address that the machine does not have, and the way between pods."""
    for arguments in LINKS:
        subprocess.run(["ip", *arguments.split()], check=True)
    Path("/proc/sys/net/ipv4/ip_forward").write_text("1", encoding="ascii")


def _own_folders() -> None:
    for folder in OF_ITS_OWN:
        Path(folder).mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "none", folder], check=True)


def _copied_sysctls(folder: Path) -> None:
    for name in SYSCTLS:
        place, copy = Path("/proc/sys") / name, folder / name.replace("/", ".")
        if place.exists():
            copy.write_text(place.read_text(encoding="ascii"), encoding="ascii")
            subprocess.run(["mount", "--bind", copy, place], check=True)


def _programs(folder: RunFolder, kubeconfig: Path) -> Iterator[Server]:
    """In the order in which they start; their settings are written."""
    files = _settings(folder, kubeconfig)
    own = f"PATH={CONTAINERD.folder}:{os.environ['PATH']}"  # its shim, not Debian's
    yield Server(
        "containerd", folder, ["env", own, CONTAINERD.folder / "containerd", "--config", files["containerd.toml"]]
    )
    for name, arguments in _kubernetes(folder, files["kubelet.yaml"]).items():
        yield Server(name, folder, [KUBERNETES.folder / name, "--kubeconfig", kubeconfig, *arguments])
    yield Server("coredns", folder, [COREDNS.folder / "coredns", "-conf", files["Corefile"]])


def _kubernetes(folder: RunFolder, kubelet: Path) -> Mapping[str, Sequence[str | Path]]:
    """Kubernetes' own, and what each is told."""
    certificates = ("--cert-dir", folder.data / "pki")
    alone = ("--leader-elect=false", "--bind-address", "127.0.0.1", *certificates)
    named = ("--hostname-override", NAME)
    return {
        "kube-controller-manager": [
            *alone, "--service-account-private-key-file", folder.data / "account.key",
        ],
        "kube-scheduler": alone,
        "kube-proxy": [
            *named, "--proxy-mode", "nftables", "--bind-address", ADDRESS, "--cluster-cidr", PODS, *OF_THE_MACHINE,
        ],
        "kubelet": [
            *named, "--config", kubelet, "--node-ip", ADDRESS, "--root-dir", folder.path / "kubelet", *certificates,
        ],
    }  # fmt: skip


def _settings(folder: RunFolder, kubeconfig: Path) -> Mapping[str, Path]:
    """The files of settings/, filled in; ours of names is the pods' own."""
    values = {"folder": str(folder.path), "address": ADDRESS, "pods": PODS, "kubeconfig": str(kubeconfig)}
    (folder.path / "cni").mkdir()
    (folder.path / "nowhere.conf").touch()
    found = {}
    for path in SETTINGS.iterdir():
        found[path.name] = folder.path / ("cni" if path.suffix == ".conflist" else "") / path.name
        found[path.name].write_text(Template(path.read_text(encoding="utf-8")).substitute(values), encoding="utf-8")
    subprocess.run(["mount", "--bind", found["resolv.conf"], "/etc/resolv.conf"], check=True)
    return found


def _is_ready(cluster: Cluster) -> bool:
    """Whether pods may come."""
    time.sleep(0.5)  # kubectl takes a third of a second of a processor
    told = cluster.kubectl("get", "node", NAME, "--output", "jsonpath={.status.conditions[?(@.type=='Ready')].status}")
    return told.stdout == "True"
