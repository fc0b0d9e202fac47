"""The department that the software works for: where its days begin, and whose phone numbers need no country code."""

from functools import cache

from phonenumbers import SUPPORTED_REGIONS
from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from libs.zones import ZONES


class Department(BaseSettings):
    """What the services are told of the department, alike."""

    model_config = SettingsConfigDict(env_prefix="DEPARTMENT_", env_ignore_empty=True, extra="ignore")

    timezone: str = Field(
        default="Asia/Shanghai",
        description=(
            "Its IANA time zone: the date in ticket numbers, the days of the workload and the hours of the policy that "
            "ships. After a change rebuild dispatch's `workload`."
        ),
    )
    phone_region: str = Field(
        default="CN", description="The region, as ISO 3166 has it, whose phone numbers are typed without country code."
    )

    reopen_days: int = Field(
        default=14,
        ge=0,
        le=365,
        description="For so many days after a ticket was closed it can be opened again; later a new one follows it.",
    )

    archive_months: int = Field(
        default=24,
        ge=1,
        le=240,
        description="For so many months after a ticket was closed the lists show it; later it is found by its number, "
        "by words, with its customer, and among the archived ones.",
    )

    @field_validator("timezone")
    @classmethod
    def known_zone(cls, name: str) -> str:
        """A name that means the same on every machine."""
        if name not in ZONES:
            raise ValueError("This is not an IANA time zone, such as Asia/Shanghai.")
        return name

    @field_validator("phone_region")
    @classmethod
    def known_region(cls, region: str) -> str:
        """A region with a numbering plan."""
        if region not in SUPPORTED_REGIONS:
            raise ValueError("This is no region with phone numbers of its own, such as CN.")
        return region


@cache
def department() -> Department:
    """The department of this process, as the environment has it when it is first asked for. Raises ValueError."""
    return Department()
