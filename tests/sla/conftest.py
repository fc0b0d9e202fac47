"""An auditor who asks the service on a real database."""

from collections.abc import AsyncIterator

import pytest

from deploy.devstack.databases import Database
from services.sla.app import service
from services.sla.policies.domain.shipped import DEMO, LIBRARY
from tests.caller import Caller, calling


@pytest.fixture(autouse=True)
def nothing_was_published() -> None:
    """The library is as it ships: a process has one database, but this one has had many."""
    LIBRARY.policies_in_force, LIBRARY.calendars_in_force = (DEMO.name,), ()


@pytest.fixture
async def caller(database: Database) -> AsyncIterator[Caller]:
    """A caller who may read everything."""
    async with calling(service, database.url, "auditor") as caller:
        yield caller
