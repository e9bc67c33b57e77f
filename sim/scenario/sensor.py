"""A kind of sensor: how its detection rate falls with distance, and what light and weather take from its range."""

from __future__ import annotations

from typing import Literal

from sim.scenario.base import Part, choice, quantity

Law = Literal["definite_range", "constant_rate", "inverse_cube", "exponential", "logistic"]
Kind = Literal["eye", "thermal", "radar", "tower", "ground_sensor"]


class Sensor(Part):
    """An entry of the sensor catalogue; posts and patrols name it and give it a range of their own."""

    kind: Kind = choice("eye", "what it is", assumed="a label for tables and pictures")
    law: Law = choice(
        "constant_rate",
        "how the detection rate depends on distance",
        source="search theory: Koopman 1980; Washburn 2014",
    )
    range_km: float = quantity(
        3.0, "range where no post or patrol states its own", unit="km", assumed=(0.5, 10.0), ge=0, le=45
    )
    rate_per_hour: float = quantity(
        6.0, "detection rate inside (or at) the range, full staffing", unit="1/h", assumed=(1.0, 60.0), ge=0, le=100_000
    )
    softness: float = quantity(
        0.1, "logistic law: width of the fall-off over the range", assumed=(0.05, 0.3), gt=0, le=1
    )
    twilight_factor: float = quantity(0.6, "range at dawn and dusk over range by day", assumed=(0.3, 1.0), ge=0, le=1)
    night_factor: float = quantity(0.2, "range by night over range by day", assumed=(0.05, 1.0), ge=0, le=1)
    weather_sensitivity: float = quantity(
        1.0, "exponent on the visibility of the weather: 0 sees through everything", assumed=(0.0, 1.5), ge=0, le=4
    )
    powered: bool = choice(False, "whether it sees nothing in a power cut", assumed="equipment")
