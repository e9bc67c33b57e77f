"""What must hold in every run, tried on scenarios drawn over the whole of the configuration."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from drawn_scenarios import ARMS, scenarios
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.model import BorderModel, Group, Patrol, Post, ReactionForce
from sim.model.group import Stage
from sim.model.pursuit import Chase, Phase, Plan, Report
from sim.model.responder import Responder
from sim.outcomes import INTERDICTED, OUTCOMES, to_frame
from sim.rules.sensing import DAY, LYING_UP, NIGHT
from sim.scenario import Scenario
from sim.terrain.grid import cover_code
from sim.terrain.shortest_paths import minutes_from
from sim.world import Tables, World, build_world
from sim.world.build import travel_graphs

TABLES = Tables()
TOBLER_KM_A_MINUTE = 6.0 / 60.0
"""Nobody walks faster than 6 km/h anywhere: Tobler's curve at its top, a slope of one in twenty downhill."""


class Logged(Responder):
    """Keeps a diary of its tasks: when it was sent, from where, and when it was free again."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.men_at_first = self.men
        self.diary: list[dict[str, Any]] = []

    def send(self, report: Report, plan: Plan) -> Chase:
        assert plan.responder is self
        assert self.available
        trail = plan.travel_min == 0 and plan.arrive_min == self.model.minute
        entry: dict[str, Any] = {
            "sent": self.model.minute,
            "from": self.place_km,
            "arrived": self.model.minute if trail else None,
            "home": None,
            "trail": trail,
        }
        self.diary.append(entry)
        entry["chase"] = super().send(report, plan)
        return entry["chase"]

    def step(self) -> None:
        super().step()
        if self.chase is not None and self.chase.phase is not Phase.TRAVEL:
            self.note_arrival()

    def meet(self, chase: Chase) -> None:
        self.note_arrival()
        super().meet(chase)

    def note_arrival(self) -> None:
        if self.diary[-1]["arrived"] is None:
            # Men who go ahead later have another meeting place then.
            self.diary[-1].update(arrived=self.model.minute, met_at=self.chase.meeting_step)

    def go_home(self) -> None:
        was_sent = self.chase is not None
        super().go_home()
        if was_sent:
            assert self.busy_until >= self.model.minute
            self.diary[-1]["home"] = self.model.minute
            self.diary[-1]["free"] = self.busy_until


class LoggedPost(Logged, Post):
    pass


class LoggedPatrol(Logged, Patrol):
    pass


class LoggedForce(Logged, ReactionForce):
    pass


class WatchedModel(BorderModel):
    post_class = LoggedPost
    patrol_class = LoggedPatrol
    reaction_force_class = LoggedForce


class Trace:
    """Where a group has been, checked as it goes."""

    def __init__(self, group: Group) -> None:
        self.group, self.step, self.stage, self.minutes = group, 0, group.stage, 0

    def check(self, light: int) -> None:
        group, route = self.group, self.group.route
        pace = group.pace * (group.settings.night_pace if light == NIGHT else 1.0)
        assert 0 <= group.step_index - self.step <= math.floor(pace) + 1
        moved = group.step_index > self.step
        self.minutes += moved or group.stage in (Stage.APPROACH, Stage.ABROAD)
        # On the water a step takes a minute, whatever the pace on foot.
        rafted = min(max(group.step_index - route.raft_step, 0), route.landing_step - route.raft_step)
        assert group.step_index - rafted <= group.pace * self.minutes + 1e-9
        if self.stage is Stage.APPROACH and group.stage is Stage.ABROAD:
            by_day = route.landing_step == route.raft_step or not group.settings.rafts_by_night
            assert light == NIGHT or by_day
            assert group.step_index >= route.raft_step
        if moved and self.step >= route.landing_step:
            assert light != DAY or not group.settings.lies_up
            assert not group.evasion.hiding
        if group.posture == LYING_UP and group.stage is Stage.ABROAD and self.stage is Stage.ABROAD:
            assert not moved
            assert group.evasion.hiding or (light == DAY and group.settings.lies_up)
        assert (group.x_km, group.y_km) == (route.x_km[group.step_index], route.y_km[group.step_index])
        assert 0 <= group.persons == group.size - group.record["killed"]
        self.step, self.stage = group.step_index, group.stage


class Men:
    """Where one unit's men are once they have arrived, checked as they go."""

    def __init__(self, unit: Any) -> None:
        self.unit = unit
        self.before: tuple[Chase | None, Phase | None, int, float] = (None, None, 0, 0.0)

    def check(self, world: World) -> None:
        chase = self.unit.chase
        if chase is None or chase.phase in (Phase.TRAVEL, Phase.SHADOW):
            self.before = (chase, None, 0, 0.0)
            return
        routes, command = chase.report.group.routes, world.scenario.command
        assert 0 <= chase.step <= routes[chase.route].steps
        was, phase, route, step = self.before
        if was is chase and phase is not None and phase is chase.phase:
            pace = {
                Phase.WAIT: 0.0,
                Phase.SEARCH: command.search_pace,
                Phase.LOST: command.expected_pace,
                Phase.TRAIL: world.scenario.control_strip.trail_pace,
            }[phase]
            assert abs(chase.step - step) <= pace + 1e-9
            # They go over to another route only where the two have not yet parted.
            assert chase.route == route or chase.step <= world.forks(chase.report.group.index, chase.route)[route]
        if chase.phase is Phase.TRAIL:
            assert chase.route == chase.report.group.route_number
        self.before = (chase, chase.phase, chase.route, chase.step)


