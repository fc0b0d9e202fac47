"""What intake refuses, in English and in Chinese, and which operation answers what."""

from libs.chassis.sentences import Refusals, Sentence
from services.intake.links.api import OBJECT
from services.intake.tickets.api.forms import WHOSE

REFUSALS = Refusals(
    {
        "before-previous-step": Sentence("That lies before the step that went before it.", "该时间早于前一步骤。"),
        "before-ticket": Sentence("That lies before the ticket was opened.", "该时间早于工单受理。"),
        "callback-required": Sentence(
            "The repair is accepted, but the customer has not been called back yet.", "客户已验收，但尚未回访。"
        ),
        "contact-changed": Sentence(
            "Somebody changed the contact meanwhile: read it again.", "客户资料刚被他人修改，请重新读取。"
        ),
        "customer-erased": Sentence("This customer was erased.", "该客户的资料已删除。"),
        "duplicate-of-cancelled": Sentence(
            "That ticket is cancelled: it cannot stand for another.", "目标工单已撤销，不能并入。"
        ),
        "duplicate-of-closed": Sentence(
            "That ticket is closed: it cannot stand for another.", "目标工单已结单，不能并入。"
        ),
        "duplicate-of-duplicate": Sentence(
            "That ticket is a duplicate itself: name the one that goes on.",
            "目标工单本身是重复单，请指定继续处理的工单。",
        ),
        "duplicate-of-itself": Sentence("A ticket cannot be a duplicate of itself.", "工单不能并入自身。"),
        "erasure-not-requested": Sentence(
            "Nobody asks for the erasure of this customer.", "没有人申请删除该客户的资料。"
        ),
        "erasure-requested": Sentence("The erasure of this customer is requested already.", "该客户的资料已申请删除。"),
        "link-closed": Sentence("The link is revoked or has expired.", "链接已撤回或已过期。"),
        "link-used": Sentence("The link takes no more answers.", "链接已经用过。"),
        "managers-assign": Sentence(
            "Only a manager gives a ticket to somebody else.", "只有经理可以把工单指派给他人。", (403,)
        ),
        "not-your-ticket": Sentence("The ticket is somebody else's.", "该工单由他人负责。", (403,)),
        "second-manager-needed": Sentence(
            "Another manager than the one who asked has to confirm.", "须由申请人以外的另一位经理确认。"
        ),
        "ticket-accepted": Sentence(
            "The customer has accepted the repair: close the ticket instead.", "客户已验收，请改为结单。"
        ),
        "ticket-cancelled": Sentence("The ticket is cancelled.", "工单已撤销。"),
        "ticket-closed": Sentence("The ticket is closed.", "工单已结单。"),
        "ticket-has-duplicates": Sentence(
            "Others are duplicates of this ticket: mark the other one instead.", "已有工单并入此单，请反向并单。"
        ),
        "ticket-not-done": Sentence(
            "Close a ticket after acceptance and a callback, or after successful remote support.",
            "须在验收并回访之后，或远程支持成功之后结单。",
        ),
        "ticket-not-opened": Sentence("No such ticket was opened.", "没有受理过该工单。"),
        "ticket-owned": Sentence("Somebody else has claimed the ticket.", "工单已由他人认领。"),
        "unknown-customer": Sentence("No customer of this id is on file.", "没有该编号的客户。", (409, 422)),
        "unknown-ticket": Sentence("No ticket of this id was opened.", "没有受理过该编号的工单。", (409, 422)),
    },
    {
        "amend_customer": ("contact-changed", "customer-erased", "unknown-customer"),
        "request_erasure": ("customer-erased", "erasure-requested", "unknown-customer"),
        "confirm_erasure": ("customer-erased", "erasure-not-requested", "second-manager-needed", "unknown-customer"),
        "withdraw_erasure": ("customer-erased", "erasure-not-requested", "unknown-customer"),
        "open_ticket": ("unknown-customer",),
        "cancel_ticket": (
            "before-previous-step",
            "before-ticket",
            "ticket-accepted",
            "ticket-cancelled",
            "ticket-closed",
            "ticket-not-opened",
        ),
        "mark_duplicate": (
            "before-previous-step",
            "before-ticket",
            "duplicate-of-cancelled",
            "duplicate-of-closed",
            "duplicate-of-duplicate",
            "duplicate-of-itself",
            "ticket-accepted",
            "ticket-cancelled",
            "ticket-closed",
            "ticket-has-duplicates",
            "ticket-not-opened",
            "unknown-ticket",
        ),
        "issue_link": ("unknown-ticket",),
        "use_link": ("link-closed", "link-used"),
        "set_owner": (
            "before-ticket",
            "managers-assign",
            "not-your-ticket",
            "ticket-cancelled",
            "ticket-closed",
            "ticket-not-opened",
            "ticket-owned",
        ),
        "close_ticket": (
            "before-previous-step",
            "before-ticket",
            "callback-required",
            "ticket-cancelled",
            "ticket-closed",
            "ticket-not-done",
            "ticket-not-opened",
        ),
    },
    fields={
        "No customer of this id is on file.": "没有该编号的客户",
        "No ticket of this id was opened.": "没有该编号的工单",
        "should have at most {most} words": "至多 {most} 个词",
        "should have words of at least {least} letters, or {digits} digits, each: {word} is none": (
            "每个词至少 {least} 个字或 {digits} 位数字：{word} 不够"
        ),
        OBJECT: "满意度链接须用 object_id 指明回访，其他链接不填",
        WHOSE: "应给出已登记客户的 customer_id，或用 customer 登记新客户",
    },
)
