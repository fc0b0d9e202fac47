"""What the guide for service managers shows works: the policy that it writes, and the deadlines that it tells."""

import re
from datetime import datetime
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import msgspec
import pytest

from services.sla.policies.domain.policy import OnChange, Policy, Reopening, Target, decode
from services.sla.policies.domain.when import TRAITS, When
from tests.sla.rules import library
from tests.sla.ticket import Ticket

DOCS = Path(__file__).resolve().parents[2] / "docs"
GUIDES = [DOCS / "sla.md", DOCS / "zh-CN" / "sla.md"]
BLOCK = re.compile(r"```json\n(.*?)```", re.DOTALL)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def example(guide: Path) -> Policy:
    return decode(BLOCK.findall(guide.read_text(encoding="utf-8"))[0])


def at(text: str) -> datetime:
    """Shanghai time."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.parent.name)
def test_the_policy_that_a_guide_shows_can_be_drafted(guide: Path) -> None:
    policy = example(guide)
    assert [target.metric for target in policy.targets] == ["response", "on_site", "fix"]
    assert policy == example(GUIDES[0])


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.parent.name)
def test_a_guide_shows_events_that_can_be_told(guide: Path) -> None:
    whens = msgspec.json.decode(BLOCK.findall(guide.read_text(encoding="utf-8"))[1], type=list[When])
    assert [flaw for when in whens for flaw in when.flaws()] == []


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.parent.name)
def test_a_guide_names_every_field_and_choice_of_a_policy(guide: Path) -> None:
    text = guide.read_text(encoding="utf-8")
    fields = {*Policy.__struct_fields__, *Target.__struct_fields__} - {"version"}
    choices = {*TRAITS, *get_args(OnChange), *get_args(Reopening)}
    assert [name for name in sorted(fields | choices) if f"`{name}`" not in text] == []


def test_the_deadlines_that_the_guides_tell_are_right() -> None:
    ticket = Ticket(library(example(GUIDES[0])))
    ticket.tell("opened", at("2026-02-13 16:00"), kind="repair")
    ticket.tell("assessed", at("2026-02-13 16:00"), verdict="in_warranty")
    assert ticket.clock("response").due_at == at("2026-02-14 11:00")
    assert ticket.clock("fix").due_at == at("2026-02-24 18:00")
