"""Command: it hears reports, waits until they are through, cues the neighbours and the interior, and sends men."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import mesa

from sim.model.post import ReactionForce
from sim.model.pursuit import Report
from sim.rules import command as rules
from sim.rules.choice import least
from sim.rules.randomness import pair

if TYPE_CHECKING:
    from sim.model.model import BorderModel
    from sim.model.responder import Responder


@dataclass(frozen=True)
class Alert:
    """The interior on alert, from one minute to another, and whose report raised it."""

    start_min: int
    end_min: float
    source: str


class Command(mesa.Agent):
    """One for the whole sector: a report becomes a cue after the report delay."""

    model: BorderModel

    def __init__(self, model: BorderModel) -> None:
        super().__init__(model)
        self.settings = model.scenario_in_force.command
        self.waiting: list[tuple[int, Report]] = []
        self._heard: Counter[int] = Counter()
        self.alerts: list[Alert] = []

    def hear(self, report: Report, *, checked: bool) -> None:
        """Take in a report; it is acted on when the report delay is over, and the check where one is still due."""
        here, who = self.settings, pair(report.observer.entity, report.group.entity)
        delay = rules.report_delay(self.model.run_key, who, self._heard[who], here.report_delay_min, here.delay_stages)
        delay += rules.check_minutes(here.false_alarm_check and not checked, here.check_min)
        self._heard[who] += 1
        self.waiting.append((self.model.minute + delay, report))

    def step(self) -> None:
        """Act on the reports that are through by now, in the order in which they came."""
        due = [report for minute, report in self.waiting if minute <= self.model.minute]
        self.waiting = [entry for entry in self.waiting if entry[0] > self.model.minute]
        for report in due:
            self.cue(report)

    def cue(self, report: Report) -> None:
        """Cue neighbours and the interior, and send those who can meet the group soonest; nothing if it is over."""
        if report.group.ended:
            return
        neighbours, here = self.neighbours(report.observer), self.settings
        if any(unit.men > 0 or isinstance(unit, ReactionForce) for unit in neighbours):
            report.group.note_cue(self.model.minute)
        if here.cue_interior:
            span = rules.alert_span(self.model.minute, here.interior_delay_min, here.alert_min)
            self.alerts.append(Alert(*span, report.observer.name))
        if report.group.is_abroad:
            self.dispatch(report, neighbours)

    def neighbours(self, observer: Responder) -> list[Responder]:
        """Units that hear of an observer's report: those within the sharing radius, and the reaction force."""
        (x, y), here, heard = observer.place_km, self.settings, []
        for unit in self.model.units:
            east, north = unit.place_km
            who = isinstance(unit, ReactionForce), unit is observer
            if rules.hears_of(*who, here.cue_interior, east - x, north - y, here.sharing_radius_km):
                heard.append(unit)
        return heard

    def dispatch(self, report: Report, neighbours: list[Responder]) -> None:
        """Send the units with the earliest meetings until the men on the way are enough."""
        common, group, observer = self.settings.common_picture, report.group, report.observer
        known = [unit.men for unit, to in group.chases if rules.is_known(common, to.report.observer is observer)]
        needed = rules.men_needed(self.settings.force_ratio, group.persons, sum(known))
        plans = [plan for unit in neighbours if unit.available and (plan := unit.plan(report)) is not None]
        while plans and needed > 0:
            plan = plans.pop(least([plan.arrive_min for plan in plans]))
            plan.responder.send(report, plan)
            needed -= plan.responder.men

    def alert_at(self, minute: int) -> str | None:
        """Whose report keeps the interior on alert at a minute; None when it is not."""
        on = (alert.source for alert in self.alerts if rules.is_on_alert(minute, alert.start_min, alert.end_min))
        return next(on, None)
