"""What survey refuses, in English and in Chinese, and which operation answers what."""

from libs.chassis.sentences import Refusals, Sentence

REFUSALS = Refusals(
    {
        "before-previous-step": Sentence("That lies before the step that went before it.", "该时间早于前一步骤。"),
        "callback-completed": Sentence(
            "The callback is completed: the customer was reached, or refused.", "回访已完成：客户已接通或拒绝。"
        ),
    },
    {
        "record_attempt": ("before-previous-step", "callback-completed"),
    },
    fields={
        "A customer who was reached gives a score, 1 to 5.": "接通的客户须给出 1 至 5 分",
        "Only a customer who was reached gives a score.": "只有接通的客户才能评分",
    },
)
