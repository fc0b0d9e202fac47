"""The command line: JSON lines in, JSON lines out."""

import json
import re
import signal
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sla.calculate import BOM, answers
from tests.sla.test_domain_calendar import NINE_TO_FIVE, WORKDAYS

SAMPLES = Path(__file__).parent / "data" / "sla_sample_cases.jsonl"
GOOD = {"id": "good", "timezone": "UTC", "weekly_hours": {"mon": [["09:00", "17:00"]]}, "start": "2026-03-02T09:00:00Z"}

RUN = [sys.executable, "-m", "services.sla.calculate"]


def answer(**fields: object) -> dict[str, object]:
    (line,) = answers([json.dumps(GOOD | fields).encode()])
    said: dict[str, object] = json.loads(line)
    return said


def test_the_samples_come_out_as_expected() -> None:
    lines = SAMPLES.read_bytes().splitlines()
    expected = [{"id": case["id"], "result": case["expected"]} for case in map(json.loads, lines)]
    assert len(expected) == 20
    assert [json.loads(line) for line in answers(lines)] == expected


def test_the_command_reads_standard_input_and_goes_on_after_a_bad_line() -> None:
    lines = [b"no json", b"", json.dumps(GOOD | {"op": "is_open"}).encode()]
    ran = subprocess.run(RUN, input=b"\n".join(lines), capture_output=True, check=True, env={"PATH": ""})
    first, second = (json.loads(line) for line in ran.stdout.splitlines())
    assert first["id"] is None
    assert "error" in first
    assert second == {"id": "good", "result": True}


def test_what_is_wrong_is_named() -> None:
    assert "amount_seconds" in str(answer(op="add")["error"])
    assert "end" in str(answer(op="elapsed")["error"])
    assert "op" in str(answer(op="guess")["error"])
    assert "IANA" in str(answer(op="is_open", timezone="Europe/Atlantis")["error"])
    assert "timezone" in str(answer(op="is_open", start="2026-03-02T09:00:00")["error"])
    assert "beyond" in str(answer(op="add", amount_seconds=1e300)["error"])
    assert "ends before" in str(
        answer(op="elapsed", end=GOOD["start"], pauses=[["2026-03-02T10:00:00Z", "2026-03-02T09:00:00Z"]])["error"]
    )
    assert answer(op="is_open", timezone=7)["id"] == "good"


def test_results_have_their_types() -> None:
    assert answer(op="elapsed", end="2026-03-02T10:00:00.500Z") == {"id": "good", "result": 3600.5}
    assert answer(op="elapsed", end="2026-03-02T10:00:00Z") == {"id": "good", "result": 3600}
    assert (
        answer(op="add", amount_seconds=0, start="2026-03-01T01:00:00+01:00")["result"] == "2026-03-01T00:00:00+00:00"
    )


def said(*lines: bytes) -> list[dict[str, object]]:
    return [json.loads(line) for line in answers(lines)]


def line(**fields: object) -> bytes:
    return json.dumps(GOOD | {"op": "is_open"} | fields).encode()


@pytest.mark.parametrize("id", [7, -1.5, True, None, "工单", "", [1, {"a": None}], {"b": []}, 10**30])
def test_an_id_of_any_kind_comes_back(id: object) -> None:
    assert said(line(id=id), line(id=id, op="guess")) == [
        {"id": id, "result": True},
        {"id": id, "error": "Invalid enum value 'guess' - at `$.op`"},
    ]


