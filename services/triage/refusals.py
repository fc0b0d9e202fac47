"""What triage refuses, in English and in Chinese, and which operation answers what."""

from libs.chassis.sentences import Refusals, Sentence
from services.triage.cases.api import decisions

REFUSALS = Refusals(
    {
        "before-previous-step": Sentence("That lies before the step that went before it.", "该时间早于前一步骤。"),
        "before-ticket": Sentence("That lies before the ticket was opened.", "该时间早于工单受理。"),
        "case-ended": Sentence(
            "The ticket is closed or cancelled: nothing more happens on its case.", "工单已结单或撤销，不能再研判。"
        ),
        "classification-required": Sentence("Classify the fault before you authorise work.", "请先定级再授权上门。"),
        "consent-required": Sentence(
            "Paid work needs the customer's consent to a quote first.", "有偿服务须先取得客户对报价的同意。"
        ),
        "remote-support-not-started": Sentence(
            "Report that remote support started before its outcome.", "请先登记远程支持开始，再登记结果。"
        ),
        "remote-support-over": Sentence("Remote support has already resolved the fault.", "远程支持已解决故障。"),
        "remote-support-running": Sentence("Remote support is already under way.", "远程支持已在进行。"),
        "work-authorised": Sentence("Work on site is already authorised.", "已授权上门维修。"),
    },
    decisions.step.refused,
)
