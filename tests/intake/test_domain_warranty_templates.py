"""Contract templates: every plan that states a length of warranty has one, and each other says why it has none."""

from pathlib import Path

import pytest

from services.intake.warranty.domain.template import TEMPLATES

PRESETS = Path(__file__).parents[2] / "services/sla/policies/presets"

WHY_NOT = {
    "PP-01a": "a start (completion), no length",
    "PP-01b": "as PP-01a",
    "PP-01c": "as PP-01a",
    "PP-04": "software maintenance without a warranty",
    "PP-05": "customers in warranty, no length",
    "PP-07a": "no warranty",
    "PP-07b": "no warranty",
    "PP-08b": "as PP-08a, which has the template",
    "PP-09b": "no warranty",
    "PP-10x": "'a certain period'",
    "PP-12b": "as PP-12a, which has the template",
    "PP-12c": "after the warranty",
    "PP-12d": "before the warranty: supply",
    "PP-14": "no warranty",
    "PP-15a": "a warranty, no length",
    "PP-15b": "outside the warranty",
    "PP-16": "no warranty",
    "PP-18": "before the warranty: delivery",
    "PP-19b": "as PP-19a, which has the template",
    "PP-19c": "when the card is handed over, no length",
    "PP-19d": "as PP-19a, which has the template",
    "PP-20d": "the length of the hardware warranty is not stated",
    "PP-20e": "inspections, no length",
    "PP-20f": "no warranty",
    "PP-20g": "resident engineers, no warranty",
    "PP-20h": "levels that the plan does not define",
    "PP-20i": "no warranty",
}

PROMISED = [
    pytest.param("PP-06a", ["* 24 acceptance"], marks=pytest.mark.requirement("R097")),
    pytest.param("PP-06b", ["* 24 acceptance, latent 24"], marks=pytest.mark.requirement("R104")),
    pytest.param("PP-06c", ["* 24 acceptance, shelf 5"], marks=pytest.mark.requirement("R098")),
    pytest.param(
        "PP-08a",
        ["main_unit 36 card", "piping 12 card", "electrical 12 card"],
        marks=pytest.mark.requirement("R131", "R132"),
    ),
    pytest.param("PP-09a", ["* 12 card"], marks=pytest.mark.requirement("R153")),
    pytest.param("PP-10", ["* 24 card"], marks=pytest.mark.requirement("R173")),
    pytest.param("PP-11", ["* 12 day_after_acceptance"], marks=pytest.mark.requirement("R193", "R202")),
    pytest.param("PP-12a", ["* 36 card"], marks=pytest.mark.requirement("R212")),
    pytest.param("PP-19a", ["* 24 card"], marks=pytest.mark.requirement("R301")),
    pytest.param("PP-20a", ["* 36 card"], marks=pytest.mark.requirement("R368")),
    pytest.param("PP-20b", ["* 36 acceptance"], marks=pytest.mark.requirement("R382")),
    pytest.param("PP-20c", ["* 36 card"], marks=pytest.mark.requirement("R368")),
]


@pytest.mark.parametrize(("row", "terms"), PROMISED)
def test_a_template_has_the_terms_of_its_plan(row: str, terms: list[str]) -> None:
    (template,) = (template for template in TEMPLATES if template.row == row)
    assert [
        f"{term.component_class} {term.months} {term.start_rule}"
        f"{f', latent {term.latent_defect_months}' if term.latent_defect_months else ''}"
        f"{f', shelf {term.shelf_years}' if term.shelf_years else ''}"
        for term in template.terms
    ] == terms


def test_every_other_plan_says_why_it_has_no_template() -> None:
    rows = [template.row for template in TEMPLATES]
    assert len(rows) == len(set(rows)) == len(PROMISED)
    assert not WHY_NOT.keys() & set(rows)
    assert {path.stem.upper().replace("X", "x") for path in PRESETS.glob("*.json")} <= {
        row.upper().replace("X", "x") for row in [*rows, *WHY_NOT]
    }


def test_a_start_that_the_plan_does_not_state_is_named_in_both_languages() -> None:
    for template in TEMPLATES:
        assert template.title.keys() == {"zh-CN", "en"}
        general = any(term.start_rule == "card" for term in template.terms)
        assert (template.adapt or {}).keys() == ({"zh-CN", "en"} if general else set())
