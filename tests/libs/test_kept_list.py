"""A small list that people keep: an entry stands once, in its place, and no more of them than may."""

import msgspec
import pytest

from libs.events import Refused
from libs.events.kept_list import Bounds, Refusal, found, having, of_department, without

BOUNDS = Bounds(2, Refusal("too-many", "There are 2."), Refusal("unknown", "There is none."))


class Word(msgspec.Struct, frozen=True):
    id: str
    text: str = ""


BOTH = (Word("a"), Word("b"))


def test_an_entry_that_changes_keeps_its_place_and_a_new_one_comes_last() -> None:
    assert having(BOTH, Word("a", "hi")) == (Word("a", "hi"), Word("b"))
    assert having(BOTH, Word("c")) == (*BOTH, Word("c"))
    assert having((), Word("a")) == (Word("a"),)
    assert without(BOTH, "a") == (Word("b"),)
    assert without(BOTH, "c") == BOTH
    assert (found(BOTH, "b"), found(BOTH, "c")) == (Word("b"), None)


@pytest.mark.parametrize(("id", "known", "code"), [("c", False, "too-many"), ("c", True, "unknown")])
def test_a_full_list_takes_no_more_and_what_is_not_there_is_not_changed(id: str, known: bool, code: str) -> None:
    with pytest.raises(Refused) as refused:
        BOUNDS.check(BOTH, id, known)
    assert refused.value.code == code
    BOUNDS.check(BOTH, "b", known=True)
    BOUNDS.check(BOTH[:1], id, known=False)


def test_a_department_has_one_list_of_a_name() -> None:
    assert of_department("hotlines") == "ec444cb5-00ee-5fcd-8fe5-5b91995dac1c"
