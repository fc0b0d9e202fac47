"""The people of the development issuer, and how their passwords are kept and not guessed."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from deploy.devstack.issuer.passwords import TRIES, WITHIN_SECONDS, Tries
from deploy.devstack.issuer.people import PEOPLE, ROLES, People, listed
from tests.chassis.conftest import LiveIssuer
from tests.console import Console, Journey


def test_there_is_somebody_for_each_role_and_somebody_with_two() -> None:
    assert {role for person in PEOPLE for role in person.roles} == set(ROLES) - {"service"}
    assert any(len(person.roles) == 2 for person in PEOPLE)
    assert {"engineer-1", "engineer-2", "engineer-3"} <= {person.username for person in PEOPLE if person.region}


def test_passwords_are_kept_as_hashes_and_the_password_may_go(tmp_path: Path) -> None:
    People(tmp_path)
    password = (tmp_path / "password").read_text()
    hashes = [(tmp_path / "people" / person.username).read_text() for person in PEOPLE]
    assert len(set(hashes)) == len(PEOPLE)
    assert not any(password in each for each in hashes)
    assert {file.stat().st_mode & 0o777 for file in tmp_path.rglob("*") if file.is_file()} == {0o600}
    (tmp_path / "password").unlink()
    assert "hashes alone" in list(listed(tmp_path))[-1]
    assert People(tmp_path).found("agent", password) == PEOPLE[0]
    assert People(tmp_path).found("agent", f"{password}.") is None


def test_the_command_lists_the_people_and_their_password(issuer: LiveIssuer, password: str) -> None:
    command = [sys.executable, "-m", "deploy.devstack.issuer", "people", "--state", str(issuer.state)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert told == list(listed(issuer.state))
    assert told[0].split() == ["agent", "agent", "王芳"]
    assert told[-1].endswith(password)


def test_passwords_are_not_guessed(console: Console, password: str) -> None:
    page = console.browser.get(console.address(Journey()))
    with ThreadPoolExecutor(10) as threads:
        guess = [threads.submit(console.fill_in, page, username="director", password=f"{n}") for n in range(20)]
    assert sorted(each.result().status_code for each in guess) == [401] * TRIES + [429] * (20 - TRIES)
    right = console.fill_in(page, username="Director ", password=password)
    assert right.status_code == 429
    assert 0 < int(right.headers["retry-after"]) <= WITHIN_SECONDS
    assert "秒后再试" in right.text
    assert console.fill_in(page, username="agent", password=password).status_code == 303


def test_five_passwords_are_tried_in_a_minute() -> None:
    tries = Tries()
    assert [tries.wait("agent", at) for at in range(TRIES)] == [0.0] * TRIES
    assert tries.wait("agent", at=10) == WITHIN_SECONDS - 10
    assert tries.wait("agent", at=WITHIN_SECONDS) == 0.0
    assert tries.wait("agent", at=WITHIN_SECONDS) > 0


def test_the_right_password_makes_wrong_ones_forgotten() -> None:
    tries = Tries()
    for at in range(3 * TRIES):
        assert tries.wait("agent", at) == 0.0
        tries.succeed("agent")
