"""The command line that tries a policy on a log: its answers, its complaints, and all incidents of the demo's log."""

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOG = ROOT / "demo" / "bpic2013_incidents.jsonl.gz"
POLICY = ROOT / "docs" / "examples" / "replay-policy.json"
WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Json = dict[str, Any]
RUN = [sys.executable, "-m", "services.sla.replay"]
CASE: Json = {
    "case": "1",
    "events": [
        {"at": "2012-03-05T08:00:00+01:00", "sub_status": "In Progress", "impact": "Major"},
        {"at": "2012-03-05T09:00:00.250+01:00", "sub_status": "Resolved", "impact": "Major"},
    ],
}
Ran = subprocess.CompletedProcess[str]


def replay(log: Path, policy: Path = POLICY) -> Ran:
    run = [*RUN, "--log", str(log), "--policy", str(policy)]
    return subprocess.run(run, capture_output=True, text=True, cwd=ROOT, env={"PATH": ""}, timeout=60)


def written(path: Path, *lines: object) -> Path:
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts), encoding="utf-8")
    return path


def rows(ran: Ran) -> list[Json]:
    return [json.loads(line) for line in ran.stdout.splitlines()]


def test_a_case_is_an_object_of_these_fields_in_the_zone_of_the_calendar(tmp_path: Path) -> None:
    ran = replay(written(tmp_path / "log.jsonl", CASE, CASE | {"case": "二"}))
    assert (ran.returncode, ran.stderr) == (0, "")
    first, second = ran.stdout.splitlines()
    assert first == (
        '{"case":"1","metric":"fix","target_seconds":14400,"counted_seconds":3600.25,'
        '"breached":false,"deadline":"2012-03-05T12:00:00+01:00"}'
    )
    assert json.loads(second)["case"] == "二"


def test_a_case_left_open_is_judged_at_the_last_instant_of_all_cases(tmp_path: Path) -> None:
    left = CASE | {"case": "left", "events": CASE["events"][:1]}
    (first, _) = rows(replay(written(tmp_path / "log.jsonl", left, CASE)))
    assert (first["case"], first["counted_seconds"]) == ("left", 3600.25)


@pytest.mark.parametrize("slip", ["2999-03-05T09:00:00+01:00", "9999-12-31T23:59:59-12:00", "2101-01-01T00:00:00Z"])
def test_a_change_in_the_future_is_its_own_case_s_error_and_nobody_else_s(slip: str, tmp_path: Path) -> None:
    left = CASE | {"case": "left", "events": CASE["events"][:1]}
    wrong = CASE | {"case": "slip", "events": [*CASE["events"], CASE["events"][0] | {"at": slip}]}
    ran = replay(written(tmp_path / "log.jsonl", wrong, left, CASE))
    assert [(row["case"], row["counted_seconds"]) for row in rows(ran)] == [("left", 3600.25), ("1", 3600.25)]
    assert ran.returncode == 1
    assert ran.stderr.startswith("replay: line 1: a change lies in the future: ")


def test_a_log_may_be_packed_and_have_blank_lines(tmp_path: Path) -> None:
    plain = written(tmp_path / "log.jsonl", "", CASE, "", CASE, "")
    packed = [tmp_path / "log.jsonl.gz", tmp_path / "packed.jsonl"]
    for path in packed:
        path.write_bytes(gzip.compress(plain.read_bytes()))
    assert len(rows(replay(plain))) == 2
    assert {replay(path).stdout for path in packed} == {replay(plain).stdout}


def test_an_empty_log_has_no_answers(tmp_path: Path) -> None:
    ran = replay(written(tmp_path / "log.jsonl"))
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_a_line_that_cannot_be_judged_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    naive = {"at": "2012-03-05T08:00:00", "sub_status": "In Progress", "impact": "Major"}
    odd = [event | {"impact": "Odd"} for event in CASE["events"]]
    far = [{"at": "9999-12-31T08:00:00Z", "sub_status": "Closed", "impact": "Major"}]
    wrong = ["no json", CASE | {"events": []}, CASE | {"events": [naive]}, CASE | {"events": odd}, '["1"]', "[" * 9999]
    ran = replay(written(tmp_path / "log.jsonl", CASE, *wrong, CASE | {"case": "far", "events": far}, CASE))
    assert ran.returncode == 1
    assert len(rows(ran)) == 2
    said = ran.stderr.splitlines()
    numbers = [line.split(":")[1] for line in said]
    assert numbers == [f" line {number}" for number in (2, 3, 4, 5, 6, 7, 8)]
    assert "timezone" in said[2]
    assert "'Odd'" in said[3]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "truncated"),
        ("[]", "object"),
        ('{"metric": 7}', "$.metric"),
        (POLICY.read_text(encoding="utf-8").replace('"resume"', '"new_cycle"'), "$.reopen"),
        (POLICY.read_text(encoding="utf-8").replace("86400", "0"), "targets.Medium"),
        (POLICY.read_text(encoding="utf-8").replace("Stockholm", "Atlantis"), "$.calendar"),
        (POLICY.read_text(encoding="utf-8").replace("17:00", "25:00", 1), "$.calendar.weekly_hours"),
    ],
)
def test_a_bad_policy_ends_in_one_line_with_the_place(text: str, says: str, tmp_path: Path) -> None:
    ran = replay(written(tmp_path / "log.jsonl", CASE), written(tmp_path / "policy.json", text))
    assert (ran.returncode, ran.stdout) == (2, "")
    (line,) = ran.stderr.splitlines()
    assert line.startswith(f"replay: {tmp_path / 'policy.json'}: ")
    assert says in line


