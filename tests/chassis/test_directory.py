"""A request comes to the very route that the router would have led it to."""

from importlib import import_module
from itertools import product
from uuid import uuid4

import pytest
from fastapi import FastAPI
from starlette.routing import Match

from libs.chassis.http.directory import Directory
from libs.chassis.http.routing import Route
from libs.services import EVENT_SERVICES
from tests.chassis.routes import applications

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


@pytest.mark.parametrize("name", EVENT_SERVICES)
def test_it_is_the_first_one_that_fits(name: str) -> None:
    for app in applications(name):
        directory = Directory(app.routes, app.router)
        led = 0
        for path, method in product(paths(app), METHODS):
            if (found := directory.find(method, path)) is not None:
                led += 1
                assert (found.route, found.parameters) == by_router(app, method, path), f"{method} {path}"
        assert led > 0


def paths(app: FastAPI) -> set[str]:
    """A path of each route: with an id where a parameter is, and with each word that is at its place elsewhere."""
    templates = [route.path.split("/") for route in app.routes if isinstance(route, Route)]
    found = set()
    for template in templates:
        likes = [other for other in templates if len(other) == len(template)]
        found.add("/".join(str(uuid4()) if part.startswith("{") else part for part in template))
        for like in likes:
            found.add("/".join(one if part.startswith("{") else part for part, one in zip(template, like, strict=True)))
    return found


def by_router(app: FastAPI, method: str, path: str) -> tuple[object, dict[str, str]]:
    scope = {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}
    for route in app.routes:
        match, more = route.matches(scope)
        if match == Match.FULL:
            return route, more["path_params"]
    raise AssertionError(f"{method} {path} leads nowhere")


def test_what_it_does_not_know_is_left_to_the_router() -> None:
    app = import_module("services.intake.app").service.http()
    directory = Directory(app.routes, app.router)
    assert directory.find("GET", "/v1/tickets") is not None
    for method, path in (("GET", "/v1/tickets/"), ("GET", "/v1//tickets"), ("PUT", "/v1/tickets"), ("GET", "/")):
        assert directory.find(method, path) is None, f"{method} {path}"
