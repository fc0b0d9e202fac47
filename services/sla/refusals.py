"""What sla refuses, in English and in Chinese, and which operation answers what."""

from libs.chassis.sentences import Refusals, Sentence

REFUSALS = Refusals(
    {
        "calendar-in-use": Sentence("Policies in force count in this calendar.", "现行政策按此日历计时：{policies}。"),
        "calendar-not-published": Sentence(
            "It counts in calendars that are not in force.", "所用日历尚未生效：{calendars}。"
        ),
        "calendar-too-short": Sentence(
            "It does not hold the targets of these policies.", "该日历容不下这些政策的时限：{policies}。"
        ),
        "cannot-work": Sentence("The document cannot work.", "文件无法执行；第一处 {field}：{reason}", (422,)),
        "flawed-rules": Sentence("The draft cannot work.", "草案无法执行；第一处 {field}：{reason}", (422,)),
        "id-taken": Sentence(
            "There is one with this id: write a draft of its next version.", "该编号已存在，请起草其下一版本。"
        ),
        "no-draft": Sentence("There is no draft.", "没有草稿。"),
        "not-approved": Sentence("Only a draft that was approved is published.", "只有经审批的草稿才能发布。"),
        "not-published": Sentence("It was never published.", "从未发布。"),
        "own-draft": Sentence("Nobody approves a draft of their own.", "不能审批自己起草的草稿。"),
        "too-many-clocks": Sentence(
            "More than 5,000 clocks fit: narrow the time or add a filter.",
            "符合条件的时钟超过 5,000 个，请缩小时间或增加筛选。",
            (422,),
        ),
        "unknown-rules": Sentence("A rule that it names is not in force.", "所引用的规则未生效：{reason}"),
    },
    {
        "get_delays": ("too-many-clocks",),
        "create_policy": ("cannot-work", "id-taken"),
        "draft_policy": ("cannot-work",),
        "approve_policy": ("cannot-work", "no-draft", "own-draft"),
        "publish_policy": ("calendar-not-published", "cannot-work", "no-draft", "not-approved"),
        "retire_policy": ("not-published",),
        "reassess_policy": ("not-published",),
        "create_calendar": ("cannot-work", "id-taken"),
        "draft_calendar": ("cannot-work",),
        "approve_calendar": ("cannot-work", "no-draft", "own-draft"),
        "publish_calendar": ("calendar-too-short", "cannot-work", "no-draft", "not-approved"),
        "retire_calendar": ("calendar-in-use", "not-published"),
        "reassess_calendar": ("not-published",),
        "request_replay": ("flawed-rules", "unknown-rules"),
    },
    fields={
        "a policy or calendars have to be given": "应给出政策或日历",
        "should be later than from": "应晚于 from",
        "should be later than start": "应晚于 start",
        "a policy or a preset, not both": "政策与预设只能给出一项",
        "nothing of this name has time limits": "没有此名称的时限",
        "the plan left a number open: it cannot be calculated as it is": "该预设有待填之处，不能直接计算",
        "should be at most three years after from": "应在 from 之后三年内",
        "it is nested too deeply": "嵌套过深",
        "{trait} is never {value}; it is one of {possible}": "没有 {value}；可选：{possible}",
        "{trait} is never {value}: {error}": "不可能是 {value}",
    },
)
