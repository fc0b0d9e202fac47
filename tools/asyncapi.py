"""An AsyncAPI 3.0 document of what a service publishes: one channel, one message for each event and version."""

from collections.abc import Iterable, Mapping
from typing import Any

from tools.samples import INSTANT, example

Document = dict[str, Any]

HEADERS: Mapping[str, tuple[str, str]] = {
    "ce_specversion": ("1.0", "The version of CloudEvents."),
    "ce_id": ("019ab5f2-6c00-7d3e-8f10-2a4b6c8d0e1f", "The event's id: the same however often it is sent."),
    "ce_source": ("/aftercare/{service}/1", "The publishing service and the epoch of its log."),
    "ce_type": ("{type}", "The event's type name."),
    "ce_time": (INSTANT, "When it happened, RFC 3339 with offset."),
    "ce_recordedtime": (INSTANT, "When the service's log took it, RFC 3339 with offset."),
    "ce_subject": (
        "{key}",
        "What it is about: the ticket's id, or else the stream's name. The record's key is the same.",
    ),
    "ce_partitionkey": ("{key}", "The record's key."),
    "ce_dataschema": ("{schema}", "The JSON Schema of the data; its last part is the version of the type."),
    "ce_lane": ("7", "The lane, 0 to 15: events of one lane have one order."),
    "ce_sequence": ("00000000000000000042", "Counts from 1 in source and lane with no gap; 20 digits."),
    "ce_correlationid": ("019ab5f2-6c00-7d3e-8f10-2a4b6c8d0e1f", "The same on all that one request led to."),
    "ce_causationid": ("019ab5f2-6bff-7a11-9c0d-112233445566", "The event or request that this one follows from."),
    "traceparent": ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "W3C trace context."),
    "content-type": ("application/json", "The media type of the data."),
}
"""The Kafka headers of a message, CloudEvents 1.0 in binary mode: an example, and what it means."""

ALWAYS = [name for name in HEADERS if name not in {"ce_correlationid", "ce_causationid", "traceparent"}]


def document(service: str, about: str, schemas: Iterable[Mapping[str, Any]]) -> Document:
    """The AsyncAPI document of `service` from the JSON Schemas of all its published events, older versions included."""
    messages = {_name(schema): _message(service, schema) for schema in schemas}
    channel = {"$ref": "#/channels/events"}
    return {
        "asyncapi": "3.0.0",
        "id": f"urn:aftercare:{service}",
        "info": _info(service, about),
        "defaultContentType": "application/json",
        "channels": {"events": _channel(service, messages)},
        "operations": {"publish": {"action": "send", "channel": channel, "summary": f"What {service} says happened."}},
        "components": {"messages": messages, "schemas": {"headers": _headers()}},
    }


def _info(service: str, about: str) -> Document:
    return {
        "title": f"Aftercare {service} events",
        "version": "1",
        "description": f"{about}\n\nDelivered at least once: drop a ce_sequence of a ce_source and ce_lane twice seen.",
        "license": {"name": "Apache-2.0"},
    }


def _channel(service: str, messages: Iterable[str]) -> Document:
    return {
        "address": f"{service}.events",
        "title": f"All that {service} publishes; kept for ever, ordered by key",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
        "bindings": {
            "kafka": {
                "topic": f"{service}.events",
                "topicConfiguration": {"cleanup.policy": ["delete"], "retention.ms": -1},
                "bindingVersion": "0.5.0",
            }
        },
    }


def _message(service: str, schema: Mapping[str, Any]) -> Document:
    payload = {name: value for name, value in schema.items() if name != "$schema"}
    return {
        "name": schema["title"],
        "title": _name(schema),
        "summary": schema["description"],
        "contentType": "application/json",
        "headers": {"$ref": "#/components/schemas/headers"},
        "payload": payload,
        "bindings": {"kafka": {"key": {"type": "string"}, "bindingVersion": "0.5.0"}},
        "examples": [{"headers": _example_headers(service, schema), "payload": example(schema)}],
    }


def _headers() -> Document:
    properties = {name: {"type": "string", "description": meaning} for name, (_, meaning) in HEADERS.items()}
    return {"type": "object", "required": ALWAYS, "properties": properties}


def _example_headers(service: str, schema: Mapping[str, Any]) -> dict[str, str]:
    key = example(schema).get("ticket_id", "a stream's name")
    words = {"service": service, "type": schema["title"], "key": key, "schema": schema["$id"]}
    return {name: sample.format_map(words) for name, (sample, _) in HEADERS.items()}


def _name(schema: Mapping[str, Any]) -> str:
    """Such as OnSiteArrived-1: the type without its service, and the version."""
    type_name, version = schema["$id"].split("/")[-2:]
    return f"{type_name.partition('.')[2]}-{version}"
