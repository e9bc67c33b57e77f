"""Single decisions of agents, each in a state set by hand: what a rule is given counts as much as the rule.

Both implementations hand the same numbers to the same rules, so that their agreement says nothing about these.
"""

from __future__ import annotations

import math
from typing import Any

import pytest
from small_case import FLOW, small_model

from sim.model import BorderModel
from sim.model.fighting import meet
from sim.model.pursuit import Chase, Phase, Plan, Report
from sim.model.responder import Responder
from sim.rules.sensing import DAY, LYING_UP, MARCHING, NIGHT

QUIET: dict[str, Any] = {
    "posts.0.range_km": 0.0,
    "outpost.range_km": 0.0,
    "patrols": [],
    "command.pursuit_limit_min": 500,
    "command.engage_ratio": 20.0,
    "command.contact_km": 0.5,
    "command.night_pace": 1.0,
    "command.vehicle_night_pace": 1.0,
    "infiltrators.groups.0.lies_up": False,
    "infiltrators.groups.0.pace_low": 0.3,
    "infiltrators.groups.0.pace_high": 0.3,
    "infiltrators.groups.0.will_to_fight": 1.0,
}
"""Nobody sees the slow group of eight by himself, and nobody dares to take it on."""


def abroad(**changes: Any) -> BorderModel:
    """A run in the minute in which the group is 20 steps beyond the river."""
    model = small_model(**{**QUIET, **changes})
    group = model.groups[0]
    while not group.is_abroad or group.step_index < group.route.landing_step + 20:
        model.step()
    return model


def sent(model: BorderModel, unit: Responder, phase: Phase, leave: int, arrive: int, step: int) -> Chase:
    """Let a unit be after the group, as of now, on its own route, from minutes counted from now on."""
    group, now = model.groups[0], model.minute
    report = Report(unit, group, group.route_number, group.step_index - 10, now - 30)
    unit.chase = Chase(
        report, report.route, step, now + leave, now + arrive, now + 10_000, phase, float(step), men=unit.men
    )
    return unit.chase


@pytest.mark.parametrize(("posture", "light"), [(MARCHING, NIGHT), (LYING_UP, NIGHT), (MARCHING, DAY)])
def test_men_find_a_group_by_their_number_its_posture_and_the_light(posture: int, light: int) -> None:
    """Six men at 0.02 an hour by night, thrice that by day, a fifth of it in hiding; by tracks of a draw of one half.

    That is ln 2 / 0.002 = 347 minutes by night, 1,733 in hiding, and 116 by day; what was spent before counts.
    """
    keys = {"command.contact_per_man_hour": 0.02, "command.contact_day_factor": 3.0, "command.wait_min": 10_000}
    model = abroad(**keys, **{"infiltrators.groups.0.lying_up_factor": 0.2})
    unit, group = model.posts[0], model.groups[0]
    unit.men, model.light, group.posture = 6, light, posture
    group.concealment = [0.0] * (group.step_index + 1)
    for half in (0, 1):
        chase = sent(model, unit, Phase.WAIT, -50, -5, group.step_index)
        unit.effort._left.setdefault(group.name, int(math.log(2) * 2**32))
        minutes = 0
        while chase.phase is Phase.WAIT and minutes < (50 if half == 0 else 10_000):
            unit.step()
            minutes += 1
    assert minutes == {(MARCHING, NIGHT): 347, (LYING_UP, NIGHT): 1733, (MARCHING, DAY): 116}[posture, light] - 50
    assert unit.effort.contacts[group.name] == 1


