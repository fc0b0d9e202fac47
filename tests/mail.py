"""What the other services would say on Kafka, as messages that go straight into an inbox: one lane a source."""

from collections import Counter
from datetime import UTC, datetime
from uuid import uuid4

import msgspec

from libs.events import Published
from libs.events.transport.wire import Message, dataschema, message

EARLIER = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Mail:
    """Counts each source's events, so that the inbox finds no gap. Everything happens `at` that time."""

    def __init__(self) -> None:
        self._seqs: Counter[str] = Counter()
        self.at = EARLIER

    def letter(self, event: Published, at: datetime | None = None) -> Message:
        """The next message of the service that publishes the event."""
        at = at or self.at
        source = event.type_name.split(".")[0]
        self._seqs[source] += 1
        headers = {
            "ce_source": f"/aftercare/{source}/1",
            "ce_id": str(uuid4()),
            "ce_type": event.type_name,
            "ce_time": at.isoformat(),
            "ce_recordedtime": at.isoformat(),
            "ce_partitionkey": event.key(f"{source}-stream"),
            "ce_dataschema": dataschema(event.type_name, event.version),
            "ce_lane": "0",
            "ce_sequence": f"{self._seqs[source]:020d}",
        }
        return message(headers, msgspec.json.encode(event))
