"""An asset as the warranty reads it: its parts, the days to start from, and where it stood when."""

from collections.abc import Iterable

from libs.events.contracts.intake.assets import AssetMoved, AssetPart, Days, Site
from services.intake.warranty.domain.asset import Asset, Card, Component, Move


def insured(model: str, first: Site, days: Days, parts: Iterable[AssetPart], moves: Iterable[AssetMoved]) -> Asset:
    """The asset; moves are put in order by the warranty."""
    has_card = days.card_number is not None or days.card_date is not None
    return Asset(
        model=model,
        components=tuple(_component(part) for part in parts),
        acceptance_date=days.acceptance_date,
        completion_date=days.completion_date,
        card=Card(days.card_number, days.card_date) if has_card else None,
        moves=tuple(Move(at=move.moved_at, site_timezone=move.site.timezone) for move in moves),
        site_timezone=first.timezone,
    )


def _component(part: AssetPart) -> Component:
    return Component(
        id=part.id,
        component_class=part.component_class,
        parent=part.parent,
        serial=part.serial,
        installed_on=part.installed_on,
        replaced_on=part.replaced_on,
        supplied_by=part.supplied_by,
        kind=part.kind,
        replaces=part.replaces,
    )
