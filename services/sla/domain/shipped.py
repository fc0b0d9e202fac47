"""The policies that ship with the service: data beside the code, read once like the code itself.

A change is a new version in a file of its own; the clocks of a ticket keep the version they started under (decision 9).
"""

from importlib.resources import files

from services.sla.domain.policy import Policy, decode

DEMO = decode(files("services.sla").joinpath("policies", "demo.json").read_bytes())

POLICIES: dict[str, Policy] = {policy.name: policy for policy in (DEMO,)}

CURRENT = DEMO
"""The policy of tickets that have none yet."""
