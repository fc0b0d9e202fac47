"""Every route of the five services, on either port, by `service METHOD /path`."""

from importlib import import_module

from libs.chassis.http.routing import Route
from libs.services import EVENT_SERVICES


def routes() -> dict[str, Route]:
    """All of them."""
    found: dict[str, Route] = {}
    for name in EVENT_SERVICES:
        service = import_module(f"services.{name}.app").service
        app = service.http()
        for application in (app, service.internal_http(app)):
            own = [route for route in application.routes if isinstance(route, Route)]
            found |= {f"{name} {' '.join(sorted(route.methods or ()))} {route.path}": route for route in own}
    return found


ROUTES = routes()
