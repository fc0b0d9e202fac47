"""Survey's HTTP application on a database of its own."""

from collections.abc import AsyncIterator

import pytest

from deploy.devstack.databases import Database
from services.survey.app import service
from tests.caller import Caller, calling


@pytest.fixture
async def caller(database: Database) -> AsyncIterator[Caller]:
    async with calling(service, database.url, "agent") as caller:
        yield caller