def check_ground(world: World, groups: list[Group]) -> None:
    """No step of a route is longer than a minute's walk, nor on ground that cannot be walked, but for the raft."""
    foot, river = world.terrain.by_cover("foot_factor").ravel(), cover_code("border_river")
    quickest = TOBLER_KM_A_MINUTE * max(1.0, float(foot.max()))
    for route in {id(group.route): group.route for group in groups}.values():
        dry = np.ones(route.steps + 1, dtype=bool)
        dry[route.raft_step : route.landing_step + 1] = False
        assert (foot[route.cell[dry]] > 0.0).all()
        assert (world.terrain.cover.ravel()[route.cell[dry]] != river).all()
        gap = np.hypot(np.diff(route.x_km), np.diff(route.y_km))
        afoot = np.ones(route.steps, dtype=bool)
        afoot[max(0, route.raft_step - 1) : route.landing_step] = False
        assert (gap[afoot] <= quickest + 1e-9).all()


def play(scenario: Scenario, arm: str, seed: int) -> WatchedModel:
    """One run, looked at minute by minute."""
    model = WatchedModel(rng=seed, world=build_world(scenario, arm, TABLES))
    check_ground(model.world, model.groups)
    traces, men = [Trace(group) for group in model.groups], [Men(unit) for unit in model.units]
    while model.running:
        model.step()
        for trace in traces:
            trace.check(model.light)
        for each in men:
            each.check(model.world)
        for unit in model.units:
            assert unit.chase is None or not unit.available
            assert unit.men >= 0
        for patrol in model.patrols:
            check_duty(model, patrol)
        for group in model.groups:
            assert group.shadowed == any(is_after(unit, group) for unit in model.units)
    return model


def is_after(unit: Responder, group: Group) -> bool:
    """Whether a unit has the group in sight and follows it."""
    return unit.chase is not None and unit.chase.phase is Phase.SHADOW and unit.chase.report.group is group


def check_duty(model: BorderModel, patrol: Patrol) -> None:
    """A patrol watches on duty, if it has men or never had any, and is on no errand."""
    s = patrol.settings
    on_duty = (model.minute + patrol.duty_phase_min) % s.cycle_min < s.duty_share * s.cycle_min
    manned = patrol.men > 0 or s.responders == 0
    at_hand = patrol.chase is None and model.minute >= patrol.busy_until
    assert patrol.is_watching == (on_duty and manned and at_hand)
    assert 0.0 <= patrol.where(model.minute) <= patrol.track.length_km + 1e-9


