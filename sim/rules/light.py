"""Light and weather: the clock, day, twilight and night, what the weather is, and when it is dark enough to raft."""

from __future__ import annotations

from collections.abc import Sequence

from sim.rules.sensing import DAY, NIGHT, TWILIGHT


def clock(minute: int, start_clock_min: int) -> int:
    """Minutes after midnight at a minute of the run."""
    return (start_clock_min + minute) % 1440


def light_class(clock_min: int, sunrise_min: int, sunset_min: int, twilight_min: int) -> int:
    """Day, twilight or night at a clock time.

    >>> [light_class(h * 60, 415, 1049, 27) for h in (3, 12, 22)] == [NIGHT, DAY, NIGHT]
    True
    """
    if sunrise_min <= clock_min < sunset_min:
        return DAY
    if sunrise_min - twilight_min <= clock_min < sunset_min + twilight_min:
        return TWILIGHT
    return NIGHT


def drawn_weather(draw: float, probabilities: Sequence[float]) -> int:
    """Which weather a uniform number falls into; the last one where rounding leaves a gap.

    >>> [drawn_weather(u, (0.5, 0.5)) for u in (0.49, 0.5)]
    [0, 1]
    """
    total = 0.0
    for index in range(len(probabilities)):
        total += probabilities[index]
        if draw < total:
            return index
    return len(probabilities) - 1


def dark_enough(rafts_by_night: bool, raft_min: int, light: int, light_at_landing: int) -> bool:
    """Whether a group puts to water: it is night now and when they land, they raft by day, or there is no water."""
    return not rafts_by_night or raft_min == 0 or (light == NIGHT and light_at_landing == NIGHT)


def rests(lies_up: bool, light: int) -> bool:
    """Whether a group on land stays where it is in a light: those who lie up do so by day."""
    return lies_up and light == DAY