def test_a_file_that_cannot_be_read_ends_in_one_line(tmp_path: Path) -> None:
    whole = gzip.compress(json.dumps(CASE).encode() * 99)
    (tmp_path / "cut.jsonl.gz").write_bytes(whole[:-20])
    (tmp_path / "bent.jsonl.gz").write_bytes(whole[:20] + b"\xff" * 20 + whole[40:])
    logs = {
        "missing.jsonl": "No such file",
        ".": "directory",
        written(tmp_path / "plain.jsonl.gz", CASE).name: "gzip",
        "cut.jsonl.gz": "ended",
        "bent.jsonl.gz": "decompressing",
    }
    for name, says in logs.items():
        ran = replay(tmp_path / name)
        assert (ran.returncode, ran.stdout) == (2, "")
        (line,) = ran.stderr.splitlines()
        assert says in line
    ran = replay(LOG, tmp_path / "missing.json")
    assert (ran.returncode, ran.stderr) == (2, f"replay: {tmp_path / 'missing.json'}: No such file or directory\n")


def test_a_reader_that_leaves_early_costs_one_line() -> None:
    run = [*RUN, "--log", str(LOG), "--policy", str(POLICY)]
    with subprocess.Popen(run, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, env={"PATH": ""}) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        said = process.stderr.read().decode().splitlines()
        assert (process.wait(60), said) == (1, ["replay: standard output was closed before all was written"])


def test_all_incidents_of_the_demo_come_out_as_counted_day_by_day() -> None:
    policy = json.loads(POLICY.read_text(encoding="utf-8"))
    with gzip.open(LOG) as lines:
        cases = [json.loads(line) for line in lines]
    last = max(datetime.fromisoformat(change["at"]) for case in cases for change in case["events"])
    day_by_day = DayByDay(policy, last)
    ran = replay(LOG)
    assert (ran.returncode, ran.stderr) == (0, "")
    found = rows(ran)
    assert len(found) == len(cases) == 7_554
    assert [row for row, case in zip(found, cases, strict=True) if row != day_by_day.judge(case)] == []
    assert sum(row["breached"] for row in found) == 904
    assert sum(row["deadline"] is None for row in found) == 5


class DayByDay:
    """The same judgement by walking through local days and their hours: slow, plain, and nothing like the code."""

    def __init__(self, policy: Json, last: datetime) -> None:
        self.policy, self.last = policy, last
        self.zone = ZoneInfo(policy["calendar"]["timezone"])
        self.days: dict[date, list[tuple[datetime, datetime]]] = {}

    def judge(self, case: Json) -> Json:
        target = left = self.policy["targets"][case["events"][0]["impact"]]
        deadline = None
        for begin, end in self.runs(case["events"]):
            for opens, closes in self.opened(begin, end):
                seconds = int((closes - opens).total_seconds())
                if 0 < left <= seconds:
                    deadline = opens + timedelta(seconds=left)
                left -= seconds
        counted = target - left
        end_of_case, paused = self.end(case["events"])
        if left > 0 and not paused:
            deadline = self.running_on(end_of_case, left)
        return {
            "case": case["case"],
            "metric": self.policy["metric"],
            "target_seconds": target,
            "counted_seconds": counted,
            "breached": counted > target,
            "deadline": deadline and deadline.astimezone(self.zone).isoformat(),
        }

    def runs(self, events: list[Json]) -> Iterator[tuple[datetime, datetime]]:
        """Every interval between two changes in which the clock runs."""
        instants = [datetime.fromisoformat(event["at"]) for event in events] + [self.last]
        idle = {*self.policy["pause"], *self.policy["stop"]}
        for event, begin, end in zip(events, instants[:-1], instants[1:], strict=True):
            if event["sub_status"] not in idle:
                yield begin, end

    def end(self, events: list[Json]) -> tuple[datetime, bool]:
        """From where the clock would run on, and whether it was left paused."""
        if events[-1]["sub_status"] in self.policy["pause"]:
            return self.last, True
        stops = self.policy["stop"]
        index = len(events)
        while index and events[index - 1]["sub_status"] in stops:
            index -= 1
        return (datetime.fromisoformat(events[index]["at"]) if index < len(events) else self.last), False

    def running_on(self, begin: datetime, left: int) -> datetime | None:
        for opens, closes in self.opened(begin, begin + timedelta(days=365)):
            seconds = int((closes - opens).total_seconds())
            if left <= seconds:
                return opens + timedelta(seconds=left)
            left -= seconds
        return None

    def opened(self, begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The open intervals between two instants."""
        day = begin.astimezone(self.zone).date()
        until = end.astimezone(self.zone).date()
        while day <= until:
            for opens, closes in self.of(day):
                if max(opens, begin) < min(closes, end):
                    yield max(opens, begin), min(closes, end)
            day += timedelta(days=1)

    def of(self, day: date) -> list[tuple[datetime, datetime]]:
        if day not in self.days:
            calendar = self.policy["calendar"]
            special = {special["date"]: special["hours"] for special in calendar["extra_working"]}
            usual = [] if day.isoformat() in calendar["holidays"] else calendar["weekly_hours"].get(WEEK[day.weekday()])
            hours = special.get(day.isoformat(), usual) or []
            self.days[day] = [(self.at(day, opens), self.at(day, closes)) for opens, closes in hours]
        return self.days[day]

    def at(self, day: date, wall: str) -> datetime:
        return datetime.fromisoformat(f"{day.isoformat()}T{wall}").replace(tzinfo=self.zone).astimezone(UTC)
