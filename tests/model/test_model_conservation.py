"""What must hold in every run, tried on scenarios drawn over the whole of the small case's configuration."""

from __future__ import annotations

import math
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from small_case import small_case

from sim.model import BorderModel, Group, Patrol, Post, ReactionForce
from sim.model.group import Stage
from sim.model.report import Report
from sim.model.responder import Chase, Phase, Plan, Responder
from sim.outcomes import INTERDICTED, OUTCOMES, to_frame
from sim.rules.sensing import DAY, LYING_UP, NIGHT
from sim.scenario import Scenario
from sim.terrain.travel import minutes_from
from sim.world import Tables, build_world
from sim.world.travel import going

TABLES = Tables()


class Logged(Responder):
    """Keeps a diary of its tasks: when it was sent, from where, and when it was free again."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.men_at_first = self.men
        self.diary: list[dict[str, Any]] = []

    def send(self, report: Report, plan: Plan) -> None:
        now = self.model.minute
        assert self.available
        self.diary.append(
            {
                "sent": now,
                "from": self.place_km,
                "meeting": plan.meeting_step,
                "arrived": None,
                "home": None,
                "group": report.group,
            }
        )
        super().send(report, plan)

    def step(self) -> None:
        super().step()
        if self.chase is not None and self.chase.phase is not Phase.TRAVEL:
            self.note_arrival()

    def meet(self, chase: Chase) -> None:
        self.note_arrival()
        super().meet(chase)

    def note_arrival(self) -> None:
        if self.diary[-1]["arrived"] is None:
            self.diary[-1]["arrived"] = self.model.minute

    def go_home(self) -> None:
        was_sent = self.chase is not None
        super().go_home()
        if was_sent:
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


GROUPS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["fighters", "traffickers", "smugglers", "migrants"]),
        "size": st.integers(1, 25),
        "depart_earliest_min": st.integers(0, 60),
        "depart_latest_min": st.integers(60, 400),
        "pace_low": st.sampled_from([0.5, 0.8]),
        "pace_high": st.sampled_from([0.8, 1.3]),
        "night_pace": st.sampled_from([0.5, 1.0]),
        "lies_up": st.booleans(),
        "signature": st.sampled_from([0.3, 1.0, 3.0]),
        "inland": st.booleans(),
    }
)
FORCES = st.fixed_dictionaries(
    {
        "outpost.range_km": st.sampled_from([0.0, 1.0, 4.0]),
        "outpost.responders": st.sampled_from([0, 4, 20]),
        "outpost.false_alarms_per_day": st.sampled_from([0.0, 5.0]),
        "posts.0.vehicle": st.booleans(),
        "posts.0.notice_min": st.sampled_from([0, 15, 60]),
        "patrols.0.duty_share": st.sampled_from([0.0, 0.43, 1.0]),
        "patrols.0.mode": st.sampled_from(["back_and_forth", "loop"]),
        "patrols.0.range_km": st.sampled_from([0.5, 2.0]),
        "reaction_force.responders": st.sampled_from([0, 10, 40]),
        "command.report_delay_min": st.sampled_from([0, 10, 90]),
        "command.sharing_radius_km": st.sampled_from([0.0, 25.0]),
        "command.engage_ratio": st.sampled_from([0.0, 0.9, 3.0]),
        "command.contact_probability": st.sampled_from([0.3, 1.0]),
        "command.wait_min": st.sampled_from([0, 60]),
        "engagement.break_off_at": st.sampled_from([0.0, 0.3, 1.0]),
        "engagement.surrender_at": st.sampled_from([0.0, 0.75, 1.0]),
        "engagement.law": st.sampled_from(["square", "linear"]),
        "infiltrators.behaviour": st.sampled_from(["unaware", "informed"]),
        "light.start": st.sampled_from(["2019-11-03T17:00", "2019-11-03T00:30", "2019-11-03T05:00"]),
        "inland.total_hours_low": st.sampled_from([4.0, 8.0]),
        "inland.total_hours_high": st.just(10.0),
        "inland.alerted_search_per_hour": st.sampled_from([0.01, 0.5]),
    }
)


def drawn_case(groups: list[dict[str, Any]], forces: dict[str, Any]) -> Scenario:
    base = small_case().infiltrators.groups[0].model_dump(mode="json")
    named = [{**base, **group, "name": f"band_{index}"} for index, group in enumerate(groups)]
    return small_case(**forces, **{"infiltrators.groups": named, "inland.road_hours": 1.0, "horizon_min": 2000})


class Trace:
    """Where a group has been, checked as it goes."""

    def __init__(self, group: Group) -> None:
        self.group, self.step, self.stage, self.minutes = group, 0, group.stage, 0

    def check(self, light: int) -> None:
        group = self.group
        pace = group.pace * (group.settings.night_pace if light == NIGHT else 1.0)
        assert 0 <= group.step_index - self.step <= math.floor(pace) + 1
        moved = group.step_index > self.step
        self.minutes += moved or group.stage in (Stage.APPROACH, Stage.ABROAD)
        # On the water a step takes a minute, whatever the pace on foot.
        rafted = min(max(group.step_index - group.route.raft_step, 0), group.route.landing_step - group.route.raft_step)
        assert group.step_index - rafted <= group.pace * self.minutes + 1e-9
        if self.stage is Stage.APPROACH and group.stage is Stage.ABROAD:
            assert light == NIGHT
            assert group.step_index >= group.route.raft_step
        if moved and self.step >= group.route.landing_step:
            assert light != DAY or not group.settings.lies_up
        if group.posture == LYING_UP and group.stage is Stage.ABROAD and self.stage is Stage.ABROAD:
            assert light == DAY or not moved
        assert (group.x_km, group.y_km) == (group.route.x_km[group.step_index], group.route.y_km[group.step_index])
        assert 0 <= group.persons <= group.settings.size
        self.step, self.stage = group.step_index, group.stage


def play(scenario: Scenario, seed: int) -> WatchedModel:
    model = WatchedModel(rng=seed, world=build_world(scenario, "with_outpost", TABLES))
    traces = [Trace(group) for group in model.groups]
    while model.running:
        model.step()
        for trace in traces:
            trace.check(model.light)
        for unit in model.units:
            assert unit.chase is None or not unit.available
            assert unit.men >= 0
        for group in model.groups:
            assert group.shadowed == any(unit.is_shadowing(group) for unit in model.units)
    return model


@settings(max_examples=40)
@given(st.lists(GROUPS, min_size=1, max_size=3), FORCES, st.integers(0, 10**6))
def test_conservation(groups: list[dict[str, Any]], forces: dict[str, Any], seed: int) -> None:
    model = play(drawn_case(groups, forces), seed)
    rows = model.rows()
    for row in rows:
        check_row(row)
    for unit in model.units:
        check_diary(model, unit)
    check_men(model, rows)
    assert to_frame(rows)["group"].tolist() == [group.name for group in model.groups]


def check_row(row: dict[str, Any]) -> None:
    assert row["outcome"] in OUTCOMES
    assert row["killed"] + row["captured"] + row["escaped"] == row["size"]
    assert min(row["killed"], row["captured"], row["escaped"], row["own_killed"]) >= 0
    if row["kind"] in ("smugglers", "migrants"):
        assert row["killed"] == row["own_killed"] == 0
    if row["kind"] == "migrants":
        assert row["outcome"] in ("turned_back", "admitted", "reached", "at_large")
    order = [row[f"{name}_min"] for name in ("departed", "crossed", "detected", "dispatched", "intercepted")]
    present = [minute for minute in order if minute >= 0]
    assert present == sorted(present)
    if row["cued_min"] >= 0:
        assert row["detected_min"] <= row["cued_min"]
        assert row["dispatched_min"] < 0 or row["cued_min"] <= row["dispatched_min"]
    assert row["detected"] == (row["detected_min"] >= 0) == (row["detected_by"] != "")
    assert (
        row["intercepted"] == (row["intercepted_min"] >= 0) == (row["intercepted_by"] != "") == (row["mechanism"] != "")
    )
    assert row["dispatched_min"] < 0 or row["detected"]
    assert row["outcome"] not in INTERDICTED or row["intercepted"]
    if row["outcome"] != "at_large":
        assert row["ended_min"] >= max(present)
    if row["mechanism"] == "own":
        assert row["cued_from"] == ""
        assert 0 <= row["detected_min"] <= row["dispatched_min"] <= row["intercepted_min"]
    if row["mechanism"] == "cued":
        assert row["cued_from"] != ""
    if not math.isnan(row["x_km"]):
        assert row["dispatched_min"] >= 0
        assert row["depth_km"] == abs(row["y_km"] - 5.0)


def check_diary(model: WatchedModel, unit: Any) -> None:
    """No two tasks at once, and nobody is there before least-cost travel allows."""
    world = model.world
    for task, following in zip(unit.diary, unit.diary[1:], strict=False):
        assert task["home"] is not None
        assert task["sent"] <= task["home"] <= task["free"] <= following["sent"]
    for task in unit.diary:
        if task["arrived"] is not None:
            x, y = task["from"]
            row, col = world.terrain.cell_of(x, y)
            place = int(row) * world.terrain.shape[1] + int(col)
            goal = task["group"].route.cell[task["meeting"]]
            least = minutes_from(going(world.terrain, TABLES, unit.settings.vehicle), [place])[0, goal]
            # A patrol walks along its track to the next anchor: off by a cell at either end, and by its own pace.
            slack = 15.0 if isinstance(unit, Patrol) else 0.0
            assert task["arrived"] >= task["sent"] + unit.notice_min + least - slack


def check_men(model: WatchedModel, rows: list[dict[str, Any]]) -> None:
    """Men lost on the grid are missing from the units; what is more was lost by the interior."""
    missing = sum(unit.men_at_first - unit.men for unit in model.units)  # type: ignore[attr-defined]
    told = sum(row["own_killed"] for row in rows)
    assert missing <= told
    if not any(group.settings.inland for group in model.groups):
        assert missing == told
    for unit in model.units:
        assert unit.men == unit.men_at_first or any(task["arrived"] is not None for task in unit.diary)  # type: ignore[attr-defined]