@pytest.mark.parametrize("night_pace", [1.0, 0.5])
def test_men_wait_from_their_arrival_and_search_back_to_where_it_was_seen(night_pace: float) -> None:
    """Off at once, there after 20 minutes, half an hour of patience; then three steps a minute for ten steps.

    By night, and where that is half as fast, six by day.
    """
    keys = {"command.contact_per_man_hour": 0.0, "command.wait_min": 30, "command.expected_pace": 0.1}
    model = abroad(**keys, **{"command.night_pace": night_pace, "command.search_pace": 3.0 / night_pace})
    unit, now, goal = model.posts[0], model.minute, model.groups[0].step_index - 10
    chase = sent(model, unit, Phase.TRAVEL, 0, 20, goal + 10)
    phases, steps = [], []
    while unit.chase is not None:
        model.minute += 1
        unit.step()
        phases.append(chase.phase)
        steps.append(chase.step)
    assert phases[:19] == [Phase.TRAVEL] * 19
    assert phases[19:49] == [Phase.WAIT] * 30
    assert phases[49:] == [Phase.SEARCH] * 5
    assert steps[49:] == [goal + 10, goal + 7, goal + 4, goal + 1, goal]
    assert model.minute == now + 20 + 30 + 4


@pytest.mark.parametrize("limit", [10_000, 21])
def test_men_whom_the_group_must_have_passed_go_ahead_of_it(limit: int) -> None:
    """Seen half an hour ago, expected 40 steps on in ten minutes, out of reach (9.93 steps) in 20, a step a minute.

    They go by way of home to where a group as fast is yet to come; they stay where the chase would end before that.
    """
    keys = {"command.contact_per_man_hour": 0.0, "command.wait_min": 10_000, "command.expects_day_halts": False}
    model = abroad(**keys, **{"command.expected_pace": 1.0, "command.farthest_on_pace": 1.0})
    unit, now, seen = model.posts[0], model.minute, model.groups[0].step_index - 10
    chase = sent(model, unit, Phase.TRAVEL, 0, 1, seen + 40)
    chase.deadline_min = now + limit
    phases = []
    for _ in range(20):
        model.minute += 1
        unit.step()
        phases.append(chase.phase)
    assert phases[:19] == [Phase.WAIT] * 19
    if limit == 21:
        assert phases[19] is Phase.WAIT
        return
    assert phases[19] is Phase.TRAVEL
    home = float(unit.travel_to(model.world.route_spots(0, chase.route)[seen + 40 : seen + 41])[0])
    assert chase.leave_min == model.minute + math.ceil(home)
    assert seen + (chase.arrive_min - (now - 30)) <= chase.meeting_step


@pytest.mark.parametrize(("leave", "home"), [(-10, 10), (0, 0), (25, 0), (-70, 60)])
def test_a_recalled_squad_goes_back_the_way_that_it_has_gone(leave: int, home: int) -> None:
    """Sixty minutes of travel, of which those before the group's story ended lie behind."""
    model = abroad()
    unit = model.posts[0]
    sent(model, unit, Phase.TRAVEL, leave, leave + 60, 90)
    model.groups[0].end("reached")
    unit.step()
    assert unit.chase is None
    assert unit.busy_until == model.minute + home


@pytest.mark.parametrize("night_pace", [1.0, 0.5])
def test_men_who_have_arrived_go_home_from_where_they_are(night_pace: float) -> None:
    """From the group if they have it in sight, else from their own place on the route; by night it takes longer."""
    for phase in (Phase.WAIT, Phase.SHADOW):
        model = abroad(**{"command.vehicle_night_pace": night_pace})
        unit, group = model.posts[0], model.groups[0]
        sent(model, unit, phase, -60, -30, group.route.steps)
        step = group.step_index if phase is Phase.SHADOW else group.route.steps
        travel = float(unit.travel_to(group.spots[step : step + 1])[0])
        group.end("reached")
        unit.step()
        assert unit.busy_until == model.minute + math.ceil(travel / night_pace)
        assert travel > 1.0