@settings(max_examples=40)
@given(scenarios(), st.sampled_from(ARMS), st.integers(0, 10**6))
def test_conservation(scenario: Scenario, arm: str, seed: int) -> None:
    check_run(scenario, arm, seed)


@pytest.mark.long
@settings(max_examples=400)
@given(scenarios(), st.sampled_from(ARMS), st.integers(0, 10**6))
def test_conservation_in_many_scenarios(scenario: Scenario, arm: str, seed: int) -> None:
    check_run(scenario, arm, seed)


def check_run(scenario: Scenario, arm: str, seed: int) -> None:
    model = play(scenario, arm, seed)
    rows = model.rows()
    for row, group in zip(rows, model.groups, strict=True):
        check_row(model, row, group)
    for unit in model.units:
        check_diary(model, unit)
    check_men(model, rows)
    check_totals(model, rows)
    assert to_frame(rows)["group"].tolist() == [group.name for group in model.groups]
    model.release()


def check_row(model: BorderModel, row: dict[str, Any], group: Group) -> None:
    assert row["outcome"] in OUTCOMES
    assert row["killed"] + row["captured"] + row["escaped"] == row["size"]
    assert min(row["killed"], row["captured"], row["escaped"], row["own_killed"]) >= 0
    if group.settings.will_to_fight == 0.0:
        assert row["killed"] == row["own_killed"] == 0
    if row["kind"] == "migrants":
        assert row["killed"] == 0
        assert row["outcome"] in ("turned_back", "admitted", "reached", "at_large")
    else:
        assert row["outcome"] != "admitted"
    # It may be detected on the far bank, but nobody is sent before it has put to water.
    for seen in ("crossed", "detected"):
        order = [row[f"{name}_min"] for name in ("departed", seen, "dispatched", "intercepted")]
        present = [minute for minute in order if minute >= 0]
        assert present == sorted(present)
    far_bank = model.scenario_in_force.command.watches_far_bank
    assert far_bank or row["detected_min"] < 0 or 0 <= row["crossed_min"] <= row["detected_min"]
    assert row["dispatched_min"] < 0 or row["crossed_min"] >= 0
    if row["cued_min"] >= 0:
        assert row["detected_min"] <= row["cued_min"]
        assert row["dispatched_min"] < 0 or row["cued_min"] <= row["dispatched_min"]
    assert row["detected"] == (row["detected_min"] >= 0) == (row["detected_by"] != "") == (row["detected_how"] != "")
    assert row["detected_how"] in ("", "sight", "tracks")
    if row["detected_how"] == "tracks":
        assert model.scenario_in_force.control_strip.present
        assert row["detected_by"] in [patrol.name for patrol in model.patrols]
    assert (
        row["intercepted"] == (row["intercepted_min"] >= 0) == (row["intercepted_by"] != "") == (row["mechanism"] != "")
    )
    assert 0 <= row["hidden_min"] <= max(0, model.minute - row["departed_min"] + 1)
    assert row["hidden_min"] == 0 or group.settings.notice_km > 0
    assert row["dispatched_min"] < 0 or row["detected"]
    assert row["outcome"] not in INTERDICTED or row["intercepted"]
    if row["outcome"] != "at_large":
        assert row["ended_min"] >= max([*present, row["crossed_min"]])
    if row["mechanism"] == "own":
        assert row["cued_from"] == ""
        assert 0 <= row["detected_min"] <= row["dispatched_min"] <= row["intercepted_min"]
    if row["mechanism"] == "cued":
        assert row["cued_from"] != ""
    if not math.isnan(row["x_km"]):
        assert row["dispatched_min"] >= 0
        if not len(model.world.terrain.border_km):
            assert math.isnan(row["depth_km"])
        elif model.scenario_in_force.terrain.source != "synthetic":
            assert math.isclose(row["depth_km"], abs(row["y_km"] - 5.0), abs_tol=1e-9)


