"""`python -m deploy.restore`: what `make restore` does: PostgreSQL becomes what it was, and the services go on.

`--to` is the instant to go back to, with its zone (RFC 3339), such as 2026-11-28T09:30:00+08:00; without it everything
that was archived comes back, as after a lost volume. The steps are those of the guide, and of `make drill`:

1. The services and Keycloak stop; PostgreSQL stops, if it runs. Kafka goes on.
2. pgBackRest writes the files of the last fitting backup and what was archived after it.
3. PostgreSQL starts on a timeline of its own, by which each service begins a new epoch.
4. Erasures are repeated: what the backup brought back of people who were erased goes again.
5. Everything starts, and a new full backup is taken.
"""

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from deploy.devstack.trouble import Trouble
from libs.services import SERVICES

FOLDER = Path(__file__).parent
STARTED = time.monotonic()
WELL_SECONDS = "900"
RESTORE = 'install -d -m 0700 "$PGDATA" && exec pgbackrest --stanza=aftercare --delta restore "$@"'
RECOVERED = """
until [ "$(psql -U postgres -Atc 'SELECT pg_is_in_recovery()')" = f ]; do sleep 0.5; done
psql -U postgres -Atc 'SELECT pg_switch_wal()'
"""
"""Until its new timeline has something in the archive, a restore might follow the one that was left."""
BACKUP = ("exec", "--no-TTY", "postgres", "pgbackrest", "--stanza=aftercare", "--type=full", "backup")


class Compose:
    """compose.yaml as it runs."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command

    def run(self, *arguments: str) -> None:
        """Raises Trouble; what compose says stands on standard error."""
        if subprocess.run([*self._command, *arguments], check=False).returncode:
            raise Trouble(f"docker compose {' '.join(arguments[:3])} failed")


def restore(compose: Compose, to: datetime | None) -> None:
    """From whatever is there to everything up and well. Raises Trouble."""
    ours = [f"{service}{part}" for service in SERVICES for part in ("", "-worker")]
    _say("stopping the services and PostgreSQL")
    compose.run("stop", *ours, "keycloak", "postgres")
    _say("writing what the backup and the archive have")
    target = ["--type=time", f"--target={to.isoformat(' ')}", "--target-action=promote"] if to else []
    compose.run("run", "--rm", "--no-deps", "--entrypoint", "sh", "postgres", "-c", RESTORE, "sh", *target)
    _say("starting PostgreSQL")
    compose.run("up", "--detach", "--no-deps", "--wait", "--wait-timeout", WELL_SECONDS, "postgres")
    compose.run("exec", "--no-TTY", "postgres", "sh", "-c", RECOVERED)
    _say("repeating erasures")
    compose.run("run", "--rm", "--no-deps", "erasures")
    _say("starting everything")
    compose.run("up", "--detach", "--wait", "--no-build", "--wait-timeout", WELL_SECONDS)
    _say("taking a backup, from which the next restore begins")
    compose.run(*BACKUP)
    _say("all is up and well")


def _say(words: str) -> None:
    print(f"{time.monotonic() - STARTED:6.1f}  {words}", flush=True)


def main(
    to: Annotated[str, typer.Option(help="Go back to this instant (RFC 3339); none: all that was archived.")] = "",
) -> None:
    """Restore PostgreSQL from its backups while nobody works."""
    try:
        instant = datetime.fromisoformat(to) if to else None
    except ValueError:
        raise Trouble(f"{to} is no instant, as 2026-11-28T09:30:00+08:00") from None
    if instant and not instant.tzinfo:
        raise Trouble(f"{to} has no zone: 2026-11-28T09:30:00+08:00 has")
    command = os.environ.get("COMPOSE", f"docker compose -f {shlex.quote(str(FOLDER / 'compose.yaml'))}")
    restore(Compose(shlex.split(command)), instant)


if __name__ == "__main__":
    try:
        typer.run(main)
    except Trouble as trouble:
        print(f"aftercare: {trouble}", file=sys.stderr)
        raise SystemExit(1) from None
