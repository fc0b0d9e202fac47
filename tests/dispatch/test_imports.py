"""Engineers from a file."""

from typing import Any
from uuid import uuid4

from libs.events.background.jobs import Jobs
from services.dispatch.imports.worker import importing
from tests.caller import Caller

FILE = "姓名*,区域*,技能\n李强,华东,空调；电梯\n赵敏,,\n"


async def test_dispatchers_put_engineers_on_the_list_from_a_file(caller: Caller) -> None:
    caller.as_role("dispatcher")
    headers = {"Idempotency-Key": uuid4().hex}
    answer = await caller.http.post("/v1/imports?kind=engineers", content=FILE.encode("gb18030"), headers=headers)
    assert answer.status_code == 202, answer.text
    worker = Jobs(caller.inbox.store, importing)
    while await worker.step():
        pass
    done: dict[str, Any] = (await caller.get(f"/v1/imports/{answer.json()['id']}")).json()
    assert (done["status"], done["created"], done["wrong"]) == ("completed", 1, 1)
    flaws = (await caller.get(f"/v1/imports/{done['id']}/flaws")).json()["items"]
    assert flaws == [{"row": 3, "column": "区域", "detail": "此项必填"}]
    (engineer,) = (await caller.get("/v1/engineers")).json()["items"]
    assert (engineer["name"], engineer["region"], engineer["skills"]) == ("李强", "华东", ["空调", "电梯"])
    caller.as_role("agent")
    assert (await caller.http.post("/v1/imports?kind=engineers", headers=headers)).status_code == 403
