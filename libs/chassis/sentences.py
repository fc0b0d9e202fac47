"""What a refusal is called and says: code, status, and a sentence in English and in Chinese.

What a problem says is in English unless the request's Accept-Language prefers Chinese (ADR 0041): `title`, `detail`,
and of each field that is to blame the `detail`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from libs.chassis.field_sentences import chinese
from libs.chassis.problems import FieldError, Problem


class Sentence(NamedTuple):
    """One code's sentences. In braces stand members of the problem, such as `{skills}`."""

    english: str
    chinese: str
    statuses: tuple[int, ...] = (409,)


@dataclass(frozen=True)
class Refusals:
    """A service's codes with their sentences, which of its operations answer which code, and what it says of fields.

    `fields` is English to Chinese, for sentences that are the service's own.
    """

    sentences: Mapping[str, Sentence] = field(default_factory=dict)
    operations: Mapping[str, Sequence[str]] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)


NOTHING_OWN = Refusals()

TITLES: Mapping[int, str] = {
    400: "请求有误",
    401: "身份未验证",
    403: "没有权限",
    404: "未找到",
    405: "请求方法不支持",
    408: "请求超时",
    409: "与当前状态冲突",
    412: "内容已变更",
    413: "内容过大",
    414: "请求地址过长",
    415: "内容类型不支持",
    422: "内容不正确",
    429: "请求过多",
    431: "请求头过大",
    500: "系统内部错误",
    503: "暂时无法服务",
    504: "服务响应超时",
}
"""By status, what HTTP calls it."""

