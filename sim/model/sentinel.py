"""Keeping watch: hazard adds up minute by minute until a group is detected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.rules.randomness import Purpose, entity, pair, threshold

if TYPE_CHECKING:
    from sim.model.group import Group
    from sim.model.model import BorderModel


class Watch:
    """What one post or patrol has of each group: the hazard so far, and the threshold at which it detects.

    The threshold is keyed by group and sentinel, so that both keep their luck whatever else an arm changes.
    """

    def __init__(self, model: BorderModel, name: str) -> None:
        self._model = model
        self._entity = entity(name)
        self._left: dict[str, int] = {}

    def add(self, group: Group, hazard: int) -> bool:
        """Add the hazard of one minute; True in the minute of the detection, never again afterwards."""
        left = self._left.get(group.name)
        if left is None:
            who = pair(group.entity, self._entity)
            left = threshold(self._model.run_key, who, Purpose.DETECTION)
        if left <= 0:
            return False
        self._left[group.name] = left = left - hazard
        return left <= 0

    def has_detected(self, group: Group) -> bool:
        """Whether it has detected a group already, or need not any more."""
        return self._left.get(group.name, 1) <= 0

    def close(self, group: Group) -> None:
        """Detect a group no more: it is known by other means."""
        self._left[group.name] = 0
