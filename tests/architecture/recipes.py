"""The recipes of CONTRIBUTING.md as somebody writes them who follows them: a command, and a count over many streams.

Each is edits by file: an old text, which stands there once, and what stands there instead; a new file has no old text.
Tests are not among them, nor what `make golden` and `make migration` write.
"""

from collections.abc import Mapping, Sequence
from difflib import unified_diff
from pathlib import Path

ROOT = Path(__file__).parents[2]
ORDERS = "services/dispatch/work_orders"

Edit = tuple[str, str]
Recipe = Mapping[str, Sequence[Edit]]


def _before(old: str, text: str) -> Edit:
    return old, text + old


EVENT = '''@event("dispatch.PartUsed")
class PartUsed(AboutWorkOrder, frozen=True, kw_only=True):
    """The engineer put a part in, on site; how many of it."""

    part_number: str
    quantity: int


'''
USE_PART = """@dataclass(frozen=True, slots=True)
class UsePart:
    part_number: str
    quantity: int


"""
DECIDE = """        case UsePart(part_number, quantity):
            _not_paused(state, "work-paused", "Work is paused; resume it first.")
            return [dispatch.PartUsed(**about, part_number=part_number, quantity=quantity)]
"""
ROUTE = '''@step.post("/parts", "UsedPart", refused=("not-on-site", "work-paused"))
def use_part(
    part_number: Annotated[Code, Field(description="备件编号 / The part's number", examples=["CAP-45UF"])],
    quantity: Annotated[int, Field(ge=1, le=1000, description="数量 / How many", examples=[2])],
) -> visit.UsePart:
    """备件 / A part was put in, on site."""
    return visit.UsePart(part_number, quantity)


'''

COMMAND: Recipe = {
    "libs/events/contracts/dispatch/work_orders.py": [_before('@event("dispatch.WorkPaused")\n', EVENT)],
    f"{ORDERS}/domain/visit.py": [
        _before("    | dispatch.WorkPaused\n", "    | dispatch.PartUsed\n"),
        _before("@dataclass(frozen=True, slots=True)\nclass Pause:", USE_PART),
        (" | Pause |", " | UsePart | Pause |"),
        _before("        case Pause(reason, note_id):\n", DECIDE),
        (
            "        case dispatch.CustomerCalled():\n",
            "        case dispatch.CustomerCalled() | dispatch.PartUsed():\n",
        ),
    ],
    f"{ORDERS}/view.py": [
        _before("        case dispatch.WorkPaused():\n", "        case dispatch.PartUsed():\n            return row\n")
    ],
    f"{ORDERS}/api/visits.py": [
        ("fields import Said\n", "fields import Code, Said\n"),
        _before('@step.post("/pause"', ROUTE),
    ],
    "web/src/words/zh-CN/console-labels.json": [
        _before('    "dispatch.WorkPaused": ', '    "dispatch.PartUsed": "备件已使用",\n')
    ],
    "docs/dispatch.md": [
        _before("On site, paused or not, ", "`POST /v1/work-orders/{id}/parts` says which part was put in, on site.\n")
    ],
    "docs/zh-CN/dispatch.md": [
        _before("在现场（暂停时也可以）用", "在现场用 `POST /v1/work-orders/{id}/parts` 登记所用的备件。\n")
    ],
    "CHANGELOG.md": [("### Changed\n", "### Changed\n- Engineers say which parts they put in.\n")],
}

ROW = '''class PartsRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a ticket has used of all parts, over all its visits."""

    ticket_id: str
    quantity: int


def used(recorded: AnyRecorded) -> Iterable[PartsRow]:
    if isinstance(recorded.event, dispatch.PartUsed):
        yield PartsRow(ticket_id=recorded.event.ticket_id, quantity=recorded.event.quantity)


parts = table("parts", PartsRow, metadata)
parts_count = Count(parts, PartsRow, used)


'''
LIST = '''"""HTTP of parts: how many each ticket has used."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from libs.chassis.lists.filters import several
from libs.chassis.http import DEFAULT, UUID, Cursor, Limit, Page, Reads, Router
from services.dispatch.roles import PLANNERS
from services.dispatch.work_orders.view import parts

router = Router(prefix="/v1/parts", tags=["work orders"])


class Parts(BaseModel):
    """备件用量 / What one ticket has used."""

    ticket_id: UUID = Field(description="工单 / Ticket")
    quantity: int = Field(ge=0, description="数量 / How many parts", examples=[3])


@router.get("", operation_id="list_parts", dependencies=[PLANNERS], response_model=Page[Parts])
async def list_parts(
    reads: Reads,
    ticket_id: Annotated[list[UUID], several("工单 / Of this ticket")],
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Any:
    """备件用量 / How many parts each ticket has used, over all its visits."""
    return await reads.sums(parts, Parts, {"ticket_id": ticket_id}, limit, cursor)
'''

COUNT: Recipe = {
    f"{ORDERS}/view.py": [
        ("collections.abc import Sequence\n", "collections.abc import Iterable, Sequence\n"),
        ("view import View\n", "view import Count, View\n"),
        _before("def within(", ROW),
    ],
    f"{ORDERS}/api/parts.py": [("", LIST)],
    "services/dispatch/app.py": [
        _before("    plans,\n", "    parts,\n"),
        ("view import work_order_view\n", "view import parts_count, work_order_view\n"),
        ("views=[engineer_view,", "views=[engineer_view, parts_count,"),
        _before("        plans.router,\n", "        parts.router,\n"),
    ],
    "docs/operate.md": [("| `engineer`, `workload`, ", "| `engineer`, `workload`, `parts`, ")],
    "docs/zh-CN/operate.md": [("| `engineer`、`workload`、", "| `engineer`、`workload`、`parts`、")],
    "docs/dispatch.md": [
        _before("- A visit counts on the day", "`GET /v1/parts` has what each ticket used of parts.\n")
    ],
    "docs/zh-CN/dispatch.md": [_before("- 任务计入其约定时间", "`GET /v1/parts` 为每个工单的备件用量。\n")],
    "CHANGELOG.md": [("### Changed\n", "### Changed\n- `GET /v1/parts`: how many parts each ticket has used.\n")],
}


def follow(recipe: Recipe, tree: Path) -> int:
    """Write a recipe into a tree; how many lines it took, as `git diff --numstat` has them added."""
    lines = 0
    for name, edits in recipe.items():
        file = tree / name
        before = file.read_text("utf-8") if file.exists() else ""
        after = before
        for old, new in edits:
            assert after.count(old) == 1, f"{name} has {old!r} {after.count(old)} times"
            after = after.replace(old, new)
        file.write_text(after, "utf-8")
        changes = list(unified_diff(before.splitlines(), after.splitlines(), n=0))[2:]
        lines += sum(change.startswith("+") for change in changes)
    return lines
