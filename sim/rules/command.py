"""Command: how long a report takes, what it makes command believe, who hears of it, and how many men are sent."""

from __future__ import annotations

from collections.abc import Sequence

from sim.rules.movement import FLAT_KMH, is_within
from sim.rules.randomness import MOST_STAGES, Purpose, minus_log, pair, uniform


def report_delay(run: int, who: int, heard: int, mean_min: float, stages: int) -> int:
    """Minutes that a report takes: a sum of exponential stages with the mean given (Erlang), rounded.

    Parameters
    ----------
    run, who, heard:
        Key of the run, the pair of observer and group, and how many of their reports were heard before.
    mean_min:
        Mean of the whole delay.
    stages:
        0 for a fixed delay, 1 for an exponential one; the variance is mean^2 / stages.
    """
    if stages == 0:
        return int(mean_min)
    total = 0.0
    for stage in range(stages):
        total += minus_log(uniform(run, who, Purpose.REPORT_DELAY, heard * MOST_STAGES + stage))
    return int(mean_min * total / stages + 0.5)


def check_minutes(check_is_due: bool, check_min: int) -> int:
    """Minutes by which the check for false alarms puts off whatever follows an alarm."""
    return check_min if check_is_due else 0


def check_left(check_min: int, since_min: int) -> int:
    """Minutes that are left of a check which began so many minutes ago."""
    return max(0, check_min - since_min)


def place_reported(step: int, minute: int, landing_step: int) -> tuple[int, int]:
    """Step and minute that a report gives: of the sighting; of the landing, where the group is on the water.

    Nobody is sent to a place on the water. There a step takes a minute.

    >>> place_reported(105, 60, 120), place_reported(130, 60, 120)
    ((120, 75), (130, 60))
    """
    ahead = max(0, landing_step - step)
    return step + ahead, minute + ahead


def is_recognised(run: int, who: int, number: int, checked: bool, catches: float) -> bool:
    """Whether the check distinguishes the number-th false alarm of a post from a true one."""
    return checked and uniform(run, who, Purpose.FALSE_ALARM_CHECK, number) < catches


def wrong_guess(draw: float, chance: float, others: int) -> int:
    """Which of so many other routes is taken for the true one, or -1 where the guess is right.

    Parameters
    ----------
    draw:
        Uniform number in (0, 1).
    chance:
        Of a right guess, where there is anything to guess.

    Examples
    --------
    >>> [wrong_guess(u, 0.5, 2) for u in (0.2, 0.6, 0.9)], wrong_guess(0.9, 0.5, 0)
    ([-1, 0, 1], -1)
    """
    if others == 0 or draw < chance:
        return -1
    return int((draw - chance) / (1.0 - chance) * others)


def believed_route(
    run: int, observer: int, group: int, chance: float, forks: Sequence[int], own: int, step: int
) -> int:
    """Which of the routes over its crossing point a group is believed to be on, by an observer who saw it at a step.

    The candidates are the routes that are the same up to that step. One draw for an observer and a group decides:
    what they believe changes only when the routes part.

    Parameters
    ----------
    run, observer, group:
        Key of the run, and the two entities.
    chance:
        Of a right guess.
    forks:
        Last step that the group's route shares with each of the routes, shape (routes,).
    own:
        Position of the group's route among them.
    """
    others = 0
    for position in range(len(forks)):
        others += position != own and forks[position] >= step
    if others == 0:
        return own
    guess = wrong_guess(uniform(run, pair(observer, group), Purpose.ROUTE_GUESS), chance, others)
    for position in range(len(forks)):
        if position != own and forks[position] >= step:
            if guess == 0:
                return position
            guess -= 1
    return own


def hears_of(
    cues_units: bool,
    is_force: bool,
    is_observer: bool,
    cue_interior: bool,
    east_km: float,
    north_km: float,
    sharing_km: float,
) -> bool:
    """Whether a unit hears of an observer's report: a neighbour within the sharing radius, or the reaction force.

    No unit hears of the reports of a post that cues the interior alone.

    >>> [hears_of(True, False, False, False, 3.0, 4.0, radius) for radius in (5.0, 4.9)]
    [True, False]
    """
    if not cues_units:
        return False
    if is_force:
        return cue_interior
    return not is_observer and sharing_km > 0.0 and is_within(east_km, north_km, sharing_km)


def is_known(common_picture: bool, same_observer: bool) -> bool:
    """Whether command knows of men already sent: without a common picture only those sent on the same one's reports."""
    return common_picture or same_observer


def passing_hazard(per_man_hour: float, contact_km: float, pace: float) -> float:
    """What one man adds to the hazard to meet a group that comes and goes past him by night in the open.

    >>> round(passing_hazard(0.108, 0.5, 0.6), 5)
    0.05956
    """
    return per_man_hour * 2.0 * contact_km / (pace * FLAT_KMH)


def are_enough(men: int, wanted: float, passing: float) -> bool:
    """Whether of so many men, whoever they are, as many as are wanted can be expected to meet the group.

    All of them do with 1 - exp(-men * passing), by random search; it is solved for the hazard, since logarithms are
    the same on every machine.
    """
    return wanted <= 0.0 or (men > wanted and men * passing >= minus_log(1.0 - wanted / men))


def men_to_send(men: int, under_way: int, wanted: float, passing: float) -> int:
    """How few of a unit's men are enough with those under way; all of them where they are not."""
    fewest, most = 0, men
    while fewest < most:
        middle = (fewest + most) // 2
        if are_enough(under_way + middle, wanted, passing):
            most = middle
        else:
            fewest = middle + 1
    return fewest


def alert_span(minute: int, delay_min: int, alert_min: float) -> tuple[int, float]:
    """First minute of an alert of the interior that is raised at a minute, and its end."""
    start = minute + delay_min
    return start, start + alert_min


def is_prolonged(minute: int, start_min: int, end_min: float) -> bool:
    """Whether another report about the same group prolongs an alert: one that lasts at all, and is not over."""
    return start_min < end_min and minute < end_min


def is_on_alert(minute: int, start_min: int, end_min: float) -> bool:
    """Whether a minute lies in an alert: its first one does, its end does not."""
    return start_min <= minute < end_min