BAD = {
    "nothing": b"{}",
    "no object": b"[1]",
    "a number": b"1",
    "null": b"null",
    "half a line": line()[:-5],
    "two values": line() + line(),
    "no number": line(op="add")[:-1] + b', "amount_seconds": NaN}',
    "infinite": line(op="add")[:-1] + b', "amount_seconds": -Infinity}',
    "beyond floats": line(op="add")[:-1] + b', "amount_seconds": 1e999}',
    "beyond time": line(op="add", amount_seconds=10**40),
    "beyond the years": line(op="add", amount_seconds=10**12),
    "an amount of text": line(op="add", amount_seconds="60"),
    "an amount of truth": line(op="add", amount_seconds=True),
    "not UTF-8": line()[:-1] + b', "note": "\xff\xfe"}',
    "another encoding": line().decode().encode("utf-16"),
    "an unpaired surrogate": line()[:-1] + b', "timezone": "\\ud800"}',
    "deep": b'{"id": ' + b"[" * 100_000,
    "deep and whole": line()[:-1] + b', "note": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "the first year": line(start="0001-01-01T00:00:00+14:00"),
    "the last year": line(start="9999-12-31T23:59:59-14:00"),
    "a naive start": line(start="2026-03-02T09:00:00"),
    "no such date": line(start="2026-02-30T09:00:00Z"),
    "no such holiday": line(holidays=["2026-02-30"]),
    "a holiday without an end": line(holidays=[["2026-03-02T00:00:00Z"]]),
    "no such hour": line(weekly_hours={"mon": [["09:00", "25:00"]]}),
    "no such weekday": line(weekly_hours={"Mon": []}),
    "three ends": line(weekly_hours={"mon": [["09:00", "10:00", "11:00"]]}),
    "hours of no list": line(weekly_hours=None),
    "no zone": line(timezone=""),
    "a folder of zones": line(timezone="Asia"),
    "a zone with a nul": line(timezone="UTC\0"),
    "a long zone": line(timezone="A" * 5000),
    "another region": line(public_holidays="US"),
    "a pause that ends before it begins": line(
        op="elapsed", end="2026-03-03T09:00:00Z", pauses=[["2026-03-02T10:00:00Z", "2026-03-02T09:00:00Z"]]
    ),
    "a pause without an end": line(op="elapsed", end="2026-03-03T09:00:00Z", pauses=[["2026-03-02T10:00:00Z"]]),
    "never open": line(op="add", amount_seconds=1, weekly_hours={}),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_bad_line_answers_with_its_error_and_the_next_with_its_result(bad: bytes) -> None:
    wrong, right = said(bad, line(id="next"))
    assert sorted(wrong) == ["error", "id"]
    assert isinstance(wrong["error"], str)
    assert len(wrong["error"]) > 5
    assert right == {"id": "next", "result": True}


@pytest.mark.parametrize("bad", ["no number", "infinite", "beyond floats", "not UTF-8", "a long zone", "never open"])
def test_an_error_names_its_line_where_the_id_can_be_read(bad: str) -> None:
    assert said(BAD[bad])[0]["id"] == "good"


@given(st.binary(max_size=80) | st.text(max_size=40).map(str.encode))
def test_no_line_whatever_ends_the_run(bytes_: bytes) -> None:
    noise = bytes_.replace(b"\n", b"")
    told = said(noise, line())
    assert told[-1] == {"id": "good", "result": True}
    assert len(told) == 1 + bool(noise.removeprefix(BOM).strip())


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"pause": []}, "pause"),
        ({"holiday": ["2026-03-02"]}, "holiday"),
        ({"extra_working": [{"date": "2026-03-02", "hours": [], "hour": []}]}, "hour"),
        ({"zone": "UTC"}, "zone"),
    ],
)
def test_a_field_that_it_does_not_know_is_refused_by_name(fields: dict[str, object], named: str) -> None:
    (answered,) = said(line(**fields))
    assert f"unknown field `{named}`" in str(answered["error"])
    assert answered["id"] == "good"


def test_what_a_suite_keeps_beside_a_question_is_not_read_and_of_two_ids_the_last_counts() -> None:
    assert said(line(expected=False, requires=["pauses"], note="x")) == [{"id": "good", "result": True}]
    assert said(line()[:-1] + b', "id": "last"}') == [{"id": "last", "result": True}]


def test_a_zone_that_depends_on_the_machine_is_none() -> None:
    for zone in ("localtime", "Factory", "posixrules", "right/UTC"):
        assert "IANA" in str(answer(op="is_open", timezone=zone)["error"])


def test_line_ends_of_windows_a_mark_and_no_last_line_end_are_well() -> None:
    lines = (b"\xef\xbb\xbf" + line(id=1) + b"\r\n", b"\r\n", line(id=2))
    assert said(*lines) == [{"id": 1, "result": True}, {"id": 2, "result": True}]


def test_a_very_long_line_is_a_line() -> None:
    many = [(date(2030, 1, 1) + timedelta(days=n)).isoformat() for n in range(100_000)]
    assert said(line(holidays=many, note="x" * 1_000_000)) == [{"id": "good", "result": True}]


