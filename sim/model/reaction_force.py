"""The reaction force: men in a town who are sent on a cue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.model.responder import Responder
from sim.scenario.post import ReactionForce as ReactionForceSettings

if TYPE_CHECKING:
    from sim.model.model import BorderModel


class ReactionForce(Responder):
    """The force that the interior of the district keeps ready."""

    def __init__(self, model: BorderModel, settings: ReactionForceSettings) -> None:
        super().__init__(model, settings.name, settings.responders)
        self.settings = settings

    @property
    def place_km(self) -> tuple[float, float]:
        """Where it waits."""
        return self.settings.x_km, self.settings.y_km

    @property
    def notice_min(self) -> int:
        """Minutes from the cue to the departure."""
        return self.settings.notice_min

    def travel_to(self, spots: NDArray[np.int64]) -> NDArray[np.float64]:
        """Minutes of least-cost travel to each spot."""
        return self.model.world.force_travel[spots]
