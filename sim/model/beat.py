"""A beat: which track a patrol walks in which turn of duty, and where on it it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.rules.movement import along_legs, along_track, drawn_share, random_legs
from sim.rules.randomness import LEGS_PER_TRACK, Purpose, uniform
from sim.scenario.patrol import Patrol as PatrolSettings

if TYPE_CHECKING:
    from sim.model.model import BorderModel


class Beat:
    """The walk of one patrol on each of its tracks; tracks are numbered as in `Patrol.tracks`.

    Attributes
    ----------
    offsets_km:
        Where it is on each track at minute 0; on a track that is walked to and fro, the way back counts from the length
        on.
    """

    def __init__(self, model: BorderModel, entity: int, index: int, settings: PatrolSettings) -> None:
        self._model, self._entity, self._settings = model, entity, settings
        self._lengths = [model.world.tracks[number].length_km for number in model.world.patrol_tracks[index]]
        self._shares = settings.track_shares[1:]
        self._tracks: dict[int, int] = {}
        self._legs: dict[int, tuple[list[float], list[float]]] = {}
        self.offsets_km = [self._offset(track) for track in range(len(self._lengths))]

    def track_of(self, turn: int) -> int:
        """Which track is walked in a turn of duty: drawn once for each turn."""
        if not self._shares:
            return 0
        if turn not in self._tracks:
            self._tracks[turn] = drawn_share(self._draw(Purpose.TRACK, turn), self._shares)
        return self._tracks[turn]

    def along(self, minute: int, track: int) -> float:
        """Kilometres along a track at a minute of the run."""
        settings, length = self._settings, self._lengths[track]
        if settings.mode == "random":
            return along_legs(minute, *self._legs_of(track))
        return along_track(minute, self.offsets_km[track], settings.speed_kmh, length, settings.mode == "loop")

    def _offset(self, track: int) -> float:
        turns = 2 if self._settings.mode == "back_and_forth" else 1
        return turns * self._lengths[track] * self._draw(Purpose.PATROL_PHASE, track)

    def _legs_of(self, track: int) -> tuple[list[float], list[float]]:
        if track not in self._legs:
            horizon = self._model.scenario_in_force.horizon_min
            self._legs[track] = random_legs(
                self.offsets_km[track],
                self._lengths[track],
                self._settings.speed_kmh,
                horizon,
                lambda leg: self._draw(Purpose.WAYPOINT, track * LEGS_PER_TRACK + leg),
            )
        return self._legs[track]

    def _draw(self, purpose: Purpose, counter: int) -> float:
        return uniform(self._model.run_key, self._entity, purpose, counter)
