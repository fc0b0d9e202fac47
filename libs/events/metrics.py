"""What the kernel counts, in one place, so that an operator finds every name; totals are a process's own."""

from prometheus_client import Counter, Gauge, Histogram

CONFLICTS = Counter("aftercare_append_conflicts_total", "Appends that lost a race and were decided again")
FORGOTTEN = Counter(
    "aftercare_memory_forgotten_total", "Decisions on a remembered stream that no append confirmed, taken again"
)
APPENDED = Counter("aftercare_events_appended_total", "Events appended to the log")
SEALED = Counter("aftercare_outbox_sealed_total", "Published events that were given their lane and seq")
SENT = Counter("aftercare_relay_sent_total", "Events that Kafka acknowledged")
OUTBOX_AGE = Gauge("aftercare_outbox_age_seconds", "Age of the oldest event that was not yet sealed")
LANE_LAG = Gauge("aftercare_relay_lag_events", "Sealed events that Kafka has not yet acknowledged", ["lane"])
PRODUCERS = Counter("aftercare_relay_producers_total", "Producers made: one at start, one more after every error")
DEPOSED = Counter("aftercare_relay_deposed_total", "Times that a relay found its cursor moved by another and stopped")
TOPICS_ANEW = Counter("aftercare_relay_topics_anew_total", "Times that a topic was found empty or cut and sent again")

EPOCH = Gauge("aftercare_epoch", "Epoch of this log; a step up: its database was restored, failed over or moved")

HEARD = Counter("aftercare_events_heard_total", "Events applied from other services", ["source"])
DUPLICATES = Counter("aftercare_duplicates_total", "Heard events dropped because their effect stands", ["source"])
GAPS = Counter("aftercare_gaps_total", "Gaps found in a lane, each repaired from the source's feed", ["source"])
REPAIRED = Counter(
    "aftercare_repaired_events_total", "Events fetched from a source's feed instead of Kafka", ["source"]
)
CONSUMER_LAG = Gauge(
    "aftercare_consumer_lag_events", "Events of a source that this service has yet to apply", ["source"]
)
PARKED = Gauge("aftercare_parked_events", "Events and chores parked for an operator", ["consumer"])
STOPPED = Gauge(
    "aftercare_stopped_lanes",
    "Lanes stopped: newer_schema, diverged, lost_commits, or epidemic (many keys parked by one defect)",
    ["kind"],
)
HALVED = Counter("aftercare_batches_halved_total", "Batches tried again in halves after an error")
DELAY = Histogram(
    "aftercare_reaction_delay_seconds",
    "From the time of sending (Kafka's timestamp) to the commit of the reaction, on real time",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)

DELETED = Counter("aftercare_retention_deleted_rows_total", "Rows deleted because their time was past", ["table"])
OVERDUE = Gauge(
    "aftercare_retention_overdue_seconds",
    "How long past its time the oldest row was that the last sweep deleted; 0: it found none",
    ["table"],
)
TABLE_BYTES = Gauge("aftercare_table_bytes", "Size of a table on disk, with its indices", ["table"])

JOB_DEFECTS = Counter("aftercare_job_defects_total", "Background jobs that failed of a defect", ["kind"])

FIRED = Counter("aftercare_timers_fired_total", "Timers that fell due and were acted on")
LATENESS = Histogram(
    "aftercare_timer_lateness_seconds",
    "From the instant a timer was due, on the database's clock, to the commit that acted on it",
    buckets=(0.05, 0.1, 0.15, 0.25, 0.5, 1, 2, 5, 10, 60, 600, 3600),
)
