"""A patrol: it walks its track by turns of duty, watches, and follows up what it sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.model.beat import Beat
from sim.model.chase import Chase, Phase
from sim.model.responder import Responder
from sim.model.sentinel import Watch
from sim.model.strip import Strip
from sim.rules.movement import between_samples, duty_minutes, gap_km, on_duty
from sim.rules.randomness import Purpose, threshold, uniform
from sim.rules.sensing import hazard
from sim.scenario.patrol import Patrol as PatrolSettings
from sim.world.hazards import METRES
from sim.world.track import SAMPLE_KM, Track, circle_around

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
        self.strip = Strip(model, self)
        self.rates = model.world.patrol_rates(index, model.weather)
        self.beat = Beat(model, self.entity, index, settings)
        tracks = [model.world.tracks[number] for number in model.world.patrol_tracks[index]]
        self.centre_km, self.radius_km = circle_around(tracks)
        self.duty_phase_min = int(settings.cycle_min * uniform(model.run_key, self.entity, Purpose.DUTY_PHASE))
        self._here: tuple[int, tuple[float, float]] = (-1, (0.0, 0.0))

    @property
    def track(self) -> Track:
        """The track that it walks in this turn of duty."""
        return self.model.world.tracks[self.track_number]

    @property
    def own_track(self) -> int:
        """Which of its own tracks that is: 0 for the main one, then the alternatives."""
        return self.beat.track_of((self.model.minute + self.duty_phase_min) // self.settings.cycle_min)

    @property
    def track_number(self) -> int:
        """That track's number in the World's list."""
        return self.model.world.patrol_tracks[self.index][self.own_track]

    def where(self, minute: int) -> float:
        """Kilometres along the track at a minute of the run."""
        turn = (minute + self.duty_phase_min) // self.settings.cycle_min
        return self.beat.along(minute, self.beat.track_of(turn))

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
        if self._here[0] != self.model.minute:
            self._here = (self.model.minute, self._at(self.where(self.model.minute)))
        return self._here[1]

    def _at(self, along_km: float) -> tuple[float, float]:
        track = self.track
        first, part = between_samples(along_km, SAMPLE_KM, len(track.x_km), track.length_km)
        x, y = track.x_km, track.y_km
        return float(x[first] + part * (x[first + 1] - x[first])), float(y[first] + part * (y[first + 1] - y[first]))

    def travel_to(self, spots: NDArray[np.int64]) -> NDArray[np.float64]:
        """Minutes to each spot: along the track to the nearest anchor, and from there by least cost."""
        track = self.track
        anchor = track.anchor_at(self.where(self.model.minute))
        x, y = self.place_km
        sample = track.anchors[anchor]
        gap = gap_km(x - track.x_km[sample], y - track.y_km[sample])
        minutes = self.model.world.patrol_travel[self.track_number][anchor, spots]
        return np.asarray(minutes + 60.0 * gap / self.settings.speed_kmh)

    def look(self, group: Group) -> None:
        """Watch a group that is abroad, when on duty and not hopelessly far away."""
        reach = len(self.rates[self.model.light]) / METRES
        if not self._may_be_within(group, reach) or not self.is_watching:
            return
        x, y = self.place_km
        along = self.where(self.model.minute)
        danger = self.hazard(group, along, gap_km(group.x_km - x, group.y_km - y))
        if danger and self.watch.add(group, danger):
            self.model.detect(self, group)

    def _may_be_within(self, group: Group, reach_km: float) -> bool:
        """Whether a group is so near to the patrol's ground that some place of it can be within reach."""
        x, y = self.centre_km
        reach = self.radius_km + reach_km
        return abs(group.x_km - x) <= reach and abs(group.y_km - y) <= reach

    def is_near(self, group: Group, reach_km: float) -> bool:
        """Whether the patrol, watching, is within reach of a group and in its sight."""
        if not self._may_be_within(group, reach_km) or not self.is_watching:
            return False
        x, y = self.place_km
        return gap_km(group.x_km - x, group.y_km - y) <= reach_km and self._in_sight(group)

    def _in_sight(self, group: Group) -> bool:
        sight = self.model.world.patrol_sight[self.track_number]
        return bool(sight[self.track.sample_at(self.where(self.model.minute)), group.spot])

    def hazard(self, group: Group, along_km: float, distance_km: float) -> int:
        """Hazard of this minute against a group at a distance, in units of 2^-32."""
        rates = self.rates[self.model.light]
        metre = int(distance_km * METRES)
        sight = self.model.world.patrol_sight[self.track_number]
        if metre >= len(rates) or not sight[self.track.sample_at(along_km), group.spot]:
            return 0
        return hazard(float(rates[metre]), group.exposure)

    def follow_tracks(self, report: Report) -> None:
        """Take up the trail where the tracks cross the strip, beside the patrol."""
        if self.available and report.group.is_abroad:
            # Tracks lie on the group's own way, whatever way command takes it to be on.
            minute, route = self.model.minute, report.group.route_number
            deadline = minute + self.model.scenario_in_force.command.pursuit_limit_min
            chase = Chase(report, route, report.step, minute, minute, deadline)
            chase.phase, chase.step = Phase.TRAIL, float(report.step)
            chase.grip = threshold(self.model.run_key, self.with_group(report.group), Purpose.TRAIL)
            self.take_up(chase)

    def respond_alone(self, report: Report) -> None:
        """Follow up what the patrol itself has seen."""
        if self.available:
            plan = self.plan(report, within_km=self.settings.response_km)
            if plan is not None:
                self.send(report, plan)
