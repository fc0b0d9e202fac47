"""What the lock names is what is used: checked by hash, fetched once, never half there."""

import hashlib
from pathlib import Path

import pytest

from deploy.devstack.artefacts import KAFKA_LOCK, POSTGRES_LOCK, Jar, fetch, read_lock
from deploy.devstack.trouble import Trouble


class Repository:
    """Hands out one text for every jar, and counts how often it was asked."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.asked = 0

    def __call__(self, jar: Jar, folder: Path) -> Path:
        self.asked += 1
        (folder / jar.file_name).write_bytes(self.text)
        return folder / jar.file_name


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "aftercare" / "jars"


def a_jar(text: bytes) -> Jar:
    return Jar("org.example", "thing", "1.0", hashlib.sha256(text).hexdigest())


def test_a_jar_is_fetched_once(cache: Path) -> None:
    repository = Repository(b"right")
    first, second = (fetch([a_jar(b"right")], repository) for _ in range(2))
    assert first == second
    assert first[0].read_bytes() == b"right"
    assert repository.asked == 1


def test_a_jar_with_another_hash_is_refused_and_not_kept(cache: Path) -> None:
    with pytest.raises(Trouble, match="the lock says"):
        fetch([a_jar(b"right")], Repository(b"wrong"))
    assert list(cache.iterdir()) == []


def test_a_damaged_file_in_the_cache_is_fetched_anew(cache: Path) -> None:
    repository = Repository(b"right")
    (kept,) = fetch([a_jar(b"right")], repository)
    kept.write_bytes(b"cut sho")
    assert fetch([a_jar(b"right")], repository)[0].read_bytes() == b"right"
    assert repository.asked == 2


@pytest.mark.parametrize("lock", [KAFKA_LOCK, POSTGRES_LOCK], ids=["kafka", "postgres"])
def test_a_lock_names_coordinates_and_hashes_and_no_host(lock: Path) -> None:
    jars = read_lock(lock)
    assert jars
    assert all(len(jar.sha256) == 64 for jar in jars)
    assert "/" not in lock.read_text()
