"""The life of policies and shared calendars over HTTP: drafted, approved, published, retired, and each refusal."""

from typing import Any
from uuid import uuid4

import pytest

from services.sla.app import service
from tests.caller import Caller, actor_id
from tests.sla.publishing import drafted, published, shared, told, written

DEMO = written("demo", title={"en": "The demo's next"})

MIA, DORA = actor_id("mia"), actor_id("dora")


async def test_a_policy_is_drafted_by_one_and_put_into_force_by_another(caller: Caller) -> None:
    answer = await drafted(caller, written())
    assert (answer.status_code, answer.json()["status"]) == (201, "draft")
    sheet = (await caller.get("/v1/policies/vip", min_version=1)).json()
    assert (sheet["status"], sheet["in_force"], sheet["draft"]) == ("draft", None, written())
    assert (sheet["document"], sheet["versions"]) == (None, [])
    caller.as_person("dora", "director")
    assert (await told(caller, "/v1/policies/vip/approval"))["status"] == "approved"
    assert (await told(caller, "/v1/policies/vip/publication"))["status"] == "published"
    sheet = (await caller.get("/v1/policies/vip")).json()
    assert (sheet["status"], sheet["in_force"], sheet["draft"]) == ("published", "vip/1", None)
    assert (sheet["drafted_by"], sheet["approved_by"], sheet["published_by"]) == (MIA, DORA, DORA)
    assert sheet["document"] == written() | {"version": 1}
    assert [(one["name"], one["published_by"]) for one in sheet["versions"]] == [("vip/1", DORA)]
    assert (await told(caller, "/v1/policies/vip/retirement"))["status"] == "retired"
    sheet = (await caller.get("/v1/policies/vip")).json()
    assert (sheet["status"], sheet["in_force"], sheet["retired_by"]) == ("retired", None, DORA)


async def test_a_published_version_stays_as_it_was(caller: Caller) -> None:
    await published(caller, written(within=2))
    await published(caller, written(within=1))
    first = (await caller.get("/v1/policies/vip/versions/1")).json()
    assert (first["name"], first["document"]) == ("vip/1", written(within=2) | {"version": 1})
    second = (await caller.get("/v1/policies/vip/versions/2")).json()
    assert second["document"] == written(within=1) | {"version": 2}
    assert (await caller.get("/v1/policies/vip/versions/3")).status_code == 404


async def test_what_ships_is_there_and_goes_on_with_the_next_version(caller: Caller) -> None:
    sheet = await caller.get("/v1/policies/demo")
    assert (sheet.json()["status"], sheet.json()["in_force"]) == ("published", "demo/1")
    assert sheet.headers["etag"].startswith('"0-')
    assert sheet.json()["document"]["targets"][0]["metric"] == "response"
    assert (await caller.get("/v1/policies/demo/versions/1")).json()["published_by"] is None
    assert (await published(caller, DEMO)).json()["status"] == "published"
    sheet = await caller.get("/v1/policies/demo")
    assert [one["name"] for one in sheet.json()["versions"]] == ["demo/1", "demo/2"]
    assert (sheet.json()["in_force"], sheet.json()["title"]) == ("demo/2", {"en": "The demo's next"})


async def test_what_ships_can_be_retired_and_brought_back(caller: Caller) -> None:
    caller.as_person("dora", "director")
    assert (await told(caller, "/v1/policies/demo/retirement"))["version"] == 1
    assert (await told(caller, "/v1/policies/demo/retirement"))["version"] == 1
    assert (await caller.get("/v1/policies/demo")).json()["in_force"] is None
    await published(caller, DEMO)
    assert (await caller.get("/v1/policies/demo")).json()["in_force"] == "demo/2"


async def test_a_calendar_lives_like_a_policy(caller: Caller) -> None:
    assert (await published(caller, shared(), "calendars")).json()["status"] == "published"
    await published(caller, shared(holidays=["2026-12-24"]), "calendars")
    sheet = (await caller.get("/v1/calendars/cn-office")).json()
    assert (sheet["in_force"], sheet["document"]["holidays"]) == ("cn-office/2", ["2026-12-24"])
    first = (await caller.get("/v1/calendars/cn-office/versions/1")).json()
    assert first["document"] == shared() | {"version": 1}
    assert (await told(caller, "/v1/calendars/cn-office/retirement"))["status"] == "retired"


