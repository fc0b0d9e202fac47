"""The AsyncAPI documents are AsyncAPI 3.0, and say what stands on the topics."""

import json
from pathlib import Path
from typing import Any

import pytest
from asyncapi3.models import AsyncAPI3  # type: ignore[import-untyped]  # the package has no py.typed
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # the package has no types

from libs.events.contracts.language import PUBLISHERS
from tools.golden import ASYNCAPI, ROOT, standing

HEADERS = {
    *("ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "ce_recordedtime", "ce_subject", "ce_partitionkey"),
    *("ce_dataschema", "ce_lane", "ce_sequence", "ce_correlationid", "ce_causationid", "traceparent", "content-type"),
}


@pytest.fixture(params=sorted(PUBLISHERS))
def service(request: pytest.FixtureRequest) -> str:
    """Each service."""
    return str(request.param)


@pytest.fixture
def document(service: str) -> dict[str, Any]:
    """Its AsyncAPI document on file."""
    return dict(json.loads(Path(ROOT / ASYNCAPI / f"{service}.json").read_text(encoding="utf-8")))


def test_it_is_asyncapi_3(document: dict[str, Any]) -> None:
    assert AsyncAPI3.model_validate(document).asyncapi == "3.0.0"


def test_a_document_that_is_not_asyncapi_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="action"):
        AsyncAPI3.model_validate(document | {"operations": {"publish": {"channel": {"$ref": "#/channels/events"}}}})


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for reference in references(document):
        node: Any = document
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]


def references(node: Any) -> list[str]:
    """Every `$ref` in a document."""
    if isinstance(node, list):
        return [found for item in node for found in references(item)]
    if not isinstance(node, dict):
        return []
    own = [node["$ref"]] if "$ref" in node else []
    return own + [found for item in node.values() for found in references(item)]


def test_its_one_channel_is_the_topic_of_the_service(service: str, document: dict[str, Any]) -> None:
    (channel,) = document["channels"].values()
    assert channel["address"] == channel["bindings"]["kafka"]["topic"] == f"{service}.events"
    assert set(channel["messages"]) == set(document["components"]["messages"])


def test_every_version_ever_published_is_a_message(service: str, document: dict[str, Any]) -> None:
    messages = document["components"]["messages"].values()
    said = {(message["name"], int(message["payload"]["$id"].split("/")[-1])) for message in messages}
    assert said == {key for key in standing(ROOT) if key[0].startswith(f"{service}.")}


def test_every_example_fits_its_headers_and_its_payload(document: dict[str, Any]) -> None:
    headers = document["components"]["schemas"]["headers"]
    assert set(headers["properties"]) == HEADERS
    for message in document["components"]["messages"].values():
        for sample in message["examples"]:
            Draft202012Validator(headers).validate(sample["headers"])
            Draft202012Validator(message["payload"]).validate(sample["payload"])
            assert sample["headers"]["ce_type"] == message["name"]
