"""Patrols, and the control strip that they read."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, model_validator

from sim.scenario.base import Name, Section, choice, fraction, kilometres, pace, quantity


def _long_enough(track: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    if len(track) < 2 or len(set(track)) < 2:
        raise ValueError("needs at least two different points [x_km, y_km]")
    return track


Corners = Annotated[tuple[tuple[float, float], ...], AfterValidator(_long_enough)]


class Alternative(Section):
    """Another track, walked in some of the turns of duty."""

    track: Corners = choice(..., "corner points of the track, [x_km, y_km] each", assumed="drawn by hand")
    probability: float = fraction(..., "share of the turns of duty", assumed=(0, 1))


class Patrol(Section):
    """Men who walk or drive a track and may be diverted to meet a group."""

    name: Name = choice(..., "what it is called", assumed="a label")
    track: Corners = choice(
        ..., "corner points of the track, [x_km, y_km] each", assumed="drawn by hand along the river and the passes"
    )
    mode: Literal["back_and_forth", "loop", "random"] = choice(
        "back_and_forth",
        "turns at the ends; closes the ring; or walks from one random point of the track to the next",
        assumed="usual practice",
    )
    alternatives: tuple[Alternative, ...] = choice(
        (), "tracks that are drawn for a turn of duty; `track` takes the remaining share", assumed="usual practice"
    )
    speed_kmh: float = quantity(
        4.0,
        "speed along the track by day on open, level ground; other ground and the night slow it",
        "km/h",
        assumed=(1.6, 20),
        gt=0,
        le=120,
    )
    duty_share: float = fraction(
        0.43,
        "share of the time on the track",
        source="agents were deployable about 43 % of their time (US southern border, audit of 2018)",
    )
    cycle_min: int = quantity(720, "length of one turn of duty and rest", "min", assumed=(480, 1440), ge=2, le=10_080)
    sensor: Name = choice("eye", "name in the catalogue", assumed="equipment")
    range_km: float = kilometres(1.5, "detection range of its sensor by day in clear air", assumed=(0.3, 4), le=12)
    height_m: float = quantity(1.7, "height of its eyes over the ground", "m", assumed=(1.5, 3), ge=0, le=50)
    responders: int = quantity(5, "men", "men", assumed=(2, 12), ge=0, le=500)
    response_km: float = kilometres(8.0, "how far it follows up on its own", assumed=(2, 15), le=100)
    vehicle: bool = choice(False, "whether it drives where the ground allows", assumed="true or false")

    @model_validator(mode="after")
    def _shares_leave_room(self) -> Self:
        total = sum(other.probability for other in self.alternatives)
        if total > 1.0 + 1e-9:
            raise ValueError(f"alternatives: the probabilities add up to {total:g}; allowed: 1 at most")
        return self

    @property
    def tracks(self) -> tuple[Corners, ...]:
        """The track itself, then the alternatives."""
        return (self.track, *(other.track for other in self.alternatives))

    @property
    def track_shares(self) -> tuple[float, ...]:
        """Share of the turns of duty of each of `tracks`."""
        others = tuple(other.probability for other in self.alternatives)
        return (max(0.0, 1.0 - sum(others)), *others)


class ControlStrip(Section):
    """A group that crosses raked ground leaves tracks for some hours; a patrol that comes past may find them."""

    present: bool = choice(False, "whether the ground along `lines` is raked and read", assumed="true or false")
    lines: tuple[Corners, ...] = choice(
        (), "corner points of each line of raked ground, [x_km, y_km] each", assumed="drawn by hand along the bank"
    )
    near_km: float = kilometres(
        0.3,
        "how near a route must come to a line to cross it, and a patrol's track to the place to read there",
        assumed=(0.05, 0.5),
        le=10,
    )
    find_probability: float = fraction(
        0.5, "that five men who pass by day find the tracks of a group of the standard size", assumed=(0.2, 0.9)
    )
    night_factor: float = fraction(
        0.5, "what a man who reads by night, with lamps, is worth over one by day", assumed=(0.1, 1)
    )
    lasting_hours: float = quantity(
        12.0, "tracks older than this are not read any more", "h", assumed=(3, 36), ge=0, le=500
    )
    trail_pace: float = pace(0.6, "pace of men who follow tracks, over plain Tobler going", assumed=(0.3, 0.9))
    trail_loss_per_hour: float = quantity(
        0.4, "rate at which men who follow tracks lose them", "1/h", assumed=(0.1, 2), ge=0, le=1000
    )

    @model_validator(mode="after")
    def _has_lines(self) -> Self:
        if self.present and not self.lines:
            raise ValueError("present is true, but lines has no entries; allowed: at least one line, or present: false")
        return self

    @property
    def raked(self) -> tuple[Corners, ...]:
        """The lines that are raked and read: none where the strip is not present."""
        return self.lines if self.present else ()

    @property
    def lasting_min(self) -> float:
        """Minutes that tracks can be read."""
        return 60.0 * self.lasting_hours
