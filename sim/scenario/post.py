"""Border posts, their sensors, and the reaction force behind them."""

from __future__ import annotations

from typing import Literal

from sim.scenario.base import Name, Section, choice, fraction, kilometres, minutes, quantity

Law = Literal["definite_range", "constant_rate", "inverse_cube", "exponential", "logistic"]
Kind = Literal["eye", "thermal", "radar", "tower", "ground_sensor"]


class Sensor(Section):
    """An entry of the sensor catalogue; posts and patrols name it and give it a range of their own."""

    kind: Kind = choice("eye", "what it is", assumed="a label for tables and pictures")
    law: Law = choice(
        "constant_rate",
        "how the detection rate depends on distance",
        source="search theory: Koopman 1980; Washburn 2014",
    )
    range_km: float = kilometres(3.0, "range where no post or patrol states its own", assumed=(0.5, 10), le=45)
    rate_per_hour: float = quantity(
        6.0, "detection rate inside (or at) the range, full staffing", "1/h", assumed=(1, 60), ge=0, le=100_000
    )
    softness: float = quantity(
        0.1, "logistic law: width of the fall-off over the range", assumed=(0.05, 0.3), gt=0, le=1
    )
    twilight_factor: float = fraction(0.6, "range at dawn and dusk over range by day", assumed=(0.3, 1))
    night_factor: float = fraction(0.2, "range by night over range by day", assumed=(0.05, 1))
    weather_sensitivity: float = quantity(
        1.0, "exponent on the visibility of the weather: 0 sees through everything", assumed=(0, 1.5), ge=0, le=4
    )
    powered: bool = choice(False, "whether it sees nothing in a power cut", assumed="equipment")


class Post(Section):
    """A fixed post with sensors, staff and a squad of responders."""

    name: Name = choice(..., "what it is called", assumed="a label")
    x_km: float = quantity(..., "kilometres east in the local frame", "km", assumed="place not public here")
    y_km: float = quantity(..., "kilometres north in the local frame", "km", assumed="place not public here")
    sensors: tuple[Name, ...] = choice(("eye",), "names of the catalogue, the main one first", assumed="equipment")
    range_km: float = kilometres(3.0, "detection range of the main sensor by day in clear air", assumed=(1, 10), le=45)
    height_m: float = quantity(
        4.0, "height of the sensors over the ground (mast, tower, roof)", "m", assumed=(2, 20), ge=0, le=200
    )
    staffing: float = fraction(0.8, "share of the sensors' rate that the staff on duty keeps up", assumed=(0.4, 1))
    responders: int = quantity(8, "men of the squad that goes out; 0 for none", "men", assumed=(0, 16), ge=0, le=500)
    notice_min: int = minutes(15, "from the own alarm to the squad's departure", assumed=(5, 60), le=1440)
    response_km: float = kilometres(10.0, "how far out the squad goes on the post's own alarm", assumed=(3, 20), le=100)
    frontage_km: float = kilometres(
        20.0,
        "length of border, centred on the post, on which it acts alone; beyond it, it only reports",
        assumed=(10, 40),
        le=500,
    )
    vehicle: bool = choice(True, "whether the squad drives where the ground allows", assumed="true or false")
    cues_units: bool = choice(
        True,
        "whether posts, patrols and the reaction force hear of its reports, or the interior alone",
        assumed="true or false",
    )
    days_open: float = quantity(1000.0, "days since it opened", "d", assumed=(0, 3000), ge=0, le=100_000)
    readiness_at_opening: float = fraction(0.5, "share of the full detection rate on the first day", assumed=(0.2, 1))
    readiness_days: float = quantity(30.0, "days until full readiness", "d", assumed=(7, 90), gt=0, le=10_000)
    false_alarms_per_day: float = quantity(
        0.3, "false alarms that send the squad out", "1/d", assumed=(0, 2), ge=0, le=100
    )
    power_cuts_per_day: float = quantity(
        0.0, "power cuts, which blind the sensors that need power; 0 for none", "1/d", assumed=(0, 4), ge=0, le=100
    )
    power_cut_hours: float = quantity(2.0, "mean length of a power cut", "h", assumed=(0.5, 12), gt=0, le=500)

    @property
    def readiness(self) -> float:
        """Share of the full detection rate that a post of this age reaches: rises linearly, then stays at 1."""
        grown = min(1.0, self.days_open / self.readiness_days)
        return self.readiness_at_opening + (1.0 - self.readiness_at_opening) * grown

    @property
    def false_alarms_per_min(self) -> float:
        """Mean number of false alarms in a minute."""
        return self.false_alarms_per_day / 1440.0

    @property
    def power_cuts_per_min(self) -> float:
        """Mean number of power cuts that begin in a minute."""
        return self.power_cuts_per_day / 1440.0

    @property
    def power_cut_min(self) -> float:
        """Mean minutes of a power cut."""
        return 60.0 * self.power_cut_hours


class Outpost(Post):
    """The post whose effect is asked for: a post that stands only in the arms that say so."""

    present: bool = choice(False, "whether it stands; arms switch it on", assumed="set by the arms")


class ReactionForce(Section):
    """Men who wait in a town and are sent on a cue, after a notice time of their own; size 0 for none."""

    name: Name = choice("reaction_force", "what it is called", assumed="a label")
    x_km: float = quantity(..., "kilometres east in the local frame", "km", assumed="a town of the district")
    y_km: float = quantity(..., "kilometres north in the local frame", "km", assumed="a town of the district")
    responders: int = quantity(25, "men; 0 for none", "men", assumed=(0, 60), ge=0, le=5000)
    notice_min: int = minutes(60, "from the cue to the departure", assumed=(15, 240))
    vehicle: bool = choice(True, "whether it drives where the ground allows", assumed="true or false")
