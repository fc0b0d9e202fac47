"""Guards that are tested: take one out of a copy of the shipped code, and the test that is named for it must fail."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import OUTER_SERVERS
from tests.servers import Servers

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
AT_ONCE = 2


@dataclass(frozen=True)
class Mutant:
    """What is lost: `old` becomes `new` in a file of libs/events, and `test` of tests/libs must see it."""

    name: str
    file: str
    old: str
    new: str
    test: str


KERNEL = "database/migrations/versions/0001_kernel.py"

MUTANTS = [
    Mutant(
        "bigserial polling instead of sealing",
        KERNEL,
        "DELETE FROM outbox WHERE position > now_at.floor AND position <= (\n"
        "            SELECT max(position) FROM (\n"
        "                SELECT position FROM outbox WHERE position > now_at.floor ORDER BY position LIMIT most\n"
        "            ) AS first\n"
        "        )\n        RETURNING position, lane",
        "SELECT position, lane_of(key) AS lane FROM event WHERE key IS NOT NULL\n"
        "        AND position > (SELECT coalesce(max(position), 0) FROM published) ORDER BY position LIMIT most",
        "test_store_races.py::test_an_event_that_commits_late_is_sealed_late_and_not_lost",
    ),
    Mutant(
        "sealers side by side",
        KERNEL,
        "SELECT * INTO now_at FROM seal WHERE id = 1 FOR UPDATE;",
        "SELECT * INTO now_at FROM seal WHERE id = 1;",
        "test_store_races.py::test_a_sealer_waits_for_the_one_before_it_and_then_sees_what_that_one_sealed",
    ),
    Mutant(
        "a version is free, so it is right",
        "log/append.py",
        "HEAD: [head for unit in units for head in unit.expected_heads()],",
        "HEAD: [],",
        "test_store.py::test_a_version_is_decided_only_upon_what_is_committed",
    ),
    Mutant(
        "any event will do at the version that was decided upon",
        "log/append.py",
        " AND e.id = r.id)",
        ")",
        "test_stream_cache.py::test_another_event_at_the_remembered_version_is_not_what_was_decided_upon",
    ),
    Mutant(
        "what was only read may change",
        "log/store.py",
        "if await source.fetchval(CHANGED, list(reads), list(reads.values())):",
        "if False:",
        "test_store_races.py::test_what_a_story_only_read_is_as_it_was_when_the_story_commits",
    ),
    Mutant(
        "two stories that read what the other writes, side by side",
        "log/store.py",
        "await source.execute(LOCK_STREAMS, [*reads, *unit.known])",
        "pass",
        "test_store_races.py::test_of_two_stories_that_read_what_the_other_writes_one_waits_and_fails",
    ),
    Mutant(
        "what is remembered may refuse",
        "log/store.py",
        "            raise Unconfirmed from error",
        "            raise",
        "test_stream_cache.py::test_a_refusal_that_only_memory_knows_is_decided_again",
    ),
    Mutant(
        "what is remembered has nothing to say",
        "log/store.py",
        "if not unit.is_verifiable:",
        "if False:",
        "test_stream_cache.py::test_nothing_to_say_to_what_is_only_remembered_is_decided_again",
    ),
    Mutant(
        "what may yet be rolled back is remembered",
        "log/store.py",
        "        if alone:\n            self._cache",
        "        if True:\n            self._cache",
        "test_stream_cache.py::test_what_is_rolled_back_is_not_remembered",
    ),
    Mutant(
        "any request may have a key's answer",
        "log/store.py",
        'if row["request_hash"] != idempotency.request_hash:',
        "if False:",
        "test_store.py::test_a_key_used_before_for_something_else_is_refused",
    ),
    Mutant(
        "an event of any size",
        "log/append.py",
        "if (size := outgoing(data)) > MAX_EVENT_BYTES:",
        "if (size := outgoing(data)) < 0:",
        "test_store.py::test_an_event_that_kafka_might_refuse_is_refused_first",
    ),
    Mutant(
        "a count is what came last",
        "log/rows.py",
        "{name} = standing.{name} + excluded.{name}",
        "{name} = excluded.{name}",
        "test_counts.py::test_of_32_writers_on_one_row_nobody_is_lost",
    ),
    Mutant(
        "of two units that count, the last one does",
        "log/rows.py",
        "self.rows |= sums",
        "pass",
        "test_together.py::test_who_asks_at_once_shares_a_few_statements_and_each_has_its_effect",
    ),
    Mutant(
        "whoever is written with one that fails, fails",
        "log/together.py",
        "waiting.is_written.set_result(is_written)",
        "waiting.is_written.set_result(True)",
        "test_together.py::test_one_that_cannot_be_written_fails_alone",
    ),
    Mutant(
        "what was written together is written again",
        "log/together.py",
        "            is_written = True",
        "            is_written = False",
        "test_together.py::test_who_asks_at_once_shares_a_few_statements_and_each_has_its_effect",
    ),
    Mutant(
        "whoever is written with one that waits, waits",
        "log/append.py",
        "checks.append(HURRY)",
        "pass",
        "test_together.py::test_one_that_waits_for_a_lock_keeps_none_of_those_waiting_that_it_is_written_with",
    ),
    Mutant(
        "everybody waits for a statement that waits",
        "log/together.py",
        "asyncio.get_running_loop().call_later(SLOW_SECONDS, self.end)",
        "asyncio.get_running_loop().call_later(60, self.end)",
        "test_together.py::test_a_statement_that_waits_for_a_lock_keeps_nobody_else_waiting",
    ),
    Mutant(
        "a unit that is tried again counts again",
        "log/unit.py",
        "rows = self.extra_rows.copy()",
        "rows = self.extra_rows",
        "test_counts.py::test_a_unit_that_is_appended_again_counts_once",
    ),
    Mutant(
        "rows of counts in any order",
        "log/rows.py",
        "keys = sorted(self.rows)",
        "keys = list(self.rows)",
        "test_counts.py::test_rows_are_locked_in_one_order_whatever_the_order_of_the_story",
    ),
    Mutant(
        "a row may be of any stream",
        "log/unit.py",
        "is_new = view.is_checked and before.get(key) is None",
        "is_new = False",
        "test_counts.py::test_a_row_that_another_stream_made_is_refused",
    ),
    Mutant(
        "a rebuilt row may be of any stream",
        "projection/own_history.py",
        "await self._shadow.own(connection, history)",
        "pass",
        "test_counts.py::test_a_rebuild_names_a_row_of_two_streams_and_both",
    ),
    Mutant(
        "a rebuilt count counts a stream again",
        "projection/own_history.py",
        "if recorded.position > since)",
        "if recorded.position > 0)",
        "test_counts.py::test_the_proof_of_a_count_holds_while_its_service_writes",
    ),
    Mutant(
        "positions without a lock",
        "inbox/inbox.py",
        "ORDER BY source, lane FOR UPDATE",
        "ORDER BY source, lane",
        "test_inbox.py::test_a_batch_waits_for_the_one_that_holds_its_lane",
    ),
    Mutant(
        "what is known is fresh",
        "inbox/lanes.py",
        "elif message.epoch < at.epoch or message.seq <= at.seq:",
        "elif message.epoch < at.epoch:",
        "test_lanes.py::test_the_same_again_is_all_duplicates",
    ),
    Mutant(
        "what is missing is not missed",
        "inbox/lanes.py",
        "if message.seq == at.seq + 1 and message.epoch == at.epoch:",
        "if message.seq > at.seq and message.epoch == at.epoch:",
        "test_inbox.py::test_a_gap_is_filled_from_the_sources_feed",
    ),
    Mutant(
        "a new epoch begins before the old one is heard out",
        "inbox/repair.py",
        "await self._finish_epoch(gap, messages[0])\n",
        "pass\n",
        "test_inbox.py::test_what_is_left_of_an_older_epoch_is_heard_before_the_new_one",
    ),
    Mutant(
        "effect and position each for itself",
        "inbox/inbox.py",
        "async with transact(self.store.pool) as connection:\n            batch = sort_by_position(messages,",
        "async with self.store.pool.acquire() as connection:\n            batch = sort_by_position(messages,",
        "test_inbox.py::test_an_effect_and_its_position_are_one_transaction",
    ),
    Mutant(
        "later events of a parked key go on",
        "inbox/parking.py",
        'return {row["key"] for row in rows}',
        "return set()",
        "test_inbox.py::test_poison_parks_its_key_and_what_comes_behind_it_while_others_go_on",
    ),
    Mutant(
        "a batch's error is swallowed",
        "inbox/inbox.py",
        "            if len(known) == 1:\n                return await self._alone(known[0], error)\n",
        "            return []\n",
        "test_inbox.py::test_a_conflict_with_a_writer_of_the_same_stream_is_decided_again",
    ),
    Mutant(
        "a full disk is poison",
        "database/connections.py",
        "    asyncpg.InsufficientResourcesError,\n",
        "",
        "test_inbox.py::test_a_database_in_trouble_parks_nothing[53100]",
    ),
    Mutant(
        "the same producer after an error",
        "transport/relay.py",
        "                await self._discard_producer()\n                raise error",
        "                raise error",
        "test_relay.py::test_after_an_error_a_new_producer_sends_on_from_the_cursor",
    ),
    Mutant(
        "anybody moves the cursor",
        "transport/relay.py",
        "AND cursor.owner = $4",
        "AND $4::text IS NOT NULL",
        "test_relay.py::test_a_zombie_whose_cursor_was_moved_stops_and_has_only_doubled",
    ),
    Mutant(
        "a topic made anew is not noticed",
        "transport/relay.py",
        "if end <= self._known[partition]:",
        "if False:",
        "test_relay.py::test_a_topic_made_anew_is_filled_again_from_the_store",
    ),
    Mutant(
        "an offset that was given before is news to nobody",
        "transport/relay.py",
        "if first <= self._known.get(partition, -1):",
        "if False:",
        "test_relay.py::test_a_topic_made_anew_while_the_relay_is_sending_is_filled_again",
    ),
    Mutant(
        "what a deposed relay was told last is what Kafka has",
        "transport/relay.py",
        "SET last_offset = greatest(acknowledged.last_offset, excluded.last_offset)",
        "SET last_offset = excluded.last_offset",
        "test_relay.py::test_a_lower_offset_than_one_that_is_known_is_not_kept",
    ),
    Mutant(
        "a head behind a position means nothing",
        "inbox/consumer.py",
        "if at.epoch == head.current and head.seq < at.seq:",
        "if False:",
        "test_epoch.py::test_a_source_set_back_in_its_own_timeline_stops_the_lane_of_who_heard_more",
    ),
    Mutant(
        "a repair begins behind what is known",
        "inbox/repair.py",
        "after = max(gap.after - 1, 0)",
        "after = gap.after",
        "test_epoch.py::test_a_source_that_went_on_after_it_was_set_back_is_found_out_by_the_last_event_known",
    ),
    Mutant(
        "repairs in the poll loop",
        "inbox/consumer.py",
        "self.repairs.note(await self.inbox.take(messages))\n",
        "self.repairs.note(await self.inbox.take(messages))\n        await self.repairs.settle()\n",
        "test_repair.py::test_a_feed_that_never_answers_delays_no_other_source_and_leaves_the_member_in_its_group",
    ),
    Mutant(
        "a feed that never answers is asked at once again",
        "inbox/repair.py",
        "await asyncio.sleep(pause)",
        "await asyncio.sleep(0)",
        "test_repair.py::test_a_feed_that_never_answers_is_asked_less_and_less_until_it_does",
    ),
    Mutant(
        "the floor rises whoever is still writing",
        KERNEL,
        "finished := NOT EXISTS (",
        "finished := true OR NOT EXISTS (",
        "test_epoch.py::test_who_commits_late_is_sealed_whatever_was_sealed_meanwhile",
    ),
    Mutant(
        "a cluster is as good as another",
        KERNEL,
        "IF now_at.timeline IS NULL OR has_moved(now_at) THEN",
        "IF now_at.timeline IS NULL THEN",
        "test_epoch.py::test_a_source_restored_to_another_timeline_begins_an_epoch_by_itself",
    ),
    Mutant(
        "a leader that is not heard of leads on",
        "database/lease.py",
        '{"idle_session_timeout": f"{LEASE_SECONDS}s"}',
        "{}",
        "test_relay.py::test_a_frozen_leader_loses_its_lease_and_another_publishes",
    ),
    Mutant(
        "a leader that hears nothing leads on",
        "database/lease.py",
        'await connection.execute("SELECT 1", timeout=ANSWER_SECONDS)',
        "pass",
        "test_relay.py::test_a_leader_whose_connection_is_cut_loses_its_lease_and_stops_by_itself",
    ),
    Mutant(
        "a timer stays in its table",
        "background/timers.py",
        "DELETE FROM timer WHERE id IN (",
        "UPDATE timer SET due_at = due_at WHERE id IN (",
        "test_timers.py::test_a_timer_with_nothing_to_say_leaves_the_table_too",
    ),
    Mutant(
        "a worker waits for another's timers",
        "background/timers.py",
        "FOR UPDATE SKIP LOCKED",
        "FOR UPDATE",
        "test_timers.py::test_a_worker_passes_over_what_another_has_claimed",
    ),
    Mutant(
        "everybody is at the oldest job",
        "background/held_job.py",
        " FOR UPDATE OF p SKIP LOCKED",
        "",
        "test_jobs.py::test_two_workers_are_never_at_one_job_and_may_be_at_two",
    ),
    Mutant(
        "a job does not say how far it is",
        "background/held_job.py",
        "await connection.execute(MOVE, id, done, max(done, self.total), reached)",
        "pass",
        "test_jobs.py::test_a_job_goes_on_step_by_step_and_says_how_far_it_is",
    ),
    Mutant(
        "what was cancelled leaves its parts behind",
        "background/jobs.py",
        "await self.store.pool.execute(self._sweep)",
        "pass",
        "test_jobs.py::test_what_was_done_when_it_is_cancelled_stays_and_the_rest_is_not_done",
    ),
]

Runs = dict[str, "Future[subprocess.CompletedProcess[str]]"]


@pytest.fixture(scope="module")
def runs(stack: Servers, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Runs]:
    """The runs of the mutants that are asked for, and one of all tests on an unchanged copy, on this run's servers."""
    asked = {item.name for item in request.session.items}
    mutants = [mutant for mutant in MUTANTS if any(f"[{mutant.name}]" in name for name in asked)]
    with ThreadPoolExecutor(AT_ONCE) as threads:

        def begin(mutant: Mutant | None, tests: set[str]) -> "Future[subprocess.CompletedProcess[str]]":
            return threads.submit(run_copy, tmp_path_factory.mktemp("copy"), mutant, tests, stack.folder.path)

        unchanged = test_without_a_mutant_these_tests_pass.__name__ in asked
        begun = {"": begin(None, {mutant.test for mutant in MUTANTS})} if unchanged else {}
        yield begun | {mutant.name: begin(mutant, {mutant.test}) for mutant in mutants}
        threads.shutdown(cancel_futures=True)


