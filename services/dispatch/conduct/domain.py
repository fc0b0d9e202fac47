"""The code of conduct on site (R021 to R036), as data by type of job: what an engineer goes through at the customer's.

The list is data beside the code, read once like the code itself.
"""

from collections.abc import Iterable
from importlib.resources import files

import msgspec

from libs.events import Refused
from libs.events.contracts.jobs import JobType


class ConductText(msgspec.Struct, frozen=True, rename={"zh": "zh-CN"}):
    """What it asks, in both languages."""

    zh: str
    en: str


class ConductItem(msgspec.Struct, frozen=True):
    """One item; without `job_types` it is for every job."""

    id: str
    requirement: str
    text: ConductText
    job_types: list[JobType] | None = None


CHECKLIST = msgspec.json.decode(
    files("services.dispatch.conduct").joinpath("checklist.json").read_bytes(), type=tuple[ConductItem, ...]
)


def checklist(job_type: JobType) -> list[ConductItem]:
    """What a job of this type asks, in the order of the visit."""
    return [item for item in CHECKLIST if item.job_types is None or job_type in item.job_types]


def kept(job_type: JobType, ids: Iterable[str]) -> list[str]:
    """The items that were kept, each once and in their order. Raises Refused for one that the job does not ask for."""
    asked, named = [item.id for item in checklist(job_type)], set(ids)
    if strange := sorted(named.difference(asked)):
        raise Refused("unknown-conduct", f"The job does not ask for {', '.join(strange)}.", items=strange)
    return [id for id in asked if id in named]
