"""A border post: it watches, sends its squad, and is kept busy by false alarms."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.model.responder import Responder
from sim.model.sentinel import Watch
from sim.rules.arrivals import CUTS_BEFORE, poisson_times
from sim.rules.randomness import Purpose, minus_log, uniform
from sim.scenario.post import Post as PostSettings
from sim.world.crossings import along_border_km

if TYPE_CHECKING:
    from sim.model.group import Group
    from sim.model.model import BorderModel
    from sim.model.report import Report


class Post(Responder):
    """A fixed post. `settings` are the scenario's; `index` is its place in the World's tables."""

    def __init__(self, model: BorderModel, index: int, settings: PostSettings) -> None:
        super().__init__(model, settings.name, settings.responders)
        self.index = index
        self.settings = settings
        self.watch = Watch(model, settings.name)
        self.false_alarms = self._false_alarms()
        self.power_cuts = self._power_cuts()

    @property
    def place_km(self) -> tuple[float, float]:
        """Where the post stands."""
        return self.settings.x_km, self.settings.y_km

    @property
    def notice_min(self) -> int:
        """Minutes from the order to the squad's departure."""
        return self.settings.notice_min

    def travel_to(self, spots: NDArray[np.int64]) -> NDArray[np.float64]:
        """Minutes of the squad's least-cost travel to each spot."""
        return self.model.world.post_travel[self.index, spots]

    def look(self, group: Group, hazard: int) -> None:
        """Watch a group that is abroad, under this minute's hazard in units of 2^-32."""
        if self.watch.add(group, hazard):
            self.model.detect(self, group)

    def respond_alone(self, report: Report) -> None:
        """Send the own squad on the own alarm, if it is free and the place lies on the post's frontage."""
        if self.available and self.acts_on(report):
            command = self.model.scenario_in_force.command
            check = command.check_min if command.false_alarm_check else 0
            plan = self.plan(report, within_km=self.settings.response_km, after_min=check)
            if plan is not None:
                self.send(report, plan)

    def acts_on(self, report: Report) -> bool:
        """Whether the group crossed on the stretch of border for which the post is responsible."""
        crossing = self.model.world.crossings[report.group.route.crossing]
        if crossing.banks is None:
            return True
        own = along_border_km(self.model.world.terrain.border_km, *self.place_km)
        return abs(own - crossing.along_km) <= self.settings.frontage_km / 2

    def answer_false_alarm(self, number: int) -> None:
        """Go out for nothing, if the squad is there and no check has told the alarm from a true one."""
        command = self.model.scenario_in_force.command
        draw = uniform(self.model.run_key, self.entity, Purpose.FALSE_ALARM_CHECK, number)
        caught = command.false_alarm_check and draw < command.check_catches
        if self.available and not caught:
            self.busy_until = self.model.minute + command.false_alarm_min

    @property
    def power_changes(self) -> list[int]:
        """First minutes with and without power."""
        return [math.ceil(moment) for cut in self.power_cuts for moment in cut]

    def has_power(self, minute: int) -> bool:
        """Whether there is power at a minute of the run."""
        return not any(start <= minute < end for start, end in self.power_cuts)

    def _false_alarms(self) -> list[int]:
        """Minutes in which the squad is called out by a false alarm: a Poisson stream. Who sees nothing raises none."""
        here = self.model.scenario_in_force
        if not here.sees_anything(self.settings):
            return []
        check = here.command.check_min if here.command.false_alarm_check else 0
        per_min = self.settings.false_alarms_per_day / 1440.0
        times = poisson_times(per_min, 0.0, here.horizon_min, lambda k: self._draw(Purpose.FALSE_ALARM, k))
        return [int(time) + check for time in times]

    def _power_cuts(self) -> list[tuple[float, float]]:
        """Beginnings and ends of the power cuts of the run: a Poisson stream of cuts of exponential length."""
        settings = self.settings
        mean_min = 60.0 * settings.power_cut_hours
        # It begins so long before the run that a cut may well be on at minute 0.
        starts = poisson_times(
            settings.power_cuts_per_day / 1440.0,
            -CUTS_BEFORE * mean_min,
            self.model.scenario_in_force.horizon_min,
            lambda k: self._draw(Purpose.POWER_CUT, k),
        )
        cuts = [
            (start, start + mean_min * minus_log(self._draw(Purpose.POWER_CUT_LENGTH, number)))
            for number, start in enumerate(starts)
        ]
        return [cut for cut in cuts if cut[1] > 0.0]

    def _draw(self, purpose: Purpose, counter: int) -> float:
        return uniform(self.model.run_key, self.entity, purpose, counter)
