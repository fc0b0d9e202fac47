"""What opening a ticket asks of a customer's account and of an asset: states that are kept, and no whole history."""

from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

import pytest

from libs.chassis.http import Problem, Reads
from libs.events import Decider
from services.intake.accounts.domain import Site, SiteNoted, account
from services.intake.assets.domain.asset import Asset, asset
from services.intake.tickets.api.tickets import site_of
from services.intake.tickets.api.warranty import owned_asset

BRANCH = Site(id=str(uuid4()), region="华东", timezone="Asia/Shanghai", place_id="t3")


class States:
    """A store that looks at states, and reads no history."""

    async def state(self, decider: Decider[Any, Any, Any], id: str) -> tuple[Any, int]:
        known = {account: account.fold([SiteNoted(customer_id=id, site=BRANCH)]), asset: Asset()}
        return known[decider], 1


READS = cast("Reads", SimpleNamespace(store=States()))


async def test_the_site_that_a_ticket_names_is_looked_up_in_the_accounts_state() -> None:
    assert await site_of(READS, "c1", UUID(BRANCH.id)) == BRANCH
    for customer_id in ("c1", None):
        with pytest.raises(Problem) as refused:
            await site_of(READS, customer_id, uuid4())
        assert refused.value.code == "unknown-site"


async def test_the_asset_that_a_ticket_names_is_looked_up_in_its_state() -> None:
    with pytest.raises(Problem) as refused:
        await owned_asset(READS, uuid4(), None, "c1")
    assert refused.value.code == "unknown-asset"
