"""What survey refuses, in English and in Chinese, and which operation answers what."""

from libs.chassis.sentences import Refusals, Sentence

REFUSALS = Refusals(
    {
        "again-before-attempt": Sentence(
            "The next call is to be later than this one.", "再次回访的时间须晚于本次通话。"
        ),
        "before-previous-step": Sentence("That lies before the step that went before it.", "该时间早于前一步骤。"),
        "callback-completed": Sentence(
            "The callback is completed: the customer was reached, refused, or answered by a link.",
            "回访已完成：客户已接通、拒绝，或已通过链接评价。",
        ),
        "not-your-callback": Sentence("The link is for another callback.", "该链接不是这次回访的。", (403,)),
    },
    {
        "record_attempt": ("again-before-attempt", "before-previous-step", "callback-completed"),
        "rate_callback": ("before-previous-step", "callback-completed", "not-your-callback"),
    },
    fields={
        "A customer who was reached gives a score, 1 to 5.": "接通的客户须给出 1 至 5 分",
        "Nobody calls again who was reached, or refused.": "已接通或拒绝的客户不再回访",
        "Only a customer who was reached gives a score.": "只有接通的客户才能评分",
    },
)
