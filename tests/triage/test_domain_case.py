"""A case: from the list through level, remote support and cause to leave to work."""

from typing import Any

import pytest

from libs.events.contracts.triage.cases import (
    CauseDetermined,
    FaultClassified,
    RemoteSupportFailed,
    RemoteSupportStarted,
    RemoteSupportSucceeded,
    TriageStarted,
    WorkAuthorised,
)
from services.triage.cases.domain import (
    AuthoriseWork,
    CaseEnded,
    ClassifyFault,
    DetermineCause,
    EndCase,
    ReportRemoteSupport,
    StartTriage,
    case,
)
from tests.spec import Given

T = "t1"
STARTED = TriageStarted(ticket_id=T, customer_id="c1")
CLASSIFIED = FaultClassified(ticket_id=T, level=2, maintenance_type="corrective")
AUTHORISED = WorkAuthorised(ticket_id=T, customer_id="c1", job_type="repair", payable=False, skills=["hvac"])
REMOTE, MENDED = RemoteSupportStarted(ticket_id=T), RemoteSupportSucceeded(ticket_id=T)
CLASSIFY = ClassifyFault(T, 2, "corrective")
AUTHORISE = AuthoriseWork(T, "repair", payable=False, skills=("hvac",))
COMMANDS = [CLASSIFY, ReportRemoteSupport(T, "started"), DetermineCause(T, "customer", "x"), AUTHORISE]

spec = Given(case)
started = spec.given(STARTED)
classified = started.given(CLASSIFIED)


def test_a_new_ticket_starts_its_triage_once() -> None:
    assert spec.when(StartTriage(T, "c1")) == [STARTED]
    assert started.when(StartTriage(T, "c1")) == []
    assert started.status == "open"


@pytest.mark.requirement("R048", "R398")
def test_a_fault_takes_a_level_and_says_it_again_only_when_it_differs() -> None:
    assert started.when(CLASSIFY) == [CLASSIFIED]
    assert classified.when(CLASSIFY) == []
    again = FaultClassified(ticket_id=T, level=1, maintenance_type="corrective")
    assert classified.when(ClassifyFault(T, 1, "corrective")) == [again]
    assert classified.given(again).when(CLASSIFY) == [CLASSIFIED]
    assert classified.status == "classified"


def test_a_level_may_still_change_after_the_authorisation() -> None:
    assert classified.given(AUTHORISED).when(ClassifyFault(T, 4, "preventive"))


@pytest.mark.requirement("R054", "R360")
def test_remote_support_starts_and_succeeds() -> None:
    assert started.when(ReportRemoteSupport(T, "started")) == [REMOTE]
    assert started.given(REMOTE).status == "remote_support"
    mended = RemoteSupportSucceeded(ticket_id=T, note_id="n")
    assert started.given(REMOTE).when(ReportRemoteSupport(T, "succeeded", "n")) == [mended]
    assert started.given(REMOTE, mended).status == "resolved_remotely"


@pytest.mark.requirement("R361")
def test_remote_support_may_fail_and_start_again() -> None:
    failed = RemoteSupportFailed(ticket_id=T)
    assert started.given(REMOTE).when(ReportRemoteSupport(T, "failed")) == [failed]
    assert started.given(REMOTE, failed).when(ReportRemoteSupport(T, "started")) == [REMOTE]
    assert classified.given(REMOTE, failed).when(AUTHORISE) == [AUTHORISED]


@pytest.mark.parametrize("outcome", ["succeeded", "failed"])
def test_remote_support_has_no_outcome_before_it_started(outcome: Any) -> None:
    with started.refuses("remote-support-not-started") as case_:
        case_.when(ReportRemoteSupport(T, outcome))


def test_remote_support_does_not_start_twice() -> None:
    with started.given(REMOTE).refuses("remote-support-running") as case_:
        case_.when(ReportRemoteSupport(T, "started"))


@pytest.mark.parametrize("outcome", ["started", "succeeded", "failed"])
def test_remote_support_is_over_when_it_succeeded_or_work_on_site_is_authorised(outcome: Any) -> None:
    with started.given(REMOTE, MENDED).refuses("remote-support-over") as case_:
        case_.when(ReportRemoteSupport(T, outcome))
    with classified.given(REMOTE, AUTHORISED).refuses("work-authorised") as case_:
        case_.when(ReportRemoteSupport(T, outcome))


@pytest.mark.requirement("R008")
def test_a_cause_is_determined_and_may_be_corrected() -> None:
    found = CauseDetermined(ticket_id=T, cause="customer", explanation_id="x")
    assert started.when(DetermineCause(T, "customer", "x")) == [found]
    corrected = CauseDetermined(ticket_id=T, cause="normal_wear", explanation_id="y")
    assert started.given(found).when(DetermineCause(T, "normal_wear", "y")) == [corrected]


def test_work_is_authorised_after_classification() -> None:
    assert classified.when(AUTHORISE) == [AUTHORISED]
    assert classified.given(AUTHORISED).status == "authorised"
    with started.refuses("classification-required") as case_:
        case_.when(AUTHORISE)


def test_work_is_not_authorised_twice() -> None:
    with classified.given(AUTHORISED).refuses("work-authorised") as case_:
        case_.when(AUTHORISE)


def test_work_is_not_authorised_when_the_fault_was_mended_from_afar() -> None:
    with classified.given(REMOTE, MENDED).refuses("remote-support-over") as case_:
        case_.when(AUTHORISE)


@pytest.mark.requirement("R057", "R140")
def test_paid_work_waits_for_the_customers_consent() -> None:
    with classified.refuses("consent-required") as case_:
        case_.when(AuthoriseWork(T, "repair", payable=True, skills=()))


def test_the_end_is_remembered_once_and_even_before_the_start() -> None:
    ended = CaseEnded(because="cancelled")
    assert spec.when(EndCase("cancelled")) == [ended]
    assert spec.given(ended).when(StartTriage(T, "c1")) == []
    assert started.given(ended).when(EndCase("closed")) == []
    assert started.given(ended).status == "ended"


@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_happens_on_an_ended_case(command: Any) -> None:
    with classified.given(CaseEnded(because="closed")).refuses("case-ended") as case_:
        case_.when(command)
    with spec.given(CaseEnded(because="cancelled")).refuses("case-ended") as case_:
        case_.when(command)


@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_happens_before_the_case_started(command: Any) -> None:
    with spec.refuses("case-not-started") as case_:
        case_.when(command)
