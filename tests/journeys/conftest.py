"""The running product, the people who work with it, and tickets on their way."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from tests.journeys.people import People
from tests.journeys.product import Product, shared_product
from tests.servers import Servers


@pytest.fixture(scope="session")
def product(stack: Servers) -> Iterator[Product]:
    with shared_product(stack, stack.folder.path / "journeys") as running:
        yield running


@pytest.fixture(scope="session")
async def people(product: Product) -> AsyncIterator[People]:
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        yield People(product, http)
