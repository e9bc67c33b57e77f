"""The control strip: tracks that groups leave where they cross a patrol's ground, and what the patrol reads of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.rules.randomness import PASSAGES_PER_TRACK, Purpose, pair, uniform

if TYPE_CHECKING:
    from sim.model.group import Group
    from sim.model.model import BorderModel
    from sim.model.patrol import Patrol


@dataclass(eq=False)
class Sign:
    """Tracks of one group on the strip along one track of a patrol.

    Attributes
    ----------
    track, along_km:
        Which of the patrol's own tracks, numbered from 0, and where on it.
    step, minute:
        Step of the group's route, and when it passed.
    beside, passages:
        Whether the patrol is beside them now, and how often it has come past.
    """

    group: Group
    track: int
    along_km: float
    step: int
    minute: int
    beside: bool = False
    passages: int = 0


class Strip:
    """The strip of one patrol: a draw for each time that it comes past tracks that still last."""

    def __init__(self, model: BorderModel, patrol: Patrol) -> None:
        self._model, self._patrol = model, patrol
        self._settings = model.scenario_in_force.control_strip
        # A patrol on wheels must not jump over the tracks between two minutes.
        self._reach_km = max(self._settings.near_km, patrol.settings.speed_kmh / 120.0)
        self._signs: list[Sign] = []

    def lay(self, sign: Sign) -> None:
        """A group crosses the strip."""
        self._signs.append(sign)

    def read(self) -> None:
        """Look for tracks this minute; those that are found are reported and followed."""
        if not self._signs:
            return
        oldest = self._model.minute - 60.0 * self._settings.lasting_hours
        self._signs = [sign for sign in self._signs if sign.minute >= oldest and not sign.group.ended]
        for sign in self._signs:
            if self._finds(sign):
                self._model.find_tracks(self._patrol, sign)

    def _finds(self, sign: Sign) -> bool:
        patrol = self._patrol
        came_past, sign.beside = not sign.beside, False
        if patrol.own_track != sign.track or not patrol.is_watching:
            return False
        sign.beside = abs(patrol.where(self._model.minute) - sign.along_km) <= self._reach_km
        if not (sign.beside and came_past):
            return False
        sign.passages += 1
        who = pair(sign.group.entity, patrol.entity)
        counter = sign.track * PASSAGES_PER_TRACK + sign.passages
        return uniform(self._model.run_key, who, Purpose.STRIP, counter) < self._settings.find_probability
