"""Commands by a function: its parameters are a form's fields, its words become texts, its name is the operation's."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

import pytest
from pydantic import Field, ValidationError

from libs.chassis.http import CommandBody, Commands, Response, Router
from libs.chassis.http.routers.steps import Steps
from libs.chassis.http.routing import Route
from libs.chassis.identity.auth import allow
from libs.chassis.input.fields import Said
from libs.events.texts import Text

ID = UUID("018f2c6e-5a38-7f0e-9b3c-1f6f1c2d7a1f")
RAN: list[tuple[Any, ...]] = []
"""What was carried out: the runner, the id, the command, whether its body says when, and its texts."""


async def _run(runner: Any, id: UUID, command: tuple[Any, ...], body: CommandBody, texts: Sequence[Text]) -> Response:
    RAN.append((runner, id, command, body.occurred_at, [text.body for text in texts]))
    return Response()


router = Router(prefix="/v1/jobs/{job_id}")
step: Steps[tuple[Any, ...]] = Steps(router, allow("agent"), Commands, _run, refused=("job-ended",))


@step.post("/report", "Report", refused=("too-early",))
def report(
    outcome: Annotated[int, Field(ge=1, description="结果 / Outcome")],
    note: Annotated[Said | None, Field(description="说明 / Note")] = None,
) -> tuple[Any, ...]:
    """报告 / What came of it."""
    return outcome, note.id if note else None


@step.post("/end", "End", "结束 / Nothing to say.")
def end(job_id: UUID) -> tuple[Any, ...]:
    """结束 / It is over."""
    return ("end", job_id)


REPORT, END = [route for route in router.routes if isinstance(route, Route)]


async def _ran(route: Route, body: Any) -> tuple[Any, ...]:
    RAN.clear()
    await route.endpoint(job_id=ID, body=body, runner="runner")
    (one,) = RAN
    return one


def test_the_route_is_the_function_and_its_address_its_roles_are_those_of_all_steps() -> None:
    assert [(route.operation_id, route.path) for route in (REPORT, END)] == [
        ("report", "/v1/jobs/{job_id}/report"),
        ("end", "/v1/jobs/{job_id}/end"),
    ]
    assert [route.roles.roles for route in (REPORT, END) if route.roles] == [frozenset(["agent"])] * 2
    assert all(route.binding is not None for route in (REPORT, END))


def test_the_functions_parameters_are_the_forms_fields_but_for_the_id() -> None:
    form = step.forms["Report"]
    assert (form.__name__, form.__doc__) == ("Report", "报告 / What came of it.")
    assert list(form.model_fields) == ["occurred_at", "outcome", "note"]
    assert END.description == "结束 / It is over."
    with pytest.raises(ValidationError):
        form.model_validate({"outcome": 0})
    with pytest.raises(ValidationError):
        form.model_validate({"outcome": 1, "note": " "})
    with pytest.raises(ValidationError):
        form.model_validate({"outcome": 1, "level": 2})


async def test_words_become_texts_whose_ids_the_command_has() -> None:
    form = step.forms["Report"]
    _, id, (outcome, note), _, texts = await _ran(REPORT, form.model_validate({"outcome": 2, "note": "好\r\n了"}))
    assert (id, outcome, texts) == (ID, 2, ["好\n了"])
    assert str(UUID(note)) == note
    assert (await _ran(REPORT, form.model_validate({"outcome": 2})))[2:] == ((2, None), None, [])


async def test_a_command_that_asks_for_nothing_may_come_without_a_body_and_knows_its_id() -> None:
    assert not END.dependant.body_params[0].field_info.is_required()
    assert REPORT.dependant.body_params[0].field_info.is_required()
    assert await _ran(END, None) == ("runner", ID, ("end", ID), None, [])


def test_an_operation_is_refused_with_the_codes_of_all_steps_and_its_own() -> None:
    assert step.refused == {"report": ("job-ended", "too-early"), "end": ("job-ended",)}
