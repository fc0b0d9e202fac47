"""HTTP of policies: which clocks tickets have, from the draft to what is in force."""

from typing import Annotated, Any

from fastapi import Path
from pydantic import Field

from libs.chassis.http import (
    ANYONE,
    DEFAULT,
    TAGGED,
    CommandBody,
    Commands,
    Cursor,
    Limit,
    MinVersion,
    Page,
    Reads,
    Response,
    Router,
)
from services.sla.publishing.api import editions
from services.sla.publishing.api.editions import (
    AUTHORS,
    DIRECTORS,
    ID,
    Document,
    Number,
    OrderAnswer,
    Reassessment,
    RuleAnswer,
    RuleItem,
    RuleSheet,
    States,
    Step,
    VersionSheet,
)
from services.sla.publishing.domain.edition import Approve, Publish, Retire
from services.sla.publishing.domain.editions import POLICY, policies

router = Router(prefix="/v1/policies", tags=["policies"])

PolicyId = Annotated[str, Path(pattern=ID, description="政策编号 / Id of the policy", examples=["demo"])]

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


class PolicyDraft(CommandBody):
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


def _link(operation: str, id: str = "$response.body#/id") -> dict[str, Any]:
    return {"operationId": operation, "parameters": {"policy_id": id}}


@router.get(
    "",
    operation_id="list_policies",
    dependencies=[ANYONE],
    response_model=Page[RuleItem],
    responses={200: {"links": {"policy": _link("get_policy", "$response.body#/items/0/id")}}},
)
async def list_policies(reads: Reads, status: States, limit: Limit = DEFAULT, cursor: Cursor = None) -> Any:
    """时限政策列表 / The policies, newest first, those that ship with the service last."""
    return await editions.listed(POLICY, reads, status, limit, cursor)


@router.post(
    "",
    status_code=201,
    operation_id="create_policy",
    dependencies=[AUTHORS],
    response_model=RuleAnswer,
    responses={201: {"links": {name: _link(name) for name in ("get_policy", "approve_policy")}}},
)
async def create_policy(body: PolicyDraft, commands: Commands) -> Response:
    """新建政策 / A new policy, as a draft: it has no effect before it is approved and published."""
    return await editions.create(POLICY, policies, body.document, body, commands)


@router.get(
    "/{policy_id}", operation_id="get_policy", dependencies=[ANYONE], response_model=RuleSheet, responses=TAGGED
)
async def get_policy(policy_id: PolicyId, reads: Reads, min_version: MinVersion = None) -> Response:
    """政策详情 / One policy: its draft, what is in force, and all its versions."""
    await reads.wait(policies.stream(policy_id), min_version)
    return await editions.one(POLICY, policy_id, reads)


@router.get(
    "/{policy_id}/versions/{number}",
    operation_id="get_policy_version",
    dependencies=[ANYONE],
    response_model=VersionSheet,
)
async def get_policy_version(policy_id: PolicyId, number: Number, reads: Reads) -> Any:
    """政策版本 / A published version with its content: what a clock that names it goes by."""
    return await editions.one_version(POLICY, policy_id, number, reads)


@router.post(
    "/{policy_id}/draft",
    operation_id="draft_policy",
    dependencies=[AUTHORS],
    response_model=RuleAnswer,
    responses={200: {"links": {name: _link(name) for name in ("get_policy", "approve_policy")}}},
)
async def draft_policy(policy_id: PolicyId, body: NextDraft, commands: Commands) -> Response:
    """起草 / A draft of the next version; it takes the place of the draft before, and of that one's approval."""
    return await editions.draft(POLICY, policies, policy_id, body.document, body, commands)


@router.post(
    "/{policy_id}/approval",
    operation_id="approve_policy",
    dependencies=[DIRECTORS],
    response_model=RuleAnswer,
    responses={200: {"links": {"publish_policy": _link("publish_policy")}}},
)
async def approve_policy(policy_id: PolicyId, body: Step, commands: Commands) -> Response:
    """审批 / Approve the draft. Its author may not: two people stand behind a rule."""
    return await editions.step(POLICY, policies, policy_id, Approve, body, commands)


@router.post(
    "/{policy_id}/publication",
    operation_id="publish_policy",
    dependencies=[DIRECTORS],
    response_model=RuleAnswer,
    responses={200: {"links": {name: _link(name) for name in ("get_policy", "reassess_policy")}}},
)
async def publish_policy(policy_id: PolicyId, body: Step, commands: Commands) -> Response:
    """发布 / Put the approved draft into force as the next version. Tickets that have rules keep the ones they have."""
    return await editions.step(POLICY, policies, policy_id, Publish, body, commands)


@router.post(
    "/{policy_id}/retirement", operation_id="retire_policy", dependencies=[DIRECTORS], response_model=RuleAnswer
)
async def retire_policy(policy_id: PolicyId, body: Step, commands: Commands) -> Response:
    """停用 / Take the policy out of force. Tickets that go by it keep it; a new version brings it back."""
    return await editions.step(POLICY, policies, policy_id, Retire, body, commands)


@router.post(
    "/{policy_id}/reassessment",
    status_code=202,
    operation_id="reassess_policy",
    dependencies=[AUTHORS],
    response_model=OrderAnswer,
    responses={
        202: {
            "links": {
                "get_reassessment": {
                    "operationId": "get_reassessment",
                    "parameters": {"id": "$response.body#/reassessment_id"},
                }
            }
        }
    },
)
async def reassess_policy(policy_id: PolicyId, body: Reassessment, commands: Commands, reads: Reads) -> Response:
    """重新计算 / Work open tickets out again by all rules in force, from their original start. Met clocks stay."""
    return await editions.reassess(POLICY, policies, policy_id, body, commands, reads)
