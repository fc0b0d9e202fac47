"""Dispatch's HTTP application on a database of its own."""

from collections.abc import AsyncIterator

import pytest

from deploy.devstack.databases import Database
from services.dispatch.app import service
from tests.caller import Caller, calling


@pytest.fixture
async def caller(database: Database) -> AsyncIterator[Caller]:
    async with calling(service, database.url, "dispatcher", "engineer") as caller:
        yield caller