async def test_the_list_has_the_newest_first_and_what_ships_last(caller: Caller) -> None:
    for id in ("one", "two", "three"):
        await drafted(caller, written(id))
    await published(caller, written("two"))
    page = (await caller.get("/v1/policies", limit="3")).json()
    rest = (await caller.get("/v1/policies", cursor=page["next_cursor"])).json()
    assert [rule["id"] for rule in page["items"] + rest["items"]] == ["three", "two", "one", "demo"]
    assert rest["next_cursor"] is None
    states = {
        status: (await caller.get("/v1/policies", status=status)).json()["items"] for status in ("draft", "published")
    }
    assert [rule["id"] for rule in states["draft"]] == ["three", "one"]
    assert [rule["in_force"] for rule in states["published"]] == ["two/1", "demo/1"]
    assert (await caller.get("/v1/calendars")).json()["items"] == []


async def test_a_new_draft_replaces_the_old_one_and_its_approval(caller: Caller) -> None:
    await drafted(caller, written(within=2))
    caller.as_person("dora", "director")
    await told(caller, "/v1/policies/vip/approval")
    assert (await drafted(caller, written(within=3))).json()["status"] == "draft"
    caller.as_person("dora", "director")
    refused = await caller.post("/v1/policies/vip/publication", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "not-approved")


async def test_nobody_approves_a_draft_of_their_own(caller: Caller) -> None:
    caller.as_person("dora", "director")
    await told(caller, "/v1/policies", {"document": written()}, 201)
    refused = await caller.post("/v1/policies/vip/approval", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "own-draft")
    caller.as_person("dirk", "director")
    assert (await told(caller, "/v1/policies/vip/approval"))["status"] == "approved"


async def test_steps_out_of_order_are_refused(caller: Caller) -> None:
    await drafted(caller, written())
    caller.as_person("dora", "director")

    async def refusal(step: str, rule: str = "policies/vip") -> tuple[int, str]:
        answer = await caller.post(f"/v1/{rule}/{step}", {})
        return answer.status_code, answer.json()["code"]

    assert await refusal("publication") == (409, "not-approved")
    assert await refusal("retirement") == (409, "not-published")
    assert await refusal("reassessment") == (409, "not-published")
    assert await refusal("approval", "policies/demo") == (409, "no-draft")
    assert await refusal("publication", "policies/demo") == (409, "no-draft")
    for step in ("approval", "publication", "retirement", "reassessment"):
        assert await refusal(step, "policies/nobody") == (404, "not-found")
    assert (await caller.post("/v1/policies/nobody/draft", {"document": written("nobody")})).status_code == 404
    assert (await caller.get("/v1/policies/nobody")).status_code == 404
    taken = await caller.post("/v1/policies", {"document": DEMO})
    assert (taken.status_code, taken.json()["code"]) == (409, "id-taken")


async def test_a_policy_that_cannot_work_is_refused_with_every_place(caller: Caller) -> None:
    caller.as_person("mia", "manager")
    document = written(applies_when={"level": [7]})
    document["targets"][0] |= {"stop": ["triage.Nothing"], "calendar": "moon"}
    answer = await caller.post("/v1/policies", {"document": document})
    assert (answer.status_code, answer.json()["code"]) == (422, "cannot-work")
    assert {error["field"] for error in answer.json()["errors"]} >= {
        "body.document.targets[0].stop[0].event",
        "body.document.targets[0].calendar",
    }
    assert (await caller.get("/v1/policies/vip")).status_code == 404


