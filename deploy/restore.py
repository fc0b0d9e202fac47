"""`python -m deploy.restore`: what `make restore` does: PostgreSQL becomes what it was, and the services go on.

`--to` is the instant to go back to, with its zone (RFC 3339), such as 2026-11-28T09:30:00+08:00; without it everything
that was archived comes back, as after a lost volume. `--from-replica` takes what a cluster's second PostgreSQL has:
which is all but the last moment. The steps are those of the guide, and of `make drill`:

1. The services and Keycloak stop; PostgreSQL stops, if it runs. Kafka goes on.
2. pgBackRest writes the files of the last fitting backup and what was archived after it; or the second PostgreSQL's
   are copied, which is itself made anew at the end.
3. PostgreSQL starts on a timeline of its own, by which each service begins a new epoch.
4. Erasures are repeated: what the backup brought back of people who were erased goes again.
5. Everything starts, and a new full backup is taken.
"""

import json
import sys
import time
from datetime import UTC, datetime
from typing import Annotated

import typer

from deploy.composition import Composition, set_up
from deploy.devstack.trouble import Trouble
from deploy.setup.profiles import BROKERS
from libs.services import EVENT_SERVICES, PROCESSES

STARTED = time.monotonic()
WELL_SECONDS = "900"
RECOVERY_SECONDS = 4 * 3600.0
PGBACKREST = ("--entrypoint", "pgbackrest", "postgres", "--stanza=aftercare")
OURS = [*(f"{service}{part}" for service in EVENT_SERVICES for part in ("", "-worker")), *PROCESSES]
REPLICA = "postgres-replica"
SHELL = ("run", "--rm", "--no-deps", "--entrypoint", "sh")
RESTORE = """
install -d -m 0700 "$PGDATA" && rm -f "$PGDATA/postmaster.pid"
exec pgbackrest --stanza=aftercare --delta restore "$@"
"""
"""PostgreSQL has been stopped: a file that says otherwise is left of a crash."""
COPY = f"""
aftercare-copy {REPLICA}
rm "$PGDATA/standby.signal"
touch "$PGDATA/recovery.signal"
cat >> "$PGDATA/postgresql.auto.conf" << 'END'
restore_command = 'pgbackrest --stanza=aftercare archive-get %f "%p"'
recovery_target_timeline = 'current'
END
"""
"""By recovery it begins a timeline of its own, and gets from the archive what the second one had not."""
INSIDE = ("exec", "--no-TTY", "postgres")
PSQL = ("psql", "-U", "postgres", "-Atc")
IN_RECOVERY = (*PSQL, "SELECT pg_is_in_recovery()")
REPLAYED = (*PSQL, "SELECT pg_last_wal_replay_lsn(), pg_last_xact_replay_timestamp()")
REPLAY_SECONDS = 5.0
"""One whose place does not move for so long has nothing more to replay."""
SWITCH = (*INSIDE, *PSQL, "SELECT pg_switch_wal()")
"""Until its new timeline has something in the archive, a restore might follow the one that was left."""
BACKUP = (*INSIDE, "pgbackrest", "--stanza=aftercare", "--type=full", "--no-expire-auto", "backup")
"""None is thrown away for it: the moment that was gone back to may have been the wrong one."""


