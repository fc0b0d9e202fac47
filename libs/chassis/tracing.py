"""The trace of each task: continued from `traceparent` or begun anew, and carried by a context variable."""

from contextvars import ContextVar

from libs.events.spans import Tracer, begun
from libs.events.trace import Trace

_CURRENT: ContextVar[Trace | None] = ContextVar("trace", default=None)

tracer: Tracer | None = None
"""Who records the traces of this process; None unless its settings say where they go."""


def record_by(recorder: Tracer | None) -> None:
    """From now on this process's spans go there."""
    global tracer  # noqa: PLW0603  # one for the process, as its logs and metrics are
    tracer = recorder


def trace() -> Trace:
    """The trace of this task; begun now if there is none yet."""
    return _CURRENT.get() or _entered(begun(tracer))


def current() -> Trace | None:
    """The trace of this task, if there is one."""
    return _CURRENT.get()


def enter(traceparent: str | None) -> Trace:
    """Continue the trace of a request or message in this task, as a span of our own, or begin one."""
    caller = Trace.parse(traceparent)
    return _entered(caller.child() if caller else begun(tracer))


def _entered(span: Trace) -> Trace:
    _CURRENT.set(span)
    return span
