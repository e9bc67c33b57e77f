"""The control strip: raked ground along the patrols' tracks, in which they find the traces of those who crossed it."""

from __future__ import annotations

from sim.scenario.base import Part, choice, quantity


class ControlStrip(Part):
    """A group that crosses the strip leaves tracks for some hours; a patrol that comes past may find them."""

    present: bool = choice(False, "whether the ground along patrols' tracks is raked and read", assumed="true or false")
    near_km: float = quantity(
        0.3,
        "how near a route must come to a track to cross its strip, and a patrol to the traces",
        unit="km",
        assumed=(0.05, 0.5),
        ge=0,
        le=10,
    )
    find_probability: float = quantity(
        0.5, "that a patrol that passes finds the tracks", assumed=(0.2, 0.9), ge=0, le=1
    )
    lasting_hours: float = quantity(
        12.0, "tracks older than this are not read any more", unit="h", assumed=(3.0, 36.0), ge=0, le=500
    )
    trail_pace: float = quantity(
        0.6, "pace of men who follow tracks, over plain Tobler going", assumed=(0.3, 0.9), gt=0, le=3
    )
    trail_loss_per_hour: float = quantity(
        0.4, "rate at which men who follow tracks lose them", unit="1/h", assumed=(0.1, 2.0), ge=0, le=1000
    )
