"""What dispatch refuses, in English and in Chinese, and which operation answers what."""

from libs.chassis.sentences import Refusals, Sentence
from services.dispatch.work_orders.api import assignments, calls, conducts, visits
from services.dispatch.work_orders.api.crew import VISIT

ACCEPTANCE = (
    "already-accepted",
    "already-rejected",
    "before-previous-step",
    "before-ticket",
    "no-engineer",
    "not-completed",
    "not-your-visit",
    "work-order-cancelled",
)
"""Of both ends of a repair."""

VERDICT_BY_LINK = (
    "already-accepted",
    "already-rejected",
    "before-previous-step",
    "before-ticket",
    "not-completed",
    "not-your-work-order",
    "work-order-cancelled",
)
"""Of a verdict by a customer's link."""

APPOINTMENT = (
    "already-completed",
    "already-departed",
    "already-failed",
    "appointment-in-the-past",
    "appointment-too-far-ahead",
    "before-ticket",
    "before-work-order",
    "overlap",
    "skill-missing",
    "unknown-engineer",
    "work-order-cancelled",
)
"""Of who goes, and when."""

TIME_BY_LINK = tuple(code for code in APPOINTMENT if code != "unknown-engineer")
"""Of what a customer says of the time."""

REFUSALS = Refusals(
    {
        "already-accepted": Sentence("The customer has already signed the acceptance.", "客户已签字验收。"),
        "already-completed": Sentence("The repair is already completed.", "维修已完工。"),
        "already-departed": Sentence("The engineer is already on the way.", "维修人员已经出发。"),
        "already-failed": Sentence(
            "The visit ended without completion; another one was ordered.", "该次上门未完成即结束，已另行安排。"
        ),
        "already-on-site": Sentence("The engineer is already on site.", "维修人员已经到场。"),
        "already-paused": Sentence("Work is already paused; resume it first.", "工作已暂停，请先恢复。"),
        "already-rejected": Sentence(
            "The customer has already rejected the repair; a rework visit was ordered.", "客户已拒收，并已安排返工。"
        ),
        "appointment-changed": Sentence("Another time is planned by now.", "预约时间已变更。"),
        "appointment-in-the-past": Sentence("The appointment would be over before it is made.", "预约时间已过。"),
        "appointment-too-far-ahead": Sentence("The appointment is more than two years ahead.", "预约时间在两年之后。"),
        "before-previous-step": Sentence("That lies before the step that went before it.", "该时间早于前一步骤。"),
        "before-ticket": Sentence("That lies before the ticket was opened.", "该时间早于工单受理。"),
        "before-work-order": Sentence("That lies before there was a work order.", "该时间早于维护任务单的产生。"),
        "engineer-already-bound": Sentence(
            "The engineer has another login; unbind it first.", "该维修人员已绑定另一登录，请先解除。"
        ),
        "login-already-bound": Sentence(
            "This login is another engineer's; unbind it there first.", "该登录已绑定另一位维修人员，请先解除。"
        ),
        "no-engineer": Sentence(
            "Your login is bound to no engineer; a dispatcher can bind it.",
            "您的登录未绑定维修人员，请联系调度员。",
            (403,),
        ),
        "not-assigned": Sentence("No engineer is assigned yet.", "尚未指派维修人员。"),
        "not-completed": Sentence("The repair is not completed yet.", "维修尚未完工。"),
        "not-on-site": Sentence("The engineer is not on site yet.", "维修人员尚未到场。"),
        "not-paused": Sentence("Work is not paused.", "工作没有暂停。"),
        "not-under-way": Sentence("The engineer has not set out yet.", "维修人员尚未出发。"),
        "not-your-work-order": Sentence("The link is for another work order.", "该链接不属于这张任务单。", (403,)),
        "not-your-visit": Sentence("The visit is assigned to somebody else.", "该次上门已指派给他人。", (403,)),
        "overlap": Sentence(
            "The engineer has another visit then.", "维修人员届时另有上门任务：任务单 {work_order_id}。"
        ),
        "signature-empty": Sentence("Nobody signed on this picture.", "图片上没有签名。", (422,)),
        "skill-missing": Sentence("The engineer lacks skills.", "维修人员缺少所需技能：{skills}。"),
        "unknown-conduct": Sentence(
            "The job does not ask for some of these items.", "该服务类型的行为规范没有这些项：{items}。"
        ),
        "unknown-engineer": Sentence("There is no such engineer.", "没有该维修人员。", (409, 422)),
        "work-order-cancelled": Sentence("The work order was cancelled.", "该维护任务单已取消。"),
        "work-paused": Sentence("Work is paused; resume it before completing it.", "工作已暂停，请先恢复再完工。"),
    },
    {
        "bind_engineer": ("engineer-already-bound", "login-already-bound", "unknown-engineer"),
        "list_work_orders": ("no-engineer",),
        "list_work_order_counts": ("no-engineer",),
        "get_work_order": ("no-engineer", "not-your-visit"),
        "assign": (
            "already-completed",
            "already-failed",
            "before-ticket",
            "before-work-order",
            "overlap",
            "skill-missing",
            "unknown-engineer",
            "work-order-cancelled",
        ),
        "unassign": (
            "already-completed",
            "already-departed",
            "already-failed",
            "before-ticket",
            "before-work-order",
            "work-order-cancelled",
        ),
        "make_appointment": (*APPOINTMENT, "not-assigned"),
        "plan_visit": APPOINTMENT,
        **assignments.step.refused,
        **calls.step.refused,
        **conducts.step.refused,
        **visits.step.refused,
        "confirm_appointment": (*TIME_BY_LINK, "appointment-changed", "not-your-work-order"),
        "wish_appointment": (*TIME_BY_LINK, "not-your-work-order"),
        "arrive": (*VISIT, "already-on-site"),
        "fail_visit": (*VISIT, "not-under-way"),
        "accept": (*ACCEPTANCE, "signature-empty"),
        "reject": ACCEPTANCE,
        "accept_by_link": VERDICT_BY_LINK,
        "reject_by_link": VERDICT_BY_LINK,
        "get_signature": ("no-engineer", "not-your-visit"),
        "get_visit_contact": ("no-engineer", "not-your-visit"),
    },
    fields={
        "Nobody signed on this picture.": "图片上没有签名",
        "There is no such engineer.": "没有该维修人员",
        "should be after start": "应晚于 start",
        "should be within {days} days of start": "应在 start 之后 {days} 天内",
        "This is not base64.": "不是 base64",
        "should name the login by subject or by actor_id": "应给出 subject 或 actor_id 之一",
    },
)
