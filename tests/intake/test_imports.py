"""Imports over HTTP and at work: dry run, outcomes row by row, who may what, and a process that is killed half way."""

import asyncio
import csv
import io
import multiprocessing
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from structlog.testing import capture_logs

from deploy.devstack.databases import Database
from libs.events.background.job_kind import Moved, Step
from libs.events.background.jobs import Jobs
from libs.events.database.connections import connect
from libs.events.log.store import Store
from libs.imports import http as imports_http
from libs.imports.columns import Column
from libs.imports.forgetting import forget
from libs.imports.http import MOST_OF_ONE, TURN
from libs.imports.importer import Importer, Reached, row_id
from libs.imports.job import ImportRequested
from services.intake.app import service
from services.intake.imports.domain.columns import COLUMNS, NO_TERMS, terms
from services.intake.imports.domain.intake_import import imports
from services.intake.imports.view import import_view
from services.intake.imports.worker.contracts import noon
from services.intake.imports.worker.importer import importing
from tests.caller import Caller
from tests.intake.test_accounts import customer, signed
from tests.intake.test_api import problem

IMPORTS = "/v1/imports"
CUSTOMERS = (
    "姓名,电话,地址\n王芳,13800000000,北京市朝阳区建国路1号\n,1.38E+10,上海\n=李强,13900000000;13700000000,广州\n"
)


async def asked(
    caller: Caller, kind: str, file: bytes | str, dry_run: bool = False, key: str | None = None
) -> httpx.Response:
    """Somebody sends a file."""
    content = file.encode() if isinstance(file, str) else file
    headers = {"Idempotency-Key": key or uuid4().hex, "Content-Type": "application/octet-stream"}
    query: dict[str, Any] = {"kind": kind} | ({"dry_run": "true"} if dry_run else {})
    return await caller.http.post(IMPORTS, params=query, content=content, headers=headers)


async def carried_out(caller: Caller, answer: httpx.Response) -> dict[str, Any]:
    """A worker does what was asked for; the import as it is shown then."""
    assert answer.status_code == 202, answer.text
    worker = Jobs(caller.inbox.store, importing)
    while await worker.step():
        pass
    shown: dict[str, Any] = (await caller.get(f"{IMPORTS}/{answer.json()['id']}")).json()
    return shown


async def rows_of(caller: Caller, id: str, language: str = "en") -> list[dict[str, str]]:
    """The file of the result, row by row."""
    answer = await caller.get(f"{IMPORTS}/{id}/result", language=language)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def flaws_of(caller: Caller, id: str) -> list[tuple[int, str, str]]:
    """What is wrong, cell by cell, in Chinese."""
    items = (await caller.get(f"{IMPORTS}/{id}/flaws")).json()["items"]
    return [(item["row"], item["column"], item["detail"]) for item in items]


@pytest.mark.requirement("R070", "R129")
async def test_sound_rows_are_put_on_file_and_the_wrong_ones_say_which_column(caller: Caller) -> None:
    done = await carried_out(caller, await asked(caller, "customers", CUSTOMERS))
    assert (done["status"], done["created"], done["wrong"]) == ("completed", 2, 1)
    assert done["progress"] == {"done": 3, "total": 3}
    first, second, third = await rows_of(caller, done["id"])
    assert [row["outcome"] for row in (first, second, third)] == ["created", "wrong", "created"]
    assert second["errors"].startswith("name: Field required; phones: was written as a power of ten")
    file = (await caller.get(f"/v1/customers/{first['id']}")).json()
    assert (file["name"], file["phones"][0]["e164"]) == ("王芳", "+8613800000000")
    assert (await caller.get(f"/v1/customers/{third['id']}")).json()["name"] == "=李强"
    ruined = "被表格软件写成了科学计数：请把该列设为文本格式后重新输入"
    assert await flaws_of(caller, done["id"]) == [(3, "姓名", "此项必填"), (3, "电话", ruined)]
    assert [row["结果"] for row in await rows_of(caller, done["id"], "zh-CN")] == ["已建档", "有误", "已建档"]


async def test_a_dry_run_says_the_same_and_puts_nothing_on_file(caller: Caller) -> None:
    done = await carried_out(caller, await asked(caller, "customers", CUSTOMERS, dry_run=True))
    assert (done["dry_run"], done["created"], done["wrong"]) == (True, 2, 1)
    assert [row["outcome"] for row in await rows_of(caller, done["id"])] == ["sound", "wrong", "sound"]
    assert (await caller.get("/v1/customers")).json()["items"] == []


