"""What intake refuses, in English and in Chinese, and which operation answers what."""

from libs.chassis.sentences import Refusals, Sentence
from services.intake.assets.api.warranty import NO_PART
from services.intake.assets.domain.parts import YET_TO_COME
from services.intake.contracts.api.forms import CONTRADICTIONS
from services.intake.filters.api import NOT_YOURS
from services.intake.links.api.links import OBJECT
from services.intake.snippets.api import NO_WORDS
from services.intake.tickets.api.forms import WHOSE
from services.intake.tickets.api.warranty import NO_ASSET

ASSET = ("asset-contradicts", "unknown-asset")
"""What every step of an asset may be refused for."""
SITES = ("contact-changed", "customer-erased", "too-many-sites", "unknown-customer")
"""What a change of a customer's sites may be refused for: the contact has them, too."""

REFUSALS = Refusals(
    {
        "asset-contradicts": Sentence("The asset would contradict itself.", "设备资料自相矛盾。", (422,)),
        "asset-retired": Sentence("The asset is in use no more.", "该设备已报废。"),
        "before-contract": Sentence("That lies before the contract was signed.", "该时间早于合同签订。"),
        "before-previous-step": Sentence("That lies before the step that went before it.", "该时间早于前一步骤。"),
        "before-ticket": Sentence("That lies before the ticket was opened.", "该时间早于工单受理。"),
        "callback-required": Sentence(
            "The repair is accepted, but the customer has not been called back yet.", "客户已验收，但尚未回访。"
        ),
        "card-issued": Sentence("The asset has a warranty card.", "该设备已有保修卡。"),
        "card-taken": Sentence("Another asset has a warranty card of this number.", "另一台设备的保修卡已用此卡号。"),
        "contact-changed": Sentence(
            "Somebody changed the contact meanwhile: read it again.", "客户资料刚被他人修改，请重新读取。"
        ),
        "contract-contradicts": Sentence("The contract would contradict itself.", "合同自相矛盾。", (422,)),
        "contract-ended": Sentence("The contract was ended.", "该合同已终止。"),
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
        "hotline-taken": Sentence("This number is there for this region already.", "该区域已有此号码。"),
        "kind-stands": Sentence(
            "Triage or dispatch works on the ticket by its kind: that stands.",
            "研判或派工已按此类别处理，不能更改。",
        ),
        "link-closed": Sentence("The link is revoked or has expired.", "链接已撤回或已过期。"),
        "link-used": Sentence("The link takes no more answers.", "链接已经用过。"),
        "look-again-past": Sentence("When somebody looks at it again lies in the past.", "再看时间不能早于现在。"),
        "managers-assign": Sentence(
            "Only a manager gives a ticket to somebody else.", "只有经理可以把工单指派给他人。", (403,)
        ),
        "merge-stands": Sentence("Work was authorised meanwhile: the merge stands.", "其间已授权上门，不能撤销并单。"),
        "merge-unexplained": Sentence(
            "The tickets are of two customers: say why they are about one matter.",
            "两张工单属于不同客户，请说明为何是同一事项。",
        ),
        "model-contradicts": Sentence("The model would contradict itself.", "型号资料自相矛盾。", (422,)),
        "model-on-file": Sentence("A model of this name is on file.", "已有该名称的型号。"),
        "no-spare": Sentence("This component is no spare.", "该部件不是备件。"),
        "not-your-role": Sentence(NOT_YOURS, "您没有这个角色。", (403, 422)),
        "not-your-ticket": Sentence("The ticket is somebody else's.", "该工单由他人负责。", (403,)),
        "part-taken-out": Sentence("This component was taken out before.", "该部件已拆下。"),
        "reopening-over": Sentence(
            "The ticket was closed too long ago: open a new one that follows it.",
            "结单已久，不能重开，请登记后续工单。",
        ),
        "second-manager-needed": Sentence(
            "Another manager than the one who asked has to confirm.", "须由申请人以外的另一位经理确认。"
        ),
        "serial-taken": Sentence("Another asset has this serial of this maker.", "该厂家的此序列号已属另一台设备。"),
        "spare-used": Sentence("This spare was taken into use before.", "该备件已启用。"),
        "ticket-accepted": Sentence(
            "The customer has accepted the repair: close the ticket instead.", "客户已验收，请改为结单。"
        ),
        "ticket-cancelled": Sentence("The ticket is cancelled.", "工单已撤销。"),
        "ticket-closed": Sentence("The ticket is closed.", "工单已结单。"),
        "ticket-merged": Sentence(
            "The ticket was merged into another: take that back instead.", "工单已并入其他工单，请改为撤销并单。"
        ),
        "ticket-not-closed": Sentence("The ticket is not closed: it goes on.", "工单未结单，仍在处理。"),
        "ticket-not-done": Sentence(
            "Close a ticket after acceptance and a callback, or after successful remote support.",
            "须在验收并回访之后，或远程支持成功之后结单。",
        ),
        "ticket-not-merged": Sentence("The ticket is no duplicate of another.", "该工单未并入其他工单。"),
        "ticket-not-opened": Sentence("No such ticket was opened.", "没有受理过该工单。"),
        "ticket-owned": Sentence("Somebody else has claimed the ticket.", "工单已由他人认领。"),
        "too-many-notes": Sentence(
            "The ticket has 500 notes: it takes no more.", "该工单已有 500 条备注，不能再增加。"
        ),
        "too-many-people": Sentence(
            "The customer has 200 people: remove one first.", "该客户已有 200 位联系人，请先移除一位。"
        ),
        "too-many-sites": Sentence(
            "The customer has 200 sites: remove one first.", "该客户已有 200 个地点，请先移除一个。"
        ),
        "title-taken": Sentence("Another snippet has this title.", "已有此标题的常用语。"),
        "too-many-filters": Sentence("You keep 50 filters: remove one first.", "已保存 50 个筛选，请先删除一个。"),
        "too-many-hotlines": Sentence("There are 100 hotlines: remove one first.", "已有 100 个热线，请先删除一个。"),
        "too-many-snippets": Sentence("There are 200 snippets: remove one first.", "已有 200 条常用语，请先删除一条。"),
        "unknown-asset": Sentence("No asset of this id is on file.", "没有该编号的设备。", (409, 422)),
        "unknown-contract": Sentence("No contract of this id is on file.", "没有该编号的合同。", (409, 422)),
        "unknown-customer": Sentence("No customer of this id is on file.", "没有该编号的客户。", (409, 422)),
        "unknown-filter": Sentence("You keep no filter of this id.", "您没有此编号的筛选。"),
        "unknown-hotline": Sentence("There is no hotline of this id.", "没有此编号的热线。"),
        "unknown-part": Sentence("The asset has no component of this id.", "该设备没有此编号的部件。", (409, 422)),
        "unknown-person": Sentence("Nobody of this id is among the customer's people.", "该客户没有此编号的联系人。"),
        "unknown-site": Sentence("The customer has no site of this id.", "该客户没有此编号的地点。", (409, 422)),
        "unknown-snippet": Sentence("There is no snippet of this id.", "没有此编号的常用语。"),
        "unknown-ticket": Sentence("No ticket of this id was opened.", "没有受理过该编号的工单。", (409, 422)),
        "work-authorised": Sentence(
            "Work on site is authorised: close the ticket after acceptance and a callback.",
            "已授权上门，须在验收并回访之后结单。",
        ),
    },
    {
        "sign_contract": ("contract-contradicts", "unknown-contract", "unknown-customer"),
        "amend_contract": ("before-contract", "contract-contradicts", "contract-ended", "unknown-contract"),
        "end_contract": ("before-contract", "contract-ended", "unknown-contract"),
        "install_asset": ("asset-contradicts", "card-taken", "serial-taken", "unknown-contract", "unknown-customer"),
        "date_asset": (*ASSET, "card-taken"),
        "issue_warranty_card": (*ASSET, "card-issued", "card-taken"),
        "cover_asset": ("unknown-asset", "unknown-contract"),
        "move_asset": (*ASSET, "asset-retired"),
        "use_spare": (*ASSET, "asset-retired", "no-spare", "part-taken-out", "spare-used", "unknown-part"),
        "replace_part": (*ASSET, "asset-retired", "part-taken-out", "unknown-part"),
        "expand_asset": (*ASSET, "asset-retired"),
        "retire_asset": ("unknown-asset",),
        "amend_person": ("too-many-people", "unknown-person"),
        "define_model": ("model-contradicts", "model-on-file"),
        "amend_model": ("model-contradicts", "model-on-file"),
        "add_person": ("too-many-people",),
        "add_customer_site": SITES,
        "amend_customer_site": (*SITES, "unknown-site"),
        "remove_customer_site": SITES,
        "amend_customer": ("contact-changed", "customer-erased", "unknown-customer"),
        "request_erasure": ("customer-erased", "erasure-requested", "unknown-customer"),
        "confirm_erasure": ("customer-erased", "erasure-not-requested", "second-manager-needed", "unknown-customer"),
        "withdraw_erasure": ("customer-erased", "erasure-not-requested", "unknown-customer"),
        "open_ticket": ("unknown-asset", "unknown-customer", "unknown-part", "unknown-site", "unknown-ticket"),
        "name_asset": ("ticket-cancelled", "ticket-closed", "ticket-not-opened", "unknown-asset", "unknown-part"),
        "amend_ticket": ("before-ticket", "kind-stands", "ticket-cancelled", "ticket-closed", "ticket-not-opened"),
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
            "merge-unexplained",
            "ticket-accepted",
            "ticket-cancelled",
            "ticket-closed",
            "ticket-not-opened",
            "unknown-ticket",
        ),
        "unmerge_ticket": ("before-previous-step", "before-ticket", "merge-stands", "ticket-not-merged"),
        "reopen_ticket": (
            "before-previous-step",
            "before-ticket",
            "reopening-over",
            "ticket-cancelled",
            "ticket-merged",
            "ticket-not-closed",
            "ticket-not-opened",
        ),
        "settle_ticket": (
            "before-previous-step",
            "before-ticket",
            "ticket-cancelled",
            "ticket-closed",
            "ticket-not-opened",
            "work-authorised",
        ),
        "set_team": ("before-ticket", "ticket-cancelled", "ticket-closed", "ticket-not-opened"),
        "set_wait": ("before-ticket", "look-again-past", "ticket-cancelled", "ticket-closed", "ticket-not-opened"),
        "end_wait": ("before-ticket", "ticket-cancelled", "ticket-closed", "ticket-not-opened"),
        "add_note": ("before-ticket", "ticket-not-opened", "too-many-notes"),
        "issue_link": ("unknown-ticket",),
        "use_link": ("link-closed", "link-used"),
        "keep_hotline": ("hotline-taken", "too-many-hotlines"),
        "amend_hotline": ("hotline-taken", "too-many-hotlines", "unknown-hotline"),
        "keep_snippet": ("title-taken", "too-many-snippets"),
        "amend_snippet": ("title-taken", "too-many-snippets", "unknown-snippet"),
        "save_filter": ("not-your-role", "too-many-filters"),
        "amend_filter": ("not-your-role", "too-many-filters", "unknown-filter"),
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
        **dict(CONTRADICTIONS),
        "The acceptance lies in the future.": "验收日在将来",
        YET_TO_COME: "日期在将来",
        "The year is not between 1900 and 2199.": "年份应在 1900 至 2199 之间",
        "It was taken out before it was put in.": "拆下日早于装入日",
        "Another one has it.": "另有一个与之相同",
        "There is none of this id.": "没有该编号",
        "It leads back to itself.": "指回了自身",
        NO_ASSET: "该客户没有此编号的设备",
        NO_PART: "该设备没有此编号的部件",
        NOT_YOURS: "您没有这个角色",
        NO_WORDS: "请填写中文或英文，或两者",
        "The customer has no site of this id.": "该客户没有此编号的地点",
        "No customer of this id is on file.": "没有该编号的客户",
        "A contract of this number is on file.": "已有该编号的合同",
        "No contract of this number is on file.": "没有该编号的合同",
        "Two contracts of this number are on file.": "有两份该编号的合同",
        "should be class, months and start rule, such as `main_unit 36 card`, with a semicolon between two terms": (
            "应为 类别 月数 起算规则，如 `main_unit 36 保修卡`，多个条款以分号分隔"
        ),
        "The customer has no ticket of this id.": "该客户没有此编号的工单",
        "No ticket of this id was opened.": "没有该编号的工单",
        "should have at most {most} words": "至多 {most} 个词",
        "should have words of at least {least} letters, or {digits} digits, each: {word} is none": (
            "每个词至少 {least} 个字或 {digits} 位数字：{word} 不够"
        ),
        OBJECT: "满意度链接须用 object_id 指明回访，其他链接不填",
        WHOSE: "应给出已登记客户的 customer_id，或用 customer 登记新客户",
    },
)
