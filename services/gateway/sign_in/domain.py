"""An attempt to sign in, and where it may lead."""

import msgspec

ATTEMPT_SECONDS = 600
"""How long somebody may take at the issuer."""
LONGEST_PATH = 1024
HOME = "/"
NO_PAGES = ("/auth", "/api", "/documents", "/events", "/assets")
LOCALES = ("zh-CN", "en")


class Attempt(msgspec.Struct, frozen=True):
    """What the browser that began keeps, sealed: so nobody ends what another began."""

    state: str
    nonce: str
    verifier: str
    to: str


def own_path(to: str | None) -> str:
    """The path to go to afterwards: one of our own pages, else home.

    Browsers read a backslash as a slash, take tabs and line ends out, and what begins with two slashes as a host.
    """
    if not to or len(to) > LONGEST_PATH or not to.startswith("/") or to.startswith("//"):
        return HOME
    if "\\" in to or not to.isprintable() or to.startswith(NO_PAGES):
        return HOME
    return to


def locale_of(claim: object) -> str | None:
    """The language of ours that the issuer's `locale` means."""
    if not isinstance(claim, str):
        return None
    language = claim.replace("_", "-").partition("-")[0].lower()
    return {"zh": "zh-CN", "en": "en"}.get(language)
