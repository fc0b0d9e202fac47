"""OpenAPI links: what the answer of one operation leads to."""

from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute


def links(status: int, *operations: str, **parameters: str) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route whose answer of this status leads to these operations.

    Each parameter is a field of the answer, by its JSON pointer: `ticket_id="items/0/id"`.
    """
    found = {name: f"$response.body#/{pointer}" for name, pointer in parameters.items()}
    return {status: {"links": {name: {"operationId": name, "parameters": found} for name in operations}}}


def operations(*routers: APIRouter) -> list[str]:
    """All operations of these routers that have a name of their own."""
    routes = [route for router in routers for route in router.routes]
    return [route.operation_id for route in routes if isinstance(route, APIRoute) and route.operation_id]
