"""The front as an issuer sees it: an OIDC client with a secret, and a browser in which people fill in forms."""

import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import jwt

CLIENT = "aftercare-console"
FORM = re.compile(r'<form[^>]*\baction="([^"]+)"', re.DOTALL)
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"')


def fields_of(address: str) -> dict[str, str]:
    """What an address says in its query."""
    return dict(parse_qsl(urlsplit(address).query, keep_blank_values=True))


def filled_in(
    browser: httpx.Client, page: httpx.Response, fields: Mapping[str, str], headers: Mapping[str, str] | None = None
) -> httpx.Response:
    """What the form of a page is answered."""
    action = FORM.search(page.text)
    if action is None:
        raise AssertionError(f"{page.url} shows no form: {page.status_code} {page.text}")
    hidden = {name: unescape(value) for name, value in HIDDEN.findall(page.text)}
    return browser.post(page.url.join(unescape(action[1])), data={**hidden, **fields}, headers=headers)


@dataclass
class Journey:
    """One request to sign in: what only the client that made it knows."""

    state: str = field(default_factory=secrets.token_urlsafe)
    nonce: str = field(default_factory=secrets.token_urlsafe)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    @property
    def challenge(self) -> str:
        return urlsafe_b64encode(sha256(self.verifier.encode()).digest()).decode().rstrip("=")


class Console:
    """The client and the browser that it sends to the issuer; `front` is the origin to which people come back."""

    def __init__(self, issuer: str, secret: str, browser: httpx.Client, front: str = "http://127.0.0.1:8106") -> None:
        self.secret, self.browser = secret, browser
        self.callback, self.front = f"{front}/auth/callback", f"{front}/"
        self.known: Mapping[str, Any] = browser.get(f"{issuer}/.well-known/openid-configuration").json()

    def address(self, journey: Journey, **changes: str | None) -> str:
        """Where a person is sent to sign in; a change of None leaves the parameter out."""
        parameters = {
            "client_id": CLIENT,
            "redirect_uri": self.callback,
            "response_type": "code",
            "scope": "openid",
            "state": journey.state,
            "nonce": journey.nonce,
            "code_challenge": journey.challenge,
            "code_challenge_method": "S256",
            **changes,
        }
        given = {name: value for name, value in parameters.items() if value is not None}
        return f"{self.known['authorization_endpoint']}?{urlencode(given)}"

    def fill_in(self, page: httpx.Response, headers: Mapping[str, str] | None = None, **typed: str) -> httpx.Response:
        """What the page's form is answered."""
        return filled_in(self.browser, page, typed, headers)

    def code(self, journey: Journey, username: str, password: str, **changes: str | None) -> str:
        """The code with which the person comes back."""
        page = self.browser.get(self.address(journey, **changes))
        return self.came_back(journey, self.fill_in(page, username=username, password=password))

    def came_back(self, journey: Journey, answer: httpx.Response) -> str:
        """The code of an answer that sends the browser back to this client, as it asked for it."""
        address = answer.headers.get("location", "")
        assert address.startswith(f"{self.callback}?"), f"{answer.status_code} {address} {answer.text}"
        fields = fields_of(address)
        assert (fields["state"], fields["iss"]) == (journey.state, self.known["issuer"])
        return fields["code"]

    def redeem(self, journey: Journey, code: str, **changes: str) -> httpx.Response:
        """What a code is answered."""
        form = {"code": code, "redirect_uri": self.callback, "code_verifier": journey.verifier, **changes}
        return self.token(grant_type="authorization_code", **form)

    def sign_in(self, username: str, password: str) -> dict[str, Any]:
        """The tokens of somebody who signs in."""
        journey = Journey()
        answer = self.redeem(journey, self.code(journey, username, password))
        assert answer.status_code == 200, answer.text
        tokens: dict[str, Any] = answer.json()
        assert self.claims(tokens["id_token"], CLIENT)["nonce"] == journey.nonce
        return tokens

    def refresh(self, refresh_token: str) -> httpx.Response:
        return self.token(grant_type="refresh_token", refresh_token=refresh_token)

    def token(self, **form: str) -> httpx.Response:
        """What the token endpoint answers this client."""
        return self.browser.post(self.known["token_endpoint"], data=form, auth=(CLIENT, self.secret))

    def sign_out(self, **parameters: str) -> httpx.Response:
        """What a browser is answered that this client sends to sign out."""
        return self.browser.get(f"{self.known['end_session_endpoint']}?{urlencode(parameters)}")

    def claims(self, token: str, audience: str) -> dict[str, Any]:
        """The claims of a token of this issuer."""
        keys = jwt.PyJWKSet.from_dict(self.browser.get(self.known["jwks_uri"]).json())
        key = keys[jwt.get_unverified_header(token)["kid"]]
        return jwt.decode(token, key, ["RS256"], audience=audience, issuer=self.known["issuer"])
