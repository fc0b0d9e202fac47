"""Every step of every incident is one that the services accept: their own deciders, folded in memory over the log."""

import random
from collections import Counter
from datetime import timedelta
from functools import partial

import pytest

from demo.crew import crew
from demo.incidents import Incident, choose
from demo.proof import expected_events
from demo.runner import window_end
from demo.scenario import goes_remote, scenario
from tests.demo.world import World

FILED = ("intake.CustomerRegistered", "intake.ContractSigned", "intake.AssetInstalled", "intake.TicketAssetNamed")
"""What the installed base is made of: the world has no file of customers."""


@pytest.fixture(scope="module")
def log() -> list[Incident]:
    return choose("all")


@pytest.fixture(scope="module")
def world(log: list[Incident]) -> World:
    """All incidents of the log, run window by window, tickets of a window as they come: by chance.

    A step that a service refuses ends it here.
    """
    world, chance, window = World(), random.Random(7), partial(window_end, window=timedelta(minutes=15))
    runs = [scenario(incident) for incident in log]
    going = crew(runs, window)
    for member in sorted(set(going.values())):
        world.register(str(member), log[0].events[0].at)
    places = [(run, index) for run, steps in enumerate(runs) for index in range(len(steps))]
    turns = {(run, window(runs[run][index].at)): chance.random() for run, index in places}
    ends = {(run, index): window(runs[run][index].at) for run, index in places}
    for run, index in sorted(places, key=lambda place: (ends[place], turns[place[0], ends[place]], place)):
        step, case = runs[run][index], log[run].case
        said = world.give(case, step, str(going.get((run, index), "")))
        assert said, f"{step.verb} of {case} at {step.at} says nothing"
    return world


def test_every_step_of_every_incident_is_accepted_and_says_something(world: World, log: list[Incident]) -> None:
    assert world.events["intake.TicketOpened"] == len(log) == 7554


def test_the_proof_expects_what_the_services_record(world: World, log: list[Incident]) -> None:
    expected = expected_events(log)
    on_file = {name: expected.pop(name) for name in FILED}
    recorded = {name: count for name, count in world.events.items() if name in expected}
    assert recorded == expected
    named, offices = on_file["intake.TicketAssetNamed"], on_file["intake.ContractSigned"]
    assert on_file["intake.CustomerRegistered"] == 7554 - named + offices


def test_tickets_end_as_their_incidents_ended(world: World, log: list[Incident]) -> None:
    found = Counter((incident.events[-1].sub_status, world.status(incident.case)) for incident in log)
    assert found[("Closed", "closed")] == 5573
    assert found[("In Call", "closed")] == 1882
    assert found[("Cancelled", "cancelled")] == 1
    assert found[("Resolved", "closed")] == 1, "the one incident that is resolved once more after its last Closed"
    assert sum(count for (_, status), count in found.items() if status not in ("closed", "cancelled")) == 97


def test_steps_are_in_the_order_of_time(log: list[Incident]) -> None:
    for incident in log:
        instants = [step.at for step in scenario(incident)]
        assert instants == sorted(instants)


def test_remote_cases_never_ask_for_a_visit(log: list[Incident]) -> None:
    verbs = {step.verb for incident in log if goes_remote(incident) for step in scenario(incident)}
    assert verbs == {"open", "classification", "remote-support", "closure"}
