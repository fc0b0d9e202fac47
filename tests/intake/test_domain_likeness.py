"""What two tickets have in common, and whether two people say the same."""

from datetime import timedelta

import pytest

from services.intake.tickets.domain.likeness import reasons, similar, strongest
from tests.spec import MONDAY


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("空调不制冷", "空调不制冷，滴水", True),
        ("空调 不制冷", "空调不制冷了", True),
        ("The lift is stuck", "the LIFT is stuck!", True),
        ("ＫＦＲ３５", "kfr35", True),
        ("空调不制冷", "热水器漏水", False),
        ("冷", "冷", False),
        ("空调不制冷", None, False),
        (None, None, False),
        ("", "", False),
    ],
)
def test_two_descriptions_say_the_same_or_do_not(one: str | None, other: str | None, same: bool) -> None:
    assert similar(one, other) is similar(other, one) is same


def test_the_strongest_reason_is_first_and_time_and_words_are_no_reason_to_look() -> None:
    now = (MONDAY, MONDAY + timedelta(hours=24))
    assert reasons({"phone", "asset"}, ("空调不制冷", "空调不制冷"), now) == ["asset", "phone", "words", "time"]
    assert reasons({"customer"}, (None, None), (MONDAY, MONDAY + timedelta(hours=25))) == ["customer"]


def test_what_shares_most_is_first_and_of_two_alike_the_newer() -> None:
    assert strongest({"1": {"phone"}, "2": {"phone"}, "0": {"phone", "asset"}}, 2) == ["0", "2"]
