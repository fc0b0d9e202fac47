"""HTTP of policies: which clocks tickets have, from the draft to what is in force."""

from typing import Annotated, Any

from pydantic import Field

from libs.chassis.http.document.structs import Formed
from libs.chassis.http.routers.publishing import DocumentBody, Documents
from services.sla.policies.domain.policy import Policy
from services.sla.publishing.api.rules import (
    AUTHORS,
    DIRECTORS,
    PublishedRules,
    RuleItem,
    RuleSheet,
    VersionSheet,
    rule_router,
)
from services.sla.publishing.domain.rules import POLICY, policies

EXAMPLE: dict[str, Any] = {
    "id": "weekday-response",
    "title": {"zh-CN": "工作日两小时响应", "en": "A response within two working hours"},
    "calendars": {
        "office": {
            "timezone": "Asia/Shanghai",
            "weekly_hours": {
                day: [["09:00", "12:00"], ["13:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")
            },
            "public_holidays": "CN",
        }
    },
    "targets": [
        {
            "metric": "response",
            "title": {"zh-CN": "响应时限", "en": "Response"},
            "calendar": "office",
            "start": ["intake.TicketOpened"],
            "stop": ["triage.FaultClassified", "triage.RemoteSupportStarted"],
            "cancel": ["intake.TicketCancelled"],
            "within": {"amount": 2, "unit": "hours"},
        }
    ],
}


Document = Annotated[dict[str, Any], Formed(Policy)]


class PolicyDraft(DocumentBody):
    """政策草稿 / A policy as it is to be. Its `version` is given when it is published."""

    document: Document = Field(
        description="政策 / The policy: id, title, calendars and targets; what cannot work is refused, place by place",
        examples=[EXAMPLE],
    )


class NextDraft(PolicyDraft):
    """政策草稿 / The next version of a policy that is there."""

    document: Document = Field(
        description="政策 / The policy, with the id that it has; what cannot work is refused, place by place",
        examples=[EXAMPLE | {"id": "demo"}],
    )


class PolicyDetails(RuleSheet):
    """政策详情 / A policy with its draft, what is in force, and all its versions."""

    draft: Document | None = Field(description="草稿 / The draft", examples=[EXAMPLE | {"version": 2}])
    document: Document | None = Field(description="现行内容 / What is in force", examples=[EXAMPLE | {"version": 1}])


class PolicyVersion(VersionSheet):
    """已发布版本 / A published version of a policy with its content."""

    document: Document = Field(description="内容 / The policy", examples=[EXAMPLE | {"version": 1}])


router = rule_router(
    Documents(
        name="policy",
        plural="policies",
        chinese="政策",
        authors=AUTHORS,
        directors=DIRECTORS,
        new=PolicyDraft,
        following=NextDraft,
        item=RuleItem,
        details=PolicyDetails,
        version=PolicyVersion,
    ),
    PublishedRules(POLICY, policies),
)
