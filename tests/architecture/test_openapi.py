"""One way of naming in the five OpenAPI documents: ids, statuses and operations."""

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from libs.chassis.http.routing import Route
from libs.chassis.problems import Problem
from libs.chassis.sentences import CHASSIS, SHARED, in_chinese, prefers_chinese
from libs.services import EVENT_SERVICES
from tests.architecture.refusals import codes_of

ROOT = Path(__file__).parents[2]
DOCUMENTS: dict[str, dict[str, Any]] = {
    name: import_module(f"services.{name}.app").service.http().openapi() for name in EVENT_SERVICES
}
NAMED = {
    "Conduct.id",
    "OperationAnswer.id",  # a lane, or a number of the list
    "OrderAnswer.id",
    "ComponentForm.id",
    "PartForm.id",
    "PartItem.id",
    "Candidate.part_id",
    "PartReplacement.part_id",
    "SpareUse.part_id",
    "QueueItem.part_id",
    "TicketDetails.part_id",
    "TicketItem.part_id",
    "ParkedRow.id",
    "ParkedRow.event_id",  # what could not be read may have any id
    "PresetItem.id",
    "PresetSummary.id",
    "Problem.trace_id",
    "PublishedAnswer.id",
    "RuleItem.id",
    "CalendarDetails.id",
    "Policy.id",
    "PolicyDetails.id",
    "SharedCalendar.id",
    "calendar_id",
    "policy_id",
}
"""Ids that somebody chose, and numbers."""


