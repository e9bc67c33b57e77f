"""A border post: where it stands, what it sees with, and whom it can send."""

from __future__ import annotations

from sim.scenario.base import Name, Part, choice, quantity


class Post(Part):
    """A fixed post with sensors, staff and a squad of responders."""

    name: Name = choice(..., "what it is called", assumed="a label")
    x_km: float = quantity(..., "kilometres east in the local frame", unit="km", assumed="place not public here")
    y_km: float = quantity(..., "kilometres north in the local frame", unit="km", assumed="place not public here")
    sensors: tuple[Name, ...] = choice(("eye",), "names of the catalogue, the main one first", assumed="equipment")
    range_km: float = quantity(
        3.0, "detection range of the main sensor by day in clear air", unit="km", assumed=(1.0, 10.0), ge=0, le=45
    )
    height_m: float = quantity(
        4.0, "height of the sensors over the ground (mast, tower, roof)", unit="m", assumed=(2.0, 20.0), ge=0, le=200
    )
    staffing: float = quantity(
        0.8, "share of the sensors' rate that the staff on duty keeps up", assumed=(0.4, 1.0), ge=0, le=1
    )
    responders: int = quantity(
        8, "men of the squad that goes out; 0 for none", unit="men", assumed=(0, 16), ge=0, le=500
    )
    notice_min: int = quantity(
        15, "from the own alarm to the squad's departure", unit="min", assumed=(5, 60), ge=0, le=1440
    )
    response_km: float = quantity(
        10.0, "how far out the squad goes on the post's own alarm", unit="km", assumed=(3.0, 20.0), ge=0, le=100
    )
    frontage_km: float = quantity(
        20.0,
        "length of border, centred on the post, on which it acts alone; beyond it, it only reports",
        unit="km",
        assumed=(10.0, 40.0),
        ge=0,
        le=500,
    )
    vehicle: bool = choice(True, "whether the squad drives where the ground allows", assumed="true or false")
    days_open: float = quantity(1000.0, "days since it opened", unit="d", assumed=(0.0, 3000.0), ge=0, le=100_000)
    readiness_at_opening: float = quantity(
        0.5, "share of the full detection rate on the first day", assumed=(0.2, 1.0), ge=0, le=1
    )
    readiness_days: float = quantity(30.0, "days until full readiness", unit="d", assumed=(7.0, 90.0), gt=0, le=10_000)
    false_alarms_per_day: float = quantity(
        0.3, "false alarms that send the squad out", unit="1/d", assumed=(0.0, 2.0), ge=0, le=100
    )
    power_cuts_per_day: float = quantity(
        0.0,
        "power cuts, which blind the sensors that need power; 0 for none",
        unit="1/d",
        assumed=(0.0, 4.0),
        ge=0,
        le=100,
    )
    power_cut_hours: float = quantity(2.0, "mean length of a power cut", unit="h", assumed=(0.5, 12.0), gt=0, le=500)

    @property
    def readiness(self) -> float:
        """Share of the full detection rate that a post of this age reaches: rises linearly, then stays at 1."""
        grown = min(1.0, self.days_open / self.readiness_days)
        return self.readiness_at_opening + (1.0 - self.readiness_at_opening) * grown


class Outpost(Post):
    """The post whose effect is asked for: a post that stands only in the arms that say so."""

    present: bool = choice(False, "whether it stands; arms switch it on", assumed="set by the arms")
