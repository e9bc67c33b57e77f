"""Light and weather: the hours of the sun, and what the air of a run lets through."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, model_validator

from sim.scenario.base import Name, Section, choice, fraction, minutes, quantity

_CLOCK = re.compile(r"^([01]?\d|2[0-3]):([0-5]\d)$")

SUN = "sun's declination on 3 November at 37 N, 68 E, UTC+5"


def _clock(value: Any) -> int:
    """Minutes after midnight from "HH:MM" (YAML 1.1 reads an unquoted 17:29 as 1049, which is that same number)."""
    if isinstance(value, str) and (match := _CLOCK.match(value.strip())):
        return 60 * int(match[1]) + int(match[2])
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1440:
        return value
    raise ValueError('allowed: a clock time "HH:MM" from "00:00" to "23:59"')


def _moment(value: str) -> str:
    try:
        datetime.strptime(value, "%Y-%m-%dT%H:%M")
    except ValueError:
        raise ValueError('allowed: a local moment "YYYY-MM-DDTHH:MM"') from None
    return value


def clock_text(minutes: int) -> str:
    """A clock time as people write it.

    >>> clock_text(415)
    '06:55'
    """
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


Moment = Annotated[str, AfterValidator(_moment)]
Clock = Annotated[int, BeforeValidator(_clock), PlainSerializer(clock_text, when_used="json")]


class Weather(Section):
    """One kind of weather; each run draws one for its whole length."""

    name: Name = choice(..., "what it is called", assumed="a label")
    probability: float = fraction(..., "share of the runs", assumed=(0, 1))
    visibility: float = quantity(..., "range of a plain eye over that in clear air", assumed=(0.1, 1), gt=0, le=1)


class Light(Section):
    """The sun's hours and the weathers."""

    start: Moment = choice(
        "2019-11-03T08:00", "local clock at minute 0", source="the night of the claimed crossing follows"
    )
    sunrise: Clock = choice("06:55", "local clock", unit="HH:MM", source=SUN)
    sunset: Clock = choice("17:29", "local clock", unit="HH:MM", source=SUN)
    twilight_min: int = minutes(27, "before sunrise and after sunset", source="civil twilight at 37 N", le=240)
    weather: tuple[Weather, ...] = choice(..., "the weathers and how often", assumed="shares for early November")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.sunset <= self.sunrise:
            raise ValueError("sunset must come after sunrise")
        if not self.weather:
            raise ValueError("weather: needs at least one kind")
        total = sum(kind.probability for kind in self.weather)
        if abs(total - 1.0) > 1e-6:
            raise ValueError(f"weather: the probabilities add up to {total:g}; allowed: 1")
        return self

    @property
    def start_clock_min(self) -> int:
        """Minutes after midnight at minute 0."""
        start = datetime.strptime(self.start, "%Y-%m-%dT%H:%M")
        return 60 * start.hour + start.minute