def check_diary(model: WatchedModel, unit: Any) -> None:
    """No two tasks at once, and nobody is there before least-cost travel allows."""
    world = model.world
    for task, following in pairwise(unit.diary):
        assert task["home"] is not None
        assert task["sent"] <= task["home"] <= task["free"] <= following["sent"]
    for task in unit.diary:
        x, y = task["from"]
        chase: Chase = task["chase"]
        if task["trail"]:
            check_trail(model, unit, chase, x, y)
        elif task["arrived"] is not None:
            goal = chase.report.group.routes[chase.report.route].cell[task["met_at"]]
            least = least_minutes(world, unit, x, y, int(goal))
            assert task["arrived"] >= task["sent"] + unit.notice_min + least - 1e-6
        if task["arrived"] is not None:
            assert task["arrived"] <= chase.deadline_min + 1
        assert task["home"] is None or task["home"] <= chase.deadline_min + 1


def least_minutes(world: World, unit: Any, x: float, y: float, goal: int) -> float:
    """Least-cost travel; a patrol first walks along its track, at its own speed, to a place where it may leave it."""
    graphs, cols = travel_graphs(world.terrain, TABLES), world.terrain.shape[1]
    graph = graphs.vehicle if unit.settings.vehicle else graphs.foot
    if not isinstance(unit, Patrol):
        row, col = world.terrain.cell_of(x, y)
        return float(minutes_from(graph, [int(row) * cols + int(col)])[0, goal])
    ways = []
    for number in world.patrol_tracks[unit.index]:
        track = world.tracks[number]
        gap = np.hypot(track.x_km[track.anchors] - x, track.y_km[track.anchors] - y)
        onward = minutes_from(graph, track.cell[track.anchors])[:, goal]
        ways.append(float((60.0 * gap / unit.settings.speed_kmh + onward).min()))
    return min(ways)


def check_trail(model: WatchedModel, patrol: Any, chase: Chase, x: float, y: float) -> None:
    """Tracks are taken up by a patrol beside them, in the time in which they last, where the group has been."""
    strip, report = model.scenario_in_force.control_strip, chase.report
    route = report.group.route
    assert report.observer is patrol
    assert 0 <= chase.leave_min - report.minute <= 60.0 * strip.lasting_hours
    assert report.step <= report.group.step_index
    # From the route to the line, from there to the patrol's track, and along it.
    reach = 2.0 * strip.near_km + max(strip.near_km, patrol.settings.speed_kmh / 120.0)
    assert math.dist((x, y), (route.x_km[report.step], route.y_km[report.step])) <= reach + 1e-6


def check_men(model: WatchedModel, rows: list[dict[str, Any]]) -> None:
    """Men lost on the grid are missing from the units; what is more was lost by the interior."""
    missing = sum(unit.men_at_first - unit.men for unit in model.units)  # type: ignore[attr-defined]
    told = sum(row["own_killed"] for row in rows)
    assert missing <= told
    if not any(group.settings.inland for group in model.groups):
        assert missing == told
    for unit in model.units:
        assert unit.men == unit.men_at_first or any(task["arrived"] is not None for task in unit.diary)  # type: ignore[attr-defined]


def check_totals(model: BorderModel, rows: list[dict[str, Any]]) -> None:
    """Duty adds up minute by minute, dispatches unit by unit, and each row of a run tells the same totals."""
    horizon = model.scenario_in_force.horizon_min
    minutes = sum(
        (minute + patrol.duty_phase_min) % patrol.settings.cycle_min
        < patrol.settings.duty_share * patrol.settings.cycle_min
        for patrol in model.patrols
        if patrol.settings.responders
        for minute in range(horizon)
    )
    for row in rows:
        assert math.isclose(row["patrol_hours"], minutes / 60.0)
        assert row["dispatches"] == model.dispatches == sum(len(unit.diary) for unit in model.units)  # type: ignore[attr-defined]
