"""The next release's tree is made from today's code; its events and tables are more than today's release knows."""

import subprocess
import sys
from pathlib import Path

from deploy.devstack.process import clean_environment
from libs.events.database.connections import connect
from libs.events.database.migrate import check
from services.survey.callbacks.domain import callback
from tests.conftest import NewDatabase
from tests.faults.next_release import UNREAD, migrate, next_release


async def test_this_release_goes_on_with_its_schema(new_database: NewDatabase, tmp_path: Path) -> None:
    database = await new_database("survey")
    settings = {"SURVEY_OWNER_DATABASE_URL": database.owner_url, "SURVEY_DATABASE_URL": database.url}
    await migrate(next_release(tmp_path), settings)
    pool = await connect(database.url, 1)
    assert await pool.fetchval("SELECT indisvalid FROM pg_index WHERE indexrelid = 'callback_queue'::regclass")
    await check("survey", pool)
    await pool.close()


def test_it_writes_what_this_release_cannot_read(tmp_path: Path) -> None:
    tree = next_release(tmp_path)
    look = "from services.survey.app import service; print(*service.streams[0].events.writes)"
    run = subprocess.run(
        [sys.executable, "-c", look], cwd=tree, env=clean_environment(), capture_output=True, text=True, check=True
    )
    assert set(run.stdout.split()) == {*callback.events.writes, UNREAD}
