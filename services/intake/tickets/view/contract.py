"""The tickets under a contract."""

from typing import Any

import sqlalchemy as sa

from libs.events.filters import Values, one_of
from services.intake.assets.view import assets
from services.intake.contracts.view import contracts
from services.intake.tickets.view.tickets import tickets


def under(contract_ids: Values) -> list[sa.ColumnElement[bool]]:
    """That a ticket names the number of one of these contracts, of its customer or of all, or is about an asset of one.

    Without any, nothing is asked.
    """
    if not contract_ids:
        return []
    either = sa.union_all(_naming(contract_ids), _about_assets(contract_ids)).subquery()
    return [tickets.c.id.in_(sa.select(either.c.id))]


def _naming(contract_ids: Values) -> sa.Select[Any]:
    whose = sa.or_(contracts.c.customer_id.is_(None), contracts.c.customer_id == tickets.c.customer_id)
    named = contracts.join(tickets, (tickets.c.contract == contracts.c.number) & whose)
    return sa.select(tickets.c.id).select_from(named).where(one_of(contracts.c.id, contract_ids))


def _about_assets(contract_ids: Values) -> sa.Select[Any]:
    under = sa.or_(*(assets.c.contracts.has_key(str(id)) for id in contract_ids))
    of = tickets.join(assets, assets.c.id == tickets.c.asset_id)
    return sa.select(tickets.c.id).select_from(of).where(under)
