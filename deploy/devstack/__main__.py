"""`python -m deploy.devstack up | down | token`: what `make up`, `make down` and `make token` do."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from deploy.devstack.environment import read_environment, write_private
from deploy.devstack.folder import MARK, RunFolder
from deploy.devstack.process import ROOT
from deploy.devstack.stack import Stack
from deploy.devstack.supervisor import Supervisor, client_settings
from deploy.devstack.trouble import Trouble
from libs.services import EVENT_SERVICES, SERVICES

OWNER = "make up"
READY = "ready"
FAILED = "failed: "
PATIENCE_SECONDS = 240.0
TOKEN_SECONDS = 8 * 3600

commands = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
Folder = Annotated[Path, typer.Option("--run", help="The run folder.")]
Services = Annotated[str, typer.Option(help="Which services, with commas between; 'none' for the servers alone.")]
RUN = ROOT / ".run"
ALL = ",".join(SERVICES)


@commands.command()
def up(run: Folder = RUN, services: Services = ALL) -> None:
    """Start everything in the background and return when it is ready; harmless if it runs already."""
    folder = RunFolder(run)
    child = None
    if (holder := folder.holder()) is None:
        folder.status_file.unlink(missing_ok=True)
        child = _detach(folder, services)
    elif holder[0] != OWNER:
        raise Trouble(f"{holder[0]} is running here (process {holder[1]}): stop it first, with Ctrl-C there")
    try:
        _follow(folder, child)
    except KeyboardInterrupt:
        if child:
            child.terminate()
        raise Trouble("stopping again, as you asked") from None
    print(_addresses(folder))


@commands.command(hidden=True)
def supervise(run: Folder = RUN, services: Services = ALL) -> None:
    """Run everything in this process until SIGTERM or Ctrl-C."""
    folder = RunFolder(run)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with folder.held(OWNER):
        try:
            _run(folder, services, stop)
        except Trouble as trouble:
            _tell(folder, f"{FAILED}{trouble}")
            raise
        finally:
            folder.pid_file("supervisor").unlink(missing_ok=True)


@commands.command()
def down(run: Folder = RUN) -> None:
    """Stop everything, by force if need be; the data stays."""
    folder = RunFolder(run)
    holder = folder.holder()
    if holder:
        _end(folder, holder[1])
    with folder.held("make down"):
        left = folder.sweep()
        folder.environment_file.unlink(missing_ok=True)
        folder.status_file.unlink(missing_ok=True)
    print("stopped" if holder or left else "nothing was running")


@commands.command()
def token(role: str, run: Folder = RUN) -> None:
    """Print a token of the running issuer, valid for eight hours, and nothing else."""
    # FastAPI and cryptography, which only this command needs.
    from deploy.devstack.issuer import ROLES, Issuer  # noqa: PLC0415

    environment = _environment(run)
    if role not in ROLES:
        raise Trouble(f"there is no role {role!r}; the roles are {', '.join(ROLES)}")
    issuer = Issuer(Path(environment["OIDC_STATE"]), environment["OIDC_ISSUER"])
    print(issuer.token(f"role-{role}", [role], TOKEN_SECONDS))


@commands.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def within(context: typer.Context, module: str, run: Folder = RUN) -> None:
    """Run a Python module with the addresses of what runs here in its environment, and a service's own credentials."""
    command = [sys.executable, "-m", module, *context.args]
    known = _environment(run)
    # Servers alone have no issuer, and a process without a log no calls of its own.
    for service in set(context.args[:1]) & set(EVENT_SERVICES) if "OIDC_STATE" in known else ():
        known |= client_settings(service, known["OIDC_STATE"])
    os.execve(sys.executable, command, {**os.environ, **known})


def _environment(run: Path) -> dict[str, str]:
    if not (values := read_environment(run / "env")):
        raise Trouble("nothing runs here: start it first, with `make up`")
    return values


def _run(folder: RunFolder, services: str, stop: threading.Event) -> None:
    folder.sweep()
    folder.pid_file("supervisor").write_text(f"{os.getpid()}\n")
    names = [] if services == "none" else services.split(",")
    supervisor = Supervisor(Stack(folder), names, progress=lambda words: _tell(folder, words))
    with supervisor:
        if "dispatch" in names:
            _register(folder, supervisor.environment)
        _tell(folder, READY)
        stop.wait()


def _register(folder: RunFolder, environment: Mapping[str, str]) -> None:
    # The issuer, which servers alone do not need.
    from deploy.devstack.engineers import register  # noqa: PLC0415

    _tell(folder, "binding the engineers' logins")
    register(environment)


def _tell(folder: RunFolder, words: str) -> None:
    """Say it in the log and, while starting, to whoever waits for it."""
    print(time.strftime("%Y-%m-%dT%H:%M:%S%z"), words, flush=True)
    if not folder.status_file.exists() or folder.status_file.read_text() != READY:
        write_private(folder.status_file, words)


def _detach(folder: RunFolder, services: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "deploy.devstack", "supervise", "--run", str(folder.path), "--services", services]
    with folder.log("supervisor").open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | {MARK: str(folder.path)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _follow(folder: RunFolder, child: subprocess.Popen[bytes] | None) -> None:
    """Print what the supervisor says until it is ready; Trouble if it fails or ends."""
    end = time.monotonic() + PATIENCE_SECONDS
    said = ""
    while time.monotonic() < end:
        words = folder.status_file.read_text() if folder.status_file.exists() else ""
        if words.startswith(FAILED):
            raise Trouble(words.removeprefix(FAILED))
        if words == READY:
            return
        if words != said:
            print(f"· {words}", flush=True)
            said = words
        if child and child.poll() is not None and folder.holder() is None:
            raise Trouble(f"the supervisor ended at its start; see {folder.log('supervisor')}")
        time.sleep(0.1)
    raise Trouble(f"not ready after {PATIENCE_SECONDS:.0f} s; see {folder.path / 'log'}")


def _end(folder: RunFolder, pid: int) -> None:
    """Ask the holder of the folder to stop, and insist after a while."""
    for number, patience in ((signal.SIGTERM, 60.0), (signal.SIGKILL, 5.0)):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if folder.holder() is None:
                return
            time.sleep(0.1)
    raise Trouble(f"process {pid} does not end")


def _addresses(folder: RunFolder) -> str:
    lines = folder.environment_file.read_text().splitlines()
    shown = [line for line in lines if "_DATABASE_URL" not in line and not line.startswith("DATABASE_URL")]
    return "\n".join([*shown, *_front(folder), f"ready; the databases' addresses are in {folder.environment_file}"])


def _front(folder: RunFolder) -> list[str]:
    """Where to go with a browser, and how to learn who can sign in there."""
    known = read_environment(folder.environment_file)
    if "GATEWAY_URL" not in known:
        return []
    # The issuer, which servers alone do not need.
    from deploy.devstack.issuer.people import phones  # noqa: PLC0415

    people = f".venv/bin/python -m deploy.devstack.issuer people --state {known['OIDC_STATE']}"
    url = known["GATEWAY_URL"]
    return [
        f"in a browser: {url} (who can sign in, and how: {people})",
        f"an engineer's phone: {url}/field/ (as {phones()})",
    ]


def main() -> None:
    """Run a command; trouble is one line on standard error and status 1."""
    try:
        commands()
    except Trouble as trouble:
        print(f"aftercare: {trouble}", file=sys.stderr)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
