"""Phone numbers as people say them, and the one form in which two of them are compared: E.164.

A number is decided by the numbering plan (the phonenumbers library), not by its characters. What was typed is kept.
"""

import re
import unicodedata
from dataclasses import dataclass

from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberType,
    format_number,
    is_emergency_number,
    is_possible_number,
    is_possible_number_for_type,
    is_valid_number,
    is_valid_short_number_for_region,
    parse,
)

MOST = 40
LEAST_SHORT = 5
"""Numbers of three or four digits reach an office, such as the police or directory enquiries, never a customer."""

LONGEST_EMERGENCY = 6
"""No emergency number of any region has more digits: to ask of longer ones takes a fifth of reading a number."""

_TYPED = re.compile(
    r"(?P<number>[0-9+() .·/\[\]-]+?)"
    r"(?: *(?:转|轉|分机|分機|extension|extn|ext|x|#|,{1,2}|;(?:ext=)?)[ .:]*(?P<extension>[0-9]{1,7}))?",
    re.IGNORECASE,
)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))


class NoNumber(ValueError):
    """What was typed is no phone number that can be called."""


@dataclass(frozen=True, slots=True)
class Phone:
    """A number as it was typed, the same in E.164, and the extension to ask for.

    `e164` is None for a local number without its area code: nobody knows of which city it is, so it equals no other.
    """

    typed: str
    e164: str | None
    extension: str | None = None


def read(typed: str, region: str) -> Phone:
    """The phone number in a text, as it is dialled in a region such as CN. Raises NoNumber."""
    found = _TYPED.fullmatch(_plain(typed))
    if found is None:
        raise NoNumber("should be a phone number: digits, with + ( ) - or blanks between, perhaps an extension")
    try:
        number = parse(found["number"], region)
    except NumberParseException:
        raise NoNumber("should be a phone number that can be called") from None
    return Phone(typed.strip(), _e164(number, found["number"], region), found["extension"])


def _plain(typed: str) -> str:
    """The same in ASCII's digits, blanks and dashes, whatever keyboard it came from."""
    narrow = unicodedata.normalize("NFKC", typed).translate(_DASHES).strip(" ")
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in narrow)


def _e164(number: PhoneNumber, dialled: str, region: str) -> str | None:
    written = format_number(number, PhoneNumberFormat.E164)
    if sum(map(str.isdigit, dialled)) <= LONGEST_EMERGENCY and is_emergency_number(dialled, region):
        raise NoNumber("should be a customer's number, not an emergency number")
    if is_valid_number(number) or _service(number, region):
        return written
    if not is_possible_number(number):
        raise NoNumber("should be a phone number of a length that can be called")
    return written if is_possible_number_for_type(number, PhoneNumberType.MOBILE) else None


def _service(number: PhoneNumber, region: str) -> bool:
    """Whether it is a short number that companies answer, such as 95588."""
    return number.national_number >= 10 ** (LEAST_SHORT - 1) and is_valid_short_number_for_region(number, region)