async def test_contracts_and_assets_name_each_other_by_number(caller: Caller) -> None:
    who = await customer(caller)
    caller.as_role("manager")
    file = (
        "合同编号,类别,客户编号,签订日期,保修条款,人工费上限（元/小时）\n"
        f"HT-1,本公司,{who},2024年1月5日,main_unit 36 保修卡; * 12 card,10\n"
        f"HT-1,own,{who},2024/1/5,* 12 card,\n"
        f"HT-2,own,{uuid4()},2024/1/5,* 12 card,\n"
        f"HT-3,own,{who},2999/1/5,* 12 card,\n"
        f"HT-4,own,{who},5 Jan,twelve,\n"
        "HT-5,厂家,,45296,* 12 card; * 24 card,\n"
    )
    done = await carried_out(caller, await asked(caller, "contracts", file))
    assert await flaws_of(caller, done["id"]) == [
        (3, "合同编号", "与本文件前面的行重复"),
        (4, "客户编号", "没有该编号的客户"),
        (5, "", "在将来"),
        (6, "签订日期", "应为日期，如 2026-03-05"),
        (6, "保修条款", "应为 类别 月数 起算规则，如 `main_unit 36 保修卡`，多个条款以分号分隔"),
        (7, "保修条款", "同一类别有两个条款"),
    ]
    (signed,) = (await caller.get("/v1/contracts", number="HT-1")).json()["items"]
    contract = (await caller.get(f"/v1/contracts/{signed['id']}")).json()
    assert contract["signed_at"].startswith("2024-01-05")
    assert (contract["conditions"]["labour_cap"], len(contract["terms"])) == (1000, 2)
    again = await carried_out(caller, await asked(caller, "contracts", "\n".join(file.splitlines()[:2])))
    assert await flaws_of(caller, again["id"]) == [(2, "合同编号", "已有该编号的合同")]
    await assets_are_filed(caller, who, signed["id"])


async def assets_are_filed(caller: Caller, who: str, contract_id: str) -> None:
    head = "customer id,model,maker,serial,component class,acceptance date,contract numbers,address\n"
    file = (
        f"{head}{who},KFR-35GW,格力,SN-1,pump,45365,HT-1,福州市鼓楼区五四路1号\n"
        f"{who},KFR-35GW,格力,SN-2,pump,,HT-9,\n{who},KFR-35GW,格力,SN-1,pump,,,\n"
    )
    done = await carried_out(caller, await asked(caller, "assets", file))
    assert await flaws_of(caller, done["id"]) == [
        (3, "合同编号", "没有该编号的合同"),
        (4, "序列号", "与本文件前面的行重复"),
    ]
    first = (await rows_of(caller, done["id"]))[0]
    asset = (await caller.get(f"/v1/assets/{first['id']}")).json()
    assert (asset["contracts"], asset["days"]["acceptance_date"]) == ([contract_id], "2024-03-14")
    assert asset["sites"][0]["address"] == "福州市鼓楼区五四路1号"
    for dry_run in (True, False):
        again = await carried_out(caller, await asked(caller, "assets", "\n".join(file.splitlines()[:2]), dry_run))
        assert await flaws_of(caller, again["id"]) == [(2, "", "该厂家的此序列号已属另一台设备。")]


@pytest.mark.requirement("R100")
async def test_extensions_name_the_contract_on_file_that_they_extend(caller: Caller) -> None:
    who, other = await customer(caller), await customer(caller)
    base = await signed(caller, who, number="HT-1")
    for number in (1, 2):
        await signed(caller, other, number=f"HT-{number + 1}")
    await signed(caller, other, number="HT-3")
    caller.as_role("manager")
    rest = "2026/1/5,* 12 原合同期满次日"
    file = (
        "合同编号,类别,客户编号,所延合同编号,签订日期,保修条款\n"
        f"YB-1,延保,{who},HT-1,{rest}\nYB-2,延保,{who},,{rest}\nYB-3,own,{who},HT-1,{rest}\n"
        f"YB-4,extension,{who},HT-9,{rest}\nYB-5,延保,{who},HT-2,{rest}\nYB-6,延保,{other},HT-3,{rest}\n"
    )
    dry = await carried_out(caller, await asked(caller, "contracts", file, dry_run=True))
    assert (dry["created"], dry["wrong"]) == (1, 5)
    done = await carried_out(caller, await asked(caller, "contracts", file))
    only = "延保须指明所延的合同，其他类别不填"
    assert await flaws_of(caller, done["id"]) == [
        (3, "所延合同编号", only),
        (4, "所延合同编号", only),
        (5, "所延合同编号", "没有该编号的合同"),
        (6, "所延合同编号", "所延的合同属于另一客户"),
        (7, "所延合同编号", "有两份该编号的合同"),
    ]
    (extension,) = (await caller.get("/v1/contracts", kind="extension")).json()["items"]
    assert (extension["extends"], extension["customer_id"]) == (base, who)
    extended = (await caller.get(f"/v1/contracts/{base}")).json()
    assert extended["extended_by"] == [extension["id"]]
    assert (await caller.get(f"/v1/contracts/{extension['id']}")).json()["terms"][0]["start_rule"] == "after_base"


