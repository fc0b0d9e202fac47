"""The rows of rules and their versions, folded from a rule's history."""

from datetime import timedelta

from libs.events import AnyRecorded, Recorded
from libs.events.contracts.sla.rules import PolicyPublished
from services.sla.publishing.domain.rule import PolicyApproved, PolicyDrafted, PolicyRetired, RuleEvent
from services.sla.publishing.view.rules import RuleRow, RuleVersionRow, rule_version_view, rule_view
from tests.sla.publishing import written
from tests.spec import MONDAY

FIRST, SECOND = written(within=2), written(within=1, title={"en": "Faster"})
DRAFTED = PolicyDrafted(id="vip", document=FIRST, by="mia")
APPROVED = PolicyApproved(id="vip", by="dora")
PUBLISHED = PolicyPublished(id="vip", number=1, known_as="vip/1", document=FIRST | {"version": 1}, by="dirk")


def recorded(*events: RuleEvent) -> list[AnyRecorded]:
    """As they were recorded, one an hour."""
    return [
        Recorded(
            event=event,
            id=str(hour),
            stream="policy-vip",
            version=hour,
            occurred_at=MONDAY + timedelta(hours=hour),
            recorded_at=MONDAY + timedelta(hours=hour),
        )
        for hour, event in enumerate(events, 1)
    ]


def rule(*events: RuleEvent) -> RuleRow | None:
    return rule_view.fold(recorded(*events))["policy/vip"]


def test_a_rule_tells_who_did_what_and_when() -> None:
    assert rule(DRAFTED, APPROVED, PUBLISHED) == RuleRow(
        id="policy/vip",
        kind="policy",
        rule="vip",
        state="published",
        title=FIRST["title"],
        number=1,
        drafted_by="mia",
        drafted_at=MONDAY + timedelta(hours=1),
        approved_by="dora",
        approved_at=MONDAY + timedelta(hours=2),
        published_by="dirk",
        published_at=MONDAY + timedelta(hours=3),
        version=3,
        opened_at=MONDAY + timedelta(hours=1),
    )


def test_a_draft_waits_while_what_was_published_is_in_force() -> None:
    row = rule(DRAFTED, APPROVED, PUBLISHED, PolicyDrafted(id="vip", document=SECOND, by="mia"))
    assert row is not None
    assert (row.state, row.number, row.retired, row.draft, row.title) == ("draft", 1, False, SECOND, {"en": "Faster"})
    assert (row.approved_by, row.approved_at, row.published_by) == (None, None, "dirk")


def test_a_rule_that_is_retired_keeps_the_draft_that_waits() -> None:
    retired = PolicyRetired(id="vip", number=1, by="dora")
    gone = rule(DRAFTED, APPROVED, PUBLISHED, retired)
    assert gone is not None
    assert (gone.state, gone.retired, gone.retired_by) == ("retired", True, "dora")
    waiting = rule(DRAFTED, APPROVED, PUBLISHED, PolicyDrafted(id="vip", document=SECOND, by="mia"), retired)
    assert waiting is not None
    assert (waiting.state, waiting.retired) == ("draft", True)


def test_a_version_is_a_row_that_never_changes() -> None:
    assert rule_version_view.fold(recorded(DRAFTED, APPROVED, PUBLISHED)) == {
        "policy/vip/1": RuleVersionRow(
            id="policy/vip/1",
            kind="policy",
            rule="vip",
            number=1,
            name="vip/1",
            document=FIRST | {"version": 1},
            published_by="dirk",
            published_at=MONDAY + timedelta(hours=3),
        )
    }