@pytest.mark.parametrize(
    ("persons", "going"), [(8, [(1, 9), (2, 9), (0, 1)]), (4, [(1, 9), (2, 3)]), (2, [(1, 8)]), (1, [(1, 6)])]
)
def test_as_many_men_are_sent_as_the_persons_left_call_for(persons: int, going: list[tuple[int, int]]) -> None:
    """Twice as many men as persons shall meet them, of n men n (1 - exp(-0.1 n)), from three units of nine men.

    A man adds 0.1 who meets 0.1 x 3.022 x 0.6 an hour within 0.5 km of a group that comes at 0.6 of 3.022 km/h. Two do
    of 6 (2.7), not of 5 (1.97); four of 8, eight of 12 (8.4), sixteen of 19 (16.2). The soonest go first.
    """
    keys = {"command.force_ratio": 2.0, "command.contact_per_man_hour": 0.1 * 3.022 * 0.6, "command.expected_pace": 0.6}
    model = abroad(**keys)
    group, went = model.groups[0], []
    group.persons = persons
    for number, (unit, arrive) in enumerate(zip(model.units, (50, 30, 40), strict=True)):
        unit.men = 9
        plan = Plan(unit, group.step_index, model.minute + arrive, 5)
        unit.plan = lambda report, plan=plan: plan  # type: ignore[method-assign]
        unit.send = lambda report, plan, number=number: went.append((number, plan.men))  # type: ignore[method-assign]
    model.command.dispatch(Report(model.posts[0], group, group.route_number, 0, 0), model.units)
    assert went == going


def test_men_on_the_way_count_as_sent() -> None:
    model = abroad(**{"command.force_ratio": 2.0, "command.contact_per_man_hour": 1000.0})
    group, unit = model.groups[0], model.units[0]
    group.persons, unit.men = 4, 9
    sent(model, unit, Phase.TRAVEL, 0, 60, 90)
    model.command.dispatch(Report(unit, group, group.route_number, group.step_index, model.minute), model.units)
    assert [other.chase is not None for other in model.units] == [True, False, False]


@pytest.mark.parametrize(("killed", "outcome"), [(1, "captured"), (2, "killed"), (3, "killed")])
def test_as_many_killed_as_captured_are_killed(killed: int, outcome: str) -> None:
    """Two who give up are captured, after so many were killed in earlier fights."""
    model = abroad(**{"infiltrators.groups.0.will_to_fight": 0.0, "engagement.capture_probability": 1.0})
    group = model.groups[0]
    group.persons, group.record["killed"] = 2, killed
    sent(model, model.posts[0], Phase.SHADOW, -60, -30, group.step_index)
    model.engage(group, [model.posts[0]], Report(model.posts[0], group, 0, 0, 0))
    assert (group.record["captured"], group.record["outcome"]) == (2, outcome)


def test_a_group_surrenders_by_its_size_at_the_start() -> None:
    """Four of eight are left, and half is too few to fight: not a shot is fired."""
    model = abroad(**{"engagement.surrender_at": 0.5, "engagement.capture_probability": 0.0})
    group = model.groups[0]
    group.persons = 4
    ended = meet(model, group, 5)
    assert (ended.beaten, ended.persons, ended.own_killed) == (True, 4, 0)


def test_who_made_the_contact_bears_losses_first() -> None:
    """Men who cannot hit lose two of eight, and break off at three quarters: all are those of the last to arrive."""
    deadly = {"engagement.effectiveness": 1e-12, "engagement.law": "linear", "engagement.break_off_at": 0.25}
    model = abroad(**deadly, **{"engagement.abandon_at": 1.0})
    first, last = model.posts
    group = model.groups[0]
    for unit, men, at_home in ((first, 5, 0), (last, 3, 4)):
        unit.men = men
        sent(model, unit, Phase.SHADOW, -60, -30, group.step_index)
        unit.men += at_home
    model.engage(group, [first, last], Report(first, group, 0, 0, 0))
    assert (first.men, last.men, last.men_out, group.record["own_killed"]) == (5, 5, 1, 2)
    assert (group.record["intercepted_by"], group.record["mechanism"]) == (last.name, "cued")
    assert not group.ended
    first.men, last.men = 6, 2
    for unit in (first, last):
        sent(model, unit, Phase.SHADOW, -60, -30, group.step_index)
    model.engage(group, [last, first], Report(first, group, 0, 0, 0))
    assert (first.men, last.men) == (4, 2)
    # It went on after the first meeting, and does so after the second, which is not noted.
    assert group.record["intercepted_by"] == last.name


