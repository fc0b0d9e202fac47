"""HTTP of policies: which clocks tickets have, from the draft to what is in force."""

from pydantic import Field

from libs.chassis.http.publishing import DocumentBody, Documents
from services.sla.publishing.api.editions import (
    AUTHORS,
    DIRECTORS,
    Document,
    Editions,
    RuleItem,
    RuleSheet,
    VersionSheet,
    rule_router,
)
from services.sla.publishing.domain.editions import POLICY, policies

EXAMPLE: Document = {
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
        details=RuleSheet,
        version=VersionSheet,
    ),
    Editions(POLICY, policies),
)
