"""Choice: what a way seems to cost a group, and the logit among crossing points."""

from __future__ import annotations

from collections.abc import Sequence

from sim.rules.randomness import Purpose, pair, uniform


def perceived_cost(minutes: float, aversion_min: float, exposure: float, taste_min: float = 0.0) -> float:
    """Minutes that a way is felt to cost: its time, what danger is worth in minutes, less a liking."""
    return minutes + aversion_min * exposure - taste_min


def detected_by_any(chances: Sequence[float]) -> float:
    """Chance that at least one of several independent observers detects.

    >>> detected_by_any([0.5, 0.5])
    0.75
    """
    missed = 1.0
    for chance in chances:
        missed *= 1.0 - chance
    return 1.0 - missed


def felt_danger(
    behaviour: str, stopped: float, posts: Sequence[float], patrols: Sequence[float], known: Sequence[float]
) -> float:
    """What the danger of a route is felt to be, by how a group behaves.

    Parameters
    ----------
    behaviour:
        As in `infiltrators.behaviour`. The unaware feel none.
    stopped:
        Chance to be stopped at its crossing point that those who learn know of.
    posts, patrols:
        Chance to be detected by each on the route; who answers best knows them all.
    known:
        How well each post is known: as a share by a quantal choice, 1 or 0 by each informed group.

    Examples
    --------
    >>> [felt_danger(b, 0.25, [0.5, 0.5], [], [1.0, 0.5]) for b in ("unaware", "informed", "learning", "best_response")]
    [0.0, 0.75, 0.25, 0.75]
    """
    if behaviour == "learning":
        return stopped
    if behaviour == "best_response":
        return detected_by_any([*posts, *patrols])
    if behaviour == "unaware":
        return 0.0
    return known_danger(known, posts)


def taste_min(behaviour: str, spread_min: float, quantal_min: float) -> float:
    """Minutes by which a Gumbel number counts as a liking for a route; who answers best has none.

    One number for each crossing point makes a logit choice among them (McFadden 1974); as the answer to what the state
    does it is a quantal response (McKelvey and Palfrey 1995).

    >>> [taste_min(behaviour, 30.0, 15.0) for behaviour in ("unaware", "quantal", "best_response")]
    [30.0, 15.0, 0.0]
    """
    if behaviour == "best_response":
        return 0.0
    return quantal_min if behaviour == "quantal" else spread_min


def liked(behaviour: str, crossing: str, way: str) -> str:
    """Name of what a group has a liking for: a crossing point if its choice is quantal, else a way over one."""
    return crossing if behaviour == "quantal" else f"{crossing}/{way}"


def known_danger(known: Sequence[float], posts: Sequence[float]) -> float:
    """Sum of the chances to be detected, each by how well its post is known.

    Added from left to right: Python's own sum differs in the last bit from 3.12 on, and one bit can tip a choice.

    >>> known_danger([1.0, 0.5], [0.25, 0.5])
    0.5
    """
    total = 0.0
    for post in range(len(posts)):
        total += known[post] * posts[post]
    return total


def least(costs: Sequence[float]) -> int:
    """Position of the least cost, the first of equals.

    >>> least([3.0, 1.0, 1.0])
    1
    """
    best = 0
    for position, cost in enumerate(costs):
        if cost < costs[best]:
            best = position
    return best


def is_known_to(run: int, group: int, post: int, awareness: float) -> bool:
    """Whether a group knows of a post; the draw is keyed by both, so that it is the same in every arm."""
    return uniform(run, pair(group, post), Purpose.AWARENESS) < awareness
