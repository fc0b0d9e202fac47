"""The rules that ship with the service: data beside the code, read once like the code itself.

`LIBRARY` begins with the demo's policy in force; what is published later is added to it
(publishing/rules_in_force.py). The policy is written for the demo's department; the service that goes by it puts it
into the zone of its own (`work_in`).
"""

from importlib.resources import files

import msgspec

from services.sla.policies.domain.policy import Policy, SiteHours, decode
from services.sla.policies.domain.rulebook import Library

DEMO = decode(files("services.sla").joinpath("policies", "demo.json").read_bytes())

SHIPPED: dict[str, Policy] = {DEMO.id: DEMO}
"""What ships, by id."""

LIBRARY = Library(policies={DEMO.name: DEMO}, policies_in_force=(DEMO.name,))


def work_in(zone: str) -> None:
    """From now on what ships keeps its hours in this IANA zone, for every decision of this process."""
    SHIPPED.update({id: in_zone(policy, zone) for id, policy in SHIPPED.items()})
    LIBRARY.add({policy.name: policy for policy in SHIPPED.values()}, {})


def in_zone(policy: Policy, zone: str) -> Policy:
    """The policy with its own calendars in another zone; shared ones have theirs."""
    calendars = {
        id: msgspec.structs.replace(hours, timezone=zone) if isinstance(hours, SiteHours) else hours
        for id, hours in policy.calendars.items()
    }
    return msgspec.structs.replace(policy, calendars=calendars)
