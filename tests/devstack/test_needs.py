"""What the check of the compose file needs of a machine, and says when it is not there."""

import os
import shutil

import pytest

from deploy.check.needs import Lacking, install


def test_without_root_the_check_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(Lacking, match="run it as root"):
        install()


def test_what_cannot_be_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda command: None)
    with pytest.raises(Lacking, match=r"no Debian, and has no docker\.io, .*podman"):
        install()
