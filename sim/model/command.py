"""Command: it hears reports, waits until they are through, cues the neighbours and the interior, and sends men."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import mesa

from sim.model.post import ReactionForce
from sim.model.pursuit import Report
from sim.rules import command as rules
from sim.rules.choice import least
from sim.rules.randomness import pair

if TYPE_CHECKING:
    from sim.model.group import Group
    from sim.model.model import BorderModel
    from sim.model.responder import Responder


@dataclass(frozen=True)
class Alert:
    """The interior on alert about a group, from one minute to another, and whose report raised it."""

    start_min: int
    end_min: float
    source: str


NO_ALERT = Alert(0, 0.0, "")
"""Before the first one: it is never on."""


class Command(mesa.Agent):
    """One for the whole sector: a report becomes a cue after the report delay."""

    model: BorderModel

    def __init__(self, model: BorderModel) -> None:
        super().__init__(model)
        self.settings = model.scenario_in_force.command
        self.waiting: list[tuple[float, Report]] = []
        self._heard: Counter[int] = Counter()
        self.alerts: dict[Group, Alert] = {}
        self.sought = 0

    def hear(self, report: Report, *, checked: bool) -> None:
        """Take in a report; it is acted on when the report delay is over, and the check where one is still due."""
        here, who = self.settings, pair(report.observer.entity, report.group.entity)
        delay = rules.report_delay(self.model.run_key, who, self._heard[who], here.report_delay_min, here.delay_stages)
        delay += rules.check_minutes(here.false_alarm_check and not checked, here.check_min)
        self._heard[who] += 1
        self.waiting.append((self.model.minute + delay, report))

    def step(self) -> None:
        """Act on the reports that are through by now, in the order in which they came.

        Those of a group that is still on the far bank are kept, and acted on again when it puts to water.
        """
        minute = self.model.minute
        through = [report for due_min, report in self.waiting if due_min <= minute]
        kept = [(due_min if due_min > minute else math.inf, report) for due_min, report in self.waiting]
        self.waiting = [entry for entry in kept if entry[0] < math.inf or entry[1].group.crossed_min < 0]
        for report in through:
            self.cue(report)

    def see_afloat(self, group: Group) -> None:
        """A group that was reported on the far bank puts to water: who reported it tells when and where it lands."""
        minute = self.model.minute
        for number, (due_min, report) in enumerate(self.waiting):
            if report.group is group:
                step, landing_min = rules.place_reported(group.step_index, minute, group.route.landing_step)
                landing = replace(report, step=step, minute=landing_min)
                self.waiting[number] = (due_min if due_min < math.inf else minute, landing)
                report.observer.respond_alone(landing, minute - report.minute)

    def cue(self, report: Report) -> None:
        """Cue neighbours and the interior; if the group has put to water, send those who can meet it soonest."""
        if report.group.ended:
            return
        neighbours, here = self.neighbours(report), self.settings
        if any(unit.men > 0 or isinstance(unit, ReactionForce) for unit in neighbours):
            report.group.note_cue(self.model.minute)
        if here.cue_interior:
            self.alert(report)
        if report.group.is_abroad:
            self.dispatch(report, neighbours)

    def alert(self, report: Report) -> None:
        """Put the interior on alert about a group, some time from now, or prolong the alert about it."""
        now, here, before = self.model.minute, self.settings, self.alerts.get(report.group, NO_ALERT)
        start, end = rules.alert_span(now, here.interior_delay_min, here.alert_min)
        is_on = rules.is_prolonged(now, before.start_min, before.end_min)
        self.alerts[report.group] = replace(before, end_min=end) if is_on else Alert(start, end, report.observer.name)

    def neighbours(self, report: Report) -> list[Responder]:
        """Units that hear of a report: those within the sharing radius of its place, and the reaction force."""
        (x, y), here, heard = report.place_km or report.observer.place_km, self.settings, []
        for unit in self.model.units:
            east, north = unit.place_km
            who = report.observer.cues_units, isinstance(unit, ReactionForce), unit is report.observer
            if rules.hears_of(*who, here.cue_interior, east - x, north - y, here.sharing_radius_km):
                heard.append(unit)
        return heard

    def dispatch(self, report: Report, neighbours: list[Responder]) -> None:
        """Send the units with the earliest meetings until enough men are under way; of the last only some."""
        here, group, by = self.settings, report.group, report.observer
        known = (to.men for _, to in group.chases if rules.is_known(here.common_picture, to.report.observer is by))
        passing = rules.passing_hazard(here.contact_per_man_hour, here.contact_km, here.night_march_pace)
        under_way, wanted = sum(known), here.force_ratio * group.persons
        plans = [plan for unit in neighbours if unit.available and (plan := unit.plan(report)) is not None]
        while plans and not rules.are_enough(under_way, wanted, passing):
            plan = plans.pop(least([plan.arrive_min for plan in plans]))
            men = rules.men_to_send(plan.responder.men, under_way, wanted, passing)
            plan.responder.send(report, replace(plan, men=men))
            under_way += men

    def alert_at(self, group: Group, minute: int) -> str | None:
        """Whose report keeps the interior on alert about a group at a minute; None when it is not."""
        alert = self.alerts.get(group, NO_ALERT)
        return alert.source if rules.is_on_alert(minute, alert.start_min, alert.end_min) else None

    def count_sought(self) -> None:
        """Count the groups on the road about which the interior is on alert this minute."""
        minute = self.model.minute
        self.sought = sum(group.is_inland and self.alert_at(group, minute) is not None for group in self.alerts)
