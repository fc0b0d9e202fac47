"""PostgreSQL and Kafka together: our own servers from packages, yours by their addresses, or containers.

    with Stack(RunFolder(path)) as stack:
        stack.database_url, stack.kafka_bootstrap

`DATABASE_URL` and `KAFKA_BOOTSTRAP_SERVERS` in the environment name servers of yours, which are used as they are;
`STACK=containers` starts both with testcontainers. Only servers of our own can be stopped and killed.
"""

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Self

from deploy.devstack.environment import read_environment, write_environment
from deploy.devstack.folder import RunFolder
from deploy.devstack.kafka import KafkaServer, one_broker
from deploy.devstack.postgres import PostgresServer
from deploy.devstack.process import Process
from deploy.devstack.trouble import Trouble
from libs.events.transport.broker import Kafka


class Stack:
    """Both servers of one run folder. Every method may be called from any thread."""

    def __init__(self, folder: RunFolder, durable: bool = True, environment: Mapping[str, str] = os.environ) -> None:
        self.folder = folder
        self._ports_file = folder.data / "ports"
        ports = {name: int(port) for name, port in read_environment(self._ports_file).items()}
        self._database_url = _yours(environment.get("DATABASE_URL", ""), ports.get("postgres"))
        self._kafka_bootstrap = _yours(environment.get("KAFKA_BOOTSTRAP_SERVERS", ""), ports.get("kafka"))
        self._containers = environment.get("STACK") == "containers"
        ours = not self._containers
        self._postgres = (
            PostgresServer(folder, durable, ports.get("postgres", 0)) if ours and not self._database_url else None
        )
        self._kafka = KafkaServer(folder, ports.get("kafka", 0)) if ours and not self._kafka_bootstrap else None
        self._exit = ExitStack()

    @property
    def database_url(self) -> str:
        """The administrator's URL of PostgreSQL."""
        return self._postgres.url if self._postgres else self._database_url

    @property
    def kafka_bootstrap(self) -> str:
        """Kafka's bootstrap servers."""
        return self._kafka.bootstrap if self._kafka else self._kafka_bootstrap

    @property
    def kafka_cluster(self) -> Kafka:
        """The same for the kernel's clients, with the right to make topics on this one broker."""
        return one_broker(self.kafka_bootstrap)

    @property
    def postgres(self) -> PostgresServer:
        """Our own PostgreSQL, to stop, kill and start; Trouble if it is somebody else's."""
        if self._postgres is None:
            raise Trouble("this PostgreSQL is not ours to stop and start")
        return self._postgres

    @property
    def kafka(self) -> KafkaServer:
        """Our own Kafka, to stop, kill and start; Trouble if it is somebody else's."""
        if self._kafka is None:
            raise Trouble("this Kafka is not ours to stop and start")
        return self._kafka

    @property
    def servers(self) -> list[PostgresServer | KafkaServer]:
        """The servers that are our own."""
        return [server for server in (self._postgres, self._kafka) if server]

    def start(self) -> Self:
        """Start both, side by side, and wait until they are ready."""
        if self._containers:
            self._start_containers()
        try:
            with ThreadPoolExecutor(2) as threads:
                list(threads.map(lambda server: server.start(), self.servers))
        except BaseException:
            self.stop()
            raise
        write_environment(self._ports_file, {server.name: str(server.port) for server in self.servers})
        return self

    def stop(self) -> None:
        """Stop both in good order."""
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(Process.end, self.servers))
        self._exit.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _start_containers(self) -> None:
        # Docker's client is needed here only.
        from deploy.devstack.containers import start_containers  # noqa: PLC0415

        self._database_url, self._kafka_bootstrap = start_containers(self._exit)


def _yours(address: str, our_port: int | None) -> str:
    """The address, unless it is only ours come back from `.run/env` by way of somebody's shell."""
    return "" if our_port and f"127.0.0.1:{our_port}" in address else address