async def test_a_thousand_wrong_rows_leave_nothing_but_their_sentences(caller: Caller) -> None:
    file = "name,phones,address\n" + ",123,\n" * 1000
    done = await carried_out(caller, await asked(caller, "customers", file))
    assert (done["created"], done["wrong"]) == (0, 1000)
    assert len((await caller.get(f"{IMPORTS}/{done['id']}/flaws")).json()["items"]) == 200
    assert (await caller.get("/v1/customers")).json()["items"] == []


@pytest.mark.parametrize(
    ("file", "code", "field"),
    [
        (b"", "no-rows", "body"),
        (b"PK\x03\x04", "not-a-table", "body"),
        ("姓名,颜色\n王芳,红\n", "columns", "body.column[2]"),
        ("姓名\n王芳\n", "columns", "body.column.phones"),
    ],
)
async def test_what_is_no_table_of_these_columns_is_refused_at_once(
    caller: Caller, file: bytes | str, code: str, field: str
) -> None:
    answer = await asked(caller, "customers", file)
    assert problem(answer) == (422, code)
    assert answer.json()["errors"][0]["field"] == field
    assert await caller.inbox.store.pool.fetchval("SELECT count(*) FROM import_file") == 0


async def test_a_file_that_turns_out_too_long_fails_the_import(caller: Caller) -> None:
    file = "name,phones,address\n" + "王芳,13800000000,北京\n" * 100_001
    done = None
    answer = await asked(caller, "customers", file)
    worker = asyncio.create_task(Jobs(caller.inbox.store, importing).run())
    async with asyncio.timeout(180):
        while done is None or done["status"] in ("requested", "running"):
            await asyncio.sleep(0.05)
            done = (await caller.get(f"{IMPORTS}/{answer.json()['id']}")).json()
    worker.cancel()
    assert (done["status"], done["reason"]) == ("failed", "too-many-rows")


async def test_a_file_over_its_limit_is_refused_and_one_over_a_megabyte_is_taken(caller: Caller) -> None:
    head = "name,phones,address\n"
    assert problem(await asked(caller, "customers", head + "x" * 16 * 1024**2)) == (413, "file-too-large")
    answer = await asked(caller, "customers", head + "王芳,13800000000,北京\n" + "\n" * 2 * 1024**2)
    assert (await carried_out(caller, answer))["created"] == 1


async def test_the_same_key_is_the_same_import_and_another_kind_is_another(caller: Caller) -> None:
    caller.as_role("manager")
    first = await asked(caller, "customers", CUSTOMERS, key="k")
    again = await asked(caller, "customers", CUSTOMERS, key="k")
    assert (again.json(), again.headers["idempotency-replayed"]) == (first.json(), "true")
    assert problem(await asked(caller, "customers", CUSTOMERS + "x", key="k")) == (422, "idempotency-key-reused")
    dry = await asked(caller, "customers", CUSTOMERS, dry_run=True, key="k")
    assert dry.json()["id"] != first.json()["id"]
    assert len((await caller.get(IMPORTS)).json()["items"]) == 2


async def test_who_keeps_the_records_imports_them(caller: Caller) -> None:
    file = "number,kind,signed on,terms\nHT-1,maker,2024-01-05,* 12 card\n"
    assert problem(await asked(caller, "contracts", file)) == (403, "forbidden")
    caller.as_role("dispatcher")
    assert problem(await asked(caller, "customers", CUSTOMERS)) == (403, "forbidden")
    caller.as_role("manager")
    assert (await carried_out(caller, await asked(caller, "contracts", file)))["created"] == 1


