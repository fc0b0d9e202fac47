"""What schemathesis is to do with a service's OpenAPI document, and what it knows of our formats."""

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import FlakyStrategyDefinition
from schemathesis.core.failures import FailureGroup
from schemathesis.core.transport import Response
from schemathesis.generation.stateful.state_machine import APIStateMachine
from schemathesis.schemas import BaseSchema

from libs.chassis.running.service import Service
from libs.zones import ZONES
from services.dispatch.work_orders.api.forms import SCRAWL
from tests.http.api import Api, Case
from tests.texts import NAMES, PHONES, SENTENCES

EXAMPLES = 50 if os.environ.get("FULL") else 20
SEED = 20_261_122
WALKS = 10
STEPS = settings(
    max_examples=4,
    stateful_step_count=6,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)

schemathesis.openapi.format("iana-time-zone", st.sampled_from(sorted(ZONES)))
schemathesis.openapi.format("base64-png", st.just(SCRAWL))
schemathesis.openapi.format("words", SENTENCES)
schemathesis.openapi.format("phone", PHONES)
schemathesis.openapi.format("search", st.sampled_from(["空调", "王芳 0001", "WX-2026", "１３８00 热水器"]))
for format in ("name", "label", "code"):
    schemathesis.openapi.format(format, NAMES)
schemathesis.openapi.format(
    "date-time",
    st.integers(946_684_800, 1_735_689_600).map(lambda second: datetime.fromtimestamp(second, UTC).isoformat()),
)

CONFIGURATION: dict[str, Any] = {
    "seed": SEED,
    "generation": {
        "deterministic": True,
        "max-examples": EXAMPLES,
        "database": "none",
        "with-security-parameters": False,
    },
    "phases": {
        "fuzzing": {
            "generation": {"mode": "positive"},
            "extra-data-sources": {"responses": False},
            "error-feedback": {"enabled": False},
        },
        # What is wrong is tried at each operation alone; a number where a list of one is meant looks the same as sent.
        "stateful": {"generation": {"mode": "positive"}},
    },
    "checks": {
        "positive_data_acceptance": {"enabled": False},
        # What is wrong may be too large as well.
        "negative_data_rejection": {"expected-statuses": [400, 401, 403, 404, 405, 406, 409, 412, 413, 414, 415, 422]},
    },
}


def tried(service: Service) -> BaseSchema:
    """The service's document, ready to be tested."""
    return described(service.http())


def described(app: FastAPI) -> BaseSchema:
    """An application's document, ready to be tested."""
    configuration = schemathesis.Config.from_dict(CONFIGURATION)
    return schemathesis.openapi.from_dict(app.openapi(), config=configuration)


def trials(schema: BaseSchema) -> dict[str, Callable[..., None]]:
    """One test for each operation: schemathesis would give all of them one name, and a worker would run only one."""
    return {f"test_{name}": schema.include(operation_id=name).parametrize()(_trial()) for name in _names(schema)}


def _names(schema: BaseSchema) -> list[str]:
    paths = schema.raw_schema["paths"].values()
    return [operation["operationId"] for path in paths for operation in path.values()]


def _trial() -> Callable[..., None]:
    def trial(case: Case, api: Api) -> None:
        api.call(case)

    return trial


def follow_links(schema: BaseSchema, api: Api) -> None:
    """Walk from answers to the operations that they link to."""
    machine: type[APIStateMachine] = schema.as_state_machine()
    found: list[BaseException] = []

    class Walk(machine):  # type: ignore[misc,valid-type]  # made at run time
        """Calls as everybody else here does."""

        def before_call(self, case: Case) -> None:
            api.settle(case, linked=True)

        def get_call_kwargs(self, case: Case) -> dict[str, Any]:
            return api.options

        def after_call(self, response: Response, case: Case) -> None:
            api.answered(response)

        def validate_response(self, response: Response, case: Case, *_: Any, **options: Any) -> None:
            try:
                case.validate_response(response, headers=options["headers"], transport_kwargs=options)
            except FailureGroup as failures:
                found.append(failures)
                raise

    for number in range(WALKS):
        # The service remembers, so that the same steps may lead elsewhere the second time: hypothesis calls that flaky.
        with suppress(FlakyStrategyDefinition):
            seed(SEED + number)(Walk).run(settings=STEPS)
    assert found == []
