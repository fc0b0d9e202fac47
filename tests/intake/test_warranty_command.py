"""The command line of the warranty: JSON lines in, JSON lines out, whatever a line is."""

import json
import re
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.warranty.__main__ import BOM, answers, whole
from services.intake.warranty.domain.asset import Asset, Card, Component, Move
from services.intake.warranty.domain.contract import Amendment, Contract, Product, StartRule, Term
from services.intake.warranty.domain.question import LATENT, Ask, Cause, Given
from services.intake.warranty.domain.verdict import RANK, Verdict
from tests.intake.warranty import SAMPLES

RUN = [sys.executable, "-m", "services.intake.warranty"]
LINES = SAMPLES.read_bytes().splitlines()
DOCS = Path(__file__).parents[2] / "docs"
GUIDES = [DOCS / "warranty.md", DOCS / "zh-CN" / "warranty.md"]
EXAMPLE = re.compile(r"echo '(.+?)' \\.+?```json\n(.+?)\n```", re.DOTALL)
STRUCTS = (Given, Asset, Card, Component, Move, Contract, Term, Amendment, Product, Ask, Verdict)
FIELDS = ("verdict", "from", "until", "clause")
NOW = datetime(2026, 12, 1, tzinfo=UTC)

TERM = {"component_class": "*", "months": 12, "start_rule": "acceptance"}
PART = {"id": "c1", "class": "pump"}
SIGNED = "2019-01-05T10:00:00+08:00"
GOOD: dict[str, Any] = {
    "id": "good",
    "given": {
        "asset": {"components": [PART], "acceptance_date": "2024-03-14", "site_timezone": "Asia/Shanghai"},
        "contracts": [{"id": "K1", "signed_at": SIGNED, "kind": "own", "terms": [TERM]}],
    },
    "ask": {"component": "c1", "on": "2024-06-01T12:00:00+08:00"},
}


def said(*lines: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in answers(lines, lambda: NOW)]


def line(asset: dict[str, Any] | None = None, contract: dict[str, Any] | None = None, **ask: object) -> bytes:
    """The good case with other fields of its asset, its contract and what is asked."""
    given = GOOD["given"]
    contracts = [given["contracts"][0] | (contract or {})]
    case = GOOD | {"given": {"asset": given["asset"] | (asset or {}), "contracts": contracts}, "ask": GOOD["ask"] | ask}
    return json.dumps(case, ensure_ascii=False).encode()


def amended(*changes: dict[str, Any]) -> dict[str, Any]:
    return {"amendments": [{"at": "2024-01-01T00:00:00+08:00", "change": change} for change in changes]}


@pytest.mark.requirement("R413")
@pytest.mark.parametrize("sample", LINES, ids=lambda sample: json.loads(sample)["id"])
def test_a_sample_comes_out_as_expected(sample: bytes) -> None:
    case = json.loads(sample)
    expected = case["expect"]
    (answer,) = said(sample)
    if expected["verdict"] == "refused":
        assert answer["error"]["field"] == expected["field"]
    else:
        compared = [field for field in FIELDS if field not in case.get("lenient", ())]
        assert {field: answer["result"][field] for field in compared} == {field: expected[field] for field in compared}


def test_there_are_thirty_six_samples() -> None:
    assert len(LINES) == 36


