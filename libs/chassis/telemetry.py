"""What every process tells: masked logs, and the chassis's metrics (the kernel's stand in libs/events/metrics.py)."""

import asyncio
import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import msgspec
import structlog
from prometheus_client import Counter, Gauge, Histogram

from libs.chassis.repetition import Repetition
from libs.chassis.tracing import current
from libs.events.errors import traced

log = structlog.get_logger(__name__)

REQUESTS = Counter("aftercare_http_requests_total", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram(
    "aftercare_http_request_seconds",
    "From the request's head to the answer's end",
    ["method", "route"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
IN_FLIGHT = Gauge("aftercare_http_in_flight", "Requests being answered at this moment")
READY = Gauge(
    "aftercare_ready", "Whether this process said that it was ready when it was asked last: 1, or 0; NaN: never asked"
)
READY.set(float("nan"))
DEFECTS = Counter(
    "aftercare_defects_total", "Errors that nothing expected: a request answered 500, or a task that died"
)
REPLAYED = Counter("aftercare_idempotent_replays_total", "Commands answered from what was kept for their key")
STALLED = Counter(
    "aftercare_stalled_total", "Times that a task had work, a working Kafka, and made no progress", ["task"]
)
CLOCK_OFFSET = Gauge(
    "aftercare_clock_offset_seconds", "By how much the clock of this process is ahead of its database's"
)

PERSONAL = frozenset(
    [
        *(
            "name",
            "phone",
            "phones",
            "telephone",
            "mobile",
            "email",
            "mail",
            "address",
            "contact",
            "customer",
            "subject",
        ),
        *("summary", "requirements", "note", "notes", "comment", "body", "text", "words", "explanation", "reasons"),
        *("signature", "signed_by", "id_number", "plate", "latitude", "longitude"),
        *("authorization", "token", "access_token", "secret", "client_secret", "password"),
    ]
)
"""Keys whose values no log shows, whatever they are."""

MASK = "***"
_PATTERNS = re.compile(
    r"(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<jwt>\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*)"
    r"|(?P<id>(?<![\w-])\d{17}[\dXx](?![\w-]))"
    r"|(?P<phone>(?<![\w.-])(?:\+?\d{1,3}[ -]?)?(?:1[3-9]\d[ -]?\d{4}[ -]?\d{4}|0\d{2,3}[ -]?\d{7,8})(?![\w-]))"
    r"|(?P<plate>[\u4e00-\u9fa5][A-Z][A-Z0-9]{5,6}(?![A-Za-z0-9]))"
    r"|(?P<detail>(?<=Key \()[^)]*\)=\([^)]*(?=\)))"
    r"|(?P<row>(?<=Failing row contains \()[^\n]*)"
    r"|(?P<input>(?<=invalid input )(?:for query argument \$\d+|syntax for type [\w ]+): [^\n]*)"
)


def masked(value: Any) -> Any:
    """The value without personal data: known keys whole, phones, ids, plates, mails and tokens by their pattern."""
    if isinstance(value, str):
        return _PATTERNS.sub(MASK, value)
    if isinstance(value, MutableMapping):
        return {masked(key): MASK if key in PERSONAL else masked(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [masked(item) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return masked(str(value)) if isinstance(value, int) and value > 10**9 else value
    return _PATTERNS.sub(MASK, str(value))


def _mask(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key in entry:
        entry[key] = MASK if key in PERSONAL else masked(entry[key])
    return entry


def _place(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    where = current()
    if where is not None:
        entry["trace_id"] = where.trace_id
    return entry


def _encode(entry: MutableMapping[str, Any], **_: object) -> str:
    return msgspec.json.encode(entry, enc_hook=str).decode()


def _traced(exc_info: Any) -> str:
    """An exception as logs show it: where it came from, and never a value that a database's error quotes."""
    return traced(exc_info[1])


def of_loop(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What nobody waited for went wrong: asyncio's own text would show the error as it is."""
    log.error(context["message"], exc_info=context.get("exception"))


def configure_logs(service: str, level: str = "info") -> None:
    """JSON lines on standard error, from structlog and from the libraries' own loggers, masked."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(_traced),
        _place,
        lambda _logger, _method, entry: {"service": service, **entry},
        _mask,
    ]
    threshold = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.stdlib.PositionalArgumentsFormatter(),
            *shared,
            structlog.processors.JSONRenderer(_encode),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    renderer: list[structlog.types.Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.JSONRenderer(_encode),
    ]
    handler.addFilter(Repetition())
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=renderer))
    logging.basicConfig(handlers=[handler], level=max(threshold, logging.WARNING), force=True)
