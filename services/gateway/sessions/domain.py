"""A session: how long it stands, and when its tokens are to be renewed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

RENEW_SHARE = 0.8
"""The share of an access token's life after which it is renewed: the rest is for an issuer out of reach."""
TOUCHED = timedelta(minutes=1)
"""How exactly it is known when a session was last used."""


class Grant(msgspec.Struct, frozen=True):
    """What the issuer gave: tokens, and until when the access token is good."""

    access_token: str
    refresh_token: str | None
    id_token: str
    asked_at: datetime
    expires_at: datetime
    locale: str | None = None
    """The language that the person chose at the issuer: zh-CN or en."""

    @property
    def renew_at(self) -> datetime:
        """When to ask for the next one."""
        return self.asked_at + (self.expires_at - self.asked_at) * RENEW_SHARE


class Session(msgspec.Struct, frozen=True):
    """One browser where a person is signed in."""

    id_hash: bytes
    subject: str
    grant: Grant
    used_at: datetime
    ends_at: datetime


class Standing(msgspec.Struct, frozen=True):
    """A browser where a person is signed in, as that person is shown it."""

    id_hash: bytes
    began_at: datetime
    used_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Limits:
    """After how long a session ends that nobody uses, and one that is used."""

    idle: timedelta
    absolute: timedelta

    def allow(self, session: Session, at: datetime) -> bool:
        """Whether it stands."""
        return at < session.ends_at and at - session.used_at < self.idle
