"""A link is issued once, takes as many answers as it is for, and opens nothing once it is revoked or has expired."""

from datetime import timedelta

import pytest

from services.intake.links.domain import (
    USES,
    IssueLink,
    LinkIssued,
    LinkRevoked,
    LinkUsed,
    RevokeLink,
    UseLink,
    link,
)
from tests.spec import MONDAY, Given

ISSUE = IssueLink("l1", "t1", "rating", "hash", 14, MONDAY, "k1")
ISSUED = LinkIssued(
    link_id="l1",
    ticket_id="t1",
    purpose="rating",
    token_hash="hash",
    expires_at=MONDAY + timedelta(days=14),
    object_id="k1",
)
ANSWER = UseLink("l1", "a1", asked_at=MONDAY)
USED = LinkUsed(link_id="l1", answer_id="a1")

nothing = Given(link)
issued = nothing.given(ISSUED)
used = issued.given(USED)


def test_a_link_lasts_so_many_days() -> None:
    assert nothing.when(ISSUE) == [ISSUED]
    assert issued.when(ISSUE) == []


def test_what_is_said_to_have_been_long_ago_makes_no_link_that_has_expired_and_opens_none() -> None:
    long_ago = MONDAY - timedelta(days=99)
    assert nothing.when(ISSUE, long_ago) == [ISSUED]
    with issued.refuses("link-closed"):
        issued.when(UseLink("l1", "a1", asked_at=ISSUED.expires_at), long_ago)


def test_an_answer_counts_once_however_often_it_comes() -> None:
    assert issued.when(ANSWER) == [USED]
    assert used.when(ANSWER, MONDAY + timedelta(days=99)) == []


def test_a_rating_takes_one_answer_and_a_progress_none() -> None:
    with used.refuses("link-used"):
        used.when(UseLink("l1", "a2", MONDAY))
    looked = nothing.given(
        LinkIssued(link_id="l1", ticket_id="t1", purpose="progress", token_hash="h", expires_at=ISSUED.expires_at)
    )
    with looked.refuses("link-used"):
        looked.when(ANSWER)
    assert USES == {"progress": 0, "appointment": 1, "acceptance": 1, "rating": 1}


@pytest.mark.parametrize("late", [timedelta(0), timedelta(days=1)])
def test_an_expired_link_takes_no_answer(late: timedelta) -> None:
    assert issued.when(ANSWER, ISSUED.expires_at - timedelta(microseconds=1)) == [USED]
    with issued.refuses("link-closed"):
        issued.when(ANSWER, ISSUED.expires_at + late)


def test_a_revoked_link_takes_no_answer_and_shows_none() -> None:
    revoked = used.given(LinkRevoked(link_id="l1"))
    assert issued.when(RevokeLink("l1")) == [LinkRevoked(link_id="l1")]
    assert revoked.when(RevokeLink("l1")) == []
    for answer in ("a1", "a2"):
        with revoked.refuses("link-closed"):
            revoked.when(UseLink("l1", answer, MONDAY))


def test_what_was_never_issued_takes_no_answer() -> None:
    with nothing.refuses("link-closed"):
        nothing.when(ANSWER)


def test_the_status_says_whether_it_opens_something() -> None:
    revoked = issued.given(LinkRevoked(link_id="l1"))
    assert [each.status for each in (nothing, issued, used, revoked)] == ["unknown", "open", "used", "revoked"]
