"""People sign in at the gateway by way of Keycloak's own pages, and out again."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from deploy.devstack.databases import Database
from deploy.devstack.keycloak import KeycloakServer
from tests.gateway.browser import Browser
from tests.gateway.conftest import begun, settings_of
from tests.sign_in.conftest import FRONT, PASSWORD, SECRET

SERVICE = "gateway"


class Proxied(httpx.HTTPTransport):
    """What stands before a gateway in production: browsers say its public name, and it listens elsewhere."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = httpx.URL(url)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url.copy_with(scheme=self._url.scheme, host=self._url.host, port=self._url.port)
        passed = httpx.Request(request.method, url, headers=request.headers, stream=request.stream)
        passed.extensions = request.extensions
        return super().handle_request(passed)


@pytest.fixture
def browser(keycloak: KeycloakServer, database: Database, tmp_path: Path) -> Iterator[Browser]:
    """Before a gateway whose issuer is Keycloak."""
    (tmp_path / "client").write_text(SECRET)
    settings = settings_of(tmp_path, keycloak.url, tmp_path / "client", database.url) | {
        "GATEWAY_URL": FRONT,
        "HTTPS_CAFILE": str(keycloak.ca_file),
    }
    with begun(settings) as running:
        assert running.until("/health/ready", 200).status_code == 200
        with Browser(FRONT, verify=keycloak.trust, mounts={FRONT: Proxied(running.url)}) as browser:
            yield browser


def test_who_signs_in_at_keycloak_is_known_until_they_sign_out(browser: Browser) -> None:
    page = browser.sign_in("engineer-1", PASSWORD, to="/tickets/7?tab=clocks")
    assert (page.status_code, page.history[-1].headers["location"]) == (200, f"{FRONT}/tickets/7?tab=clocks")
    who = browser.me().json()
    assert (who["name"], who["roles"], who["region"], who["locale"]) == ("陈强", ["engineer"], "华北", "zh-CN")
    left = browser.http.get(browser.press("/auth/logout").headers["location"])
    assert (left.status_code, left.history[-1].headers["location"]) == (200, f"{FRONT}/")
    assert browser.me().status_code == 401
    assert 'name="password"' in browser.get("/auth/login").text
