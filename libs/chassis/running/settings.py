"""Settings of a service's process, from environment variables. docs/settings.md is generated from these fields."""

import os
import ssl
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Self

import httpx
from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from libs.chassis.department import Department
from libs.chassis.identity.oidc import Issuer, ServiceTokens, trustworthy
from libs.chassis.identity.pseudonyms import LEAST_KEY_BYTES
from libs.events.database.connections import Address
from libs.events.log.intent import LEAST_HOURS
from libs.events.transport.broker import Kafka, Mechanism, Protocol


class MissingSetting(Exception):
    """An environment variable is not set, or not to what it should be."""


def _trustworthy(url: str) -> str:
    if not trustworthy(url):
        raise PydanticCustomError("plain", "an issuer is https://…, or http:// on this machine (127.0.0.1, localhost)")
    return url


class Common(BaseSettings):
    """What all services are told alike."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore")

    kafka_bootstrap_servers: str = Field("127.0.0.1:9092", description="Kafka's addresses, host:port, comma between.")
    kafka_security_protocol: Protocol = Field("PLAINTEXT", description="SASL_SSL wherever others share the network.")
    kafka_sasl_mechanism: Mechanism = Field("SCRAM-SHA-512", description="How the password is shown, with SASL_*.")
    kafka_sasl_username: str = Field("", description="This service's user at Kafka; its rights are one topic to write.")
    kafka_sasl_password_file: Path | None = Field(None, description="File of that user's password; a change is seen.")
    kafka_ssl_cafile: Path | None = Field(None, description="PEM file of whom to trust; empty: the system's.")
    kafka_ssl_certfile: Path | None = Field(None, description="PEM file of our own certificate, if brokers ask.")
    kafka_ssl_keyfile: Path | None = Field(None, description="PEM file of its key.")
    kafka_create_topics: bool = Field(False, description="Make topics that are missing; otherwise the log says which.")
    kafka_partitions: int = Field(16, ge=1, le=16, description="Partitions of a topic that we make; divides 16.")
    kafka_replication_factor: int = Field(3, ge=1, description="Copies of a topic; fewer are a warning in the log.")
    kafka_min_insync: int = Field(2, ge=1, description="min.insync.replicas of a topic; fewer: a warning in the log.")
    oidc_issuer: Annotated[str, AfterValidator(_trustworthy)] = Field(
        description="The issuer's URL, exactly as it stands in the tokens' `iss`: https, or http on this machine only."
    )
    oidc_reached_at: Annotated[str, AfterValidator(_trustworthy)] | None = Field(
        None,
        description="The issuer's URL inside your network, where that is another one: its discovery is asked there.",
    )
    oidc_token_types: str = Field(
        "at+jwt", description="Accepted `typ` headers, comma between; `at+jwt,jwt` for issuers that know no RFC 9068."
    )
    oidc_client_id: str = Field("", description="This service's client id, for its calls to the other services' feeds.")
    oidc_client_secret_file: Path | None = Field(
        None,
        description="File of that client's secret; read at each renewal. Needed by a worker of a service that hears "
        "others, and by the gateway.",
    )
    gateway_issuer: Annotated[str, AfterValidator(_trustworthy)] | None = Field(
        None,
        description="The `iss` of the gateway's own tokens, which customers' links stand for: the address at which "
        "browsers reach the gateway. Empty: no links.",
    )
    gateway_jwks_file: Path | None = Field(
        None,
        description="File of the gateway's public keys, a JWKS; a change is seen within minutes. GATEWAY_ISSUER needs "
        "it.",
    )
    https_cafile: Path | None = Field(
        None, description="PEM file of whom to trust when we call the issuer over https; empty: the usual authorities."
    )
    actor_key: SecretStr | None = Field(
        None,
        description="Secret of at least 16 bytes, the same in all services, that pseudonyms of people are made with; "
        "or ACTOR_KEY_FILE. **One of both is required.**",
    )
    actor_key_file: Path | None = Field(None, description="File of that secret.")
    offline_hours: float = Field(
        72,
        ge=1,
        le=24 * 365,
        description="What is recorded later than this after it happened is late evidence: a manager has to accept it "
        "before verdicts rest on it.",
    )
    idempotency_hours: float = Field(
        72,
        ge=LEAST_HOURS,
        le=24 * 365,
        description="How long the answer of a command is kept for its Idempotency-Key, and which heard events had "
        "their effect; never shorter than OFFLINE_HOURS. A key that comes again later is a new command.",
    )
    viewed_days: float = Field(
        1095, ge=180, le=36500, description="How long the record of who looked at a customer's contact is kept."
    )
    log_level: str = Field(
        "info", pattern="^(debug|info|warning|error)$", description="The least level that is logged."
    )
    listen_host: str = Field("127.0.0.1", description="Address to listen on; 0.0.0.0 in a container.")
    tls_cert_file: Path | None = Field(
        None, description="PEM file of the public port's certificate and its chain: https there; empty: http."
    )
    tls_key_file: Path | None = Field(None, description="PEM file of its key.")
    drain_seconds: float = Field(
        0.0, ge=0, le=60, description="At SIGTERM: how long to go on answering, not ready, before the port closes."
    )
    otel_exporter_otlp_endpoint: str | None = Field(
        None,
        pattern="^https?://",
        description="Traces go there by OTLP over HTTP, `/v1/traces` added; empty: nowhere. OpenTelemetry's other "
        "`OTEL_EXPORTER_OTLP_*`, `OTEL_BSP_*` and `OTEL_RESOURCE_ATTRIBUTES` count, too.",
    )
    otel_traces_sampler_arg: float = Field(
        1.0, ge=0, le=1, description="The share of the traces begun here that is sent; a caller's own decision stands."
    )

    @property
    def keys_kept(self) -> timedelta:
        """How long keys are kept: a phone that was offline repeats its commands with theirs."""
        return timedelta(hours=max(self.idempotency_hours, self.offline_hours))

    def actor_secret(self) -> bytes:
        """The key of pseudonyms. Raises MissingSetting."""
        try:
            text = self.actor_key_file.read_text() if self.actor_key_file else ""
        except (OSError, ValueError) as error:
            raise MissingSetting(f"ACTOR_KEY_FILE: cannot be read: {type(error).__name__}") from None
        key = (self.actor_key.get_secret_value() if self.actor_key else text).strip().encode()
        if len(key) < LEAST_KEY_BYTES:
            raise MissingSetting(f"ACTOR_KEY or ACTOR_KEY_FILE: a secret of at least {LEAST_KEY_BYTES} bytes is needed")
        return key

    def trusted(self) -> ssl.SSLContext | bool:
        """Whom we trust over https, as httpx takes it. Raises MissingSetting."""
        try:
            return ssl.create_default_context(cafile=self.https_cafile) if self.https_cafile else True
        except OSError as error:
            raise MissingSetting(f"HTTPS_CAFILE: cannot be read: {type(error).__name__}") from None

    def check_files(self) -> None:
        """Raises MissingSetting for one that cannot be used."""
        self.actor_secret()
        self.trusted()
        if (self.gateway_issuer is None) != (self.gateway_jwks_file is None):
            raise MissingSetting("GATEWAY_ISSUER, GATEWAY_JWKS_FILE: one is nothing without the other")
        if (self.tls_cert_file is None) != (self.tls_key_file is None):
            raise MissingSetting("TLS_CERT_FILE, TLS_KEY_FILE: one is nothing without the other")
        if self.tls_cert_file is not None:
            try:
                ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(
                    self.tls_cert_file, self.tls_key_file
                )
            except OSError as error:
                raise MissingSetting(f"TLS_CERT_FILE, TLS_KEY_FILE: {type(error).__name__}") from None

    def http(self) -> httpx.AsyncClient:
        """A client for calls to the issuer and to the other services. Raises MissingSetting."""
        return httpx.AsyncClient(trust_env=False, verify=self.trusted())

    def issuer(self, http: httpx.AsyncClient) -> Issuer:
        """The issuer, asked by this client."""
        return Issuer(self.oidc_issuer, http, self.oidc_reached_at)

    def tokens(self, service: str, http: httpx.AsyncClient) -> ServiceTokens:
        """The tokens with which `service` asks the others. Raises MissingSetting."""
        if self.oidc_client_secret_file is None:
            raise MissingSetting("OIDC_CLIENT_SECRET_FILE: needed by who asks the other services")
        return ServiceTokens(self.issuer(http), self.oidc_client_id or service, self.oidc_client_secret_file)

    @property
    def kafka(self) -> Kafka:
        """How this process reaches Kafka."""
        return Kafka(
            bootstrap=self.kafka_bootstrap_servers,
            protocol=self.kafka_security_protocol,
            mechanism=self.kafka_sasl_mechanism,
            username=self.kafka_sasl_username,
            password_file=self.kafka_sasl_password_file,
            ca_file=self.kafka_ssl_cafile,
            certificate_file=self.kafka_ssl_certfile,
            key_file=self.kafka_ssl_keyfile,
            create_topics=self.kafka_create_topics,
            partitions=self.kafka_partitions,
            replication_factor=self.kafka_replication_factor,
            min_insync=self.kafka_min_insync,
        )


class Own(BaseSettings):
    """What each service is told on its own, with its name before: INTAKE_DATABASE_URL."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore")

    database_url: str = Field(
        description="postgresql://… as the app role; `?sslmode=verify-full&sslrootcert=…` for TLS."
    )
    database_password_file: Path | None = Field(
        None, description="File of the app role's password, read for each connection; it goes before the URL's."
    )
    database_direct_url: str | None = Field(
        None,
        description="The same database past PgBouncer, where `DATABASE_URL` leads through it in transaction mode.",
    )
    owner_database_url: str | None = Field(
        None, description="postgresql://… as the owner role, for `migrate` and `rebuild`; a running service needs none."
    )
    owner_database_password_file: Path | None = Field(None, description="The same for the owner role.")
    port: int = Field(
        8100, ge=1, le=65535, description="Public port: /v1, /docs, /openapi.json; none with --role worker."
    )
    internal_port: int = Field(
        8200,
        ge=1,
        le=65535,
        description="Internal port: /internal, /health, /metrics; for operators and the other services.",
    )
    pool_size: int = Field(10, ge=2, le=100, description="Connections of this process to its database, at most.")

    @property
    def database(self) -> Address:
        """Where its database is, as the app role."""
        return Address(self.database_url, self.database_password_file, self.database_direct_url)


