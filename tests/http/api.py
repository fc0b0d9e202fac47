"""A service under schemathesis: where it answers, whose token calls it, and ids that it knows."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, cycle
from typing import Any

import requests
from schemathesis import Case as AnyCase
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.transport import Response

from libs.chassis.field_sentences import chinese

Case = AnyCase[Any]

Known = Mapping[str, Sequence[Any]]
"""Ids by operation id, or by the name of a parameter or field that several operations have.

What an operation's own field of a name is to hold goes by both: `draft_policy.document`.
"""


DOCUMENTS = ("body.document", "body.policy", "body.calendars")
"""Policies and calendars: what is wrong in them, those who write them read in English (ADR 41)."""


@dataclass
class Api:
    """Calls the running service; `calls` counts the answers by status.

    `own` is what the service says of fields, in English and in Chinese.
    """

    base_url: str
    token: str
    known: Known
    own: Mapping[str, str] = field(default_factory=dict)
    calls: Counter[int] = field(default_factory=Counter)
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self._ids: dict[str, Iterator[Any]] = {name: cycle(ids) for name, ids in self.known.items()}
        self._count = count(1)

    @property
    def options(self) -> dict[str, Any]:
        """What every call is made with."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return {"base_url": self.base_url, "headers": headers, "session": self.session}

    @property
    def succeeded(self) -> float:
        """The share of calls that were carried out, of those that could be: what is malformed on purpose is 400."""
        carried_out = sum(number for status, number in self.calls.items() if status < 300)
        return carried_out / (self.calls.total() - self.calls[400])

    def call(self, case: Case) -> None:
        """Make the call and hold the answer against the document."""
        self.settle(case)
        response = case.call(**self.options)
        self.answered(response)
        case.validate_response(response, headers=self.options["headers"], transport_kwargs=self.options)

    def answered(self, response: Response) -> None:
        """Count it; what it says of a field has a Chinese sentence, but for what is wrong within a document."""
        self.calls[response.status_code] += 1
        if response.status_code >= 400:
            errors = response.json().get("errors", [])
            wrong = [error["detail"] for error in errors if not error["field"].startswith(DOCUMENTS)]
            untold = [english for english in wrong if chinese(english, self.own) is None]
            assert not untold, f"without a Chinese sentence: {untold}"

    def tell(self, name: str) -> None:
        """Print how the calls were answered."""
        answers = ", ".join(f"{number} × {status}" for status, number in sorted(self.calls.items()))
        print(f"{name}: {self.calls.total()} calls, {self.succeeded:.0%} carried out ({answers})")

    def settle(self, case: Case, linked: bool = False) -> None:
        """Put in what no document can say: ids that exist, a key of its own, versions that nobody has to wait for."""
        number, meta = next(self._count), case.meta
        if not linked and meta is not None and not meta.is_negative_at(ParameterLocation.PATH):
            for name in case.path_parameters or {}:
                self._put(case.path_parameters, name, self._id(case, name))
        if meta is not None and not meta.is_negative_at(ParameterLocation.HEADER):
            self._head(case.headers, number)
        if case.query and str(case.query.get("min_version", "")).isdigit():
            case.query["min_version"] = 0 if linked else number % 2
        if "text/event-stream" in str(case.operation.definition.raw["responses"]):
            self._ending(case)
        if meta is not None and meta.generation.mode.is_positive:
            self._settle_values(case, usual=bool(number % 4))

    def _settle_values(self, case: Case, usual: bool) -> None:
        """Ids that are known; and, but for one call in four, nothing that at random is seldom right."""
        if case.query:
            self._known_ids(case, case.query)
            for name in ("cursor", "to", "opened_to") if usual else ():  # of another list, or before the span begins
                case.query.pop(name, None)
        if isinstance(case.body, dict):
            self._known_ids(case, case.body)
            if usual:
                case.body.pop("occurred_at", None)  # before whatever happened

    def _ending(self, case: Case) -> None:
        """A stream is asked to end as soon as it has sent what there is: nobody waits an hour for an answer."""
        query: dict[str, Any] = dict(case.query or {})
        if str(query.get("seconds", 0)).isdigit():
            case.query = query | {"seconds": 0}

    def _known_ids(self, case: Case, values: dict[str, Any]) -> None:
        for name in values:
            ids = self._ids.get(f"{_operation(case)}.{name}") or self._ids.get(name)
            self._put(values, name, next(ids) if ids else None)

    def _id(self, case: Case, name: str) -> Any:
        ids = self._ids.get(_operation(case)) or self._ids.get(name)
        return next(ids) if ids else None

    def _put(self, values: dict[str, Any], name: str, id: Any) -> None:
        if id is not None:
            values[name] = id

    def _head(self, headers: Any, number: int) -> None:
        if headers.get("Idempotency-Key"):
            headers["Idempotency-Key"] = f"schemathesis-{number}"
        if number % 4:
            headers.pop("If-Match", None)


def _operation(case: Case) -> str:
    return str(case.operation.definition.raw.get("operationId"))
