"""The control strip: what patrols that pass a landing read in the raked ground."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.rules.randomness import Purpose, pair, uniform

if TYPE_CHECKING:
    from sim.model.group import Group
    from sim.model.model import BorderModel
    from sim.model.patrol import Patrol


class StripReader:
    """One patrol's reading of the strip: a draw for each time that it comes past a landing whose tracks still last."""

    def __init__(self, model: BorderModel, patrol: Patrol) -> None:
        self._model, self._patrol = model, patrol
        self._settings = model.scenario_in_force.control_strip
        # A patrol on wheels must not jump over the tracks between two minutes.
        self._reach_km = max(self._settings.near_km, patrol.settings.speed_kmh / 120.0)
        self._passages: dict[str, int] = {}
        self._beside: set[str] = set()

    def read(self, group: Group) -> bool:
        """Whether the patrol finds the tracks of a group this minute."""
        if not self._is_beside(group):
            self._beside.discard(group.name)
            return False
        if group.name in self._beside:
            return False
        self._beside.add(group.name)
        count = self._passages[group.name] = self._passages.get(group.name, 0) + 1
        who = pair(group.entity, self._patrol.entity)
        return uniform(self._model.run_key, who, Purpose.STRIP, count) < self._settings.find_probability

    def _is_beside(self, group: Group) -> bool:
        age = self._model.minute - group.landed_min
        if group.landed_min < 0 or age > 60.0 * self._settings.lasting_hours or not self._patrol.is_watching:
            return False
        x, y = self._patrol.place_km
        route, landing = group.route, group.route.landing_step
        return math.hypot(route.x_km[landing] - x, route.y_km[landing] - y) <= self._reach_km
