"""Wariness: a group notices patrols that come near, and hides until they have gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.rules.randomness import Purpose, pair, uniform
from sim.rules.sensing import DAY

if TYPE_CHECKING:
    from sim.model.group import Group
    from sim.model.model import BorderModel
    from sim.model.patrol import Patrol


class Wariness:
    """What one group has noticed of the patrols; one draw decides for each encounter."""

    def __init__(self, model: BorderModel, group: Group) -> None:
        self._model, self._group = model, group
        self._encounters: dict[str, int] = {}
        self._near: dict[str, bool] = {}
        self._hidden_until = -1

    @property
    def hiding(self) -> bool:
        """Whether it hides from a patrol this minute."""
        return self._model.minute <= self._hidden_until

    def look_out(self) -> None:
        """Look where the patrols are this minute."""
        settings = self._group.settings
        reach = settings.notice_km * (1.0 if self._model.light == DAY else settings.notice_night_factor)
        if reach > 0.0:
            for patrol in self._model.patrols:
                self._meet(patrol, reach)

    def _meet(self, patrol: Patrol, reach_km: float) -> None:
        if not patrol.is_near(self._group, reach_km):
            self._near.pop(patrol.name, None)
            return
        if patrol.name not in self._near:
            count = self._encounters[patrol.name] = self._encounters.get(patrol.name, 0) + 1
            who = pair(self._group.entity, patrol.entity)
            draw = uniform(self._model.run_key, who, Purpose.NOTICE, count)
            self._near[patrol.name] = draw < self._group.settings.notice_probability
        if self._near[patrol.name]:
            self._hidden_until = self._model.minute + self._group.settings.hide_min
