"""Of a library's message that comes again and again one in half a minute is logged."""

import logging

from libs.chassis.repetition import MOST, Repetition


def record(text: str = "no node %s", level: int = logging.ERROR, *arguments: object) -> logging.LogRecord:
    return logging.LogRecord("aiokafka", level, "", 0, text, arguments or (1,), None)


def test_a_message_is_shown_once_in_half_a_minute_and_then_says_how_many_were_left_out() -> None:
    seconds = 0.0
    calm = Repetition(lambda: seconds)
    assert [calm.filter(record("no node %s", logging.ERROR, node)) for node in range(100)] == [True] + [False] * 99
    seconds = 30.0
    shown = record()
    assert calm.filter(shown)
    assert shown.getMessage() == "no node 1 (and 99 more like it)"
    assert not calm.filter(record())


def test_other_messages_are_not_held_back() -> None:
    calm = Repetition(lambda: 0.0)
    assert all(calm.filter(one) for one in (record(), record("no leader %s"), record(level=logging.WARNING)))


def test_messages_without_a_template_fill_no_memory() -> None:
    calm = Repetition(lambda: 0.0)
    assert all(calm.filter(record(f"no node {number} %s")) for number in range(3 * MOST))
    assert len(calm._shown) <= MOST
