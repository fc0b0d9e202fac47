"""How often somebody may try, and how often one link may be opened: counted in this process, by minutes."""

from ipaddress import ip_address, ip_network

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter

WRONG = RateLimitItemPerMinute(20, 10)
"""Links that opened nothing, by address."""
ASKED = RateLimitItemPerMinute(600)
"""All requests, by address: a company, or a network of phones, may stand behind one."""
OPENED = RateLimitItemPerMinute(60)
"""Requests of one link, from wherever."""


class Attempts:
    """Nobody's address is kept longer than its window."""

    def __init__(self) -> None:
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    async def may(self, address: str, token_hash: str) -> bool:
        """Whether one more request is answered. A link is only counted for an address that may ask at all."""
        whose = network_of(address)
        if not await self._limiter.test(WRONG, "wrong", whose) or not await self._limiter.hit(ASKED, "asked", whose):
            return False
        return await self._limiter.hit(OPENED, "opened", token_hash)

    async def was_wrong(self, address: str) -> None:
        """A link opened nothing."""
        await self._limiter.hit(WRONG, "wrong", network_of(address))


def network_of(address: str) -> str:
    """Whom an address belongs to: of IPv6 each caller has at least a /64; whatever is no address counts as one."""
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    return str(found) if found.version == 4 else str(ip_network(f"{found}/64", strict=False))
