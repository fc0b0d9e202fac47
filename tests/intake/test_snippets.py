"""The department's short texts: kept by managers, read by all, bounded, with a history."""

from typing import Any

import pytest

from libs.events.kept_list import Keep, Remove
from services.intake.snippets.domain import MOST, Snippet, SnippetKept, SnippetRemoved, snippets
from tests.caller import Caller
from tests.intake.test_api import problem
from tests.spec import Given

spec = Given(snippets)
PATH = "/v1/snippets"
FORM = {"title": "保修范围", "chinese": "滤网不在保修范围。", "use": "note"}


def of(id: str, title: str | None = None) -> Snippet:
    return Snippet(id=id, title=title or f"title of {id}", chinese="好")


def test_a_snippet_is_kept_once_changed_and_removed() -> None:
    assert spec.when(Keep(of("a"))) == [SnippetKept(snippet=of("a"))]
    one = spec.given(SnippetKept(snippet=of("a")))
    assert one.when(Keep(of("a"), known=True)) == []
    assert one.when(Keep(of("a", "other"), known=True)) == [SnippetKept(snippet=of("a", "other"))]
    assert one.when(Remove("a")) == [SnippetRemoved(snippet_id="a", title="title of a")]
    assert one.given(SnippetRemoved(snippet_id="a", title="title of a")).when(Remove("a")) == []


def test_there_are_two_hundred_at_most_with_one_title_each() -> None:
    full = spec.given(*(SnippetKept(snippet=of(str(number))) for number in range(MOST)))
    for command, code in (
        (Keep(of("one more")), "too-many-snippets"),
        (Keep(of("1", "title of 2"), known=True), "title-taken"),
        (Keep(of("nobody's"), known=True), "unknown-snippet"),
    ):
        with full.refuses(code) as refused:
            refused.when(command)


async def test_a_manager_keeps_what_everybody_reads_and_the_history_says_who(caller: Caller) -> None:
    assert problem(await caller.post(PATH, FORM)) == (403, "forbidden")
    caller.as_person("director", "manager")
    caller.tokens.name = "李敏"
    answer = await caller.post(PATH, FORM)
    assert answer.status_code == 200, answer.text
    id = answer.json()["snippet_id"]
    assert problem(await caller.post(PATH, FORM)) == (409, "title-taken")
    assert (await caller.post(f"{PATH}/{id}", FORM | {"english": "Filters are not."})).status_code == 200
    caller.as_person("anna", "agent")
    (one,) = (await caller.get(PATH)).json()["items"]
    assert one == {"id": id, **FORM, "english": "Filters are not.", "kind": None}
    caller.as_person("director", "manager")
    assert (await caller.post(f"{PATH}/{id}/removal")).status_code == 200
    assert (await caller.get(PATH)).json()["items"] == []
    history = (await caller.get("/v1/snippet-changes")).json()["items"]
    said = [(one["change"], one["title"], one["english"], one["actor_name"]) for one in history]
    assert said == [
        ("removed", "保修范围", None, "李敏"),
        ("kept", "保修范围", "Filters are not.", "李敏"),
        ("kept", "保修范围", None, "李敏"),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "},
        {"chinese": None},
        {"chinese": "长" * 2001},
        {"english": "hidden \u202e"},
        {"use": "elsewhere"},
        {"unknown": 1},
    ],
)
async def test_what_cannot_be_kept_is_refused(caller: Caller, wrong: dict[str, Any]) -> None:
    caller.as_person("director", "manager")
    assert problem(await caller.post(PATH, FORM | wrong)) == (422, "malformed")
    assert (await caller.get(PATH)).json() == {"items": [], "version": 0}
