"""Command: it hears reports, waits until they are through, cues the neighbours and the interior, and sends men."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import mesa

from sim.model.reaction_force import ReactionForce
from sim.rules.movement import gap_km
from sim.rules.randomness import MOST_STAGES, Purpose, pair, uniform
from sim.rules.response import report_delay

if TYPE_CHECKING:
    from sim.model.model import BorderModel
    from sim.model.report import Report
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

    def hear(self, report: Report, *, checked: bool = False) -> None:
        """Take in a report; it is acted on when the report delay is over, and the check where one is still due."""
        delay = self._delay(report)
        if self.settings.false_alarm_check and not checked:
            delay += self.settings.check_min
        self.waiting.append((self.model.minute + delay, report))

    def _delay(self, report: Report) -> int:
        """Minutes that this report takes; drawn anew for each report of a sentinel about a group."""
        who = pair(report.sentinel.entity, report.group.entity)
        first = self._heard[who] * MOST_STAGES
        self._heard[who] += 1
        stages = {"fixed": 0, "exponential": 1, "erlang": self.settings.report_delay_stages}

        def draw(stage: int) -> float:
            return uniform(self.model.run_key, who, Purpose.REPORT_DELAY, first + stage)

        return report_delay(self.settings.report_delay_min, stages[self.settings.report_delay_law], draw)

    def step(self) -> None:
        """Act on the reports that are through by now, in the order in which they came."""
        if self.waiting:
            due = [report for minute, report in self.waiting if minute <= self.model.minute]
            self.waiting = [entry for entry in self.waiting if entry[0] > self.model.minute]
            for report in due:
                self.cue(report)

    def cue(self, report: Report) -> None:
        """Tell neighbours and the interior, and send those who can meet the group soonest; nothing if it is over."""
        if report.group.ended:
            return
        neighbours = self.neighbours(report.sentinel)
        if neighbours or self.settings.cue_interior:
            report.group.note_cue(self.model.minute)
        if self.settings.cue_interior:
            start = self.model.minute + self.settings.interior_delay_min
            self.alerts.append(Alert(start, start + 60.0 * self.settings.alert_hours, report.sentinel.name))
        if report.group.is_abroad:
            self.dispatch(report, neighbours)

    def neighbours(self, sentinel: Responder) -> list[Responder]:
        """Units that hear of a sentinel's report: those within the sharing radius, and the reaction force."""
        here, radius = sentinel.place_km, self.settings.sharing_radius_km
        heard = []
        for unit in self.model.units:
            if isinstance(unit, ReactionForce):
                told = self.settings.cue_interior
            else:
                x, y = unit.place_km
                told = unit is not sentinel and radius > 0 and gap_km(x - here[0], y - here[1]) <= radius
            if told:
                heard.append(unit)
        return heard

    def dispatch(self, report: Report, neighbours: list[Responder]) -> None:
        """Send the units with the earliest meetings until the men on the way are enough."""
        # Without a common picture nobody knows of the men who were sent on the report of somebody else.
        source = None if self.settings.common_picture else report.sentinel
        needed = self.settings.force_ratio * report.group.persons - self.model.men_after(report.group, source)
        plans = [plan for unit in neighbours if unit.available and (plan := unit.plan(report)) is not None]
        for plan in sorted(plans, key=lambda plan: plan.arrive_min):
            if needed <= 0:
                break
            plan.responder.send(report, plan)
            needed -= plan.responder.men

    def alert_at(self, minute: int) -> str | None:
        """Whose report keeps the interior on alert at a minute; None when it is not."""
        for alert in self.alerts:
            if alert.start_min <= minute < alert.end_min:
                return alert.source
        return None
