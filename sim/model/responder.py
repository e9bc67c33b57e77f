"""Men who can be sent: to a meeting place on the expected route, to wait, to search, to shadow, and home again."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.model.pursuit import STEPS, Chase, Effort, Phase, Plan, Report
from sim.rules.command import check_left
from sim.rules.engagement import loss_of
from sim.rules.movement import arrival, is_within, way_of
from sim.rules.pursuit import deadline, is_called_off, is_led
from sim.rules.randomness import Purpose, entity, pair, threshold
from sim.rules.response import can_be_sent, in_time, minutes_home, strong_enough

if TYPE_CHECKING:
    from sim.model.group import Group
    from sim.model.model import BorderModel
    from sim.scenario.patrol import Patrol
    from sim.scenario.post import Post, ReactionForce


class Responder(mesa.Agent):
    """A unit with men, a place, and at most one task at a time."""

    model: BorderModel
    settings: Post | Patrol | ReactionForce

    def __init__(self, model: BorderModel, name: str, men: int) -> None:
        super().__init__(model)
        self.name = name
        self.entity = entity(name)
        self.men = men
        self.response_km, self.check_min = math.inf, 0
        self.cues_units = True
        self.chase: Chase | None = None
        self.effort = Effort(self)
        self.busy_until = 0
        self.sent = 0

    def __repr__(self) -> str:
        doing = "no task" if self.chase is None else f"{self.chase.phase.value} after {self.chase.report.group.name}"
        return f"<{type(self).__name__} {self.name}, {doing}>"

    # -- what differs between kinds of units --------------------------------------------------------------------

    @property
    def place_km(self) -> tuple[float, float]:
        """Where the unit is when it has no task."""
        raise NotImplementedError

    @property
    def notice_min(self) -> int:
        """Minutes from the order to the departure."""
        return 0

    @property
    def way(self) -> int:
        """How the men travel: on foot, or by vehicle."""
        return way_of(self.settings.vehicle)

    def travel_to(self, spots: NDArray[np.int64]) -> NDArray[np.float64]:
        """Minutes of least-cost travel from here to each spot by day."""
        raise NotImplementedError

    def acts_on(self, report: Report) -> bool:  # noqa: ARG002
        """Whether the unit acts alone on a report of its own."""
        return True

    # -- what all units do --------------------------------------------------------------------------------------

    @property
    def available(self) -> bool:
        """Whether the unit can be sent: it has men, no task, and is not on its way home."""
        return can_be_sent(self.men, self.chase is not None, self.model.minute, self.busy_until)

    def plan(self, report: Report, within_km: float = math.inf, ready_min: int | None = None) -> Plan | None:
        """The earliest meeting with the reported group on the route that it is believed to take; None if too late.

        Parameters
        ----------
        within_km:
            No meeting place farther than this from here.
        ready_min:
            When the men leave; after their notice where None.
        """
        route, limit = report.group.routes[report.route], self.model.scenario_in_force.command.pursuit_limit_min
        ready, (x, y) = self.model.minute + self.notice_min if ready_min is None else ready_min, self.place_km
        pace = self.model.scenario_in_force.command.farthest_on_pace
        travel = self.travel_to(self.model.world.route_spots(report.group.index, report.route)[report.step :]).tolist()
        for step, minutes in enumerate(travel, start=report.step):
            gap = float(route.x_km[step]) - x, float(route.y_km[step]) - y
            if minutes > limit or not is_within(*gap, within_km):
                continue
            arrive = self.arrival(minutes, ready)
            if arrive - ready <= limit and in_time(report.expected_at(arrive, pace), step):
                return Plan(self, step, arrive, arrive - ready)
        return None

    def arrival(self, travel_min: float, leave_min: int) -> int:
        """Minute in which men arrive who leave at a minute for a place that is so far off by day."""
        return arrival(self.model.going[self.way], travel_min, leave_min)

    def respond_alone(self, report: Report, since_min: int = 0) -> None:
        """Set out on the own report, first made so long ago, if free, allowed to, and near enough to meet the group."""
        if self.available and self.acts_on(report):
            ready_min = self.model.minute + check_left(self.check_min, since_min) + self.notice_min
            plan = self.plan(report, self.response_km, ready_min)
            if plan is not None:
                self.send(report, plan)

    def send(self, report: Report, plan: Plan) -> Chase:
        """Begin a chase, which is a dispatch: so many men as planned set out for the meeting place."""
        leave = plan.arrive_min - plan.travel_min
        until = deadline(leave, self.model.scenario_in_force.command.pursuit_limit_min)
        men = self.men if plan.men is None else plan.men
        self.chase = Chase(report, report.route, plan.meeting_step, leave, plan.arrive_min, until, men=men)
        self.sent += 1
        self.model.dispatches += 1
        report.group.note_dispatch()
        return self.chase

    def go_ahead(self, chase: Chase) -> bool:
        """Leave a place that the group has passed, by way of home, for one where it is yet to come, if there is one."""
        home_min, report = self._travel_back(chase), chase.report
        if home_min == math.inf:
            return False
        within_km = self.response_km if report.observer is self else math.inf
        plan = self.plan(report, within_km, self.model.minute + int(home_min))
        if plan is None or plan.arrive_min > chase.deadline_min:
            return False
        chase.phase, chase.leave_min, chase.arrive_min = (
            Phase.TRAVEL,
            plan.arrive_min - plan.travel_min,
            plan.arrive_min,
        )
        chase.meeting_step = plan.meeting_step
        return True

    def step(self) -> None:
        """Go on with the chase, if there is one."""
        chase, minute = self.chase, self.model.minute
        if chase is None:
            return
        if is_called_off(chase.report.group.ended, chase.report.group.is_inland, minute, chase.deadline_min):
            self.go_home()
        else:
            led = is_led(chase.report.group.shadowed, self.model.scenario_in_force.command.common_picture)
            # To those who lost the group, others may lead.
            STEPS[Phase.SEARCH if chase.phase is Phase.LOST and led else chase.phase](self, chase)

    def meet(self, chase: Chase) -> None:
        """Engage the group if the men present are strong enough; otherwise shadow it and report."""
        group, ratio = chase.report.group, self.model.scenario_in_force.command.engage_ratio
        present = [*group.shadowers, self]
        chase.phase = Phase.SHADOW
        self.effort.begin_anew(group)
        if strong_enough(sum(unit.men_out for unit in present), group.persons, ratio):
            self.fight(present, chase.report)
        else:
            who, contacts = self.with_group(group), self.effort.contacts[group.name]
            chase.contact_hazard = threshold(self.model.run_key, who, Purpose.SHADOW, contacts)
            # The men are with the group, wherever their unit stands.
            here, step = (group.x_km, group.y_km), group.step_index
            self.model.report(self, group, step, self.model.minute, checked=True, place_km=here)

    @property
    def men_out(self) -> int:
        """Men who are on its task."""
        return 0 if self.chase is None else self.chase.men

    def bear(self, lost: int) -> int:
        """Bear losses with the men who are on its task; how many."""
        taken = loss_of(self.men_out, lost)
        if self.chase is not None:
            self.chase.men -= taken
        self.men -= taken
        return taken

    def fight(self, present: list[Responder], report: Report, *, attacked: bool = False) -> None:
        """Take on the group with all who are present, or be attacked by it; all go home afterwards."""
        self.model.engage(report.group, present, report, attacked=attacked)
        for unit in present:
            unit.go_home()

    def with_group(self, group: Group) -> int:
        """The number that stands for this unit and a group together, for what is drawn between them."""
        return pair(self.entity, group.entity)

    def go_home(self) -> None:
        """End the chase; the unit is free again once it is back."""
        if self.chase is None:
            return
        chase, minute, recalled = self.chase, self.model.minute, self.chase.phase is Phase.TRAVEL
        back = 0.0 if recalled else self._travel_back(chase)
        self.busy_until = minute + minutes_home(recalled, minute, chase.leave_min, chase.arrive_min, back)
        self.chase = None

    def _travel_back(self, chase: Chase) -> float:
        """Minutes home from where the men are now; infinite where no way leads there."""
        route, step = chase.men_are_at
        spot = self.model.world.route_spots(chase.report.group.index, route)[step : step + 1]
        travel, minute = float(self.travel_to(spot)[0]), self.model.minute
        return self.arrival(travel, minute) - minute if travel < math.inf else math.inf
