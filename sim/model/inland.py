"""The inland leg of a group: the road, its checkpoints, and the interior's search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.rules.arrivals import drawn_between
from sim.rules.randomness import Purpose, threshold, uniform
from sim.rules.road import checkpoint_minute, road_end, road_share, search_hazard, stops_at_checkpoint, team_share
from sim.rules.sensing import detects, hazard_units

if TYPE_CHECKING:
    from sim.model.group import Group
    from sim.model.model import BorderModel


class InlandLeg:
    """What happens to one group beyond the grid, from the road's beginning to the target."""

    def __init__(self, model: BorderModel, group: Group) -> None:
        self._model, self._group = model, group
        here = model.scenario_in_force.inland
        draw = uniform(model.run_key, group.entity, Purpose.INLAND_DURATION)
        hours = drawn_between(draw, here.total_hours_low, here.total_hours_high)
        self.start_min = model.minute
        self.target_min = road_end(model.minute, group.crossed_min, hours, here.road_hours)
        self.checkpoint_min = [
            checkpoint_minute(self.start_min, self.target_min, number, here.checkpoints)
            for number in range(1, here.checkpoints + 1)
        ]
        self._passed = 0
        self._left = threshold(model.run_key, group.entity, Purpose.INTERIOR_SEARCH)
        self._teams = here.search_teams
        self._chances = here.stop_probability, here.alerted_stop_probability
        self._hazards = hazard_units(here.search_per_hour), hazard_units(here.alerted_search_per_hour)

    @property
    def share(self) -> float:
        """Share of the road that lies behind the group."""
        return road_share(self._model.minute, self.start_min, self.target_min)

    def step(self) -> None:
        """One minute on the road."""
        source = self._model.command.alert_at(self._group, self._model.minute)
        share = team_share(source is not None, self._model.command.sought, self._teams)
        stopped_by, hazard = self._checkpoint(share), search_hazard(share, *self._hazards)
        if not stopped_by:
            stopped_by = "interior" if detects(self._left, hazard) else None
            self._left -= hazard
        if stopped_by:
            self._model.engage_inland(self._group, stopped_by, source)
        if not self._group.ended and self._model.minute >= self.target_min:
            self._model.reach_target(self._group, warned=source is not None)

    def _checkpoint(self, share: float) -> str | None:
        if self._passed >= len(self.checkpoint_min) or self._model.minute < self.checkpoint_min[self._passed]:
            return None
        self._passed += 1
        key = self._model.run_key, self._group.entity, self._passed
        return f"checkpoint_{self._passed}" if stops_at_checkpoint(*key, share, *self._chances) else None