CHASSIS: Mapping[str, Sentence] = {
    "body-too-large": Sentence("A body is at most 1 MiB.", "请求正文不得超过 1 MiB。", (413,)),
    "body-too-slow": Sentence("The body did not arrive.", "请求正文未能按时送达。", (408,)),
    "busy": Sentence("Too many at once: try again.", "系统繁忙，请稍后重试。", (503,)),
    "content-length-malformed": Sentence("Content-Length is no number.", "Content-Length 不是数字。", (400,)),
    "database-unreachable": Sentence(
        "The database is out of reach for now.", "数据库暂时无法连接，请稍后重试。", (503,)
    ),
    "defect": Sentence("Something went wrong on our side.", "系统内部出错，请凭 trace_id 联系运维。", (500,)),
    "disconnected": Sentence("The caller left before the body ended.", "请求未发送完整，连接已断开。", (400,)),
    "empty-range": Sentence("A span ends after it begins.", "时间段的终点应晚于起点。", (422,)),
    "event-too-large": Sentence("What would be recorded is over 256 KiB.", "需记录的内容超过 256 KiB。", (413,)),
    "file-too-large": Sentence("A file is at most 16 MiB.", "文件不得超过 16 MiB。", (413,)),
    "forbidden": Sentence("The token's roles do not allow this.", "您的角色无权进行此操作。", (403,)),
    "future-instant": Sentence(
        "occurred_at lies more than five minutes ahead.", "发生时间 occurred_at 比系统时间晚五分钟以上。", (422,)
    ),
    "head-too-large": Sentence("The head of the request is too large.", "请求头过大。", (431,)),
    "head-too-slow": Sentence("The head of the request did not arrive in time.", "请求头未能按时送达。", (408,)),
    "headers-too-large": Sentence("There are too many headers, or too large ones.", "请求头过多或过大。", (431,)),
    "host-missing": Sentence("A request needs a Host header.", "请求缺少 Host 头。", (400,)),
    "idempotency-key-in-flight": Sentence(
        "The first request with this key is still running.", "同一 Idempotency-Key 的首个请求仍在处理。"
    ),
    "idempotency-key-malformed": Sentence(
        "An Idempotency-Key is 1 to 255 visible ASCII characters.",
        "Idempotency-Key 应为 1 至 255 个可见 ASCII 字符。",
        (400,),
    ),
    "idempotency-key-missing": Sentence(
        "Every POST needs an Idempotency-Key header.", "每个 POST 请求都需要 Idempotency-Key 头。", (400,)
    ),
    "idempotency-key-repeated": Sentence(
        "A request has one Idempotency-Key header.", "一个请求只能有一个 Idempotency-Key 头。", (400,)
    ),
    "idempotency-key-reused": Sentence(
        "This Idempotency-Key was used for another request.", "该 Idempotency-Key 已用于另一个请求。", (422,)
    ),
    "if-match-malformed": Sentence("If-Match is `*`, or ETags.", "If-Match 应为 `*` 或 ETag。", (400,)),
    "if-none-match-malformed": Sentence("If-None-Match is `*`, or ETags.", "If-None-Match 应为 `*` 或 ETag。", (400,)),
    "invalid": Sentence("{field}: {reason}", "{field} 不正确：{reason}", (422,)),
    "invalid-cursor": Sentence(
        "This cursor is of another list, or of other filters, or of another sort.",
        "该 cursor 属于另一个列表、另一组筛选条件或另一种排序。",
        (400,),
    ),
    "issuer-unreachable": Sentence("Tokens cannot be checked for now.", "暂时无法校验令牌，请稍后重试。", (503,)),
    "malformed": Sentence("{field}: {reason}", "请求有 {count} 处不正确；第一处 {field}：{reason}", (422,)),
    "malformed-cursor": Sentence("This is no cursor of this list.", "这不是该列表的 cursor。", (422,)),
    "malformed-json": Sentence("The body is no JSON.", "请求正文不是合法的 JSON：{reason}", (422,)),
    "malformed-request": Sentence("This is no HTTP request that can be read.", "无法识别的 HTTP 请求。", (400,)),
    "method-not-allowed": Sentence("Not with this method.", "不支持该请求方法。", (405,)),
    "newer-release": Sentence("A newer release wrote this.", "数据由更新的版本写入，请稍后重试。", (503,)),
    "no-such-route": Sentence("There is nothing here.", "没有该地址。", (404,)),
    "not-found": Sentence("There is none.", "未找到所请求的内容。", (404,)),
    "not-json": Sentence("The body is to be application/json.", "请求正文应为 application/json。", (415,)),
    "overloaded": Sentence("Too many requests at once: try again.", "请求过多，请稍后重试。", (503,)),
    "refused": Sentence("There is nothing here.", "请求被拒绝。", (400,)),
    "stale-version": Sentence(
        "Somebody changed it since you read it: read it again.", "您读取之后内容已被他人修改，请重新读取。", (412,)
    ),
    "target-too-long": Sentence("An address is at most 8 KiB.", "请求地址不得超过 8 KiB。", (414,)),
    "too-many-streams": Sentence(
        "This process has as many followers as it can serve.", "订阅者已达上限，请稍后重试。", (503,)
    ),
    "unauthenticated": Sentence("A bearer token is needed.", "需要有效的访问令牌。", (401,)),
    "version-not-reached": Sentence("That version is not here yet.", "所等待的版本尚未到达，请重试。"),
}
"""Those of every service's own machinery."""