@pytest.mark.parametrize(("minute", "alerted"), [(14, False), (15, True), (104, True), (105, False)])
def test_the_interior_is_on_alert_from_some_time_after_the_cue(minute: int, alerted: bool) -> None:
    """A quarter of an hour later, for an hour and a half."""
    model = abroad(**{"command.interior_delay_min": 15, "command.alert_hours": 1.5})
    group, post = model.groups[0], model.posts[0]
    model.command.cue(Report(post, group, group.route_number, group.step_index, model.minute))
    assert model.command.alert_at(group, model.minute + minute) == (post.name if alerted else None)


def test_a_second_report_prolongs_the_alert_about_that_group_alone() -> None:
    """On from 15 to 105; the reports at 60 and 90 keep it on up to 195, the one at 300 raises another at 315."""
    streams = {"infiltrators.streams": [{**FLOW, "per_day": 20.0}]}
    model = abroad(**streams, **{"command.interior_delay_min": 15, "command.alert_hours": 1.5})
    (first, second), (group, other) = model.posts, model.groups[:2]
    now, told = model.minute, {}
    for minute in range(406):
        model.minute = now + minute
        if minute in (0, 60, 90, 300):
            who = second if minute else first
            model.command.cue(Report(who, group, group.route_number, group.step_index, model.minute))
        told[minute] = model.command.alert_at(group, model.minute)
        assert model.command.alert_at(other, model.minute) is None
    spans = {first.name: range(15, 195), second.name: range(315, 405)}
    assert told == {minute: next((who for who in spans if minute in spans[who]), None) for minute in told}


def test_time_for_a_pursuit_runs_from_leaving() -> None:
    """Ordered now, away in 10 minutes, there in 30: with 500 minutes to spend they are called off at 511."""
    model = abroad()
    group, unit, now = model.groups[0], model.posts[0], model.minute
    report = Report(unit, group, group.route_number, group.step_index, now)
    unit.send(report, Plan(unit, group.step_index + 40, now + 30, 20))
    assert unit.chase is not None
    assert (unit.chase.leave_min, unit.chase.arrive_min, unit.chase.deadline_min) == (now + 10, now + 30, now + 510)
    group.note_cue(now + 5)
    assert (group.record["cued_min"], group.record["dispatched_min"]) == (now, now)


@pytest.mark.parametrize(("ratio", "fights"), [(1.5, True), (1.6, False)])
def test_all_men_present_count_against_the_persons_left(ratio: float, fights: bool) -> None:
    """Four who shadow it and five who arrive, against the six of eight that are left."""
    model = abroad(**{"command.engage_ratio": ratio, "engagement.abandon_at": 1.0})
    group, (watcher, comer) = model.groups[0], model.posts
    group.persons, watcher.men, comer.men = 6, 4, 5
    sent(model, watcher, Phase.SHADOW, -60, -30, group.step_index)
    chase = sent(model, comer, Phase.WAIT, -60, -5, group.step_index)
    comer.meet(chase)
    assert group.record["intercepted"] == fights
    assert (comer.chase is None, watcher.chase is None) == (fights, fights)
    assert group.shadowed == (not fights)


@pytest.mark.parametrize(("away_km", "hear"), [(3.9, True), (4.1, False)])
def test_a_contact_is_shared_with_those_near_the_men(away_km: float, hear: bool) -> None:
    """Two men of a post meet eight fighters: who stands near the men hears of it, however far off their post is."""
    model = abroad(**{"command.engage_ratio": 2.0, "command.sharing_radius_km": 4.0, "command.cue_interior": False})
    group, (unit, other) = model.groups[0], model.posts
    chase = sent(model, unit, Phase.WAIT, -60, -5, group.step_index)
    for post, east in ((unit, 50.0), (other, away_km)):
        post.settings = post.settings.model_copy(update={"x_km": group.x_km + east, "y_km": group.y_km})
    unit.men = 2
    unit.meet(chase)
    _, report = model.command.waiting[-1]
    assert report.observer is unit
    assert (other in model.command.neighbours(report)) == hear
    assert unit not in model.command.neighbours(report)
