"""What a screen reader has of each page, compared with the tree that was read and found good.

`TREES=write pytest tests/web/test_tree.py` writes the trees anew: read them before they are committed.
"""

import os
import re
from pathlib import Path

import pytest

from tests.web.conftest import Visit
from tests.web.pages import PAGES, ConsolePage, Stage
from tests.web.visitor import Visitor

STEADY = [page for page in PAGES if not page.of_all]
TREES = Path(__file__).parent / "trees"
VOLATILE = (
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "ID"),
    (re.compile(r"WX\d{8}-\d{4}"), "NUMBER"),
    (re.compile(r"\d{4}-\d\d-\d\d (周.|[A-Z][a-z]{2})( \d\d:\d\d)?"), "DATE"),
    (re.compile(r"\d\d-\d\d \d\d:\d\d|\b\d\d?:\d\d\b"), "TIME"),
    (re.compile(r"\d+小时(\d+分)?|\d+分|\d+ h( \d+ min)?|\d+ min"), "TIME"),
    (
        re.compile(
            r"(TIME |text: )(开始计时|开始研判|状态变更|Clock started|Triage started|Status changed)(?=[ \"\n])"
        ),
        r"\1EVENT",
    ),
    (
        re.compile(
            r"(?<=button \")(我的|未认领|将超时|待客户|待结单|今日|全部|"
            r"Mine|Unclaimed|Due soon|Waiting for customer|To close|Today|All) \d+"
        ),
        r"\1 COUNT",  # of everybody's tickets, those of other tests among them
    ),
    (re.compile(r"\d+\.\d MB"), "SIZE"),
    (re.compile(r"刚刚更新|\d+ (秒|分钟)前更新|Updated (just now|\d+ (s|min) ago)"), "AGE"),
)
"""What another run says otherwise."""


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("page", STEADY, ids=[page.name for page in STEADY])
def test_a_page_has_its_tree(known: Visit, stage: Stage, page: ConsolePage, language: str) -> None:
    visitor: Visitor = known(page.role, language)
    page.open(visitor, stage)
    has_tree(visitor, page.name)


def has_tree(visitor: Visitor, name: str) -> None:
    """The page comes to the tree of this name in the visitor's language."""
    golden = TREES / f"{name}.{visitor.language}.yml"
    if os.environ.get("TREES") == "write":
        golden.write_text(settled(visitor), "utf-8")
    expected = golden.read_text("utf-8")
    visitor.until(lambda: steady(visitor) == expected, f"{golden.name}, but\n{steady(visitor)}")


def steady(visitor: Visitor) -> str:
    """The tree without what another run says otherwise."""
    tree = f"{visitor.tree()}\n"
    for pattern, name in VOLATILE:
        tree = pattern.sub(name, tree)
    return sorted_items(tree)


def sorted_items(tree: str) -> str:
    """With items of lists in the order of their words: what several services say at one time comes in any order."""
    for depth in range(40, -1, -2):
        item = re.compile(rf"^ {{{depth}}}- listitem:\n(?:^ {{{depth + 1},}}.*\n)+", re.MULTILINE)
        runs = re.compile(f"(?:{item.pattern})+", re.MULTILINE)
        for run in {found[0] for found in runs.finditer(tree)}:
            tree = tree.replace(run, "".join(sorted(item.findall(run))))
    return tree


def settled(visitor: Visitor) -> str:
    """The tree, when it has stayed as it is for a while."""
    before, since = steady(visitor), 0
    while since < 10:
        visitor.page.wait_for_timeout(200)
        now = steady(visitor)
        before, since = now, since + 1 if now == before else 0
    return before