def test_public_holidays_are_folded_in_and_a_year_that_is_not_known_is_said() -> None:
    chinese = {
        "timezone": "Asia/Shanghai",
        "weekly_hours": dict.fromkeys(WORKDAYS, NINE_TO_FIVE),
        "public_holidays": "CN",
    }
    start = "2026-02-13T16:00:00+08:00"
    assert answer(op="add", amount_seconds=7200, start=start, **chinese)["result"] == "2026-02-14T10:00:00+08:00"
    spring = answer(op="elapsed", start="2026-02-15T00:00:00+08:00", end="2026-02-24T00:00:00+08:00", **chinese)
    assert spring == {"id": "good", "result": 0}
    years_end = answer(op="add", amount_seconds=32400, start="2026-12-31T09:00:00+08:00", **chinese)
    assert years_end == {"id": "good", "result": "2027-01-01T10:00:00+08:00", "provisional": True}
    assert "provisional" not in answer(op="add", amount_seconds=28800, start="2026-12-31T09:00:00+08:00", **chinese)
    assert answer(op="is_open", start="2027-01-01T00:00:00+08:00", **chinese)["provisional"] is True


def test_business_days_are_a_unit_of_their_own() -> None:
    days = {"weekly_hours": dict.fromkeys(WORKDAYS, NINE_TO_FIVE), "unit": "business_days"}
    friday = "2026-02-27T11:00:00Z"
    assert answer(op="add", start=friday, amount_days=1, **days)["result"] == "2026-03-02T11:00:00+00:00"
    ended = answer(op="add", start=friday, amount_days=-1, end_of_day=True, **days)
    assert ended["result"] == "2026-02-26T17:00:00+00:00"
    assert answer(op="elapsed", start=friday, end="2026-03-03T11:00:00Z", **days)["result"] == 2
    assert answer(op="is_open", start=friday, **days)["result"] is True
    assert "amount_days" in str(answer(op="add", amount_seconds=60, **days)["error"])
    paused = answer(op="add", amount_days=1, pauses=[["2026-03-02T10:00:00Z", "2026-03-02T11:00:00Z"]], **days)
    assert "pauses" in str(paused["error"])
    saturday, receipt = "2026-02-28T11:00:00Z", days | {"count_from": "day_of_receipt"}
    assert answer(op="add", start=saturday, amount_days=1, **days)["result"] == "2026-03-03T09:00:00+00:00"
    assert answer(op="add", start=saturday, amount_days=1, **receipt)["result"] == "2026-03-02T11:00:00+00:00"
    assert answer(op="elapsed", start=saturday, end="2026-03-02T11:00:00Z", **receipt)["result"] == 1
    assert answer(op="elapsed", start=saturday, end="2026-03-02T10:59:00Z", **receipt)["result"] == 0


def test_each_answer_comes_before_the_next_question() -> None:
    with subprocess.Popen(RUN, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as ran:
        assert ran.stdin
        assert ran.stdout
        for number in range(3):
            ran.stdin.write(line(id=number) + b"\n")
            ran.stdin.flush()
            assert json.loads(ran.stdout.readline()) == {"id": number, "result": True}


def test_a_reader_that_leaves_and_ctrl_c_end_it_without_a_word() -> None:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(RUN, **pipes) as left:  # type: ignore[call-overload]  # three times the same
        left.stdout.close()
        _, told = left.communicate((line() + b"\n") * 5)
        assert (left.returncode, told) == (-signal.SIGPIPE, b"")
    with subprocess.Popen(RUN, **pipes) as stopped:  # type: ignore[call-overload]  # three times the same
        stopped.stdin.write(line() + b"\n")
        stopped.stdin.flush()
        stopped.stdout.readline()
        stopped.send_signal(signal.SIGINT)
        assert (stopped.wait(20), stopped.stderr.read()) == (-signal.SIGINT, b"")


def test_an_argument_prints_what_it_is() -> None:
    ran = subprocess.run([*RUN, "--help"], capture_output=True, check=True, text=True)
    assert "JSON lines" in ran.stdout


@pytest.mark.parametrize("page", ["docs/sla-calculator.md", "docs/zh-CN/sla-calculator.md"])
def test_the_page_s_example_answers_what_the_page_says(page: str) -> None:
    text = (Path(__file__).parents[2] / page).read_text(encoding="utf-8")
    asked, told = re.findall(r"```(?:sh|json)\n(.*?)\n```", text, re.DOTALL)
    question = re.search(r"'(\{.*\})'", asked, re.DOTALL)
    assert question
    assert [line.decode() for line in answers([question[1].replace("\n", "").encode()])] == [told]
