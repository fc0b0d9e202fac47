"""`python -m deploy.login [ISSUER]`: what `make login` does: a person's token for a terminal, from any issuer.

OAuth 2.0's device authorization (RFC 8628): the person signs in with a browser, on whatever machine, and no password
passes through here.
"""

import ssl
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from deploy.devstack.environment import read_environment
from deploy.devstack.trouble import Trouble

HERE = Path(__file__).parent
CLIENT = "aftercare-terminal"
GRANT = "urn:ietf:params:oauth:grant-type:device_code"
WAITING = ("authorization_pending", "slow_down")
SLOWER_SECONDS = 5


class Login:
    """Signing in at one issuer. Raises Trouble when it refuses, or does not know how."""

    def __init__(self, issuer: str, http: httpx.Client, pause: Callable[[float], None] = time.sleep) -> None:
        self._http, self._pause = http, pause
        self._known = self._said(http.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration"))

    def begin(self) -> dict[str, Any]:
        """What the person needs: `verification_uri_complete`, `user_code`."""
        where = self._known.get("device_authorization_endpoint")
        if not where:
            raise Trouble("the issuer offers no device authorization (RFC 8628)")
        return self._said(self._http.post(where, data={"client_id": CLIENT, "scope": "openid"}))

    def token(self, begun: dict[str, Any]) -> str:
        """The access token, once the person has signed in and agreed; the issuer may be away meanwhile."""
        data = {"grant_type": GRANT, "client_id": CLIENT, "device_code": begun["device_code"]}
        interval, left = begun.get("interval", SLOWER_SECONDS), begun["expires_in"]
        while left > 0:
            self._pause(interval)
            left -= interval
            answer = self._asked(data)
            error = "slow_down" if answer is None else document(answer).get("error")
            if answer is not None and error not in WAITING:
                return str(self._said(answer)["access_token"])
            interval += SLOWER_SECONDS if error == "slow_down" else 0
        raise Trouble("nobody agreed in time: begin again")

    def _asked(self, data: dict[str, str]) -> httpx.Response | None:
        """None where there is no answer of the issuer's just now."""
        try:
            answer = self._http.post(self._known["token_endpoint"], data=data)
        except httpx.TransportError:
            return None
        return None if answer.is_server_error else answer

    def _said(self, answer: httpx.Response) -> dict[str, Any]:
        found = document(answer)
        if answer.is_success:
            return found
        raise Trouble(f"the issuer says {found.get('error')}: {found.get('error_description', 'no more')}")


def document(answer: httpx.Response) -> dict[str, Any]:
    """What is answered, which is an object in JSON from an issuer, and else not from one. Raises Trouble."""
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Trouble(f"{answer.url} answers {answer.status_code}, and not as an issuer does")
    return found


def issuer_here(folder: Path = HERE) -> str:
    """That of deploy/compose.yaml, as `make configure` wrote it. Raises Trouble."""
    address = read_environment(folder / ".env").get("KEYCLOAK_URL")
    if not address:
        raise Trouble("which issuer? make login ISSUER=https://login.example.org/realms/aftercare")
    return f"{address}/realms/aftercare"


def trusted(folder: Path = HERE) -> ssl.SSLContext:
    """Authorities: the machine's, and the local one that `make configure` made."""
    context = ssl.create_default_context()
    if (ours := folder / "secrets/public/ca.pem").exists():
        context.load_verify_locations(ours)
    return context


def login(issuer: Annotated[str, typer.Argument(help="An issuer's address; Keycloak's of deploy/.env")] = "") -> None:
    """Print a token when the person has signed in; where to do so stands on standard error."""
    try:
        with httpx.Client(verify=trusted(), timeout=10) as http:
            signing = Login(issuer or issuer_here(), http)
            begun = signing.begin()
            where = begun.get("verification_uri_complete") or begun["verification_uri"]
            print(f"Open {where} and agree to the code {begun['user_code']}", file=sys.stderr, flush=True)
            print(signing.token(begun))
    except Trouble as trouble:
        sys.exit(f"login: {trouble}")
    except httpx.HTTPError as error:
        sys.exit(f"login: {error}")


if __name__ == "__main__":
    typer.run(login)
