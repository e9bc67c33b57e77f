"""Men who can be sent: to a meeting place on the expected route, to wait, to search, to shadow, and home again."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.model.report import Report
from sim.rules.randomness import Purpose, entity, pair, threshold, uniform
from sim.rules.response import earliest_meeting, expected_minutes, strong_enough
from sim.rules.sensing import LYING_UP, hazard_units

if TYPE_CHECKING:
    from sim.model.group import Group
    from sim.model.model import BorderModel


class Phase(Enum):
    """Where a chase stands."""

    TRAVEL = "travel"
    WAIT = "wait"
    SEARCH = "search"
    SHADOW = "shadow"


@dataclass
class Chase:
    """One sending-out: the report that caused it, the meeting place, and how far it has come."""

    report: Report
    meeting_step: int
    leave_min: int
    arrive_min: int
    deadline_min: int
    phase: Phase = Phase.TRAVEL
    step: float = 0.0
    grip: int = 0


@dataclass(frozen=True)
class Plan:
    """Where and when a unit could meet a group."""

    responder: Responder
    meeting_step: int
    arrive_min: int
    travel_min: int


class Responder(mesa.Agent):
    """A unit with men, a place, and at most one task at a time."""

    model: BorderModel

    def __init__(self, model: BorderModel, name: str, men: int) -> None:
        super().__init__(model)
        self.name = name
        self.entity = entity(name)
        self.men = men
        self.chase: Chase | None = None
        self.busy_until = 0
        self.sent = 0

    def __repr__(self) -> str:
        doing = "no task" if self.chase is None else f"{self.chase.phase.value} after {self.chase.report.group.name}"
        return f"<{type(self).__name__} {self.name}, {doing}>"

    # -- to be said by each kind of unit ------------------------------------------------------------------------

    @property
    def place_km(self) -> tuple[float, float]:
        """Where the unit is when it has no task."""
        raise NotImplementedError

    @property
    def notice_min(self) -> int:
        """Minutes from the order to the departure."""
        return 0

    def travel_to(self, spots: NDArray[np.int64]) -> NDArray[np.float64]:
        """Minutes of least-cost travel from here to each spot."""
        raise NotImplementedError

    # -- what all units do --------------------------------------------------------------------------------------

    @property
    def available(self) -> bool:
        """Whether the unit can be sent: it has men, no task, and is not on its way home."""
        return self.men > 0 and self.chase is None and self.model.minute >= self.busy_until

    def plan(self, report: Report, within_km: float = math.inf) -> Plan | None:
        """The earliest meeting with the reported group, no farther than `within_km` from here; None if too late."""
        command = self.model.scenario_in_force.command
        route = report.group.route
        ready = self.model.minute + self.notice_min
        travel = self.travel_to(report.group.spots[report.step :])
        travel = np.where(travel <= command.pursuit_limit_min, travel, np.inf)
        if within_km < math.inf:
            x, y = self.place_km
            gap = np.hypot(route.x_km[report.step :] - x, route.y_km[report.step :] - y)
            travel = np.where(gap <= within_km, travel, np.inf)
        expected = expected_minutes(route.steps + 1, report.step, report.minute, command.expected_pace)
        first = earliest_meeting(travel, ready, expected)
        if first < 0:
            return None
        minutes = math.ceil(travel[first])
        return Plan(self, report.step + first, ready + minutes, minutes)

    def send(self, report: Report, plan: Plan) -> None:
        """Set out for the meeting place."""
        leave = plan.arrive_min - plan.travel_min
        deadline = leave + self.model.scenario_in_force.command.pursuit_limit_min
        self.chase = Chase(report, plan.meeting_step, leave, plan.arrive_min, deadline)
        self.sent += 1
        self.model.dispatches += 1
        report.group.note_dispatch()

    def step(self) -> None:
        """Go on with the chase, if there is one."""
        if self.chase is not None:
            self._go_on(self.chase)

    def _go_on(self, chase: Chase) -> None:
        minute, group = self.model.minute, chase.report.group
        if group.ended or group.is_inland or minute > chase.deadline_min:
            self.go_home()
        elif chase.phase is Phase.TRAVEL:
            if minute >= chase.arrive_min:
                chase.phase, chase.step = Phase.WAIT, float(chase.meeting_step)
                self._look_for(chase)
        elif chase.phase is Phase.SHADOW:
            self._shadow(chase)
        else:
            self._wait_or_search(chase)
            if self.chase is not None:
                self._look_for(chase)

    def _shadow(self, chase: Chase) -> None:
        """Stay with the group until the grip is lost."""
        chase.grip -= hazard_units(self.model.scenario_in_force.command.shadow_loss_per_hour)
        if chase.grip <= 0:
            self.go_home()

    def _wait_or_search(self, chase: Chase) -> None:
        command, group = self.model.scenario_in_force.command, chase.report.group
        if group.shadowed:
            chase.phase = Phase.SEARCH
            self._move_along(chase, group.step_index)
        elif chase.phase is Phase.SEARCH:
            self._move_along(chase, chase.report.step)
            if chase.step == chase.report.step:
                self.go_home()
        elif self.model.minute >= chase.arrive_min + command.wait_min:
            chase.phase = Phase.SEARCH

    def _move_along(self, chase: Chase, goal: int) -> None:
        pace = self.model.scenario_in_force.command.search_pace
        chase.step += max(-pace, min(pace, goal - chase.step))

    def _look_for(self, chase: Chase) -> None:
        command, group = self.model.scenario_in_force.command, chase.report.group
        x, y = group.route.x_km[int(chase.step)], group.route.y_km[int(chase.step)]
        if group.is_abroad and math.hypot(x - group.x_km, y - group.y_km) <= command.contact_km:
            hidden = group.posture == LYING_UP
            chance = command.hidden_contact_probability if hidden else command.contact_probability
            # One draw for each unit and group: who overlooks a group once goes on overlooking it, but stays on the
            # task, and is led to it by those who have it in sight.
            if group.shadowed or uniform(self.model.run_key, self._with(group), Purpose.CONTACT) < chance:
                self.meet(chase)

    def meet(self, chase: Chase) -> None:
        """Engage the group if the men present are strong enough; otherwise shadow it and report."""
        group = chase.report.group
        present = [unit for unit in self.model.units if unit is not self and unit.is_shadowing(group)] + [self]
        men = sum(unit.men for unit in present)
        chase.phase = Phase.SHADOW
        if strong_enough(men, group.persons, self.model.scenario_in_force.command.engage_ratio):
            self.model.engage(group, present, chase.report)
            for unit in present:
                unit.go_home()
        else:
            group.shadowed = True
            chase.grip = threshold(self.model.run_key, self._with(group), Purpose.SHADOW)
            self.model.command.hear(Report(self, group, group.step_index, self.model.minute))

    def _with(self, group: Group) -> int:
        return pair(self.entity, group.entity)

    def is_shadowing(self, group: object) -> bool:
        """Whether this unit has the group in sight and follows it."""
        return self.chase is not None and self.chase.phase is Phase.SHADOW and self.chase.report.group is group

    def go_home(self) -> None:
        """End the chase; the unit is free again once it is back."""
        if self.chase is None:
            return
        chase, group = self.chase, self.chase.report.group
        self.busy_until = self.model.minute + self._minutes_home(chase)
        self.chase = None
        group.shadowed = any(unit.is_shadowing(group) for unit in self.model.units)

    def _minutes_home(self, chase: Chase) -> int:
        """Minutes of travel back: the way already gone if recalled under way, else least cost from where it is now."""
        there = chase.arrive_min - chase.leave_min
        if chase.phase is Phase.TRAVEL:
            return min(max(0, self.model.minute - chase.leave_min), there)
        group = chase.report.group
        step = group.step_index if chase.phase is Phase.SHADOW else int(chase.step)
        minutes = float(self.travel_to(group.spots[step : step + 1])[0])
        return math.ceil(minutes) if math.isfinite(minutes) else there
