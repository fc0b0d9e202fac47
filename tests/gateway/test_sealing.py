"""What is sealed is opened by the same keys alone, for the same purpose, and while it is young enough."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from libs.chassis.running.settings import MissingSetting
from services.gateway.seal import Seal, secrets_of

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
OLD, NEW = "the old secret, of at least 32 characters", "the new secret, of at least 32 characters"


def test_what_was_sealed_is_opened_and_cannot_be_read() -> None:
    sealed = Seal([OLD], "x").seal(b"a token", NOW)
    assert b"token" not in sealed
    assert Seal([OLD], "x").open(sealed, NOW) == b"a token"


def test_after_a_rotation_the_first_seals_and_all_open() -> None:
    rotated = Seal([NEW, OLD], "x")
    assert rotated.open(Seal([OLD], "x").seal(b"a token", NOW), NOW) == b"a token"
    assert Seal([OLD], "x").open(rotated.seal(b"a token", NOW), NOW) is None
    assert Seal([NEW], "x").open(rotated.seal(b"a token", NOW), NOW) == b"a token"


def test_one_purposes_is_nothing_to_another() -> None:
    assert Seal([OLD], "y").open(Seal([OLD], "x").seal(b"a token", NOW), NOW) is None


def test_what_was_changed_is_not_opened() -> None:
    sealed = Seal([OLD], "x").seal(b"a token", NOW)
    for changed in (sealed[:-2], sealed[:40] + bytes([sealed[40] ^ 1]) + sealed[41:], b"", "工单".encode()):
        assert Seal([OLD], "x").open(changed, NOW) is None


@pytest.mark.parametrize(("seconds", "found"), [(599, b"an attempt"), (601, None)])
def test_an_attempt_is_opened_while_it_is_young(seconds: int, found: bytes | None) -> None:
    seal = Seal([OLD], "x")
    assert seal.open(seal.seal(b"an attempt", NOW), NOW + timedelta(seconds=seconds), 600) == found


@pytest.mark.parametrize("text", ["", "\n\n", "short", f"{OLD}\nshort"])
def test_a_secret_that_is_missing_or_short_is_told(tmp_path: Path, text: str) -> None:
    file = tmp_path / "seal_key"
    file.write_text(text)
    with pytest.raises(MissingSetting, match="GATEWAY_SEAL_KEY_FILE"):
        secrets_of(file)
    with pytest.raises(MissingSetting, match="FileNotFoundError"):
        secrets_of(tmp_path / "none")