NESTED: dict[str, Any] = {}
for _ in range(300):
    NESTED = {"a": NESTED}


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"targets": []}, "body.document.targets"),
        ({"id": "Not An Id"}, "body.document.id"),
        ({"calendars": {"office": {"timezone": "Mars/Base", "weekly_hours": {}}}}, "body.document.calendars"),
        ({"colour": "red"}, "body.document"),
        ({"title": NESTED}, "body.document"),
        ({"title": {"en": "\u200b"}}, "body.document.title.en"),
        ({"note": "九" * 4001}, "body.document.note"),
    ],
)
async def test_a_document_that_is_none_is_refused(caller: Caller, changes: dict[str, Any], place: str) -> None:
    caller.as_person("mia", "manager")
    answer = await caller.post("/v1/policies", {"document": written() | changes})
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["field"].startswith(place)
    await drafted(caller, written())
    caller.as_person("mia", "manager")
    answer = await caller.post("/v1/policies/vip/draft", {"document": written() | changes})
    assert answer.status_code == 422, answer.text


async def test_a_draft_is_of_the_rule_that_it_is_sent_to(caller: Caller) -> None:
    caller.as_person("mia", "manager")
    answer = await caller.post("/v1/policies/demo/draft", {"document": written("other")})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "body.document.id")


async def test_a_calendar_that_cannot_work_is_refused_with_the_place(caller: Caller) -> None:
    caller.as_person("mia", "manager")
    answer = await caller.post("/v1/calendars", {"document": shared(weekly_hours={"mon": [["09:00", "23:59"]]})})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "body.document.weekly_hours.mon")


async def test_a_policy_waits_for_the_calendar_that_it_counts_in(caller: Caller) -> None:
    refused = await published(caller, written(calendar="cn-office"))
    assert (refused.status_code, refused.json()["code"]) == (409, "calendar-not-published")
    assert "cn-office" in refused.json()["detail"]
    await published(caller, shared(), "calendars")
    assert (await told(caller, "/v1/policies/vip/publication"))["status"] == "published"


async def test_a_calendar_in_use_is_not_retired(caller: Caller) -> None:
    await published(caller, shared(), "calendars")
    await published(caller, written(calendar="cn-office"))
    refused = await caller.post("/v1/calendars/cn-office/retirement", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "calendar-in-use")
    assert "vip/1" in refused.json()["detail"]
    await told(caller, "/v1/policies/vip/retirement")
    assert (await told(caller, "/v1/calendars/cn-office/retirement"))["status"] == "retired"


async def test_a_step_sent_twice_is_taken_once(caller: Caller) -> None:
    await drafted(caller, written())
    caller.as_person("dora", "director")
    await told(caller, "/v1/policies/vip/approval")
    key = uuid4().hex
    first = await caller.post("/v1/policies/vip/publication", {}, key)
    again = await caller.post("/v1/policies/vip/publication", {}, key)
    assert (again.json(), again.headers["idempotency-replayed"]) == (first.json(), "true")
    stale = await caller.post("/v1/policies/vip/retirement", {}, **{"If-Match": '"1"'})
    assert stale.status_code == 412


async def test_everybody_reads_and_few_write(caller: Caller) -> None:
    await drafted(caller, written())
    for role in ("agent", "engineer", "auditor"):
        caller.as_role(role)
        assert (await caller.get("/v1/policies/vip")).status_code == 200
        assert (await caller.post("/v1/policies", {"document": written("mine")})).status_code == 403
    caller.as_role("manager")
    for step in ("approval", "publication", "retirement"):
        assert (await caller.post(f"/v1/policies/vip/{step}", {})).status_code == 403


async def test_the_examples_of_the_document_work(caller: Caller) -> None:
    document = service.http().openapi()
    caller.as_person("mia", "manager")
    for operation, status in (("create", 201), ("draft", 200)):
        for kind, id in (("policy", "demo"), ("calendar", "cn-office")):
            path = f"/v1/{'policies' if kind == 'policy' else 'calendars'}"
            where = path if operation == "create" else f"{path}/{{{kind}_id}}/draft"
            body = document["paths"][where]["post"]["requestBody"]["content"]["application/json"]["schema"]
            form = document["components"]["schemas"][body["$ref"].rpartition("/")[2]]
            (example,) = form["properties"]["document"]["examples"]
            answer = await caller.post(where.replace(f"{{{kind}_id}}", id), {"document": example})
            assert answer.status_code == status, (where, answer.text)