def run_copy(copy: Path, mutant: Mutant | None, tests: set[str], servers: Path) -> subprocess.CompletedProcess[str]:
    """Run tests in a copy of the tree in which a guard may be missing."""
    ignored = shutil.ignore_patterns(".*", "*.pyc.*")  # what is compiled is good as long as its source is
    for folder in ("libs", "deploy", "tests/libs", "tests/faults"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=ignored)
    for file in ("pyproject.toml", *(str(path.relative_to(ROOT)) for path in (ROOT / "tests").glob("*.py"))):
        shutil.copy(ROOT / file, copy / file)
    if mutant:
        damage(copy / "libs" / "events" / mutant.file, mutant)
    environment = os.environ | {OUTER_SERVERS: str(servers), "PYTHONDONTWRITEBYTECODE": "1"}
    environment = {name: value for name, value in environment.items() if not name.startswith("PYTEST_")}
    command = [sys.executable, "-m", "pytest", "-q", "-x", f"--basetemp={copy / 'tmp'}"]
    command += ["-p", "no:cacheprovider", "-p", "no:schemathesis"]  # half a second to import
    command += [f"tests/libs/{test}" for test in sorted(tests)]
    return subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, timeout=1200)


def damage(file: Path, mutant: Mutant) -> None:
    code = file.read_text()
    assert code.count(mutant.old) == 1, f"{mutant.name}: its place is not in {mutant.file} any more"
    file.write_text(code.replace(mutant.old, mutant.new))
    for compiled in file.parent.glob(f"__pycache__/{file.stem}.*"):
        compiled.unlink()


def test_without_a_mutant_these_tests_pass(runs: Runs) -> None:
    run = runs[""].result()
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_is_caught_by_the_test_of_its_guard(runs: Runs, mutant: Mutant) -> None:
    run = runs[mutant.name].result()
    assert run.returncode == 1, run.stdout + run.stderr
    assert f"FAILED tests/libs/{mutant.test}" in run.stdout, run.stdout + run.stderr
