"""A patrol: it walks its track by turns of duty, watches, reads the control strip, and follows up what it sees."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.model.post import DetectionState
from sim.model.responder import Responder
from sim.rules import movement
from sim.rules import patrol as rules
from sim.rules.arrivals import size_factor
from sim.rules.randomness import Purpose, uniform
from sim.rules.response import is_free
from sim.rules.sensing import hazard
from sim.scenario.patrol import Patrol as PatrolSettings
from sim.world.hazards import METRES
from sim.world.track import SAMPLE_KM, Track, circle_around

if TYPE_CHECKING:
    from sim.model.group import Group
    from sim.model.model import BorderModel


class Patrol(Responder):
    """A patrol on its track. Subclass `where` to walk otherwise, or `hazard` to see otherwise."""

    settings: PatrolSettings

    def __init__(self, model: BorderModel, index: int, settings: PatrolSettings) -> None:
        super().__init__(model, settings.name, settings.responders)
        self.index = index
        self.settings = settings
        self.response_km = settings.response_km
        self.detection = DetectionState(model, self.entity)
        self.strip = StripReader(model, self)
        self.rates = model.world.patrol_rates(index, model.weather)
        self.schedule = PatrolSchedule(model, self.entity, index, settings)
        tracks = [model.world.tracks[number] for number in model.world.patrol_tracks[index]]
        self.centre_km, self.radius_km = circle_around(tracks)
        phase = uniform(model.run_key, self.entity, Purpose.DUTY_PHASE)
        self.duty_phase_min = rules.drawn_phase(phase, settings.cycle_min)
        self._here: tuple[int, tuple[float, float]] = (-1, (0.0, 0.0))

    @property
    def track(self) -> Track:
        """The track that it walks in this turn of duty."""
        return self.model.world.tracks[self.track_number]

    @property
    def track_number(self) -> int:
        """That track's number in the World's list."""
        return self.model.world.patrol_tracks[self.index][self.own_track(self.model.minute)]

    def own_track(self, minute: int) -> int:
        """Which of its own tracks it walks at a minute of the run: 0 for the main one, then the alternatives."""
        return self.schedule.track_of(rules.turn_of_duty(minute, self.duty_phase_min, self.settings.cycle_min))

    def where(self, minute: int) -> float:
        """Kilometres along the track at a minute of the run."""
        return self.schedule.along(minute, self.own_track(minute))

    def on_duty(self, minute: int) -> bool:
        """Whether the patrol is out at a minute of the run."""
        return rules.on_duty(minute, self.duty_phase_min, self.settings.cycle_min, self.settings.duty_share)

    def duty_minutes(self, horizon_min: int) -> int:
        """Minutes on duty from minute 0 up to the horizon; none of nobody."""
        if self.settings.responders == 0:
            return 0
        cycle = self.settings.cycle_min
        return rules.duty_minutes(horizon_min, self.duty_phase_min, cycle, self.settings.duty_share)

    @property
    def is_watching(self) -> bool:
        """Whether it is on its track now, and not sent elsewhere."""
        free = is_free(self.chase is not None, self.model.minute, self.busy_until)
        return rules.is_watching(self.men, self.settings.responders, free, self.on_duty(self.model.minute))

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
        first, share = movement.between_samples(along_km, SAMPLE_KM, len(track.x_km), track.length_km)
        (west, east), (south, north) = (line[first : first + 2].tolist() for line in (track.x_km, track.y_km))
        return movement.between_points(west, east, share), movement.between_points(south, north, share)

    def travel_to(self, spots: NDArray[np.int64]) -> NDArray[np.float64]:
        """Minutes to each spot: along the track to the nearest anchor, and from there by least cost."""
        track = self.track
        anchor = track.anchor_at(self.where(self.model.minute))
        x, y = self.place_km
        sample = track.anchors[anchor]
        gap = movement.gap_km(x - track.x_km[sample], y - track.y_km[sample])
        minutes = self.model.world.patrol_travel[self.track_number][anchor, spots]
        speed_kmh = self.model.world.patrol_speeds(self.index)[self.track_number]
        return np.asarray(minutes + movement.minutes_for(gap, speed_kmh))

    def look(self, group: Group) -> None:
        """Watch a group that is abroad, when on duty and not hopelessly far away."""
        away_km = self.away_km(group, len(self.rates[self.model.light]) / METRES)
        danger = self.hazard(group, self.where(self.model.minute), away_km) if away_km < math.inf else 0
        if danger and self.detection.add(group, danger):
            self.model.detect(self, group)

    def away_km(self, group: Group, reach_km: float) -> float:
        """Distance to a group; infinite if it does not watch, or no place of its ground can be within reach."""
        x, y = self.centre_km
        near = movement.may_be_within(group.x_km - x, group.y_km - y, self.radius_km, reach_km)
        if not near or not self.is_watching:
            return math.inf
        x, y = self.place_km
        return movement.gap_km(group.x_km - x, group.y_km - y)

    def sees(self, group: Group, along_km: float) -> bool:
        """Whether it has a line of sight to a group from a place of its track."""
        sight = self.model.world.patrol_sight[self.track_number]
        return bool(sight[self.track.sample_at(along_km), group.spot])

    def hazard(self, group: Group, along_km: float, distance_km: float) -> int:
        """Hazard of this minute against a group at a distance, in units of 2^-32."""
        rates = self.rates[self.model.light]
        metre = int(distance_km * METRES)
        if metre >= len(rates) or not self.sees(group, along_km):
            return 0
        return hazard(float(rates[metre]), group.exposure)


class PatrolSchedule:
    """Which track a patrol walks in which turn of duty, and where on it it is; numbered as in `Patrol.tracks`.

    Attributes
    ----------
    offsets_km:
        Where it is on each track at minute 0; on a track that is walked to and fro, the way back counts from the length
        on.
    """

    def __init__(self, model: BorderModel, entity: int, index: int, settings: PatrolSettings) -> None:
        self._model, self._entity, self._settings = model, entity, settings
        self._lengths = [model.world.tracks[number].length_km for number in model.world.patrol_tracks[index]]
        self._speeds = list(model.world.patrol_speeds(index).values())
        self._tracks: dict[int, int] = {}
        self._legs: dict[int, tuple[list[float], list[float]]] = {}
        back_and_forth = settings.mode == "back_and_forth"
        self.offsets_km = [
            rules.drawn_offset(uniform(model.run_key, entity, Purpose.PATROL_PHASE, track), length, back_and_forth)
            for track, length in enumerate(self._lengths)
        ]

    def track_of(self, turn: int) -> int:
        """Which track is walked in a turn of duty: drawn once for each turn."""
        shares = self._settings.track_shares[1:]
        if shares and turn not in self._tracks:
            draw = uniform(self._model.run_key, self._entity, Purpose.TRACK, turn)
            self._tracks[turn] = rules.drawn_share(draw, shares)
        return self._tracks.get(turn, 0)

    def along(self, minute: int, track: int) -> float:
        """Kilometres along a track at a minute of the run; by night a minute brings the patrol less far."""
        mode, length, offset_km = self._settings.mode, self._lengths[track], self.offsets_km[track]
        gone_min = self._model.gone(movement.way_of(self._settings.vehicle), minute)
        if mode != "random":
            return movement.along_track(gone_min, offset_km, self._speeds[track], length, mode == "loop")
        if track not in self._legs:
            horizon = self._model.scenario_in_force.horizon_min
            walk = self._model.run_key, self._entity, track, offset_km, length
            self._legs[track] = rules.random_legs(*walk, self._speeds[track], horizon)
        return rules.along_legs(gone_min, *self._legs[track])


@dataclass(eq=False)
class Sign:
    """Tracks of one group on a line of the strip, to be read from one track of a patrol.

    Attributes
    ----------
    line:
        Position of the line in the scenario's list.
    track, along_km:
        Which of the patrol's own tracks, numbered from 0, and where on it.
    step, minute:
        Step of the group's route, and when it passed.
    beside, passages:
        Whether the patrol is beside them now, and how often it has come past.
    """

    group: Group
    line: int
    track: int
    along_km: float
    step: int
    minute: int
    beside: bool = False
    passages: int = 0


class StripReader:
    """What one patrol reads of the control strip: a draw for each time that it comes past tracks that still last."""

    def __init__(self, model: BorderModel, patrol: Patrol) -> None:
        self._model, self._patrol = model, patrol
        self._settings = model.scenario_in_force.control_strip
        self._reach_km = rules.strip_reach_km(self._settings.near_km, patrol.settings.speed_kmh)
        self._per_man = rules.reading_per_man(self._settings.find_probability)
        self.signs: list[Sign] = []

    def look_for_tracks(self) -> None:
        """Look for tracks this minute; those that are found are reported and followed."""
        minute, lasting_min = self._model.minute, self._settings.lasting_min
        self.signs = [
            sign
            for sign in self.signs
            if not rules.has_faded(minute, sign.minute, lasting_min) and not sign.group.ended
        ]
        for sign in self.signs:
            if self._finds(sign):
                self._model.find_tracks(self._patrol, sign)

    def _finds(self, sign: Sign) -> bool:
        patrol, model, came_past = self._patrol, self._model, not sign.beside
        reads = patrol.own_track(model.minute) == sign.track and patrol.is_watching
        sign.beside = reads and rules.is_beside(patrol.where(model.minute), sign.along_km, self._reach_km)
        if not (sign.beside and came_past):
            return False
        sign.passages += 1
        where = sign.line, sign.track, sign.passages
        return rules.finds_tracks(model.run_key, sign.group.entity, patrol.entity, *where, self._hazard(sign.group))

    def _hazard(self, group: Group) -> int:
        """Hazard of this passage to a group's tracks, in units of 2^-32."""
        here, night_factor = self._model.scenario_in_force.infiltrators, self._settings.night_factor
        size = size_factor(group.size, here.standard_size, here.size_exponent)
        return rules.reading_hazard(self._patrol.men, self._per_man, self._model.light, night_factor, size)