async def test_nobody_cancels_an_import_of_what_they_do_not_keep(caller: Caller) -> None:
    file = "number,kind,signed on,terms\nHT-1,maker,2024-01-05,* 12 card\n"
    caller.as_role("manager")
    id = (await asked(caller, "contracts", file)).json()["id"]
    caller.as_role("agent")
    assert problem(await caller.post(f"{IMPORTS}/{id}/cancellation")) == (403, "forbidden")
    caller.as_role("manager")
    assert (await caller.post(f"{IMPORTS}/{id}/cancellation")).json()["status"] == "cancelled"


async def test_what_is_cancelled_stays_undone_and_its_file_is_forgotten(caller: Caller) -> None:
    answer = await asked(caller, "customers", CUSTOMERS)
    id, pool = answer.json()["id"], caller.inbox.store.pool
    cancelled = await caller.post(f"{IMPORTS}/{id}/cancellation")
    assert cancelled.json()["status"] == "cancelled"
    assert not await Jobs(caller.inbox.store, importing).step()
    await forget(caller.inbox.store)
    assert await pool.fetchval("SELECT count(*) FROM import_file") == 1
    await pool.execute("UPDATE import_file SET kept_at = kept_at - $1::interval", timedelta(hours=2))
    await forget(caller.inbox.store)
    assert await pool.fetchval("SELECT count(*) FROM import_file") == 0


async def test_a_template_in_both_languages_and_both_kinds_of_file(caller: Caller) -> None:
    caller.as_role("manager")
    for kind, columns in COLUMNS.items():
        for language in ("zh-CN", "en"):
            answer = await caller.get(f"{IMPORTS}/templates/{kind}.csv", language=language)
            titles = answer.content.decode("utf-8-sig").strip().split(",")
            assert titles == [column.title(language == "zh-CN") for column in columns]
            book = await caller.get(f"{IMPORTS}/templates/{kind}.xlsx", language=language)
            assert book.content.startswith(b"PK")
            assert book.headers["content-disposition"] == f'attachment; filename="{kind}.xlsx"'


def test_no_two_titles_of_a_kind_are_the_same_in_any_language() -> None:
    for columns in COLUMNS.values():
        said = [title for column in columns for title in {column.name, column.chinese, column.english}]
        assert len(said) == len(set(said))
        assert all(isinstance(column, Column) for column in columns)


@pytest.mark.parametrize("written", ["pump", "pump 12", "pump twelve card", "pump 99999 card"])
def test_terms_that_nobody_can_read_are_refused(written: str) -> None:
    with pytest.raises(ValueError, match="should be class"):
        terms(written)
    assert NO_TERMS.startswith("should be class")


def test_a_contract_was_signed_within_the_years_that_an_instant_has() -> None:
    assert noon("1970-01-01").isoformat().startswith("1970-01-01T12:00")
    for day in ("0001-01-01", "1969-12-31"):
        with pytest.raises(ValueError, match="between the years"):
            noon(day)


def test_the_id_of_a_row_is_always_the_same_and_sorts_with_its_import() -> None:
    id = "01955c1e-7b00-7000-8000-000000000002"
    ids = [row_id(id, number) for number in range(2, 3000)]
    assert ids == [row_id(id, number) for number in range(2, 3000)]
    assert ids == sorted(ids)
    assert len({*ids, *(row_id(str(uuid4()), number) for number in range(2, 3000))}) == 2 * len(ids)
    assert all(each[:13] == id[:13] and each[14] == "7" for each in ids)


class Hanging(Importer):
    """Does its second step, and never commits it."""

    most = 2

    async def step(self, step: Step[ImportRequested, Reached]) -> Moved[Reached]:
        moved = await super().step(step)
        if step.reached is not None:
            await step.connection.execute("SELECT pg_notify('middle', '')")
            await asyncio.Event().wait()
        return moved


def hang(url: str) -> None:
    """A process that hangs in the middle."""

    async def main() -> None:
        kind = Hanging(imports, import_view, importing.subjects)
        await Jobs(service.store(await connect(url, 2)), kind).run()

    asyncio.run(main())


async def hangs(store: Store, expected: bool) -> None:
    """Wait until it does, or until the server has seen that it is gone: only then is what it held free."""
    async with asyncio.timeout(120):
        while expected != await store.pool.fetchval(  # noqa: ASYNC110  # it is the database that says so
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE state = 'idle in transaction' AND query LIKE '%middle%' "
            "AND datname = current_database())"
        ):
            await asyncio.sleep(0.02)


async def registered(store: Store) -> list[str]:
    rows = await store.pool.fetch("SELECT stream FROM event WHERE type = 'intake.CustomerRegistered' ORDER BY position")
    return [row["stream"] for row in rows]


