"""docs/ticket-status.md and its Chinese twin: a ticket's public status, in tables that the code works out."""

from collections.abc import Iterator
from typing import Literal, get_args

from docs.markdown import page, table
from libs.events.contracts.intake.tickets import TicketStatus
from services.intake.reactions import reactions
from services.intake.tickets.domain.progress import Desk, Fact, Progress, Visit

Language = Literal["zh-CN", "en"]

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "title": "# The public status of a ticket",
        "twin": "[中文](zh-CN/ticket-status.md)",
        "about": "Intake folds it from what all services publish about the ticket. `GET /v1/tickets/{id}` shows it, "
        "and `intake.TicketStatusChanged` tells every change, with `because_of`: the id of the event behind "
        "it, or the type of intake's own event that ended the ticket.",
        "meanings": "## The eleven",
        "head": "status,meaning",
        "rule": "## The rule",
        "order": "A closed ticket is `closed`, a cancelled one and a duplicate `cancelled`, whatever is still said of "
        "it. Otherwise dispatch's news decide as soon as there is a visit, and triage's before. The news of "
        "one service come in their order, those of different services in none: the status depends on which "
        "have come, never on the order between services. So a change may be told that another service's news "
        "had made out of date; the last one holds.",
        "triage": "## What triage's news make of it",
        "dispatch": "## What dispatch's news make of it",
        "dispatch_text": "Each column is what the visits had made of it before. An engineer alone, or a time that was "
        "only "
        "offered, schedules nothing; nor does what is not listed here. A visit is `scheduled` when the "
        "customer agreed to its time, a rework visit too.",
        "paused": "dispatch.WorkPaused, waiting_customer",
        "other": "dispatch.WorkPaused, other reasons",
        "event": "event",
        "none": "no visit",
        "done": "## When it may be closed",
        "done_text": "When it is `accepted` and survey's callback is completed (`survey.CallbackCompleted`), or when "
        "it "
        "is `repaired` remotely (`triage.RemoteSupportSucceeded`) and no visit was ordered. It may be "
        "cancelled, or marked a duplicate, until it is `accepted`. Until work is authorised an answer closes it, "
        "too, as it does a question, which nobody triages. A closed ticket that is opened again is `in_triage`, "
        "or `open` where triage never had it: what the others had said of it before counts no more.",
        "open": "registered; triage has not taken it up",
        "in_triage": "triage has it on its list, or supports remotely",
        "waiting_customer": "work on site waits for the customer",
        "authorised": "work on site may start; no time is agreed with the customer",
        "scheduled": "the customer agreed to a time",
        "on_site": "somebody is there, at work or waiting for anything but the customer",
        "repaired": "done on site and not yet judged by the customer, or resolved remotely",
        "rework": "the customer did not accept it; no time is agreed for the next visit",
        "accepted": "the customer signed",
        "closed": "archived",
        "cancelled": "withdrawn, or a duplicate of a ticket that goes on",
    },
    "zh-CN": {
        "title": "# 工单的公开状态",
        "twin": "[English](../ticket-status.md)",
        "about": "受理服务根据各服务发布的有关事件得出公开状态。`GET /v1/tickets/{id}` 可查；每次变化都发布 "
        "`intake.TicketStatusChanged`，其中 `because_of` 是引起变化的事件的编号；工单由受理服务自己结束时，则"
        "是该事件的类型。",
        "meanings": "## 十一种状态",
        "head": "状态,含义",
        "rule": "## 规则",
        "order": "已结单的为 `closed`，已撤单或被并单的为 `cancelled`，此后再收到什么消息都不变。除此以外，有了上门任"
        "务就由派工的消息决定，之前由研判的消息决定。同一服务的消息有先后，不同服务之间没有：状态只取决于收到"
        "了哪些消息，与服务之间的先后无关。因此可能先发布一个已被其他服务的消息取代的状态，以最后一次为准。",
        "triage": "## 研判的消息",
        "dispatch": "## 派工的消息",
        "dispatch_text": "每一列是此前上门任务得出的状态。只派了人、或只提出了时间，"
        "不算已预约；下表未列的事件也不改变状态。"
        "客户同意了时间才是 `scheduled`，返工上门也一样。",
        "paused": "dispatch.WorkPaused，waiting_customer",
        "other": "dispatch.WorkPaused，其他原因",
        "event": "事件",
        "none": "尚无上门任务",
        "done": "## 何时可以结单",
        "done_text": "状态为 `accepted` 且回访完成（`survey.CallbackCompleted`）；或者远程修复（"
        "`triage.RemoteSupportSucceeded`）后为 `repaired` 且没有上门任务。`accepted` 之前可以撤单或并单。"
        "授权上门之前也可以答复结单，咨询类工单不经研判、只答复结单。重开的工单为 `in_triage`，"
        "研判未曾接手的为 `open`：此前各服务的消息不再计入。",
        "open": "已受理，研判尚未接手",
        "in_triage": "研判中，或正在远程支持",
        "waiting_customer": "现场工作在等客户",
        "authorised": "可以上门维修，尚未与客户约定时间",
        "scheduled": "客户已同意上门时间",
        "on_site": "人员在场，正在维修，或在等客户以外的事项",
        "repaired": "现场完工、客户尚未验收，或已远程修复",
        "rework": "客户拒收，下一次上门时间尚未约定",
        "accepted": "客户已签字验收",
        "closed": "已归档",
        "cancelled": "已撤单，或并入另一张继续处理的工单",
    },
}


def ticket_status(language: Language) -> str:
    """The page in a language."""
    words = WORDS[language]
    return page(
        words["title"],
        words["twin"],
        words["about"],
        words["meanings"],
        table(words["head"].split(","), ([f"`{status}`", words[status]] for status in get_args(TicketStatus))),
        words["rule"],
        words["order"],
        words["triage"],
        table([words["event"], *_titles(get_args(Desk))], _rows("triage", [Progress(desk) for desk in get_args(Desk)])),
        words["dispatch"],
        words["dispatch_text"],
        table([words["event"], words["none"], *_titles(get_args(Visit))], _visits(words)),
        words["done"],
        words["done_text"],
    )


def _titles(names: tuple[str, ...]) -> list[str]:
    return [f"`{name}`" for name in names]


def _visits(words: dict[str, str]) -> Iterator[list[str]]:
    before = [Progress(visit=visit) for visit in (None, *get_args(Visit))]
    for row in _rows("dispatch", before):
        if row[0] == "`dispatch.WorkPaused`":
            yield [words["paused"], *_after(Fact("dispatch.WorkPaused", "waiting_customer"), before)]
            yield [words["other"], *row[1:]]
        else:
            yield row


def _rows(service: str, before: list[Progress]) -> Iterator[list[str]]:
    for event in reactions:
        if event.type_name.startswith(f"{service}."):
            yield [f"`{event.type_name}`", *_after(Fact(event.type_name), before)]


def _after(fact: Fact, before: list[Progress]) -> list[str]:
    """The status after a fact, for each that was before it; a dash where it stays."""
    changed = ((progress.status, progress.after(fact).status, progress) for progress in before)
    return ["–" if now == was and progress.after(fact) == progress else f"`{now}`" for was, now, progress in changed]
