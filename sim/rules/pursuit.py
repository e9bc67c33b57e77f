"""Pursuit: how men who were sent wait, search, are led to a group, look for a lost one, or follow its tracks."""

from __future__ import annotations

from sim.rules.movement import FLAT_KMH, step_towards
from sim.rules.sensing import DAY, hazard


def is_called_off(ended: bool, inland: bool, minute: int, deadline_min: int) -> bool:
    """Whether men go home: the group's story is over, it has left the grid by road, or their time is up."""
    return ended or inland or minute > deadline_min


def deadline(leave_min: int, limit_min: int) -> int:
    """Last minute of a chase by men who leave at a minute, when no chase may last longer than the limit."""
    return leave_min + limit_min


def is_led(shadowed: bool, common_picture: bool) -> bool:
    """Whether others have the group in sight and can lead men to it."""
    return shadowed and common_picture


def contact_hazard(men: int, per_man_hour: float, day_factor: float, light: int, visible: float) -> int:
    """Hazard of a minute in which men are near a group that they meet it: random search, in proportion to the men.

    Parameters
    ----------
    men:
        Who look for it.
    per_man_hour:
        Rate by night at which one man meets a standard group in the open.
    day_factor:
        How much quicker by day; in twilight men see as by night.
    visible:
        How visible the group is, see `sim.rules.sensing.visibility_as`.

    Examples
    --------
    >>> contact_hazard(8, 0.6, 2.0, DAY, 0.5)  # 4.8 an hour, 0.08 a minute
    343597384
    """
    return hazard(men * per_man_hour * (day_factor if light == DAY else 1.0), visible)


def steps_near(contact_km: float) -> float:
    """Steps in which a group comes as far as men meet it, on level ground off paths; a step is a minute of going.

    >>> round(steps_near(0.5), 2)
    9.93
    """
    return 60.0 * contact_km / FLAT_KMH


def wait_is_over(minute: int, arrive_min: int, wait_min: int) -> bool:
    """Whether men have waited for so long since they arrived."""
    return minute >= arrive_min + wait_min


def search_until(minute: int, search_min: int) -> int:
    """When men stop looking for a group that they lose at a minute, or -1 where they go home at once."""
    return minute + search_min if search_min > 0 else -1


def search_is_over(minute: int, until_min: int) -> bool:
    """Whether men have looked for a lost group for long enough."""
    return minute >= until_min


def step_onward(step: float, pace: float, last: float) -> float:
    """Step of a route after one minute at a pace, up to the last one."""
    return min(step + pace, last)


def search_step(step: float, same_route: bool, parting: float, goal: int, pace: float) -> tuple[float, bool]:
    """One minute of search towards a step of a route: the step then, and whether it is one of that route.

    Parameters
    ----------
    same_route:
        Whether the men are on that route; if not, they go back first to where theirs parts from it.
    parting:
        Last step that both routes share.

    Examples
    --------
    >>> search_step(30.0, False, 20.0, 40, 2.0), search_step(20.0, False, 20.0, 40, 2.0)
    ((28.0, False), (22.0, True))
    """
    if not same_route and step > parting:
        return max(step - pace, parting), False
    return step_towards(step, goal, pace), True
