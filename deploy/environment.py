"""Make or refresh `.venv` from requirements.lock: `python3 deploy/environment.py`, run by make when the lock changed.

Written so that any python3 can read it: a wrong one is told in a sentence and not by a syntax error. Every package
is checked by the lock's hashes. uv installs them; where uv cannot be had, pip does, which takes longer.
"""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

OLDEST, NEWEST = (3, 11), (3, 13)
HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PYTHON = ROOT / ".venv" / "bin" / "python"
LOCK = ROOT / "requirements.lock"
LOG = ROOT / ".venv.log"
VERSION = "{}.{}".format(*sys.version_info)


def main() -> None:
    """Check what is there, make the environment, fill it."""
    check_python()
    if not fitting_environment():
        make_environment()
    if not (install_with_uv() or install_with_pip()):
        stop(f"the packages could not be fetched: is there a network, or a package index that pip knows? See {LOG}")
    LOG.unlink()


def check_python() -> None:
    """One line for a Python that will not do."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        stop(
            f"Python 3.11 to 3.13 is needed, {sys.executable} is {VERSION}: name another, as in make PYTHON3=python3.12"
        )
    if not (find_spec("venv") and find_spec("ensurepip")):
        stop("Python's venv module is missing: install it (Debian, Ubuntu: apt install python3-venv)")


def fitting_environment() -> bool:
    """Whether .venv is there, of this Python's version, and has pip."""
    question = "import sys, pip; print('{}.{}'.format(*sys.version_info))"
    try:
        answer = subprocess.run(
            [PYTHON, "-c", question], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
        )
    except OSError:
        return False
    return answer.stdout.decode().strip() == VERSION


def make_environment() -> None:
    """An empty .venv of this Python."""
    say(f"making .venv with Python {VERSION}")
    if not run(sys.executable, "-m", "venv", "--clear", ROOT / ".venv"):
        stop(f"python3 -m venv failed (Debian, Ubuntu: apt install python3-venv); see {LOG}")


def install_with_uv() -> bool:
    """Fetch uv by its own lock, and let it install ours."""
    say("fetching uv")
    if not pip("--only-binary=:all:", "-r", HERE / "uv.txt"):
        return False
    say("installing what requirements.lock names")
    uv = PYTHON.with_name("uv")
    # Compiled here once, or each start would compile its libraries again wherever nothing may be written.
    return run(uv, "pip", "sync", "--quiet", "--compile-bytecode", "--require-hashes", "--python", PYTHON, LOCK)


def install_with_pip() -> bool:
    """The same without uv."""
    say("uv could not be used: installing with pip, which takes some minutes")
    return pip("-r", LOCK)


def pip(*arguments: object) -> bool:
    """Install with pip, every file checked by its hash."""
    return run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", *arguments)


def run(*command: object) -> bool:
    """Run it with its output in the log; whether it succeeded."""
    settings = dict(os.environ, UV_PYTHON_DOWNLOADS="never", PIP_NO_INPUT="1")
    with LOG.open("ab") as log:
        done = subprocess.run([str(part) for part in command], stdout=log, stderr=log, env=settings, check=False)
    return done.returncode == 0


def say(words: str) -> None:
    print(f"· {words}", file=sys.stderr, flush=True)  # standard output is for what was asked, such as a token


def stop(sentence: str) -> None:
    print(f"aftercare: {sentence}", file=sys.stderr)
    raise SystemExit(1)


if __name__ == "__main__":
    main()
