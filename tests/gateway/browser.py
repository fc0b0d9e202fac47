"""A browser as far as signing in needs one: it keeps cookies, follows redirects, and fills in forms."""

from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Self

import httpx

from deploy.devstack.plain_http import PLAIN
from tests.console import filled_in

OWN = {"Sec-Fetch-Site": "same-origin"}


class Browser:
    """At one gateway. Like Chromium it takes Secure cookies of this machine over http; `options` are httpx's."""

    def __init__(self, url: str, **options: Any) -> None:
        self.url = url
        jar = CookieJar(DefaultCookiePolicy(secure_protocols=("http", "https")))
        self.http = httpx.Client(cookies=jar, follow_redirects=True, timeout=60, **(PLAIN | options))
        self.http.event_hooks = {"request": [self._show_cookies]}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def _show_cookies(self, request: httpx.Request) -> None:
        """By the jar's own policy: httpx asks a copy of the jar, which has none."""
        request.headers.pop("cookie", None)
        self.http.cookies.set_cookie_header(request)

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.http.get(self.url + path, **options)

    def press(self, path: str) -> httpx.Response:
        """A button of a page of the gateway's own; the answer is not followed."""
        return self.http.post(self.url + path, headers=OWN, follow_redirects=False)

    def sign_in(self, username: str, password: str, to: str = "/") -> httpx.Response:
        """The page at which it ends."""
        return self.fill_in(self.get("/auth/login", params={"to": to}), username, password)

    def fill_in(self, page: httpx.Response, username: str, password: str) -> httpx.Response:
        """The form of any issuer whose fields are called as people call them."""
        return filled_in(self.http, page, {"username": username, "password": password}, OWN)

    def me(self) -> httpx.Response:
        return self.get("/auth/me")

    @property
    def session(self) -> str:
        """What the session's cookie says."""
        (value,) = (cookie.value for cookie in self.http.cookies.jar if cookie.name == "__Host-sid")
        assert value
        return value