async def test_a_process_that_is_killed_half_way_puts_nothing_on_file_twice(caller: Caller, database: Database) -> None:
    file = "name,phones,address\n" + "".join(f"客户{number},1380000{number:04},北京\n" for number in range(7))
    answer = await asked(caller, "customers", file)
    store = caller.inbox.store
    process = multiprocessing.get_context("spawn").Process(target=hang, args=(database.url,), daemon=True)
    process.start()
    await hangs(store, True)
    process.kill()
    await asyncio.to_thread(process.join)
    await hangs(store, False)
    assert len(await registered(store)) == 2
    done = await carried_out(caller, answer)
    assert (done["created"], done["wrong"]) == (7, 0)
    streams = await registered(store)
    assert len(streams) == len(set(streams)) == 7
    assert [row["id"] for row in await rows_of(caller, done["id"])] == [s.removeprefix("customer-") for s in streams]
    assert await store.pool.fetchval("SELECT count(*) FROM contact") == 7
    assert await store.pool.fetchval("SELECT count(*) FROM import_file") == 0


async def test_five_imports_of_a_person_wait_and_the_sixth_is_told_to(caller: Caller) -> None:
    waiting = [await asked(caller, "customers", CUSTOMERS) for _ in range(MOST_OF_ONE)]
    again = await asked(caller, "customers", CUSTOMERS)
    assert (problem(again), again.headers["retry-after"]) == ((429, "imports-waiting"), "60")
    caller.as_person("bert", "agent")
    assert (await asked(caller, "customers", CUSTOMERS)).status_code == 202
    await carried_out(caller, waiting[0])
    caller.as_person("anna", "agent")
    assert (await asked(caller, "customers", CUSTOMERS)).status_code == 202