REFUSED = {
    "contracts[0].terms[0].months": [
        line(contract={"terms": [TERM | {"months": months}]})
        for months in (0, 601, -1, 12.5, True, "12", None, 10**400)
    ],
    "contracts[0].terms[0].latent_defect_months": [line(contract={"terms": [TERM | {"latent_defect_months": -1}]})],
    "contracts[0].terms[0].shelf_years": [line(contract={"terms": [TERM | {"shelf_years": 6}]})],
    "contracts[0].terms[0].start_rule": [line(contract={"terms": [TERM | {"start_rule": "delivery"}]})],
    "contracts[0].terms[0].start_date": [line(contract={"terms": [TERM | {"start_rule": "date"}]})],
    "contracts[0].terms[0].note": [line(contract={"terms": [TERM | {"note": "x"}]})],
    "contracts[0].terms[1].component_class": [line(contract={"terms": [TERM, TERM]})],
    "contracts[0].ended_at": [line(contract={"ended_at": "2019-01-05T09:59:59+08:00"})],
    "contracts[0].extends": [line(contract={"extends": "K1"}), line(contract={"extends": "K9"})],
    "contracts[0].amendments[0].change.months": [
        line(contract=amended({"op": "set", "component_class": "*", "months": months})) for months in (0, None)
    ],
    "contracts[0].amendments[0].change.op": [line(contract=amended({"op": "double", "component_class": "*"}))],
    "contracts[0].amendments[0].change.component_class": [
        line(contract=amended({"op": op, "component_class": "pump"})) for op in ("set", "remove")
    ],
    "contracts[0].amendments[0].change.term.component_class": [line(contract=amended({"op": "add", "term": TERM}))],
    "contracts[0].amendments[1].change.component_class": [
        line(contract=amended(*[{"op": "remove", "component_class": "*"}] * 2))
    ],
    "asset.acceptance_date": [line({"acceptance_date": "2026-12-03"}), line({"acceptance_date": "2023-02-30"})],
    "asset.completion_date": [line({"completion_date": "0001-01-01"})],
    "asset.site_timezone": [line({"site_timezone": zone}) for zone in ("Europe/Atlantis", "localtime", "", "../UTC")],
    "asset.moves[0].site_timezone": [line({"moves": [{"at": SIGNED, "site_timezone": "Mars"}]})],
    "asset.components[0].parent": [line({"components": [PART | {"parent": up}]}) for up in ("c1", "c9")],
    "asset.components[0].replaced_on": [
        line({"components": [PART | {"installed_on": "2024-02-02", "replaced_on": "2024-02-01"}]})
    ],
    "asset.components[1].id": [line({"components": [PART, PART]})],
    "asset.components[1].serial": [
        line({"components": [PART | {"serial": "S"}, {"id": "c2", "class": "x", "serial": "S"}]})
    ],
    "asset.components[0].id": [
        line({"components": [PART, {"id": name, "class": "x"}][::-1]})
        for name in ("", " ", "\u200b", "pump\u202e", "\u3164", "x" * 201)
    ],
    "component": [line(component="c9")],
    "cause": [line(cause="bad luck")],
    "on": [line(on=on) for on in ("2024-06-01T12:00:00", "2024-02-30T12:00:00Z", "0001-01-01T00:00:00+14:00", 0)],
    "known_at": [line(known_at="9999-12-31T23:59:59-14:00")],
    "given": [b'{"id": "good", "ask": {"component": "c1", "on": "2024-06-01T12:00:00Z"}}'],
    "extra": [line()[:-1] + b', "extra": 1}'],
}


@pytest.mark.parametrize(("field", "bad"), [(field, bad) for field, lines in REFUSED.items() for bad in lines])
def test_a_flaw_is_named_by_its_field_and_the_next_line_goes_on(field: str, bad: bytes) -> None:
    wrong, right = said(bad, line())
    assert wrong["id"] == "good"
    assert wrong["error"]["field"] == field
    assert wrong["error"]["sentence"].endswith(".")
    assert right["result"]["verdict"] == "in_warranty"


BROKEN = {
    "no JSON": b"no json",
    "half a line": line()[:-5],
    "two values": line() + line(),
    "a list": b"[1]",
    "no number": line()[:-1] + b', "reasoning": NaN}',
    "not UTF-8": line()[:-1] + b', "reasoning": "\xff\xfe"}',
    "another encoding": line().decode().encode("utf-16-be"),
    "deep": b'{"id": ' + b"[" * 100_000,
    "deep and whole": line()[:-1] + b', "reasoning": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "ten mebibytes": b'{"id": "' + b"x" * (10 << 20) + b'"}',
    "an unpaired surrogate": line()[:-1] + b', "id": "\\ud800"}',
    "beyond the calendar": line(contract={"terms": [TERM | {"start_rule": "date", "start_date": "9999-12-31"}]}),
}


