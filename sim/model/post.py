"""Those who stand in a place: a border post with its squad, and the reaction force in a town."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.model.pursuit import HazardLeft, Report
from sim.model.responder import Responder
from sim.rules.arrivals import CUTS_BEFORE, poisson_times
from sim.rules.command import check_minutes, is_recognised
from sim.rules.randomness import Purpose, minus_log, pair, threshold, uniform
from sim.rules.sensing import lacks_power
from sim.scenario.post import Post as PostSettings
from sim.scenario.post import ReactionForce as ReactionForceSettings

if TYPE_CHECKING:
    from sim.model.group import Group
    from sim.model.model import BorderModel


class DetectionState(HazardLeft):
    """What one post or patrol has of each group: the hazard left until it detects it.

    The threshold is keyed by group and observer, so that both keep their draws whatever else an arm changes.
    """

    def __init__(self, model: BorderModel, observer: int) -> None:
        super().__init__()
        self._model, self._observer = model, observer

    def drawn(self, group: Group) -> int:
        """One threshold for all."""
        return threshold(self._model.run_key, pair(group.entity, self._observer), Purpose.DETECTION)

    def has_detected(self, group: Group) -> bool:
        """Whether it has detected a group already, or need not any more."""
        return self._left.get(group.name, 1) <= 0

    def close(self, group: Group) -> None:
        """Detect a group no more: it is known by other means."""
        self._left[group.name] = 0


class Standing(Responder):
    """A unit that stands where its settings say, and leaves some minutes after an order."""

    settings: PostSettings | ReactionForceSettings

    @property
    def place_km(self) -> tuple[float, float]:
        """Where the unit stands."""
        return self.settings.x_km, self.settings.y_km

    @property
    def notice_min(self) -> int:
        """Minutes from the order to the departure."""
        return self.settings.notice_min


class ReactionForce(Standing):
    """The force that the interior of the district keeps ready, and sends on a cue."""

    def __init__(self, model: BorderModel, settings: ReactionForceSettings) -> None:
        super().__init__(model, settings.name, settings.responders)
        self.settings = settings

    def travel_to(self, spots: NDArray[np.int64]) -> NDArray[np.float64]:
        """Minutes of least-cost travel to each spot."""
        return self.model.world.force_travel[spots]


class Post(Standing):
    """A fixed post. `settings` are the scenario's; `index` is its place in the World's tables."""

    settings: PostSettings

    def __init__(self, model: BorderModel, index: int, settings: PostSettings) -> None:
        super().__init__(model, settings.name, settings.responders)
        self.index = index
        self.settings = settings
        self.detection = DetectionState(model, self.entity)
        command = model.scenario_in_force.command
        self.response_km, self.cues_units = settings.response_km, settings.cues_units
        self.check_min = check_minutes(command.false_alarm_check, command.check_min)
        self.false_alarms = self._false_alarms()
        self.power_cuts = self._power_cuts()

    def travel_to(self, spots: NDArray[np.int64]) -> NDArray[np.float64]:
        """Minutes of the squad's least-cost travel to each spot."""
        return self.model.world.post_travel[self.index, spots]

    def acts_on(self, report: Report) -> bool:
        """Whether the group crossed on the stretch of border for which the post is responsible."""
        return bool(self.model.world.own_crossings(self.index)[report.group.route.crossing])

    def answer_false_alarm(self, number: int) -> None:
        """Go out for nothing, if the squad is there and no check has recognised the alarm as false."""
        command = self.model.scenario_in_force.command
        known = is_recognised(self.model.run_key, self.entity, number, command.false_alarm_check, command.check_catches)
        if self.available and not known:
            self.busy_until = self.model.minute + command.false_alarm_min

    @property
    def power_changes(self) -> list[int]:
        """First minutes with and without power."""
        return [math.ceil(moment) for cut in self.power_cuts for moment in cut]

    def has_power(self, minute: int) -> bool:
        """Whether there is power at a minute of the run."""
        return not any(lacks_power(minute, start, end) for start, end in self.power_cuts)

    def _false_alarms(self) -> list[int]:
        """Minutes in which the squad is called out by a false alarm: a Poisson stream. Who sees nothing raises none."""
        here = self.model.scenario_in_force
        if not here.sees_anything(self.settings):
            return []
        per_min, draw = self.settings.false_alarms_per_min, lambda k: self._draw(Purpose.FALSE_ALARM, k)
        times = poisson_times(per_min, 0.0, here.horizon_min, draw)
        return [int(time) + self.check_min for time in times]

    def _power_cuts(self) -> list[tuple[float, float]]:
        """Beginnings and ends of the power cuts of the run: a Poisson stream of cuts of exponential length."""
        per_min, mean_min = self.settings.power_cuts_per_min, self.settings.power_cut_min
        # It begins so long before the run that a cut may well be on at minute 0.
        start, horizon = -CUTS_BEFORE * mean_min, self.model.scenario_in_force.horizon_min
        starts = poisson_times(per_min, start, horizon, lambda k: self._draw(Purpose.POWER_CUT, k))
        lengths = [minus_log(self._draw(Purpose.POWER_CUT_LENGTH, number)) for number in range(len(starts))]
        cuts = [(start, start + mean_min * length) for start, length in zip(starts, lengths, strict=True)]
        return [cut for cut in cuts if cut[1] > 0.0]

    def _draw(self, purpose: Purpose, counter: int) -> float:
        return uniform(self.model.run_key, self.entity, purpose, counter)