async def test_of_imports_that_are_asked_for_at_once_no_more_wait_than_may(caller: Caller) -> None:
    for _ in range(MOST_OF_ONE - 1):
        assert (await asked(caller, "customers", CUSTOMERS)).status_code == 202
    answers = await asyncio.gather(*(asked(caller, "customers", CUSTOMERS) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [202, 429, 429, 429]
    assert {problem(answer) for answer in answers if answer.status_code == 429} == {(429, "imports-waiting")}
    waiting = "SELECT count(*) FROM import WHERE status = 'requested'"
    assert await caller.inbox.store.pool.fetchval(waiting) == MOST_OF_ONE
    assert await caller.inbox.store.pool.fetchval("SELECT count(*) FROM import_file") == MOST_OF_ONE


async def test_an_import_waits_for_another_process_that_counts(
    caller: Caller, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports_http, "TURN", f"SET LOCAL lock_timeout = 0; {TURN}")
    other, store = await asyncpg.connect(database.url), caller.inbox.store
    waits = (
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'advisory' AND datname = current_database())"
    )
    async with other.transaction():
        await other.execute(TURN)
        answers = [asyncio.create_task(asked(caller, "customers", CUSTOMERS)) for _ in range(3)]
        async with asyncio.timeout(120):
            while not await store.pool.fetchval(waits):  # noqa: ASYNC110  # it is the database that says so
                await asyncio.sleep(0.02)
    assert [answer.status_code for answer in await asyncio.gather(*answers)] == [202, 202, 202]
    await other.close()


async def test_an_import_whose_turn_does_not_come_is_told_to_come_again(
    caller: Caller, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = await asyncpg.connect(database.url)
    async with other.transaction():
        await other.execute(TURN)
        monkeypatch.setattr(imports_http, "TURN", f"SET LOCAL lock_timeout = 10; {TURN}")
        assert problem(await asked(caller, "customers", CUSTOMERS)) == (503, "busy")
    await other.close()


async def test_an_import_that_is_asked_for_twice_at_once_is_one(caller: Caller) -> None:
    answers = await asyncio.gather(*(asked(caller, "customers", CUSTOMERS, key="twice") for _ in range(2)))
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await caller.inbox.store.pool.fetchval("SELECT count(*) FROM import_file") == 1


@pytest.mark.requirement("R123")
async def test_a_card_number_stands_once_in_a_file_and_on_file(caller: Caller) -> None:
    who = await customer(caller)
    file = "customer id,model,component class,card number\n" + "".join(
        f"{who},M,pump,{n}\n" for n in ("K-1", "k-1", "K-2")
    )
    done = await carried_out(caller, await asked(caller, "assets", file))
    assert await flaws_of(caller, done["id"]) == [(3, "", "另一台设备的保修卡已用此卡号。")]
    again = await carried_out(caller, await asked(caller, "assets", file, dry_run=True))
    assert (again["created"], again["wrong"]) == (0, 3)


async def test_the_file_of_an_import_that_is_cancelled_leaves_the_workers_memory(caller: Caller) -> None:
    rows = "".join(f"客户{number},13800000000,福州\n" for number in range(3))
    answer = await asked(caller, "customers", f"姓名,电话,地址\n{rows}")
    worker = Jobs(caller.inbox.store, importing)
    await worker.step(1)
    assert importing.holds == answer.json()["id"]
    await caller.post(f"{IMPORTS}/{answer.json()['id']}/cancellation", {})
    assert not await worker.step()
    assert importing.holds is None


class Poisoned(Importer):
    """Cannot do the second row, whatever is tried."""

    async def step(self, step: Step[ImportRequested, Reached]) -> Moved[Reached]:
        moved = await super().step(step)
        if (step.reached or Reached()).rows < 2 <= moved.reached.rows:
            raise KeyError("poison")
        return moved


async def test_a_row_that_is_left_out_of_a_defect_is_told_to_the_operators(caller: Caller) -> None:
    rows = "".join(f"客户{number},13800000000,福州\n" for number in range(3))
    id = (await asked(caller, "customers", f"姓名,电话,地址\n{rows}")).json()["id"]
    kind = Poisoned(imports, import_view, importing.subjects)
    with capture_logs() as told:
        worker = asyncio.create_task(Jobs(caller.inbox.store, kind).run())
        async with asyncio.timeout(60):
            while (shown := (await caller.get(f"{IMPORTS}/{id}")).json())["status"] != "completed":  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        worker.cancel()
        await asyncio.wait([worker])
    assert (shown["created"], shown["wrong"]) == (2, 1)
    (left_out,) = [line for line in told if line["event"] == "row of an import left out"]
    assert (left_out["job"], left_out["row"], "KeyError" in left_out["error"]) == (id, 3, True)


async def test_no_file_outlives_its_thirty_days(caller: Caller) -> None:
    answer = await asked(caller, "customers", CUSTOMERS)
    pool = caller.inbox.store.pool
    await pool.execute("UPDATE import_file SET kept_at = now() - interval '29 days'")
    await forget(caller.inbox.store)
    assert await pool.fetchval("SELECT count(*) FROM import_file") == 1
    await pool.execute("UPDATE import_file SET kept_at = now() - interval '31 days'")
    await forget(caller.inbox.store)
    assert await pool.fetchval("SELECT count(*) FROM import_file") == 0
    assert (await failed(caller, answer))["reason"] == "file-gone"


async def failed(caller: Caller, answer: httpx.Response) -> dict[str, Any]:
    """The import once a worker has given it up."""
    await Jobs(caller.inbox.store, importing)._turn(importing.most)
    shown: dict[str, Any] = (await caller.get(f"{IMPORTS}/{answer.json()['id']}")).json()
    return shown


async def test_an_asset_is_under_no_contract_of_another_customer(caller: Caller) -> None:
    owner, other = await customer(caller), await customer(caller)
    signed = f"number,kind,customer id,signed on,terms\nHT-O-1,own,{other},2026-01-05,* 12 card\n"
    caller.as_role("manager")
    assert (await carried_out(caller, await asked(caller, "contracts", signed)))["created"] == 1
    (contract,) = (await caller.get("/v1/contracts", number="HT-O-1")).json()["items"]
    file = f"customer id,model,component class,contract numbers\n{owner},KFR-35GW,*,HT-O-1\n"
    done = await carried_out(caller, await asked(caller, "assets", file))
    assert await flaws_of(caller, done["id"]) == [(2, "合同编号", "该合同属于另一客户")]
    form: dict[str, Any] = {"customer_id": owner, "model": "KFR-35GW", "site": {"timezone": "Asia/Shanghai"}}
    form |= {"parts": [{"id": "main", "component_class": "*"}]}
    refused = await caller.post("/v1/assets", form | {"contracts": [contract["id"]]})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "body.contracts[0]")
    mine = (await caller.post("/v1/assets", form)).json()["id"]
    covered = await caller.post(f"/v1/assets/{mine}/contracts", {"contract_id": contract["id"]})
    assert (covered.status_code, covered.json()["errors"][0]["field"]) == (422, "body.contract_id")
