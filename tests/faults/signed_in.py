"""Somebody who signs in at a gateway, as far as a fault run needs it: their session."""

from pathlib import Path

from tests.gateway.browser import Browser


def password_in(data: Path) -> str:
    """Of all who can sign in at the issuer that keeps its state there."""
    return (data / "issuer/password").read_text().strip()


def session_of(url: str, login: str, password: str) -> str:
    """The value of their cookie, which each gateway takes."""
    with Browser(url) as browser:
        browser.sign_in(login, password)
        return browser.session
