"""The fields that people fill in, with one grammar for all services' forms: sentences, names, labels, codes, phones.

What is taken is stored in one form, so that equal texts are equal: composed characters (NFC), one kind of line end,
names with single blanks. What is blank to the eye is refused, and so is what shows otherwise than it is stored.
"""

import re
import unicodedata
from typing import Annotated, Any

from pydantic import AfterValidator, Field, GetCoreSchemaHandler, PlainValidator, StringConstraints, WithJsonSchema
from pydantic_core import CoreSchema, core_schema

from libs.chassis.department import department
from libs.chassis.input import phone, visible
from libs.events.contracts import spelling
from libs.events.texts import Text
from libs.zones import ZONES

NOT_BLANK = r"^[^\x00]*[^\s\x00][^\x00]*$"
"""What a document can say of a text that shows; the rest is said by the field's format."""

BLANK = "is blank to the eye"
HIDES = "holds a control character, or one that changes the order of writing"
UNSEEN = "holds a character that nobody sees, or that changes the order of writing"

LEAST_OF_NAME, LEAST_OF_PHONE, MOST_DIGITS = 2, 4, 15
"""What a search has to give: one letter, or three digits, would find a part of all customers."""

_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\u0085]")


def _sentence(written: str) -> str:
    text = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", written))
    if not visible.shows(text):
        raise ValueError(BLANK)
    if not visible.honest(text):
        raise ValueError(HIDES)
    return text


def in_one_line(written: str) -> str:
    """A text that shows, in one line and without anything that nobody sees. Raises ValueError for another."""
    if not visible.shows(written):
        raise ValueError(BLANK)
    if not visible.honest_name(written):
        raise ValueError(UNSEEN)
    return written


def _name(written: str) -> str:
    return " ".join(unicodedata.normalize("NFC", in_one_line(written)).split())


def _label(written: str) -> str:
    return spelling.label(in_one_line(written))


def _code(written: str) -> str:
    return spelling.code(in_one_line(written))


Words = Annotated[
    str,
    StringConstraints(min_length=1, max_length=4000, pattern=NOT_BLANK),
    AfterValidator(_sentence),
    Field(json_schema_extra={"format": "words"}),
]
"""People's words, perhaps in several lines."""


class _Said:
    """What is asked for are words."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(Text.said, handler.generate_schema(Words))


Said = Annotated[Text, _Said]
"""People's words, which become a text about the customer whom the command's stream is about."""

Address = Annotated[
    str,
    StringConstraints(min_length=1, max_length=500, pattern=NOT_BLANK),
    AfterValidator(_sentence),
    Field(json_schema_extra={"format": "words"}),
]
"""A postal address, perhaps in several lines."""

Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=NOT_BLANK),
    AfterValidator(_name),
    Field(json_schema_extra={"format": "name"}),
]
"""A person's or a company's name, in one line."""

Label = Annotated[
    str,
    StringConstraints(min_length=1, max_length=60, pattern=NOT_BLANK),
    AfterValidator(_label),
    Field(json_schema_extra={"format": "label"}),
]
"""A short name that others compare, such as a region or a contract's number, in its one spelling."""

Code = Annotated[
    str,
    StringConstraints(min_length=1, max_length=60, pattern=NOT_BLANK),
    AfterValidator(_code),
    Field(json_schema_extra={"format": "code"}),
]
"""A name that programs compare, such as a skill's, in its one spelling and without regard to case."""


def _name_part(written: str) -> str:
    name = _name(written)
    if len(name) < LEAST_OF_NAME:
        raise ValueError(f"should have at least {LEAST_OF_NAME} characters")
    return name


NamePart = Annotated[
    str,
    StringConstraints(min_length=LEAST_OF_NAME, max_length=200, pattern=NOT_BLANK),
    AfterValidator(_name_part),
    Field(json_schema_extra={"format": "name"}),
]
"""How a name begins, to look for: spelt as names are stored."""


def _digits(written: str) -> str:
    digits = "".join(character for character in written if character.isdigit())
    if not LEAST_OF_PHONE <= len(digits) <= MOST_DIGITS or not digits.isascii():
        raise ValueError(f"should have {LEAST_OF_PHONE} to {MOST_DIGITS} digits")
    return digits


Digits = Annotated[str, StringConstraints(max_length=phone.MOST, pattern=r"^[0-9 +()-]*$"), AfterValidator(_digits)]
"""The last digits of a phone number, or all of them, to look for; what people write between digits is left out."""


def _phone(typed: object) -> phone.Phone:
    if not isinstance(typed, str) or len(typed) > phone.MOST:
        raise ValueError(f"should be a text of at most {phone.MOST} characters")
    return phone.read(typed, department().phone_region)


Phone = Annotated[
    phone.Phone,
    PlainValidator(_phone),
    WithJsonSchema({"type": "string", "minLength": 5, "maxLength": phone.MOST, "format": "phone"}),
]
"""A phone number as it is said, perhaps with an extension; what was typed is kept beside its E.164."""


def _zone(name: str) -> str:
    if name not in ZONES:
        raise ValueError("This is not an IANA time zone, such as Asia/Shanghai.")
    return name


Timezone = Annotated[str, AfterValidator(_zone), Field(max_length=60, json_schema_extra={"format": "iana-time-zone"})]
"""A time zone by a name that means the same on every machine: `localtime` is none."""
