"""HTTP of replays: ask what a policy or a calendar would have meant, and read how far the answer is."""

from datetime import timedelta
from functools import partial
from typing import Annotated, Any

from pydantic import Field

from libs.chassis.http import (
    UUID,
    CommandBody,
    Commands,
    FieldError,
    Instant,
    Problem,
    Response,
    allow,
    invalid,
    new_id,
)
from libs.chassis.http.routers.jobs import JobAnswer, JobRoutes, job_router
from libs.chassis.input.fields import Label
from libs.chassis.input.form import Form
from libs.chassis.links import links
from libs.events.background.job_view import job_list
from services.sla.policies.api.words import unreadable
from services.sla.policies.domain.policy import Flawed
from services.sla.policies.domain.when import Flaw, trait_flaws
from services.sla.replays.api.sheets import Document, ReplayDetails, ReplayItem, details, shown
from services.sla.replays.domain.comparison import Filter
from services.sla.replays.domain.what_if import RequestReplay, replays
from services.sla.replays.view import replay_view

PLANNERS = allow("manager", "director", "auditor")

router = job_router(
    JobRoutes(
        name="replay",
        plural="replays",
        tag="replays",
        chinese="试算",
        readers=PLANNERS,
        owners=PLANNERS,
        item=ReplayItem,
        details_item=ReplayDetails,
        decider=replays,
        view=replay_view,
        listed=partial(job_list, replay_view),
        shown=shown,
        details=details,
    )
)
LONGEST = timedelta(days=1096)

Metric = Annotated[str, Field(max_length=40, pattern="^[a-z][a-z0-9_]*$")]
Id = Annotated[str, Field(max_length=40, pattern="^[a-z][a-z0-9-]*$")]
Name = Annotated[str, Field(max_length=51, pattern="^[a-z][a-z0-9-]*/[1-9][0-9]*$")]
Level = Annotated[int, Field(ge=1, le=4)]
Words = Annotated[list[Label], Field(max_length=100)]

EXAMPLE: Document = {
    "id": "demo",
    "version": 2,
    "title": {"zh-CN": "响应两小时", "en": "Two hours to respond"},
    "calendars": {
        "office": {
            "timezone": "Asia/Shanghai",
            "weekly_hours": {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
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


class ReplayFilter(Form):
    """筛选 / Which clocks; what is left out leaves nothing out. Tickets count by what is known of them in the end."""

    metric: list[Metric] = Field(default=[], max_length=40, description="指标 / Metrics", examples=[["response"]])
    ticket_id: list[UUID] = Field(default=[], max_length=1000, description="工单编号 / These tickets", examples=[[]])
    level: list[Level] = Field(default=[], max_length=4, description="故障级别 / Fault levels", examples=[[1, 2]])
    kind: Words = Field(default=[], description="服务类别 / Kinds", examples=[["repair"]])
    channel: Words = Field(default=[], description="渠道 / Channels", examples=[["phone"]])
    urgency: Words = Field(default=[], description="紧急程度 / Urgencies", examples=[[]])
    region: Words = Field(default=[], description="区域 / Regions", examples=[[]])
    contract: Words = Field(default=[], description="合同 / Contracts", examples=[[]])
    customer: Words = Field(default=[], description="客户编号 / Customers by id", examples=[[]])
    warranty: Words = Field(default=[], description="保修结论 / Verdicts on warranty", examples=[[]])
    cause: Words = Field(default=[], description="故障原因 / Causes", examples=[[]])
    maintenance_type: Words = Field(default=[], description="维修类型 / Types of maintenance", examples=[[]])

    def filter(self) -> Filter:
        """The filter in the words of policies. Raises a 422 problem on what no ticket can be."""
        traits: Any = {
            name: tuple(values)
            for name in type(self).model_fields.keys() - {"metric", "ticket_id"}
            if (values := getattr(self, name))
        }
        if flaws := sorted(trait_flaws(traits)):
            raise flawed([(f"filter.{trait}", reason) for trait, reason in flaws])
        tickets = tuple(str(id) for id in self.ticket_id)
        return Filter(metrics=tuple(self.metric), tickets=tickets, traits=traits)


class NewReplay(CommandBody):
    """试算 / A draft to try: a policy, calendars, or both. With `occurred_at` it is tried on what was known then."""

    policy: Document | Name | None = Field(
        None,
        description="政策草案，或已发布的版本 / A policy document, or the name of a published version such as demo/1",
        examples=[EXAMPLE, "demo/1"],
    )
    calendars: dict[Id, Document] = Field(
        {},
        max_length=10,
        description="共享日历草案 / Drafts of shared calendars, by id",
        examples=[{"cn-office": EXAMPLE["calendars"]["office"]}],
    )
    alone: bool = Field(False, description="仅此政策 / Leave out the other policies in force", examples=[False])
    opened_from: Instant = Field(
        alias="from", description="受理时间起（含） / Tickets opened from", examples=["2026-03-01T00:00:00+08:00"]
    )
    opened_to: Instant = Field(
        alias="to", description="受理时间止（不含） / Before", examples=["2026-04-01T00:00:00+08:00"]
    )
    filter: ReplayFilter = Field(ReplayFilter(), description="筛选 / Filter")

    def drafts(self) -> dict[str, Any]:
        """The documents that were written for it, by their fields."""
        return {"policy": self.policy, "calendars": self.calendars}

    def command(self, id: str) -> RequestReplay:
        """The command that it means. Raises a 422 problem."""
        if self.policy is None and not self.calendars:
            raise invalid("body.policy", "a policy or calendars have to be given")
        if self.opened_to <= self.opened_from:
            raise invalid("body.to", "should be later than from")
        if self.opened_to - self.opened_from > LONGEST:
            raise invalid("body.to", "should be at most three years after from")
        if flaws := [flaw for field, written in self.drafts().items() for flaw in unreadable(written, field)]:
            raise flawed(flaws)
        return RequestReplay(
            id=id,
            policy=self.policy,
            calendars=self.calendars,
            alone=self.alone,
            opened_from=self.opened_from,
            opened_to=self.opened_to,
            filter=self.filter.filter(),
        )


@router.post(
    "",
    status_code=202,
    operation_id="request_replay",
    dependencies=[PLANNERS],
    response_model=JobAnswer,
    responses=links(202, "get_replay", "cancel_replay", id="id"),
)
async def request_replay(body: NewReplay, commands: Commands) -> Response:
    """试算 / Judge all recorded tickets under a draft, in the background, without touching a live clock."""
    id = new_id()
    command = body.command(id)
    try:
        return await commands.run(replays.create(id, command), body, creates=True, status=202)
    except Flawed as error:
        raise flawed(error.flaws) from None


def flawed(flaws: list[Flaw]) -> Problem:
    """422 with every place in a document, or in the filter, and its reason."""
    errors = [FieldError(f"body.{where}", reason) for where, reason in flaws[:50]]
    return Problem(422, "flawed-rules", "The draft cannot work.", errors)
