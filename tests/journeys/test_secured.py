"""The five services on Kafka over SASL_SSL and PostgreSQL over verify-full, with passwords in files."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import asyncpg
import httpx
import pytest
from aiokafka.errors import KafkaError

from deploy.devstack.folder import RunFolder
from deploy.devstack.process import ROOT, clean_environment, wait_until
from deploy.devstack.stack import Stack
from deploy.devstack.supervisor import Programme, Supervisor
from libs.events.database.connections import Address, connect_alone
from libs.events.transport.broker import Kafka
from libs.events.transport.kafka import ensure_topics
from tests.journeys.people import People
from tests.journeys.product import Product
from tests.journeys.secured import Authority, SecuredKafka, SecuredPostgres, settings_of
from tests.journeys.story import Story

pytestmark = pytest.mark.long

UNENCRYPTED = """
SELECT count(*) FROM pg_stat_activity JOIN pg_stat_ssl USING (pid) WHERE backend_type = 'client backend' AND NOT ssl
"""
ENDED = """
SELECT count(*) FILTER (WHERE pg_terminate_backend(pid, 20000)) FROM pg_stat_activity WHERE usename = 'survey_app'
"""
"""And they are gone: who asks from now on finds none of them open."""


@dataclass(frozen=True)
class Secured:
    """The running product, its servers, and what each service was given."""

    running: Supervisor
    kafka: SecuredKafka
    postgres: SecuredPostgres
    strangers: Authority

    def settings(self, service: str) -> dict[str, str]:
        return settings_of(service, self.kafka, self.running.environment)

    def database(self, service: str, **changed: str) -> Address:
        """A service's database as that service reaches it, but for what is changed in the URL."""
        settings = self.settings(service)
        url = settings[f"{service.upper()}_DATABASE_URL"]
        for old, new in changed.items():
            url = url.replace({"ca": str(self.kafka.authority.ca_file), "host": "127.0.0.1"}[old], new)
        return Address(url, Path(settings[f"{service.upper()}_DATABASE_PASSWORD_FILE"]))

    def broker(self, service: str) -> Kafka:
        """Kafka as that service reaches it."""
        settings = self.settings(service)
        return Kafka(
            settings["KAFKA_BOOTSTRAP_SERVERS"],
            protocol="SASL_SSL",
            username=service,
            password_file=Path(settings["KAFKA_SASL_PASSWORD_FILE"]),
            ca_file=Path(settings["KAFKA_SSL_CAFILE"]),
            create_topics=True,
            replication_factor=1,
            min_insync=1,
        )


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    folder = RunFolder(tmp_path_factory.mktemp("secured"))
    authority = Authority(folder.path / "authority")
    kafka, postgres = SecuredKafka(folder, authority), SecuredPostgres(folder, authority)
    try:
        kafka.start()
        postgres.start()
        yours = {"DATABASE_URL": postgres.url, "KAFKA_BOOTSTRAP_SERVERS": kafka.bootstrap}
        with Supervisor(
            Stack(folder, environment=yours),
            first_port=None,
            of_service=lambda service, everybody: settings_of(service, kafka, everybody),
        ) as running:
            yield Secured(running, kafka, postgres, Authority(folder.path / "strangers"))
    finally:
        postgres.end()
        kafka.end()


@pytest.fixture
async def people(secured: Secured) -> AsyncIterator[People]:
    product = Product(secured.running.folder, secured.running.environment, secured.kafka.bootstrap)
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        yield People(product, http)


async def test_a_ticket_is_repaired_and_no_byte_of_it_travels_in_the_clear(secured: Secured, people: People) -> None:
    story = await Story.begin(people)
    await story.classify()
    await story.authorise()
    await story.repair()
    await story.sign()
    await story.status("accepted")
    connection = await asyncpg.connect(secured.postgres.url)
    try:
        assert await connection.fetchval(UNENCRYPTED) == 0
    finally:
        await connection.close()


async def test_a_changed_password_needs_no_restart(secured: Secured, people: People) -> None:
    file = Path(secured.settings("survey")["SURVEY_DATABASE_PASSWORD_FILE"])
    connection = await asyncpg.connect(secured.postgres.url)
    try:
        await connection.execute("ALTER ROLE survey_app PASSWORD 'another'")
        await asyncio.to_thread(file.write_text, "another\n")
        await connection.execute(ENDED)
    finally:
        await connection.close()
    survey = secured.running.process("survey")
    assert isinstance(survey, Programme)
    pid = survey.pid
    await asyncio.to_thread(wait_until, survey.answers, survey, 60, "survey with its new password")
    await people.until(lambda page: "items" in page, "survey", "/v1/callbacks")
    assert survey.pid == pid


@pytest.mark.parametrize("changed", ["ca", "host"])
async def test_a_database_that_cannot_prove_who_it_is_gets_no_password(secured: Secured, changed: str) -> None:
    other = {"ca": str(secured.strangers.ca_file), "host": "localhost"}[changed]
    address = secured.database("intake", **{changed: other})
    with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
        await connect_alone(address, {})


@pytest.mark.parametrize("changed", ["ca", "host", "password", "clear"])
async def test_a_broker_is_proved_and_proves_us(secured: Secured, changed: str, tmp_path: Path) -> None:
    good, wrong = secured.broker("intake"), tmp_path / "wrong"
    wrong.write_text("wrong")
    bad = {
        "ca": replace(good, ca_file=secured.strangers.ca_file),
        "host": replace(good, bootstrap=good.bootstrap.replace("127.0.0.1", "localhost")),
        "password": replace(good, password_file=wrong),
        "clear": replace(good, protocol="SASL_PLAINTEXT"),
    }[changed]
    await ensure_topics(good, ["intake"])
    with pytest.raises(KafkaError):
        await ensure_topics(bad, ["intake"])


@pytest.mark.parametrize("tool", [("database.migrate", "survey"), ("projection.rebuild", "survey", "callback")])
def test_the_owners_tools_come_in_by_the_same_door(secured: Secured, tool: tuple[str, ...]) -> None:
    settings = {**secured.running.environment, **secured.settings("survey")}
    module, *arguments = tool
    run = subprocess.run(
        [sys.executable, "-m", f"libs.events.{module}", *arguments],
        cwd=ROOT,
        env=clean_environment() | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
