"""The other services' event feeds over HTTP, for what Kafka does not bring."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Self, TypeVar

import httpx
import msgspec

from libs.chassis.identity.oidc import IssuerUnreachable, ServiceTokens
from libs.chassis.running.feed_call import FeedCall
from libs.chassis.running.settings import Settings
from libs.events.database.schema import LANES
from libs.events.transport import feed
from libs.events.transport.feed import Entry, Head
from libs.events.transport.wire import Message

ANSWER_SECONDS = 10.0
"""A feed that is silent for so long is out of reach."""


T = TypeVar("T")

_Heads = dict[Annotated[int, msgspec.Meta(ge=0, lt=LANES)], Head]

NO_FEED = (msgspec.MsgspecError, ValueError)
"""What an answer brings about that is no feed's, such as a proxy's page; wire.Undecodable is a ValueError."""


class _Entries(msgspec.Struct):
    items: list[Entry]


class HttpFeed:
    """Asks `/internal/lanes` and `/internal/events` of each service's internal port. Raises ConnectionError."""

    def __init__(self, urls: Mapping[str, str], http: httpx.AsyncClient, tokens: ServiceTokens) -> None:
        self._urls, self._http, self._tokens = urls, http, tokens

    @classmethod
    def of(cls, service: str, settings: Settings, http: httpx.AsyncClient) -> Self:
        """The feeds as `service` asks for them, with tokens of its own: its settings were loaded with what it hears."""
        return cls(settings.feeds, http, settings.common.tokens(service, http))

    async def heads(self, service: str) -> dict[int, Head]:
        """The newest event of every lane."""
        answer = await self._get(service, "/internal/lanes", {})
        return _read(service, lambda: msgspec.json.decode(answer, type=_Heads))

    async def events(self, service: str, lane: int, after: int, epoch: int) -> list[Message]:
        """The next published events of a lane, in order."""
        asked = {"lane": lane, "after": after, "epoch": epoch, "limit": 500}
        answer = await self._get(service, "/internal/events", asked)
        found = _read(service, lambda: [feed.message(e) for e in msgspec.json.decode(answer, type=_Entries).items])
        if any((message.source, message.lane) != (service, lane) for message in found):
            raise ConnectionError(f"feed of {service}: events of another lane")
        return found

    async def _get(self, service: str, path: str, parameters: Mapping[str, Any]) -> bytes:
        url = self._urls.get(service)
        if not url:
            raise ConnectionError(f"{service.upper()}_INTERNAL_URL is not set")
        call = FeedCall(service, path)
        try:
            return await self._answer(url + path, parameters, call)
        except (httpx.HTTPError, httpx.InvalidURL, IssuerUnreachable) as error:
            raise ConnectionError(f"feed of {service}: {type(error).__name__}") from error
        finally:
            call.record()

    async def _answer(self, url: str, parameters: Mapping[str, Any], call: FeedCall) -> bytes:
        headers = {"Authorization": f"Bearer {await self._tokens.bearer()}", "traceparent": call.at.traceparent}
        answer = await self._http.get(url, params=dict(parameters), headers=headers, timeout=ANSWER_SECONDS)
        call.status = answer.status_code
        if answer.status_code == 401:
            self._tokens.forget()
        answer.raise_for_status()
        return answer.content


def _read(service: str, answer: Callable[[], T]) -> T:
    """What a feed answered. Raises ConnectionError: whatever else answers in its place, the feed is out of reach."""
    try:
        return answer()
    except NO_FEED as error:
        raise ConnectionError(f"feed of {service}: not a feed's answer, {type(error).__name__}") from error
