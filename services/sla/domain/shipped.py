"""The rules that ship with the service: data beside the code, read once like the code itself.

`LIBRARY` begins with the demo's policy in force; what is published later is added to it (services/sla/rules.py).
"""

from importlib.resources import files

from services.sla.domain.policy import decode
from services.sla.domain.rulebook import Library

DEMO = decode(files("services.sla").joinpath("policies", "demo.json").read_bytes())

LIBRARY = Library(policies={DEMO.name: DEMO}, policies_in_force=(DEMO.name,))
