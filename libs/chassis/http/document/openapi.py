"""The OpenAPI 3.1 document of a service: what FastAPI knows, and problems, tokens and headers as they really are."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from libs.chassis import problems
from libs.chassis.http.document import structs
from libs.chassis.http.document.examples import NoExample, example
from libs.chassis.http.routers import jobs, kept_list, publishing
from libs.chassis.sentences import CHASSIS, SHARED, Refusals, Sentence

_BEARER = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "An access token of the configured OIDC issuer, audience `aftercare`, with the claim `roles`.",
}
_ETAG = {
    "description": "The version that the answer shows; send it back as If-Match.",
    "schema": {"type": "string", "pattern": '^"[0-9]+"$'},
}
_REPLAYED = {
    "description": "`true`: the answer of an earlier request with the same Idempotency-Key.",
    "schema": {"type": "string", "enum": ["true"]},
}


_TAGS = {
    "contacts": "联系方式查看记录 / Who looked at whose contact",
    "evidence": "补录证据 / What was recorded late, and whether verdicts may rest on it",
    "operations": "运维 / Lanes that stopped and events that were parked, and what operators do about them",
}

_LOCATION = {"description": "Where it can be read.", "schema": {"type": "string", "format": "uri-reference"}}


def describe(app: FastAPI, name: str, refusals: Refusals, tags: Mapping[str, str]) -> None:
    """Make `app.openapi()` tell all of it, once.

    What all services have is `<name>_<operation>`, so that a client of several services has one name for each.
    """

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
            _complete(document, {**_TAGS, **tags})
            _say_codes(document, refusals)
            _show(document)
            shared = [route for route in app.routes if isinstance(route, APIRoute) and _is_shared(route)]
            _rename(document, {route.unique_id: f"{name}_{route.unique_id}" for route in shared})
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # the way that FastAPI documents


def _complete(document: dict[str, Any], about: Mapping[str, str]) -> None:
    components = document.setdefault("components", {})
    components.setdefault("securitySchemes", {})["bearer"] = _BEARER
    schemas = components.setdefault("schemas", {})
    structs.put_in(schemas)
    schemas["Problem"] = problems.SCHEMA
    document["servers"] = [{"url": "/", "description": "The service that answers with this document."}]
    tags = {tag: None for path in document["paths"].values() for o in path.values() for tag in o.get("tags", ())}
    document["tags"] = [{"name": tag, "description": about[tag]} if tag in about else {"name": tag} for tag in tags]
    for address, path in document["paths"].items():
        for method, operation in path.items():
            _say_roles(operation)
            if method == "post" and _has_items(document, address):
                _made(operation)
            for status, response in operation["responses"].items():
                if method == "post" and status in ("200", "201") and "requestBody" in operation:
                    response.setdefault("headers", {}).update({"ETag": _ETAG, "Idempotency-Replayed": _REPLAYED})
                if status in ("401", "409", "503") and "content" in response:
                    _advise(status, response)


def _show(document: dict[str, Any]) -> None:
    """An example beside every answer in JSON whose fields have theirs."""
    schemas = document["components"]["schemas"]
    operations = (operation for path in document["paths"].values() for operation in path.values())
    for answer in (answer for operation in operations for answer in operation["responses"].values()):
        for content in (answer["content"][name] for name in answer.get("content", ()) if name == "application/json"):
            with suppress(NoExample):
                content["example"] = example(content["schema"], schemas)


def _say_roles(operation: dict[str, Any]) -> None:
    if roles := operation.get("x-roles"):
        said = f"角色 / Roles: {', '.join(roles)}."
        operation["description"] = f"{operation.get('description', '')}\n\n{said}".strip()


def _has_items(document: dict[str, Any], address: str) -> bool:
    """Whether what is made at this address can be read one by one."""
    below = (path.removeprefix(f"{address}/") for path, item in document["paths"].items() if "get" in item)
    return any(rest.startswith("{") and rest.endswith("}") and "/" not in rest for rest in below)


def _made(operation: dict[str, Any]) -> None:
    for status in ("201", "202"):
        if status in operation["responses"]:
            operation["responses"][status].setdefault("headers", {})["Location"] = _LOCATION


_ANYWHERE = (
    "content-length-malformed",
    "host-missing",
    "unauthenticated",
    "forbidden",
    "no-such-route",
    "not-found",
    "target-too-long",
    "invalid",
    "malformed",
    "busy",
    "database-unreachable",
    "issuer-unreachable",
    "newer-release",
    "overloaded",
)
_COMMAND = (
    "disconnected",
    "idempotency-key-malformed",
    "idempotency-key-missing",
    "idempotency-key-repeated",
    "if-match-malformed",
    "body-too-slow",
    "idempotency-key-in-flight",
    "stale-version",
    "body-too-large",
    "event-too-large",
    "not-json",
    "future-instant",
    "idempotency-key-reused",
    "malformed-json",
)
_GIVEN = {
    "cursor": ["invalid-cursor", "malformed-cursor"],
    "min_version": ["version-not-reached"],
    "opened_to": ["empty-range"],
    "to": ["empty-range"],
    "If-None-Match": ["if-match-malformed", "if-none-match-malformed", "stale-version"],
}
"""What goes wrong with a parameter, where an operation has it."""


def _say_codes(document: dict[str, Any], refusals: Refusals) -> None:
    """The codes of each status of each operation; a status that it has no code for is none of its answers."""
    sentences = {**CHASSIS, **SHARED.sentences, **refusals.sentences}
    for path in document["paths"].values():
        for method, operation in path.items():
            name = operation["operationId"]
            own = [*refusals.operations.get(name, ()), *SHARED.operations.get(name, ())]
            codes = {*_ANYWHERE, *(_COMMAND if method == "post" else ()), *own}
            codes.update(code for given in operation.get("parameters", ()) for code in _GIVEN.get(given["name"], ()))
            _enumerate(operation["responses"], sorted(codes), sentences)


def _enumerate(responses: dict[str, Any], codes: list[str], sentences: Mapping[str, Sentence]) -> None:
    for status in [status for status in responses if problems.MEDIA_TYPE in responses[status].get("content", {})]:
        here = [code for code in codes if int(status) in sentences[code].statuses]
        if not here:
            del responses[status]
            continue
        about = "; ".join(f"`{code}`: {sentences[code].chinese} / {sentences[code].english}" for code in here)
        code = {"type": "string", "enum": here, "description": about}
        problem = {"$ref": "#/components/schemas/Problem"}
        responses[status]["content"][problems.MEDIA_TYPE]["schema"] = {
            "allOf": [problem, {"type": "object", "properties": {"code": code}}]
        }


def _is_shared(route: APIRoute) -> bool:
    """Whether every service has it under one name. What is published, a job, and a list are named by their kind."""
    module = str(route.endpoint.__module__)
    return module.startswith("libs.chassis.") and module not in (publishing.__name__, jobs.__name__, kept_list.__name__)


def _rename(document: dict[str, Any], names: dict[str, str]) -> None:
    for path in document["paths"].values():
        for operation in path.values():
            operation["operationId"] = names.get(operation["operationId"], operation["operationId"])


def _advise(status: str, response: dict[str, Any]) -> None:
    name = "WWW-Authenticate" if status == "401" else "Retry-After"
    response.setdefault("headers", {})[name] = {"required": False, "schema": {"type": "string"}}
