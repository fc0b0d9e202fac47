"""A contract amended under 5,000 assets, with FULL=1 100,000, and the warranty of one after it, against one alone.

What was agreed anew is looked up when it is asked for, and touches no asset. The assets are imported first, each with a
serial and a warranty card: beside it stands the time that 100,000 would take.
"""

import csv
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from time import perf_counter

from bench.comparison import Comparison, Measured, Row, timed
from bench.imports import ALL, LIMIT_SECONDS, ROWS, imported_as
from bench.world import World, pool
from libs.chassis.http import new_id
from libs.events.contracts.intake.contracts import Term, TermChange
from libs.events.log.intent import Intent
from libs.events.log.store import Store
from services.intake.app import service
from services.intake.assets.domain.asset import asset
from services.intake.assets.domain.verdict import Question, verdict
from services.intake.contracts.domain.contract import AmendContract, SignContract, contract
from services.intake.customers.domain import RegisterCustomer, customer
from services.intake.customers.view import contact
from services.intake.warranty.domain.months import plus

ROUNDS, AMENDMENTS = 5, 20
PLATE = ("customer id", "model", "maker", "serial", "component class", "acceptance date", "card number")
COLUMNS = (*PLATE, "contract numbers", "address")
TERM = Term(component_class="pump", months=12, start_rule="acceptance")
FIRST = date(2026, 3, 1)
ON = datetime(2026, 3, 1, tzinfo=UTC)
ONE_OF = "SELECT id FROM asset WHERE contracts ? $1 ORDER BY id LIMIT 1"
UNDER = "SELECT count(*) FROM asset WHERE contracts ? $1"


@dataclass(frozen=True)
class Covered:
    """A contract with assets under it, and one of these."""

    contract_id: str
    asset_id: str


async def covered(world: World) -> AsyncIterator[Row]:
    """The import of the assets, and the amendment."""
    async with world.database("covered", "intake") as intake, pool(intake.url) as connections:
        store = service.store(connections)
        who = await _customer(store)
        one = await _under(store, who, "HT-1", 1)
        begun = perf_counter()
        many = await _under(store, who, "HT-N", ROWS)
        seconds = (perf_counter() - begun) * ALL / ROWS
        path, limit = f"import of {ROWS:,} assets", f"{LIMIT_SECONDS} s for {ALL:,}"
        yield Row(path, limit, LIMIT_SECONDS / seconds, 1, 2, 1, 0.0, {"seconds": seconds}, "s")

        async def ours() -> Measured:
            return await timed(AMENDMENTS, _amended(store, many))

        async def alone() -> Measured:
            return await timed(AMENDMENTS, _amended(store, one))

        path = f"a contract amended, and the warranty after it, under {ROWS:,} assets"
        yield await Comparison(path, "the same under one asset", 0.5, 0.9).run(ours, alone, ROUNDS)


async def _customer(store: Store) -> str:
    id = new_id()
    row = {"id": id, "version": 1, "name": "王芳", "phones": [], "address": "福州", "sites": None}
    await store.run(customer.create(id, RegisterCustomer(id)), Intent(rows=[(contact, row)]))
    return id


async def _under(store: Store, who: str, number: str, assets: int) -> Covered:
    """A contract of this number, and so many assets under it."""
    id = new_id()
    await store.run(contract.create(id, SignContract(id, number, "own", who, (TERM,))), Intent(occurred_at=ON))
    await imported_as(store, "assets", _file(who, number, assets), assets)
    assert await store.pool.fetchval(UNDER, id) == assets
    return Covered(id, await store.pool.fetchval(ONE_OF, id))


def _file(who: str, number: str, rows: int) -> bytes:
    written = io.StringIO(newline="")
    lines = csv.writer(written)
    lines.writerow(COLUMNS)
    for row in range(rows):
        plate = (who, "KFR-35GW", "格力", f"{number}-{row}", "pump", "2026-03-01", f"BX-{number}-{row}")
        lines.writerow((*plate, number, f"福州市鼓楼区五四路{row}号"))
    return written.getvalue().encode()


async def _amended(store: Store, under: Covered) -> None:
    """Amendments one after the other, each of which the asset's warranty has at once."""
    for months in range(13, 13 + AMENDMENTS):
        change = TermChange(op="set", component_class="pump", months=months)
        await store.run(contract.on(under.contract_id, AmendContract(under.contract_id, (change,))), Intent())
        state = asset.replay(await store.read(asset.stream(under.asset_id)))
        agreed = contract.replay(await store.read(contract.stream(under.contract_id)))
        answer = verdict(state, {under.contract_id: agreed}, Question(datetime.now(UTC)))
        assert answer is not None
        assert (answer.begin, answer.until) == (FIRST, plus(FIRST, months))
