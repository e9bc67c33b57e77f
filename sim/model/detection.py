"""Detection: hazard adds up minute by minute until an observer detects a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.rules.randomness import Purpose, pair, threshold

if TYPE_CHECKING:
    from sim.model.group import Group
    from sim.model.model import BorderModel


class DetectionState:
    """What one post or patrol has of each group: the hazard left until it detects it.

    The threshold is keyed by group and observer, so that both keep their draws whatever else an arm changes.
    """

    def __init__(self, model: BorderModel, observer: int) -> None:
        self._model, self._observer = model, observer
        self._left: dict[str, int] = {}

    def add(self, group: Group, hazard: int) -> bool:
        """Add the hazard of one minute; True in the minute of the detection, never again afterwards."""
        if group.name not in self._left:
            who = pair(group.entity, self._observer)
            self._left[group.name] = threshold(self._model.run_key, who, Purpose.DETECTION)
        left = self._left[group.name]
        self._left[group.name] = left - hazard
        return left - hazard <= 0 < left

    def has_detected(self, group: Group) -> bool:
        """Whether it has detected a group already, or need not any more."""
        return self._left.get(group.name, 1) <= 0

    def close(self, group: Group) -> None:
        """Detect a group no more: it is known by other means."""
        self._left[group.name] = 0
