"""What the demo shows: one line that moves while it runs, then the tables, the proof and the verdict."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.box import SIMPLE
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from demo.figures import Clocks, Delays
from demo.incidents import ZONE
from demo.proof import Check
from deploy.devstack.issuer.people import listed, phones

HOME = ZoneInfo(ZONE)
WORDS = ("holds", "calendar", "because")
"""Columns of words, by how their titles begin: they stand to the left, as numbers do not."""
LEVELS = {1: "1 critical 特急", 2: "2 high 紧急", 3: "3 medium 一般", 4: "4 low 轻微"}


def local(at: datetime) -> str:
    """An instant as the service desk's own clock shows it."""
    return f"{at.astimezone(HOME):%a %d %b %Y %H:%M}"


def show_people(console: Console, address: str, issuer: Path) -> None:
    """Where to look while the week plays, and as whom: the people of the issuer with this state folder."""
    console.print(f"in a browser: {address} · who can sign in:")
    for line in listed(issuer):
        console.print(f"  {line}", soft_wrap=True, markup=False)
    console.print(f"on an engineer's phone: {address}/field/ · as {phones()}")


def progress_bar(console: Console) -> Progress:
    """The line that moves on a terminal: virtual date, changes, commands, events, how late timers were."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TextColumn("tickets · {task.fields[figures]}"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )


def show_tickets(console: Console, tickets: Sequence[tuple[str, int]]) -> None:
    """Tickets by public status."""
    table = _table("Tickets by status 工单状态", "status 状态", "tickets 工单")
    for status, count in tickets:
        table.add_row(status, f"{count:,}")
    console.print(table)


def show_warranties(console: Console, verdicts: Sequence[tuple[str, int]]) -> None:
    """Tickets by what the warranty says."""
    table = _table("Tickets by warranty 保修结论", "verdict 结论", "tickets 工单")
    for verdict, count in verdicts:
        table.add_row(verdict, f"{count:,}")
    console.print(table)


def show_events(console: Console, events: Mapping[str, int]) -> None:
    """Events by type, a block a service."""
    table = _table("Events by type 事件", "event 事件", "recorded 数量")
    for _, block in groupby(events.items(), key=lambda item: item[0].partition(".")[0]):
        for name, count in block:
            table.add_row(name, f"{count:,}")
        table.add_section()
    table.add_row("all 合计", f"{sum(events.values()):,}")
    console.print(table)


def show_clocks(console: Console, clocks: Mapping[tuple[str, int], Clocks]) -> None:
    """Clocks by metric and level: met in time, met late, breached, cancelled, still running."""
    table = _table(
        "Clocks by metric and level 时限", "metric 指标", "level 等级", "started 开始", "in time 按时", "late 逾期完成",
        "breached 超时", "cancelled 取消", "running 未结", texts=2,
    )  # fmt: skip
    for metric, block in groupby(clocks.items(), key=lambda item: item[0][0]):
        for (_, level), count in block:
            numbers = (count.started, count.in_time, count.late, count.breached, count.cancelled, count.running)
            table.add_row(metric, LEVELS[level], *(f"{number:,}" for number in numbers))
        table.add_section()
    console.print(table)


def show_delays(console: Console, delays: Delays | None) -> None:
    """Real end-to-end delay, and in one line what it is."""
    if delays is None:
        console.print("End-to-end delay: not measured (this PostgreSQL runs without track_commit_timestamp).\n")
        return
    console.print(
        f"End-to-end delay 端到端延迟: p50 {delays.p50 * 1000:.1f} ms, p99 {delays.p99 * 1000:.1f} ms, "
        f"longest {delays.longest * 1000:.0f} ms, over {delays.count:,} reactions.\n"
        "It is real time from the commit of an event in its service to the commit of its effect in another, through "
        "outbox and Kafka, under the whole load.\n"
    )


def show_explanation(console: Console, told: Mapping[str, Any] | None) -> None:
    """Where the time of one late repair went, from its start to its end, and whose time it was."""
    if told is None:
        console.print("Why was this late? No repair of this run was paused and met late: run more incidents.\n")
        return
    target, present = told["target"], told["present"]
    table = _table(
        "Why was this repair late? 为何超时", "from 自", "until 至", "clock 时钟", "real 历时", "counted 计时",
        "calendar 日历", "because of 缘由", texts=3,
    )  # fmt: skip
    for part in present["segments"]:
        because = part["because"]
        why = " ".join(filter(None, ((because["event"] or "").partition(".")[2], because["reason"])))
        rule = " ".join(filter(None, (part["rule"], part["detail"])))
        begin, end = (_short(part[name]) for name in ("start", "end"))
        counted = _hours(part["counted_seconds"]) if part["counted_seconds"] else ""
        table.add_row(begin, end, part["kind"], _hours(part["seconds"]), counted, rule, why)
    table.add_section()
    table.add_row(
        "together 合计", "", "", _hours(present["elapsed_seconds"]), _hours(present["counted_seconds"]), "", ""
    )
    console.print(table)
    allowed, late = _hours(target["target_seconds"]), _hours(-told["remaining_seconds"])
    shares = ", ".join(
        f"{one['party']} {_hours(one['counted_seconds'])}" for one in told["delays"] if one["counted_seconds"]
    )
    console.print(
        f"Level {target['level']} allowed {allowed} by {target['policy']}; it was late by {late}. "
        f"Whose time was counted 责任方: {shares}.\n"
        f"The same for any clock: GET /v1/clocks/{told['id']}/explanation\n",
        soft_wrap=True,
    )


def show_what_if(console: Console, groups: Sequence[Mapping[str, Any]]) -> None:
    """What another promise would have meant for the same week."""
    table = _table(
        "What if repairs were promised in half the time? 如修复时限减半", "level 等级", "clocks 时钟", "late 超时",
        "would be late 将超时", "newly late 新增", "p90 counted 计时 p90", texts=1,
    )  # fmt: skip
    for group in groups:
        was, would_be = group["was"], group["would_be"]
        label = "all 合计" if group["by"] == "all" else LEVELS[int(group["value"])]
        p90 = _hours(was["p90"]) if was["p90"] is not None else ""
        numbers = (was["clocks"], was["breached"], would_be["breached"], group["newly_breached"])
        table.add_row(label, *(f"{number:,}" for number in numbers), p90)
    console.print(table)
    console.print("Every ticket was judged once more under a draft; no live clock was touched: POST /v1/replays\n")


def _short(written: str) -> str:
    return f"{datetime.fromisoformat(written).astimezone(HOME):%a %d %b %H:%M}"


def _hours(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


def show_proof(console: Console, checks: Sequence[Check]) -> None:
    """Every check, and what is wrong where one fails."""
    table = _table("Proof 验证", "what was proved 内容", "over 数量", "holds 结论")
    for check in checks:
        verdict = "yes" if check.holds else f"NO: {check.wrong or 'there is nothing to prove it on'}"
        table.add_row(check.what, f"{check.count:,}", verdict, style=None if check.holds else "bold red")
    console.print(table)


def show_verdict(console: Console, checks: Sequence[Check]) -> None:
    """One sentence."""
    failed = sum(not check.holds for check in checks)
    if failed:
        console.print(f"VERDICT 结论: {failed} of {len(checks)} checks failed.", style="bold red")
    else:
        console.print("VERDICT 结论: nothing was lost, nothing was doubled 无丢失，无重复.", style="bold green")


def _table(title: str, *columns: str, texts: int = 1) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE, pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number < texts or column.startswith(WORDS) else "right")
    return table
