"""Filters that people keep under a name: their own, shared ones, the default, and what is not kept."""

from typing import Any
from uuid import uuid4

import pytest

from services.intake.filters.domain import (
    MOST,
    FilterRemoved,
    FilterSaved,
    QueueFilter,
    RemoveFilter,
    SavedFilter,
    SaveFilter,
    saved_filters,
)
from services.intake.filters.view import shared_filter_view
from tests.caller import Caller, actor_id
from tests.intake.story import recorded
from tests.intake.test_api import problem
from tests.intake.test_erasure import everything
from tests.spec import Given

spec = Given(saved_filters)
P = "p1"
PATH = "/v1/saved-filters"
EAST = {"region": ["华东"], "stage": ["warned", "breached"], "sort": "due_at"}


def of(id: str, role: str | None = None) -> SavedFilter:
    return SavedFilter(id=id, name_id=f"name of {id}", filter=QueueFilter(region=["华东"]), role=role)


def saved(id: str, role: str | None = None, *, is_default: bool = False) -> FilterSaved:
    return FilterSaved(person_id=P, saved=of(id, role), is_default=is_default)


def test_one_filter_alone_is_the_default() -> None:
    first, removed = saved("a", is_default=True), FilterRemoved(person_id=P, filter_id="a")
    both = saved_filters.fold([first, saved("b", is_default=True)])
    assert ([each.id for each in both.filters], both.default_id) == (["a", "b"], "b")
    for after in (saved("a"), removed):
        assert saved_filters.fold([first, after]).default_id is None


def test_a_person_keeps_fifty_at_most_and_may_change_them_then() -> None:
    full = spec.given(*(saved(str(number)) for number in range(MOST)))
    with full.refuses("too-many-filters") as refused:
        refused.when(SaveFilter(P, of("one more")))
    assert full.when(SaveFilter(P, of("7"), known=True)) == [saved("7")]
    assert full.when(RemoveFilter(P, "7")) == [FilterRemoved(person_id=P, filter_id="7")]
    assert full.when(RemoveFilter(P, "of somebody else")) == []
    with full.refuses("unknown-filter") as unknown:
        unknown.when(SaveFilter(P, of("of somebody else"), known=True))


def test_a_filter_is_seen_by_others_while_it_is_shared() -> None:
    stream = saved_filters.stream(P)
    history = [recorded(saved("a", "agent"), 1, stream), recorded(saved("b"), 2, stream)]
    rows = shared_filter_view.fold(history)
    assert {id: row and row.role for id, row in rows.items()} == {"a": "agent", "b": None}
    assert shared_filter_view.fold([*history, recorded(saved("a"), 3, stream)])["a"] is None
    removed = recorded(FilterRemoved(person_id=P, filter_id="a"), 3, stream)
    assert shared_filter_view.fold([*history, removed])["a"] is None


async def save(caller: Caller, name: str, filter: dict[str, Any] = EAST, **more: Any) -> str:
    answer = await caller.post(PATH, {"name": name, "filter": filter, **more})
    assert answer.status_code == 200, answer.text
    id: str = answer.json()["filter_id"]
    return id


async def shown(caller: Caller) -> tuple[list[Any], list[Any]]:
    answer = (await caller.get(PATH)).json()
    return answer["items"], answer["shared"]


async def test_a_filter_is_kept_changed_and_removed(caller: Caller) -> None:
    assert await shown(caller) == ([], [])
    id = await save(caller, "华东  超时", is_default=True)
    ((one,), _) = await shown(caller)
    assert (one["id"], one["name"], one["is_default"], one["shared_with"]) == (id, "华东 超时", True, None)
    asked = {name: value for name, value in one["filter"].items() if value not in (None, [])}
    assert asked == EAST
    changed = {"name": "全部", "filter": {}, "shared_with": "agent"}
    assert (await caller.post(f"{PATH}/{id}", changed)).status_code == 200
    ((one,), _) = await shown(caller)
    assert (one["name"], one["is_default"], one["shared_with"]) == ("全部", False, "agent")
    for _ in range(2):
        assert (await caller.post(f"{PATH}/{id}/removal")).status_code == 200
    assert await shown(caller) == ([], [])


async def test_a_filter_is_shared_with_colleagues_of_the_role_and_kept_by_its_owner_alone(caller: Caller) -> None:
    caller.as_person("mei", "agent", "manager")
    caller.tokens.name = "李敏"
    own, shared = await save(caller, "我的"), await save(caller, "坐席共用", shared_with="agent")
    caller.as_person("wang", "agent")
    caller.tokens.name = "王芳"
    mine, others = await shown(caller)
    assert mine == []
    assert [(one["id"], one["name"], one["owner_name"]) for one in others] == [(shared, "坐席共用", "李敏")]
    assert problem(await caller.post(f"{PATH}/{shared}", {"name": "改", "filter": {}})) == (409, "unknown-filter")
    await caller.post(f"{PATH}/{shared}/removal")
    caller.as_person("dong", "dispatcher")
    assert await shown(caller) == ([], [])
    caller.as_person("mei", "agent")
    assert [one["id"] for one in (await shown(caller))[0]] == [own, shared]


async def test_who_lost_the_role_that_a_filter_is_shared_with_is_told_so(caller: Caller) -> None:
    caller.as_person("mei", "agent", "manager")
    changed = {"name": "经理的", "filter": {}, "shared_with": "manager", "is_default": True}
    id = await save(caller, "经理的", shared_with="manager")
    caller.as_person("mei", "agent")
    assert problem(await caller.post(f"{PATH}/{id}", changed)) == (403, "not-your-role")
    assert problem(await caller.post(f"{PATH}/{uuid4()}", changed)) == (409, "unknown-filter")
    assert (await caller.post(f"{PATH}/{id}", changed | {"shared_with": None})).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "电话", "filter": {"q": "13800000000"}}, "body.filter.q"),
        ({"name": "状态", "filter": {"status": ["nonsense"]}}, "body.filter.status[0]"),
        ({"name": "太多", "filter": {"customer_id": [str(uuid4())] * 201}}, "body.filter.customer_id"),
        ({"name": "看不见\u202e", "filter": {}}, "body.name"),
        ({"name": " ", "filter": {}}, "body.name"),
        ({"name": "长" * 61, "filter": {}}, "body.name"),
        ({"name": "经理的", "filter": {}, "shared_with": "manager"}, "body.shared_with"),
    ],
)
async def test_what_cannot_be_kept_is_refused_at_its_field(caller: Caller, body: Any, field: str) -> None:
    answer = await caller.post(PATH, body)
    assert answer.status_code == 422, answer.text
    assert [error["field"].replace(".0", "[0]") for error in answer.json()["errors"]] == [field]
    assert await shown(caller) == ([], [])


async def test_a_name_is_a_text_of_its_person_and_goes_with_their_texts(caller: Caller) -> None:
    await save(caller, "李敏的清单")
    pool = caller.inbox.store.pool
    assert "李敏的清单" in await everything(caller)
    await pool.execute("DELETE FROM text WHERE subject_id = $1", actor_id("anna"))
    assert "李敏的清单" not in await everything(caller)
    ((one,), _) = await shown(caller)
    assert (one["name"], one["filter"]["region"]) == (None, ["华东"])
