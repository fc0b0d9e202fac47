"""What the demo's customers own: the same each time, dozens, with verdicts of more than one kind."""

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from demo.incidents import choose
from demo.installed_base import FIRST_DAY, MOST, InstalledBase, Owned, agreed, installed, office, template_of
from services.intake.assets.api.forms import NewAsset
from services.intake.contracts.api.forms import NewContract
from services.intake.customers.api.forms import Contact
from services.intake.warranty.domain.template import TEMPLATES as SHIPPED

ID = "0190a1b2-0000-7000-8000-000000000001"


@pytest.fixture(scope="module")
def base() -> InstalledBase:
    return InstalledBase.of(choose())


def test_the_week_has_sixty_assets_in_the_offices_of_the_countries(base: InstalledBase) -> None:
    assert len(base.assets) == MOST
    assert base.countries == sorted({asset.country for asset in base.assets})
    assert Owned("Sweden", "PROD424") in base.assets
    assert "0" not in base.countries


def test_the_order_of_the_incidents_changes_nothing(base: InstalledBase) -> None:
    assert InstalledBase.of(reversed(choose())) == base


def test_a_good_part_of_the_weeks_tickets_names_an_asset(base: InstalledBase) -> None:
    week = choose()
    assert len(week) / 3 < sum(incident in base for incident in week) < len(week)


def test_every_form_is_one_that_intake_takes(base: InstalledBase) -> None:
    for number, country in enumerate(base.countries):
        Contact(**office(country))
        NewContract(**agreed(number, ID, terms(number)))
    for asset in base.assets:
        NewAsset(**installed(asset, ID, ID))


def test_cards_have_numbers_of_their_own_and_days_before_the_week(base: InstalledBase) -> None:
    days = [installed(asset, ID, ID)["days"] for asset in base.assets]
    assert len({day["card_number"] for day in days}) == len(days)
    assert all(FIRST_DAY.isoformat() <= day["card_date"] < "2012-04-23" for day in days)


def terms(number: int) -> list[Mapping[str, Any]]:
    (template,) = (each for each in SHIPPED if each.row == template_of(number))
    return [msgspec.to_builtins(term) for term in template.terms]
