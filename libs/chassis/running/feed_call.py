"""A call of another service's feed, as a trace shows it: it begins a trace, which the service that answers goes on."""

from time import time_ns

from libs.chassis import tracing
from libs.events.spans import Span, begun


class FeedCall:
    """One call, from now until it is recorded; `status` is what was answered, 0 while nothing is."""

    def __init__(self, service: str, path: str) -> None:
        self.at = begun(tracing.tracer)
        self.status = 0
        self._service, self._path, self._began = service, path, time_ns()

    def record(self) -> None:
        """It is over, whatever came of it: tell a trace that is recorded."""
        if tracing.tracer is not None and self.at.sampled:
            tracing.tracer.record(self._span())

    def _span(self) -> Span:
        """By OpenTelemetry's semantic conventions; the source is a word of ours."""
        attributes: dict[str, str | int] = {"http.request.method": "GET", "url.template": self._path}
        attributes["aftercare.source"] = self._service
        if self.status:
            attributes["http.response.status_code"] = self.status
        return Span(
            name=f"GET {self._path}",
            kind="client",
            at=self.at,
            began=self._began,
            ended=time_ns(),
            attributes=attributes,
            failed=not 200 <= self.status < 400,
        )
