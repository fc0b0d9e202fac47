"""The command line: JSON lines in, JSON lines out."""

import json
import subprocess
import sys
from pathlib import Path

from services.sla.calculate import answers

SAMPLES = Path(__file__).parent / "data" / "sla_sample_cases.jsonl"
GOOD = {"id": "good", "timezone": "UTC", "weekly_hours": {"mon": [["09:00", "17:00"]]}, "start": "2026-03-02T09:00:00Z"}


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
    run = [sys.executable, "-m", "services.sla.calculate"]
    ran = subprocess.run(run, input=b"\n".join(lines), capture_output=True, check=True, env={"PATH": ""})
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
