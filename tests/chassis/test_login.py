"""Signing in at a terminal, as far as it goes without a person: those are in tests/compose/terminal.py."""

from pathlib import Path

import httpx
import pytest

from deploy.devstack.environment import write_environment
from deploy.devstack.trouble import Trouble
from deploy.login import Login, document, issuer_here
from tests.chassis.conftest import LiveIssuer


def test_the_issuer_is_keycloak_of_the_installation(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="ISSUER="):
        issuer_here(tmp_path)
    write_environment(tmp_path / ".env", {"KEYCLOAK_URL": "https://login.example.org"})
    assert issuer_here(tmp_path) == "https://login.example.org/realms/aftercare"


@pytest.mark.parametrize(("path", "because"), [("", "no device authorization"), ("/x", "the issuer says")])
def test_an_issuer_that_knows_no_terminal_is_told_in_one_line(issuer: LiveIssuer, path: str, because: str) -> None:
    with httpx.Client(trust_env=False) as http, pytest.raises(Trouble, match=because):
        Login(f"{issuer.url}{path}", http).begin()


@pytest.mark.parametrize("body", [b"<h1>Bad Gateway</h1>", b"[]", b""])
def test_an_answer_that_is_no_issuers_is_told_in_one_line(body: bytes) -> None:
    request = httpx.Request("GET", "https://login.example.org/token")
    with pytest.raises(Trouble, match="token answers 502, and not as an issuer does"):
        document(httpx.Response(502, content=body, request=request))