def _fields(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, schema in document["components"]["schemas"].items():
        for field, what in schema.get("properties", {}).items():
            yield f"{name}.{field}", what


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method, path, operation


def _parameters(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for _, path, operation in _operations(document):
        for parameter in operation.get("parameters", ()):
            yield path, parameter["name"], parameter["schema"]


def _is_uuid(schema: dict[str, Any]) -> bool:
    kinds = [kind.get("items", kind) for kind in schema.get("anyOf", [schema]) if kind.get("type") != "null"]
    given = [one for kind in kinds for one in kind.get("anyOf", [kind]) if one.get("const") != "me"]
    return all(one.get("format") == "uuid" for one in given)


def _names_one(field: str) -> bool:
    return field == "id" or field.endswith(("_id", "_ids"))


@pytest.mark.parametrize("service", EVENT_SERVICES)
def test_an_id_is_a_uuid_unless_somebody_chose_it(service: str) -> None:
    fields = [(name, schema) for name, schema in _fields(DOCUMENTS[service]) if _names_one(name.rpartition(".")[2])]
    assert [name for name, schema in fields if name not in NAMED and not _is_uuid(schema)] == []
    given = [found for found in _parameters(DOCUMENTS[service]) if _names_one(found[1]) and found[1] not in NAMED]
    others = {path for path, _, schema in given if not _is_uuid(schema)}
    assert {path for path in others if not path.startswith(("/v1/operations/parked", "/v1/presets"))} == set()


@pytest.mark.parametrize("service", EVENT_SERVICES)
def test_how_far_something_is_is_its_status(service: str) -> None:
    fields = [name for name, _ in _fields(DOCUMENTS[service])]
    assert [name for name in fields if name.rpartition(".")[2].startswith("state")] == []
    assert [(path, name) for path, name, _ in _parameters(DOCUMENTS[service]) if name == "state"] == []


@pytest.mark.parametrize("service", EVENT_SERVICES)
def test_what_only_reads_gets_lists_or_streams(service: str) -> None:
    reading = [o["operationId"] for method, _, o in _operations(DOCUMENTS[service]) if method == "get"]
    verbs = {name.removeprefix(f"{service}_").partition("_")[0] for name in reading}
    assert verbs <= {"get", "list", "stream"}


@pytest.mark.parametrize("service", EVENT_SERVICES)
def test_an_answer_says_its_own_id_once(service: str) -> None:
    schemas = DOCUMENTS[service]["components"]["schemas"]
    made = {
        schema["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        for _, _, operation in _operations(DOCUMENTS[service])
        for status, schema in operation["responses"].items()
        if status in ("201", "202")
    }
    for name in made:
        assert not any("the same as id" in str(field) for field in schemas[name]["properties"].values())
        assert "id" in schemas[name]["properties"]


ANSWERED_404 = {"case-not-started", "no-such-job", "ticket-not-opened", "unknown-*"}
"""Where a stream is empty, the command is answered 404 `not-found` whatever its decider says."""
STEPS = {f"{step}_{kind}" for step in ("approve", "publish", "retire", "reassess") for kind in ("policy", "calendar")}
"""Routes of one method, which takes the step as an argument: what each of them can refuse is judged together."""


def _routes(service: str) -> Iterator[Route]:
    for router in import_module(f"services.{service}.app").service.routes:
        for route in router.routes:
            assert isinstance(route, Route)
            yield route


def _fits(code: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch(code, pattern) for pattern in patterns)


@pytest.mark.parametrize("service", EVENT_SERVICES)
def test_an_operation_names_the_codes_that_it_can_be_refused_with(service: str) -> None:
    refusals = import_module(f"services.{service}.refusals").REFUSALS
    undeclared, unfounded = {}, {}
    for route in _routes(service):
        name, found = str(route.operation_id), codes_of(route.endpoint)
        named = {*refusals.operations.get(name, ()), *SHARED.operations.get(name, ()), *CHASSIS}
        missing = {c for c in found if not _fits(c, ANSWERED_404) and not any(fnmatch(n, c) for n in named)}
        if missing and name not in STEPS:
            undeclared[name] = missing
        if name != "request_replay" and (
            made_up := {c for c in refusals.operations.get(name, ()) if not _fits(c, found)}
        ):
            unfounded[name] = made_up
    assert (undeclared, unfounded) == ({}, {})


@pytest.mark.parametrize("service", EVENT_SERVICES)
def test_every_code_has_its_sentences_and_an_operation(service: str) -> None:
    refusals = import_module(f"services.{service}.refusals").REFUSALS
    named = {code for codes in refusals.operations.values() for code in codes}
    found = {code for route in _routes(service) for code in codes_of(route.endpoint)}
    assert named == set(refusals.sentences)
    assert {
        c
        for c in found
        if not _fits(c, ANSWERED_404) and not any(fnmatch(n, c) for n in (*named, *SHARED.sentences, *CHASSIS))
    } == set()
    operations = {str(route.operation_id) for route in _routes(service)}
    assert set(refusals.operations) <= operations


@pytest.mark.parametrize("service", EVENT_SERVICES)
def test_the_document_lists_the_codes_by_status(service: str) -> None:
    for _, path, operation in _operations(DOCUMENTS[service]):
        for status, response in operation["responses"].items():
            if "application/problem+json" in response.get("content", {}):
                schema = response["content"]["application/problem+json"]["schema"]
                assert schema["allOf"][1]["properties"]["code"]["enum"], (path, status)


@pytest.mark.parametrize(
    ("wanted", "chinese"),
    [("zh-CN,zh;q=0.9,en;q=0.8", True), ("en", False), ("en,zh;q=0.5", False), ("zh;q=x,en;q=0.1", False), ("", False)],
)
def test_chinese_is_for_who_prefers_it(wanted: str, chinese: bool) -> None:
    assert prefers_chinese(wanted) is chinese


def test_a_chinese_sentence_says_what_stands_in_the_way() -> None:
    problem = Problem(409, "skill-missing", "The engineer lacks skills: hvac.", extensions={"skills": ["hvac", "lift"]})
    in_chinese(problem, import_module("services.dispatch.refusals").REFUSALS)
    assert (problem.detail, problem.headers["Content-Language"]) == ("维修人员缺少所需技能：hvac、lift。", "zh-CN")


def test_every_code_of_the_chassis_has_its_sentences() -> None:
    said = re.compile(r'(?:Problem\(\s*\d{3},|busy\()\s*"([a-z-]+)"|code: str = "([a-z-]+)"')
    found = {a or b for path in (ROOT / "libs/chassis").rglob("*.py") for a, b in said.findall(path.read_text("utf-8"))}
    assert "idempotency-key-missing" in found
    assert found - {"code"} <= {*CHASSIS, *SHARED.sentences}


@pytest.mark.parametrize("service", EVENT_SERVICES)
def test_every_tag_says_what_it_is_about(service: str) -> None:
    assert [tag["name"] for tag in DOCUMENTS[service]["tags"] if not tag.get("description")] == []


def test_the_documents_of_rules_are_typed() -> None:
    schemas = DOCUMENTS["sla"]["components"]["schemas"]
    for form, document in (("PolicyDraft", "Policy"), ("NextDraft", "Policy"), ("CalendarDraft", "SharedCalendar")):
        assert schemas[form]["properties"]["document"]["$ref"] == f"#/components/schemas/{document}"
    assert schemas["Target"]["properties"]["within"]
    assert "x-struct" not in str(schemas)
