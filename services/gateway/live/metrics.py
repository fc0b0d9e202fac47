"""What the live stream tells of itself."""

from prometheus_client import Counter, Gauge

STREAMS = Gauge("aftercare_live_streams", "Live streams that this process serves")
ENTRIES = Counter("aftercare_live_entries_total", "Entries that a service told", ["source"])
READING = Gauge("aftercare_live_reading", "Whether a service's stream is read: 1, or 0", ["source"])
CUT_OFF = Counter("aftercare_live_cut_off_total", "Live streams that were ended because nobody kept up with them")
