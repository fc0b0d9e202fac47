"""docs/sla-presets.md and its Chinese twin: every number of the source's plans, as a clock or with why it is none."""

from collections.abc import Iterator
from typing import Any, Literal

from docs.markdown import page, table
from services.sla.policies.domain.preset import PRESETS, Preset

Language = Literal["zh-CN", "en"]

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "title": "# Presets of time limits",
        "twin": "[中文](zh-CN/sla-presets.md)",
        "about": "The requirements tell what the after-sales plans of many companies promise (PP-01 to "
        "PP-20). Each row of their table that has a number ships with the service: as a policy to "
        "draft from, and with a reason for each number that is no clock. None is in force by "
        "itself. `GET /v1/presets` lists them, `GET /v1/presets/{id}` gives the whole policy; how "
        "to put one into force is in [sla.md](sla.md). Where a plan is silent, the column *source "
        "and own decision* says what this project decided: change it in your draft where your "
        "contract says otherwise.",
        "clocks": "## Clocks",
        "clocks_head": "preset,for,metric,allowed,starts,stops,pauses,requirements,source and own decision",
        "open": "The plan's number was never filled in",
        "around": "Hours count around the clock; business days by China's holidays and make-up days. Every "
        "clock ends when the ticket is closed, cancelled or marked as a duplicate, and arrival on site "
        "also when the fault was resolved remotely.",
        "adapt": "## To look at before you publish",
        "adapt_head": "preset,place,why",
        "untimed": "## Numbers that are no clocks",
        "untimed_head": "preset,number,value,requirements,why",
        "without": "## Rows without a number",
        "without_text": 'They say "at once", "promptly", "regularly", or leave a table out, so there is nothing '
        "to ship: PP-01b, PP-01c, PP-04, PP-07a, PP-09b, PP-10x, PP-14, PP-15b, PP-16, PP-19b, "
        "PP-19d, PP-20f, PP-20h, PP-20i. A value of another plan is never put in their place.",
        "hours": "h",
        "business_days": "business days, to the end of the last",
        "receipt": ", counted from the day of receipt",
        "not": "not ",
    },
    "zh-CN": {
        "title": "# 时限预设",
        "twin": "[English](../sla-presets.md)",
        "about": "需求汇集了多家企业的售后服务方案（PP-01 至 PP-20）。方案表中凡有数值的行，都随服务提供"
        "一份预设：可作为草稿的时限政策；不计时的数值逐项写明原因。预设不会自行生效。"
        "`GET /v1/presets` 列出全部预设，`GET /v1/presets/{id}` 给出政策全文；如何生效见 [sla.md](sla.md)。"
        "方案没有写明之处，“原文与本项目的决定”一栏写明本项目如何决定；合同另有约定的，请在草稿中修改。",
        "clocks": "## 时钟",
        "clocks_head": "预设,适用于,指标,时限,开始,完成,暂停,需求编号,原文与本项目的决定",
        "open": "方案未填数值",
        "around": "小时按全天候计；工作日按中国节假日与调休计。工单关闭、取消或标为重复时，"
        "所有时钟随之结束；远程已解决的，到场时钟也结束。",
        "adapt": "## 发布前须确认",
        "adapt_head": "预设,位置,原因",
        "untimed": "## 不计时的数值",
        "untimed_head": "预设,内容,数值,需求编号,原因",
        "without": "## 没有数值的行",
        "without_text": "原文只写“立即”“及时”“定期”，或缺少附表，因此没有预设：PP-01b、PP-01c、PP-04、"
        "PP-07a、PP-09b、PP-10x、PP-14、PP-15b、PP-16、PP-19b、PP-19d、PP-20f、PP-20h、PP-20i。"
        "绝不拿其他方案的数值来填补。",
        "hours": "小时",
        "business_days": "个工作日，到最后一日结束",
        "receipt": "，自登记当日的次日起数",
        "not": "非 ",
    },
}


def presets(language: Language) -> str:
    """The page in one language."""
    words = WORDS[language]
    return page(
        words["title"],
        words["twin"],
        words["about"],
        words["clocks"],
        words["around"],
        table(words["clocks_head"].split(","), _clocks(language)),
        words["adapt"],
        table(words["adapt_head"].split(","), _blanks(language)),
        words["untimed"],
        table(words["untimed_head"].split(","), _untimed(language)),
        words["without"],
        words["without_text"],
    )


def _clocks(language: Language) -> Iterator[list[str]]:
    for preset in PRESETS.values():
        if preset.policy is not None:
            for target in preset.policy["targets"]:
                yield [preset.title[language], _applies(preset.policy, language), *_target(target, language)]


def _target(target: dict[str, Any], language: Language) -> list[str]:
    return [
        f"`{target['metric']}` {target['title'][language]}",
        _allowed(target, language),
        *(_events(target.get(role, ())) for role in ("start", "stop", "pause")),
        _sources(target["sources"]),
        target["note"].split("\n")[language == "en"],
    ]


def _allowed(target: dict[str, Any], language: Language) -> str:
    within = target.get("within")
    words = WORDS[language]
    allowed = f"{within['amount']} {words[within['unit']]}" if within else words["open"]
    return f"{allowed}{words['receipt']}" if "count_from" in target else allowed


def _applies(policy: dict[str, Any], language: Language) -> str:
    return "<br>".join(f"{name}: {_condition(one, language)}" for name, one in policy.get("applies_when", {}).items())


def _condition(condition: Any, language: Language) -> str:
    if isinstance(condition, dict):
        return WORDS[language]["not"] + ", ".join(condition["not"])
    return ", ".join(condition)


def _events(whens: Any) -> str:
    return "<br>".join(f"`{when}`" if isinstance(when, str) else _where(when) for when in whens)


def _where(when: dict[str, Any]) -> str:
    return f"`{when['event']}` ({'; '.join(', '.join(values) for values in when['where'].values())})"


def _blanks(language: Language) -> Iterator[list[str]]:
    for preset in PRESETS.values():
        for blank in (*preset.fill_in, *preset.adapt):
            yield [preset.title[language], f"`{blank.place}`", blank.why[language]]


def _untimed(language: Language) -> Iterator[list[str]]:
    for preset in PRESETS.values():
        yield from (_number(preset, number, language) for number in preset.not_measured)


def _number(preset: Preset, number: Any, language: Language) -> list[str]:
    what, value, why = number.what[language], number.value[language], number.why[language]
    return [preset.title[language], what, value, _sources(number.sources), why]


def _sources(sources: Any) -> str:
    return " ".join(sources)
