"""What people type in forms: what shows is kept in one form, what does not show is refused."""

import unicodedata
from string import ascii_lowercase, ascii_uppercase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from libs.chassis.input.fields import Address, Code, Label, Name, Timezone, Words
from tests.texts import NAMES, SENTENCES

ANY = {"Words": Words, "Address": Address, "Name": Name, "Label": Label, "Code": Code}
IN_ONE_LINE = {name: ANY[name] for name in ("Name", "Label", "Code")}


def taken(field: Any, written: str) -> str:
    """What a form makes of it. Raises ValidationError."""
    return str(TypeAdapter(field).validate_python(written))


def refused(field: Any, written: str) -> bool:
    try:
        taken(field, written)
    except ValidationError:
        return True
    return False


BLANK = [
    "\u200b",  # zero width space
    "\u202e",  # right-to-left override
    "\u2060\ufeff",  # word joiner, byte order mark
    "\u200e\u200f\u061c",  # marks of direction
    "\u00ad",  # soft hyphen
    "\ufe0f",  # variation selector
    "\U000e0100",  # variation selector of ideographs
    "\U000e0041\U000e007f",  # tags
    "\u115f\u1160",  # fillers of Hangul
    "\u3164",
    "\uffa0",
    "\u2800",  # braille's empty cell
    "\u180e",  # Mongolian vowel separator
    "\u034f",  # grapheme joiner
    "\u0301",  # an accent without a letter
    "\u3000\u00a0\u2003",  # spaces
    "\n\t",
    "\u2028",  # line separator
    "\x7f",
    "\ufffe",  # a non-character
    "\U0001d159",  # a note without a head
]


@pytest.mark.parametrize("field", ANY)
@pytest.mark.parametrize("written", BLANK, ids=ascii)
def test_what_is_blank_to_the_eye_is_refused(field: str, written: str) -> None:
    assert refused(ANY[field], written)
    assert refused(ANY[field], f" {written * 3} ")


@pytest.mark.parametrize("field", ANY)
@pytest.mark.parametrize("hidden", ["\x00", "\x1b", "\x9f", "\u202e", "\u2066", "\U000e0041", "\ufffe"], ids=ascii)
def test_what_hides_something_is_refused(field: str, hidden: str) -> None:
    assert refused(ANY[field], f"王{hidden}芳")


@pytest.mark.parametrize("field", IN_ONE_LINE)
@pytest.mark.parametrize("hidden", ["\n", "\t", "\u2028", "\u200b", "\u200d", "\u200f", "\u3164", "\u00ad"], ids=ascii)
def test_a_name_holds_nothing_that_does_not_show(field: str, hidden: str) -> None:
    assert refused(ANY[field], f"王{hidden}芳")


@given(st.text(st.characters(categories=("Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Me", "Mc")), min_size=1, max_size=20))
def test_no_mixture_of_what_does_not_show_is_anything(written: str) -> None:
    assert all(refused(field, written) for field in ANY.values())


@given(SENTENCES)
def test_sentences_are_kept_whatever_their_script(written: str) -> None:
    assert taken(Words, written) == unicodedata.normalize("NFC", written)


@given(NAMES)
def test_names_are_kept_whatever_their_script(written: str) -> None:
    assert taken(Name, written) == unicodedata.normalize("NFC", written)


@pytest.mark.parametrize(
    "name", ["王芳", "O’Neill", "Zoë", "葛\U000e0100西", "علی‌رضا", "ක්‍රිෂ්ණ", "𠮷野", "Müller-Lüdenscheidt", "\ue000"]
)
def test_names_of_all_scripts_are_names(name: str) -> None:
    assert taken(Name, name) == unicodedata.normalize("NFC", name)


def test_line_ends_and_composed_characters_are_of_one_kind() -> None:
    assert taken(Words, "a\r\nb\rc\u2028e\u0301") == "a\nb\nc\né"
    assert taken(Name, " 王　芳  e\u0301 ") == "王 芳 é"


@pytest.mark.parametrize("field", [Label, Code])
@given(NAMES)
def test_a_label_taken_again_stays_as_it_is(field: Any, written: str) -> None:
    once = taken(field, written)
    assert taken(field, once) == once


SPELLINGS = st.sampled_from(
    [
        lambda text: f" {text}　",
        lambda text: text.replace(" ", "  "),
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
    ]
)


@given(NAMES, st.lists(SPELLINGS, max_size=4))
def test_two_spellings_of_a_label_are_one(written: str, ways: list[Any]) -> None:
    other = written
    for way in ways:
        other = way(other)
    assert taken(Label, other[:60] if len(other) <= 60 else written) == taken(Label, written)


@given(NAMES)
def test_a_code_has_no_case(written: str) -> None:
    assert taken(Code, written.translate(str.maketrans(ascii_lowercase, ascii_uppercase))) == taken(Code, written)


def test_skills_of_two_services_meet() -> None:
    assert {taken(Code, skill) for skill in ("HVAC", "hvac", "ＨＶＡＣ", " Hvac ")} == {"hvac"}
    assert taken(Code, "Air  Conditioning") == "air conditioning"


@pytest.mark.parametrize("name", ["localtime", "Asia/Beijing", "posixrules", "asia/shanghai", "", "../UTC"])
def test_a_time_zone_has_a_name_of_iana(name: str) -> None:
    assert refused(Timezone, name)
    assert taken(Timezone, "Asia/Urumqi") == "Asia/Urumqi"