class Settings:
    """Both, and where the feeds of the services that are heard answer: <SERVICE>_INTERNAL_URL."""

    def __init__(self, service: str, common: Common, own: Own, feeds: Mapping[str, str]) -> None:
        self.service, self.common, self.own, self.feeds = service, common, own, feeds

    @classmethod
    def load(cls, service: str, hears: Iterable[str] = (), own: type[Own] = Own) -> Self:
        """From the environment, for a process that asks the feeds of what it `hears`; `own` is what it is told beside.

        Raises MissingSetting that names the variable.
        """
        prefix = f"{service.upper()}_"
        try:
            common = Common()  # type: ignore[call-arg]  # the environment gives the fields
            of_service = own(_env_prefix=prefix)  # type: ignore[call-arg]  # as above
            Department()
        except ValueError as error:
            raise MissingSetting(_told({own.__name__: prefix, "Department": "DEPARTMENT_"}, error)) from None
        common.check_files()
        if hears and common.oidc_client_secret_file is None:
            raise MissingSetting("OIDC_CLIENT_SECRET_FILE: needed by a service that hears others")
        feeds = {source: os.environ.get(f"{source.upper()}_INTERNAL_URL", "") for source in hears}
        return cls(service, common, of_service, feeds)


def _told(prefixes: Mapping[str, str], error: ValueError) -> str:
    problems = error.errors() if isinstance(error, ValidationError) else []
    prefix = prefixes.get(getattr(error, "title", ""), "")
    return "; ".join(f"{prefix}{'.'.join(map(str, p['loc'])).upper()}: {p['msg']}" for p in problems)
