"""An auditor who asks the service on a real database."""

from collections.abc import AsyncIterator

import pytest

from deploy.devstack.databases import Database
from services.sla.app import service
from tests.caller import Caller, calling


@pytest.fixture
async def caller(database: Database) -> AsyncIterator[Caller]:
    """A caller who may read everything."""
    async with calling(service, database.url, "auditor") as caller:
        yield caller
