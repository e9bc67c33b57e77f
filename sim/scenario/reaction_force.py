"""The reaction force in the interior of the district."""

from __future__ import annotations

from sim.scenario.base import Name, Part, choice, quantity


class ReactionForce(Part):
    """Men who wait in a town and are sent on a cue, after a notice time of their own; size 0 for none."""

    name: Name = choice("reaction_force", "what it is called", assumed="a label")
    x_km: float = quantity(..., "kilometres east in the local frame", unit="km", assumed="a town of the district")
    y_km: float = quantity(..., "kilometres north in the local frame", unit="km", assumed="a town of the district")
    responders: int = quantity(25, "men; 0 for none", unit="men", assumed=(0, 60), ge=0, le=5000)
    notice_min: int = quantity(60, "from the cue to the departure", unit="min", assumed=(15, 240), ge=0, le=10_080)
    vehicle: bool = choice(True, "whether it drives where the ground allows", assumed="true or false")