class Restore:
    """A restore of what a composition has. Every step may raise Trouble, and all of it can be run again."""

    def __init__(self, composition: Composition) -> None:
        self._composition = composition
        self._replica = composition.chosen(REPLICA)

    def from_backup(self, to: datetime | None) -> None:
        """What was archived, up to an instant or all of it."""
        self._check(to)
        self._stop(*self._replica)
        _say("writing what the backup and the archive have")
        self._composition.run(*SHELL, "postgres", "-ec", RESTORE, "sh", *_target(to))
        self._go_on()

    def from_replica(self) -> None:
        """What the second PostgreSQL has."""
        if not self._replica:
            raise Trouble("there is no second PostgreSQL here: nothing was stopped")
        self._composition.run("up", "--detach", "--no-deps", REPLICA)
        self._answers(REPLICA, "t", 60)
        self._stop()
        self._has_replayed()
        _say("copying what the second PostgreSQL has")
        self._composition.run(*SHELL, "postgres", "-ec", COPY)
        self._composition.run("stop", REPLICA)
        self._go_on()

    def _has_replayed(self) -> None:
        """What it received before the first one went has to be in its files before they are copied."""
        before, (place, last) = "", self._replayed()
        while place != before:
            time.sleep(REPLAY_SECONDS)
            before, (place, last) = place, self._replayed()
        _say(f"the second PostgreSQL has everything up to {last}")

    def _replayed(self) -> list[str]:
        return self._composition.answer("exec", "--no-TTY", REPLICA, *REPLAYED).strip().split("|")

    def _stop(self, *more: str) -> None:
        _say("stopping the services and PostgreSQL")
        self._composition.run("stop", *OURS, "keycloak", "postgres", *more)

    def _go_on(self) -> None:
        """From PostgreSQL's files to everything up and well."""
        run = self._composition.run
        _say("starting PostgreSQL")
        run("up", "--detach", "--no-deps", "postgres")
        self._answers("postgres", "f", RECOVERY_SECONDS)
        run(*SWITCH)
        _say("repeating erasures")
        brokers = self._composition.chosen(*BROKERS)
        run("up", "--detach", "--no-deps", "--wait", "--wait-timeout", WELL_SECONDS, *brokers)
        set_up(self._composition)
        run("run", "--rm", "--no-deps", "erasures")
        _say("starting everything")
        run("up", "--detach", "--wait", "--no-build", "--wait-timeout", WELL_SECONDS, *OURS, "keycloak", "postgres")
        _say("taking a backup, from which the next restore begins")
        run(*BACKUP)
        for replica in self._replica:
            run(*SHELL, replica, "-ec", 'rm -rf "$PGDATA"')
            run("up", "--detach", "--no-deps", "--no-build", replica)
            _say("the second PostgreSQL is being copied from the first, as long as that takes")
        _say("all is up and well")

    def _check(self, to: datetime | None) -> None:
        """Nothing is stopped for a restore that cannot be."""
        told = json.loads(self._composition.answer("run", "--rm", "--no-deps", *PGBACKREST, "--output=json", "info"))
        ends = [datetime.fromtimestamp(each["timestamp"]["stop"], UTC) for each in told[0]["backup"]] if told else []
        if not ends:
            raise Trouble("there is no backup: nothing was stopped")
        if to and min(ends) > to:
            raise Trouble(f"the oldest backup ended at {min(ends).isoformat()}, after that: nothing was stopped")

    def _answers(self, name: str, follows: str, seconds: float) -> None:
        """A server takes connections, and does or does not follow another (`t`, `f`)."""
        give_up = time.monotonic() + seconds
        while time.monotonic() < give_up:
            try:
                if self._composition.asked("exec", "--no-TTY", name, *IN_RECOVERY).strip() == follows:
                    return
            except Trouble:
                pass  # it does not take connections yet
            time.sleep(1)
        raise Trouble(f"{name} does not answer: see `docker compose -f deploy/compose.yaml logs {name}`")


def _target(to: datetime | None) -> list[str]:
    """The moment on the timeline of the backup that fits: not on one that an earlier restore has begun."""
    if to is None:
        return []
    return ["--type=time", f"--target={to.isoformat(' ')}", "--target-action=promote", "--target-timeline=current"]


def _say(words: str) -> None:
    print(f"{time.monotonic() - STARTED:6.1f}  {words}", flush=True)


def main(
    to: Annotated[str, typer.Option(help="Go back to this instant (RFC 3339); none: all that was archived.")] = "",
    from_replica: Annotated[bool, typer.Option("--from-replica", help="Take what the second PostgreSQL has.")] = False,
) -> None:
    """Restore PostgreSQL from its backups, or from the one that follows it, while nobody works."""
    if to and from_replica:
        raise Trouble("the second PostgreSQL has the present alone: give --to or --from-replica")
    try:
        instant = datetime.fromisoformat(to) if to else None
    except ValueError:
        raise Trouble(f"{to} is no instant, as 2026-11-28T09:30:00+08:00") from None
    if instant and not instant.tzinfo:
        raise Trouble(f"{to} has no zone: 2026-11-28T09:30:00+08:00 has")
    restore = Restore(Composition.here())
    restore.from_replica() if from_replica else restore.from_backup(instant)


if __name__ == "__main__":
    try:
        typer.run(main)
    except Trouble as trouble:
        print(f"aftercare: {trouble}", file=sys.stderr)
        print("Run the restore again when that is mended, and never `up`: erasures may be missing.", file=sys.stderr)
        raise SystemExit(1) from None
