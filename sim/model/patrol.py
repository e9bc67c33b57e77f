"""A patrol: it walks its track by turns of duty, watches, and follows up what it sees."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.model.responder import Responder
from sim.model.sentinel import Watch
from sim.rules.movement import along_track, duty_minutes, on_duty
from sim.rules.randomness import Purpose, uniform
from sim.rules.sensing import hazard_units
from sim.scenario.patrol import Patrol as PatrolSettings
from sim.world.hazards import METRES
from sim.world.track import STAND_KM, Track

if TYPE_CHECKING:
    from sim.model.group import Group
    from sim.model.model import BorderModel
    from sim.model.report import Report


class Patrol(Responder):
    """A patrol on its track. Subclass `where` to walk otherwise, or `hazard` to see otherwise."""

    def __init__(self, model: BorderModel, index: int, settings: PatrolSettings) -> None:
        super().__init__(model, settings.name, settings.responders)
        self.index = index
        self.settings = settings
        self.watch = Watch(model, settings.name)
        self.track = model.world.tracks[index]
        self.sight = model.world.patrol_sight[index]
        self.rates = model.world.patrol_rates(index, model.weather)
        self.centre_km, self.radius_km = _circle(self.track)
        period = self.track.length_km * (1 if settings.mode == "loop" else 2)
        self.offset_km = period * uniform(model.run_key, self.entity, Purpose.PATROL_PHASE)
        self.duty_phase_min = int(settings.cycle_min * uniform(model.run_key, self.entity, Purpose.DUTY_PHASE))

    def where(self, minute: int) -> float:
        """Kilometres along the track at a minute of the run."""
        loop = self.settings.mode == "loop"
        return along_track(minute, self.offset_km, self.settings.speed_kmh, self.track.length_km, loop)

    def on_duty(self, minute: int) -> bool:
        """Whether the patrol is out at a minute of the run."""
        return on_duty(minute, self.duty_phase_min, self.settings.cycle_min, self.settings.duty_share)

    def duty_minutes(self, horizon_min: int) -> int:
        """Minutes on duty from minute 0 up to the horizon."""
        cycle = self.settings.cycle_min
        return duty_minutes(horizon_min, self.duty_phase_min, cycle, self.settings.duty_share)

    @property
    def is_watching(self) -> bool:
        """Whether it is on its track now, and not sent elsewhere."""
        if self.men == 0 and self.settings.responders > 0:
            return False
        return self.chase is None and self.model.minute >= self.busy_until and self.on_duty(self.model.minute)

    @property
    def available(self) -> bool:
        """Whether the patrol can be sent: on duty, and free."""
        return super().available and self.on_duty(self.model.minute)

    @property
    def place_km(self) -> tuple[float, float]:
        """Where the patrol is on its track."""
        return self._at(self.where(self.model.minute))

    def _at(self, along_km: float) -> tuple[float, float]:
        first = min(int(along_km / STAND_KM), len(self.track.x_km) - 2)
        ends = min((first + 1) * STAND_KM, self.track.length_km)
        part = (along_km - first * STAND_KM) / (ends - first * STAND_KM)
        x, y = self.track.x_km, self.track.y_km
        return float(x[first] + part * (x[first + 1] - x[first])), float(y[first] + part * (y[first + 1] - y[first]))

    def travel_to(self, spots: NDArray[np.int64]) -> NDArray[np.float64]:
        """Minutes to each spot: along the track to the nearest anchor, and from there by least cost."""
        along = self.where(self.model.minute)
        anchor = self.track.anchor_at(along)
        x, y = self._at(along)
        sample = self.track.anchors[anchor]
        gap = math.hypot(x - self.track.x_km[sample], y - self.track.y_km[sample])
        minutes = self.model.world.patrol_travel[self.index][anchor, spots]
        return np.asarray(minutes + 60.0 * gap / self.settings.speed_kmh)

    def look(self, group: Group) -> None:
        """Watch a group that is abroad, when on duty and not hopelessly far away."""
        x, y = self.centre_km
        reach = self.radius_km + len(self.rates[self.model.light]) / METRES
        if abs(group.x_km - x) > reach or abs(group.y_km - y) > reach or not self.is_watching:
            return
        along = self.where(self.model.minute)
        x, y = self._at(along)
        hazard = self.hazard(group, along, math.hypot(group.x_km - x, group.y_km - y))
        if hazard and self.watch.add(group, hazard):
            self.model.detect(self, group)

    def hazard(self, group: Group, along_km: float, distance_km: float) -> int:
        """Hazard of this minute against a group at a distance, in units of 2^-32."""
        rates = self.rates[self.model.light]
        metre = int(distance_km * METRES)
        if metre >= len(rates) or not self.sight[self.track.stand_at(along_km), group.spot]:
            return 0
        return hazard_units(rates[metre] * group.exposure) if group.exposure > 0.0 else 0

    def respond_alone(self, report: Report) -> None:
        """Follow up what the patrol itself has seen."""
        if self.available:
            plan = self.plan(report, within_km=self.settings.response_km)
            if plan is not None:
                self.send(report, plan)


def _circle(track: Track) -> tuple[tuple[float, float], float]:
    """A circle that holds the whole track: its centre and radius (km)."""
    x = float(track.x_km.min() + track.x_km.max()) / 2
    y = float(track.y_km.min() + track.y_km.max()) / 2
    return (x, y), float(np.hypot(track.x_km - x, track.y_km - y).max())