SHARED = Refusals(
    {
        "before-evidence": Sentence("That lies before the evidence was recorded.", "该时间早于证据的记录时间。"),
        "malformed-place": Sentence("This is no id of an event of this stream.", "这不是该事件流的编号。", (422,)),
        "own-evidence": Sentence("Somebody else than who recorded it has to decide.", "须由记录者以外的人裁定。"),
        "evidence-accepted": Sentence("This evidence was accepted before.", "该证据此前已采信。"),
        "evidence-refused": Sentence("This evidence was refused before.", "该证据此前已决定不采信。"),
        "columns": Sentence("The columns are not those of the template.", "列与模板不一致。", (422,)),
        "file-encoding": Sentence(
            "The text is neither UTF-8 nor GB18030.", "文件既不是 UTF-8 也不是 GB18030 编码。", (422,)
        ),
        "job-ended": Sentence("It has ended: there is nothing left to cancel.", "任务已结束，无可取消。"),
        "lane-not-stopped": Sentence("The lane is not stopped.", "该通道没有停止。"),
        "newer-release-needed": Sentence(
            "This release cannot read it: upgrade it.", "当前版本无法识别该事件，请升级。"
        ),
        "imports-full": Sentence(
            "Fifty imports wait: try again in a minute.", "有五十个导入在等待，请一分钟后再试。", (429,)
        ),
        "imports-waiting": Sentence(
            "Five of your imports wait: let one of them end, or cancel it.",
            "您有五个导入在等待，请等其完成，或取消一个。",
            (429,),
        ),
        "no-rows": Sentence("There is no row below the header.", "表头之下没有数据行。", (422,)),
        "not-a-table": Sentence("This is neither CSV nor a workbook (XLSX).", "文件既不是 CSV 也不是 XLSX。", (422,)),
        "nothing-to-choose": Sentence(
            "Only a lane whose source lost commits goes on from another place.",
            "只有来源丢失过事件的通道才能指定继续位置。",
        ),
        "events-skipped": Sentence("To go on later would skip events.", "从该位置继续会漏掉事件。"),
        "not-retriable": Sentence(
            "It has no envelope of ours: it can only be discarded.", "它不是本系统的事件，只能放弃。"
        ),
        "too-many-columns": Sentence("A row has over 100 columns.", "列数超过 100。", (422,)),
        "too-many-rows": Sentence("There are over 100,000 rows.", "数据超过 100,000 行。", (422,)),
        "too-many-sheets": Sentence("The workbook has over 20 sheets.", "工作簿超过 20 张工作表。", (422,)),
        "workbook-too-large": Sentence("The workbook unpacks to over 256 MiB.", "工作簿解压后超过 256 MiB。", (422,)),
        "still-failing": Sentence("It failed again and stays parked.", "重试仍然失败，继续搁置。"),
    },
    {
        "accept_evidence": ("before-evidence", "evidence-accepted", "evidence-refused", "own-evidence"),
        "cancel_import": ("job-ended",),
        "cancel_engineer_import": ("job-ended",),
        **dict.fromkeys(
            ("request_engineer_import", "request_import"),
            (
                *("columns", "file-encoding", "file-too-large", "no-rows", "not-a-table", "too-many-columns"),
                *("too-many-rows", "too-many-sheets", "workbook-too-large"),
                *("imports-full", "imports-waiting"),
            ),
        ),
        "cancel_reassessment": ("job-ended",),
        "cancel_replay": ("job-ended",),
        "refuse_evidence": ("before-evidence", "evidence-accepted", "evidence-refused", "own-evidence"),
        "resume_lane": ("events-skipped", "lane-not-stopped", "newer-release-needed", "nothing-to-choose"),
        "retry_parked": ("not-retriable", "still-failing"),
        **dict.fromkeys(
            (
                *("stream_callbacks", "stream_cases", "stream_clocks", "stream_entries", "stream_tickets"),
                "stream_work_orders",
            ),
            ("malformed-place", "too-many-streams"),
        ),
    },
)
"""Of the routes that several services have."""


def prefers_chinese(accept_language: str) -> bool:
    """Whether Chinese is wanted more than English (RFC 9110, 12.5.4); without a wish it is not."""
    wanted = {"zh": 0.0, "en": 0.0}
    for item in accept_language.lower().split(",")[:50]:
        tag, _, weight = item.strip().partition(";")
        language = tag.partition("-")[0].strip()
        if language in wanted:
            wanted[language] = max(wanted[language], _quality(weight))
    return wanted["zh"] > wanted["en"]


def _quality(weight: str) -> float:
    name, _, value = weight.partition("=")
    try:
        return min(max(float(value), 0.0), 1.0) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0


def in_chinese(problem: Problem, refusals: Refusals) -> None:
    """Put the Chinese sentences in place of the English ones, as far as there are any."""
    sentence = refusals.sentences.get(problem.code)
    if sentence is None:
        return
    problem.title = TITLES.get(problem.status, problem.title)
    problem.errors = [
        FieldError(error.field, chinese(error.detail, refusals.fields) or error.detail) for error in problem.errors
    ]
    first = problem.errors[0] if problem.errors else None
    told = {
        "count": len(problem.errors),
        "field": first.field if first else "",
        "reason": first.detail if first else problem.detail,
        **{name: _listed(value) for name, value in problem.extensions.items()},
    }
    problem.detail = sentence.chinese.format_map(defaultdict(str, told))
    problem.headers["Content-Language"] = "zh-CN"


def _listed(value: Any) -> str:
    return "、".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
