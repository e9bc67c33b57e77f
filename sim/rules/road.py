"""The road inland: when a group passes its checkpoints and reaches the target."""

from __future__ import annotations

from sim.rules.randomness import Purpose, uniform


def road_end(start_min: int, crossed_min: int, total_hours: float, road_hours: float) -> int:
    """Minute at the target: so many hours after the crossing, but no fewer than `road_hours` on the road."""
    return max(crossed_min + int(60 * total_hours), start_min + int(60 * road_hours))


def checkpoint_minute(start_min: int, end_min: int, number: int, checkpoints: int) -> int:
    """Minute at the number-th of the checkpoints (from 1), which lie evenly along the road."""
    return start_min + (end_min - start_min) * number // (checkpoints + 1)


def road_share(minute: int, start_min: int, end_min: int) -> float:
    """Share of the road that lies behind at a minute."""
    whole = end_min - start_min
    return min(1.0, (minute - start_min) / whole) if whole > 0 else 1.0


def depth_on_road(border_km: float, share: float, length_km: float) -> float:
    """Depth at which a group is met on the road, behind the point where it begins (km); takes arrays too."""
    return border_km + share * length_km


def team_share(on_alert: bool, sought: int, teams: int) -> float:
    """Share of one team's effort that a group on the road gets: none without an alert about it.

    Parameters
    ----------
    sought:
        Groups on the road with an alert about them. Each gets at most one team; where teams are fewer, equal parts.

    Examples
    --------
    >>> [team_share(True, sought, 2) for sought in (1, 2, 8)], team_share(False, 1, 2)
    ([1.0, 1.0, 0.25], 0.0)
    """
    return min(1.0, teams / max(sought, 1)) if on_alert else 0.0


def stops_at_checkpoint(
    run: int, who: int, number: int, share: float, stop_probability: float, alerted_probability: float
) -> bool:
    """Whether a group that gets such a share of a team is stopped at its number-th checkpoint (from 1)."""
    chance = stop_probability + share * (alerted_probability - stop_probability)
    return uniform(run, who, Purpose.CHECKPOINT, number) < chance


def search_hazard(share: float, quiet: int, on_alert: int) -> int:
    """Hazard of a minute of the search for a group that gets such a share of a team, in units of 2^-32."""
    return quiet + int(share * (on_alert - quiet))
