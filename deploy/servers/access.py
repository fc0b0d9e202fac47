"""`python -m deploy.servers.access`: users, rights and topics at Kafka, as access.json beside this file names them.

Run at each start, as the administrator: what is missing is made, and every user gets the password of its file. A
service may write its own topics and read those that it hears; whatever no right is given for is denied.
"""

import asyncio
import json
import sys
from collections.abc import Iterator, Mapping
from hashlib import pbkdf2_hmac
from pathlib import Path
from secrets import token_bytes
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code
from aiokafka.protocol.admin import CreateAclsRequest_v1
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import CompactArray, CompactBytes, CompactString, Int8, Int16, Int32, Schema, TaggedFields

from libs.chassis.running.settings import Common

SECRETS = Path("/run/secrets")
PLAN = Path(__file__).with_name("access.json")

TOPIC, GROUP = 2, 3
READ, WRITE, DESCRIBE, DESCRIBE_CONFIGS = 3, 4, 8, 10
LITERAL, ALLOW = 3, 3
SCRAM_SHA_512, ITERATIONS = 2, 8192

Right = tuple[int, str, int, str, str, int, int]


class UsersResponse(Response):  # type: ignore[misc]  # aiokafka has no types
    """What became of each user."""

    API_KEY, API_VERSION = 51, 0
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "results",
            CompactArray(
                ("user", CompactString("utf-8")),
                ("error_code", Int16),
                ("error_message", CompactString("utf-8")),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class UsersRequest(RequestStruct):  # type: ignore[misc]  # aiokafka has no types
    """AlterUserScramCredentials, which aiokafka does not have."""

    API_KEY, API_VERSION, FLEXIBLE_VERSION = 51, 0, True
    RESPONSE_TYPE = UsersResponse
    SCHEMA = Schema(
        ("deletions", CompactArray(("name", CompactString("utf-8")), ("mechanism", Int8), ("tags", TaggedFields))),
        (
            "upsertions",
            CompactArray(
                ("name", CompactString("utf-8")),
                ("mechanism", Int8),
                ("iterations", Int32),
                ("salt", CompactBytes),
                ("salted_password", CompactBytes),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class Users(Request[UsersRequest]):  # type: ignore[misc]  # aiokafka has no types
    """Users by name with their passwords, as SCRAM keeps them."""

    API_KEY = 51

    def __init__(self, passwords: Mapping[str, str]) -> None:
        self._passwords = passwords

    def build(self, request_struct_class: type[UsersRequest]) -> UsersRequest:
        """The request; the server sees no password."""
        return UsersRequest([], [_salted(*item) for item in self._passwords.items()], {})


class Rights(Request[CreateAclsRequest_v1]):  # type: ignore[misc]  # aiokafka has no types
    """Rights to create; those that are there already are left as they are."""

    API_KEY = 30

    def __init__(self, rights: list[Right]) -> None:
        self._rights = rights

    def build(self, request_struct_class: type[CreateAclsRequest_v1]) -> CreateAclsRequest_v1:
        """The request."""
        return CreateAclsRequest_v1(self._rights)


def rights(plan: Mapping[str, Any]) -> Iterator[Right]:
    """The rights that the plan gives."""
    for service, its in plan["services"].items():
        for kind, names, operations in (
            (TOPIC, its["writes"], (WRITE, DESCRIBE, DESCRIBE_CONFIGS)),
            (TOPIC, its["reads"], (READ, DESCRIBE, DESCRIBE_CONFIGS)),
            (GROUP, its["groups"], (READ,)),
        ):
            for name in names:
                yield from ((kind, name, LITERAL, f"User:{service}", "*", each, ALLOW) for each in operations)


async def give(admin: AIOKafkaAdminClient, plan: Mapping[str, Any], settings: Common) -> None:
    """Users, rights, topics. Raises KafkaError for what was refused."""
    users = {name: (SECRETS / f"kafka_{name}").read_text().strip() for name in plan["services"]}
    for _, code, message, _ in (await admin._send_request(Users(users))).results:
        _check(code, message)
    for code, message in (await admin._send_request(Rights(list(rights(plan))))).creation_responses:
        _check(code, message)
    common = {"min.insync.replicas": str(settings.kafka_min_insync), "max.message.bytes": str(1024 * 1024)}
    topics = [
        NewTopic(name, settings.kafka_partitions, settings.kafka_replication_factor, topic_configs={**config, **common})
        for name, config in plan["topics"].items()
    ]
    for _, code, *text in (await admin.create_topics(topics)).topic_errors:
        if for_code(code) is not TopicAlreadyExistsError:
            _check(code, *text)


def _check(code: int, message: str | None = None) -> None:
    if code:
        raise for_code(code)(message)


def _salted(name: str, password: str) -> tuple[str, int, int, bytes, bytes, dict[int, bytes]]:
    salt = token_bytes(24)
    return name, SCRAM_SHA_512, ITERATIONS, salt, pbkdf2_hmac("sha512", password.encode(), salt, ITERATIONS), {}


async def _work() -> None:
    plan, settings = json.loads(PLAN.read_text()), Common()  # type: ignore[call-arg]  # the environment gives the fields
    admin = AIOKafkaAdminClient(**settings.kafka.options())
    try:
        await admin.start()
        await give(admin, plan, settings)
    finally:
        await admin.close()
    print(f"access: {', '.join(plan['services'])}")


def main() -> None:
    """Give them. Exits with one line where Kafka is out of reach or refuses us."""
    try:
        asyncio.run(_work())
    except (KafkaError, OSError) as error:
        sys.exit(f"access: {type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
