"""What a fault run prints at its end: the faults, the clients' figures, and each check with what is wrong."""

from collections import Counter
from collections.abc import Sequence

from tests.faults.run import Outcome
from tests.faults.verdict import Check

SHOWN = 3


def show(outcome: Outcome, checks: Sequence[Check], resent: int) -> None:
    ledger, struck = outcome.ledger, outcome.struck
    kinds = Counter(one.fault.kind for one in struck)
    hit = Counter(one.fault.kind for one in struck if one.hit)
    print(f"\n{'fault':<20}{'times':>6}{'in flight':>11}")
    for kind, times in sorted(kinds.items()):
        print(f"{kind:<20}{times:>6}{hit[kind]:>11}")
    unavailable = Counter(failure.status for failure in ledger.failures)
    print(
        f"\n{len(ledger.acknowledged):,} commands acknowledged; {len(ledger.lost_connections)} connections lost, "
        f"{ledger.in_flight_elsewhere} times still in flight, {len(ledger.repeats)} sent again on purpose, "
        f"{resent} events twice on Kafka; answers above 499: {dict(unavailable) or 'none'}\n"
    )
    show_checks(checks)


def show_checks(checks: Sequence[Check]) -> None:
    """A line for each, and below it what is wrong."""
    for check in checks:
        print(f"{'ok    ' if check.holds else 'FAILED'}  {check.name:<58}{check.count:>8,}")
        for wrong in check.wrong[:SHOWN] if check.wrong else ["there was nothing to check"] if not check.count else []:
            print(f"        {wrong[:400]}")
        if len(check.wrong) > SHOWN:
            print(f"        and {len(check.wrong) - SHOWN} more")
