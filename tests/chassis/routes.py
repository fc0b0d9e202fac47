"""Every route of the five services, on either port, by `service METHOD /path`."""

from importlib import import_module

from fastapi import FastAPI

from libs.chassis.http.routing import Route
from libs.services import EVENT_SERVICES


def applications(name: str) -> tuple[FastAPI, FastAPI]:
    """Those of a service's public port and of its internal one."""
    service = import_module(f"services.{name}.app").service
    app = service.http()
    return app, service.internal_http(app)


def routes() -> dict[str, Route]:
    """All of them."""
    found: dict[str, Route] = {}
    for name in EVENT_SERVICES:
        for application in applications(name):
            own = [route for route in application.routes if isinstance(route, Route)]
            found |= {f"{name} {' '.join(sorted(route.methods or ()))} {route.path}": route for route in own}
    return found


ROUTES = routes()
