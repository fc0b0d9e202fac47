"""The OpenAPI 3.1 document of a service: what FastAPI knows, and problems, tokens and headers as they really are."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from libs.chassis import problems

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


def describe(app: FastAPI) -> None:
    """Make `app.openapi()` tell all of it, once."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
            _complete(document)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # the way that FastAPI documents


def _complete(document: dict[str, Any]) -> None:
    components = document.setdefault("components", {})
    components.setdefault("securitySchemes", {})["bearer"] = _BEARER
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = problems.SCHEMA
    for path in document["paths"].values():
        for method, operation in path.items():
            for status, response in operation["responses"].items():
                if method == "post" and status in ("200", "201") and "requestBody" in operation:
                    response.setdefault("headers", {}).update({"ETag": _ETAG, "Idempotency-Replayed": _REPLAYED})
                if status in ("401", "409", "503") and "content" in response:
                    _advise(status, response)


def _advise(status: str, response: dict[str, Any]) -> None:
    name = "WWW-Authenticate" if status == "401" else "Retry-After"
    response.setdefault("headers", {})[name] = {"required": False, "schema": {"type": "string"}}