@pytest.mark.parametrize("bad", BROKEN.values(), ids=BROKEN)
def test_a_broken_line_answers_with_its_error_and_the_next_goes_on(bad: bytes) -> None:
    wrong, right = said(bad, line())
    assert sorted(wrong) == ["error", "id"]
    assert len(wrong["error"]["sentence"]) > 5
    assert right["result"]["verdict"] == "in_warranty"


def test_a_line_of_mebibytes_is_answered_in_seconds() -> None:
    moves = [{"at": "2024-03-01T00:00:00Z", "site_timezone": "UTC"}] * 20_000
    base = GOOD["given"]["contracts"][0] | {
        "terms": [TERM, *({**TERM, "component_class": str(n)} for n in range(9999))]
    }
    after = {"kind": "extension", "extends": "K1", "terms": [TERM | {"start_rule": "after_base"}]}
    extensions = [base | after | {"id": f"X{number}"} for number in range(10_000)]
    case = {"asset": GOOD["given"]["asset"] | {"moves": moves}, "contracts": [*extensions, base]}
    started = process_time()
    (answer,) = said(json.dumps(GOOD | {"given": case}).encode())
    assert answer["result"]["clause"] == {"contract": "K1", "component_class": "*"}
    assert process_time() - started < 20


@given(st.binary(max_size=80) | st.text(max_size=40).map(str.encode))
def test_no_line_whatever_ends_the_run(bytes_: bytes) -> None:
    noise = bytes_.replace(b"\n", b"")
    told = said(noise, line())
    assert told[-1]["id"] == "good"
    assert len(told) == 1 + bool(noise.removeprefix(BOM).strip())


@pytest.mark.parametrize("id", [7, -1.5, True, None, "工单", "", [1, {"a": None}], 10**30])
def test_an_id_of_any_kind_comes_back(id: object) -> None:
    told = said(json.dumps(GOOD | {"id": id}).encode(), json.dumps({"id": id}).encode())
    assert [answer["id"] for answer in told] == [id, id]


def test_the_command_needs_no_settings_and_ends_well_after_bad_lines() -> None:
    ran = subprocess.run(RUN, input=b"no json\n\n" + line(), capture_output=True, check=True, env={"PATH": ""})
    first, second = (json.loads(answer) for answer in ran.stdout.splitlines())
    assert "error" in first
    assert second["result"].keys() == {*FIELDS, "why"}
    assert second["result"]["until"] == "2025-03-14"
    assert ran.stderr == b""


def test_reasons_are_told_to_who_wants_them() -> None:
    ran = subprocess.run([*RUN, "--reasons"], input=line(), capture_output=True, check=True)
    assert json.loads(ran.stdout)["result"].keys() == {*FIELDS, "why", "reasons", "would_change"}


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.parent.name)
def test_a_guide_shows_a_run_as_it_is(guide: Path) -> None:
    ((command, shown),) = EXAMPLE.findall(guide.read_text(encoding="utf-8"))
    assert [answer.decode() for answer in answers([command.replace("\n", "").encode()], told=whole)] == [shown]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.parent.name)
def test_a_guide_names_every_field_and_choice(guide: Path) -> None:
    text = guide.read_text(encoding="utf-8")
    fields = {field.encode_name for struct in STRUCTS for field in msgspec.structs.fields(struct)}
    named = fields | {*get_args(Cause), *get_args(StartRule), *RANK} - {*LATENT}
    assert [name for name in sorted(named) if f"`{name}`" not in text and f'"{name}"' not in text] == []


def test_an_answer_comes_before_the_next_question() -> None:
    with subprocess.Popen(RUN, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        for _ in range(2):
            process.stdin.write(line() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == "good"
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=30)
    assert complaint == b""


def test_a_reader_that_leaves_ends_it_without_a_word() -> None:
    with subprocess.Popen(RUN, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.close()
        _, complaint = process.communicate((line() + b"\n") * 1000, timeout=30)
    assert complaint == b""
    assert process.returncode == -signal.SIGPIPE
