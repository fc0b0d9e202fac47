"""Phone numbers by the numbering plan: what can be called is kept as typed, and compared by E.164."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import SUPPORTED_SHORT_REGIONS, PhoneMetadata

from libs.chassis.input.phone import LONGEST_EMERGENCY, NoNumber, Phone, read

MOBILE = "+8613800000000"


@pytest.mark.parametrize(
    "typed",
    [
        "13800000000",
        "１３８ 0000 0000",
        "138-0000-0000",
        "+86 138 0000 0000",
        "＋８６（１３８）００００－００００",
        "0086 138 0000 0000",
        "(138) 0000.0000",
        " 13800000000 ",
        "٠٠٨٦١٣٨٠٠٠٠٠٠٠٠",
    ],
)
def test_one_number_in_many_spellings_is_one(typed: str) -> None:
    assert read(typed, "CN") == Phone(typed.strip(), MOBILE)


@pytest.mark.parametrize(
    "typed",
    [
        "010-65123456转8001",
        "010-65123456 转 8001",
        "(010) 6512 3456 分机：8001",
        "01065123456,8001",
        "+86 10 6512 3456 ext. 8001",
        "010 65123456 x8001",
        "010-6512-3456#8001",
    ],
)
def test_an_extension_stands_beside_its_number(typed: str) -> None:
    assert read(typed, "CN") == Phone(typed, "+861065123456", "8001")


@pytest.mark.parametrize(
    ("typed", "e164"),
    [
        ("400-820-8820", "+864008208820"),
        ("95588", "+8695588"),
        ("12345", "+8612345"),
        ("+46 31 660 000", "+4631660000"),
        ("6512 3456", None),
        ("6512345", None),
    ],
)
def test_numbers_that_reach_a_customer(typed: str, e164: str | None) -> None:
    assert read(typed, "CN") == Phone(typed, e164)


def test_a_number_is_dialled_in_its_region() -> None:
    assert read("031-660 000", "SE").e164 == "+4631660000"


@pytest.mark.parametrize("typed", ["", "(((((", "12", "1" * 20, "call me", "=cmd()", "13800000000\n", "+999 12345678"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(NoNumber):
        read(typed, "CN")


@pytest.mark.parametrize(
    "typed", ["110", "119", "王芳 13800000000", "138\u202e00000000", "13800000000/13900000000", "13800000000转"]
)
def test_what_cannot_be_called_is_refused(typed: str) -> None:
    with pytest.raises(NoNumber):
        read(typed, "CN")


@given(st.text(max_size=40))
def test_no_text_does_harm(typed: str) -> None:
    try:
        phone = read(typed, "CN")
    except NoNumber:
        return
    assert phone.typed == typed.strip()
    assert phone.e164 is None or phone.e164[1:].isascii()


@given(st.integers(13_000_000_000, 13_999_999_999), st.lists(st.integers(1, 10), max_size=4))
def test_blanks_and_dashes_make_no_other_number(number: int, places: list[int]) -> None:
    typed = str(number)
    for place in sorted(places, reverse=True):
        typed = f"{typed[:place]} {typed[place:]}"
    assert read(typed, "CN").e164 == f"+86{number}"


def test_no_emergency_number_of_any_region_is_longer_than_those_that_are_asked_of() -> None:
    known = (PhoneMetadata.short_metadata_for_region(region) for region in SUPPORTED_SHORT_REGIONS)
    lengths = {length for each in known if each and each.emergency for length in each.emergency.possible_length or ()}
    assert max(lengths) == LONGEST_EMERGENCY
