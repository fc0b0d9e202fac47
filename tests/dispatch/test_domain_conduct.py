"""The code of conduct as data: every requirement of the source, in both languages, by type of job."""

import re
from typing import get_args

import msgspec
import pytest

from libs.events import Refused
from libs.events.contracts.jobs import JobType
from services.dispatch.conduct.domain import CHECKLIST, checklist, kept

SOURCE = ("R021", "R022", "R023", "R024", "R025", "R026", "R027", "R028", "R029", "R030", "R031", "R034", "R036")


@pytest.mark.requirement(
    "R021", "R022", "R023", "R024", "R025", "R026", "R027", "R028", "R030", "R031", "R034", "R035", "R036"
)
def test_each_requirement_is_one_item_of_a_repair() -> None:
    asked = msgspec.to_builtins(checklist("repair"))
    assert [item["requirement"] for item in asked] == list(SOURCE)


def test_each_item_says_what_it_asks_in_both_languages_under_an_id_of_its_own() -> None:
    assert len({item.id for item in CHECKLIST}) == len(CHECKLIST)
    for item in CHECKLIST:
        assert re.fullmatch("[a-z_]{1,40}", item.id)
        assert re.search("[\u4e00-\u9fff]", item.text.zh)
        assert item.text.en.isascii()


@pytest.mark.parametrize("job_type", get_args(JobType))
def test_every_job_asks_for_uniform_badge_and_manners(job_type: JobType) -> None:
    asked = [item.id for item in checklist(job_type)]
    assert asked[:2] == ["uniform", "badge"]
    assert ("certificate" in asked) == (job_type == "repair")


def test_what_was_kept_stands_once_and_in_the_order_of_the_list() -> None:
    assert kept("repair", ["floor", "badge", "floor"]) == ["badge", "floor"]
    with pytest.raises(Refused) as refused:
        kept("training", ["badge", "floor"])
    assert refused.value.code == "unknown-conduct"
