"""The appraisal of an arm: what one more interdiction costs, and from when on the arm is worth its money."""

from __future__ import annotations

from typing import Any

from sim.scenario.appraisal import Appraisal
from sim.statistics import paired_difference
from sim.study.pairs import Pairs

Ends = tuple[float | None, float | None]
SAME_COST = 0.01
"""Two arms cost the same when their costs differ by no more than this share."""


def appraise(difference: float, ci95: list[float], cost_usd: float, terms: Appraisal) -> dict[str, Any]:
    """Money per additional interdiction, with its interval, and the break-even.

    Parameters
    ----------
    difference, ci95:
        Effect of the arm on interdiction for each group, and its interval.
    cost_usd:
        Of the arm over the baseline, for all years.
    terms:
        Groups in a year, years, and the worth of an interdiction.

    Returns
    -------
    dict
        ``cost_usd``; ``extra_per_year`` and ``extra_per_year_ci95``; ``cost_per_interdiction_usd`` (None where the arm
        stops no more) with ``cost_per_interdiction_ci95``; ``break_even_groups_per_year`` with its interval: so many
        groups must come for the arm to be worth its cost at `value_usd`. ``cost_per_interdiction_usd`` is at the same
        time the worth of an interdiction from which on the arm pays. An upper end of None stands for "without limit":
        the interval of the effect then reaches zero or below. Both ends are None where it lies wholly at or below zero.

    Examples
    --------
    >>> terms = Appraisal(groups_per_year=50, years=10, value_usd=20_000)
    >>> told = appraise(0.1, [0.05, 0.2], 900_000.0, terms)
    >>> told["extra_per_year"], told["cost_per_interdiction_usd"], told["cost_per_interdiction_ci95"]
    (5.0, 18000.0, [9000.0, 36000.0])
    >>> told["break_even_groups_per_year"]
    45.0
    >>> appraise(0.1, [-0.05, 0.2], 900_000.0, terms)["cost_per_interdiction_ci95"]
    [9000.0, None]
    """
    tried = terms.groups_per_year * terms.years
    each = cost_usd / tried
    groups = cost_usd / (terms.years * terms.value_usd) if terms.value_usd > 0 else None
    return {
        "cost_usd": cost_usd,
        "extra_per_year": difference * terms.groups_per_year,
        "extra_per_year_ci95": [end * terms.groups_per_year for end in ci95],
        "cost_per_interdiction_usd": _over(each, difference),
        "cost_per_interdiction_ci95": _over_interval(each, ci95),
        "break_even_groups_per_year": None if groups is None else _over(groups, difference),
        "break_even_groups_ci95": [None, None] if groups is None else _over_interval(groups, ci95),
    }


def against_rivals(main: Pairs, rivals: dict[str, Pairs], costs: dict[str, float], arm: str) -> dict[str, Any]:
    """The main arm beside each rival that costs the same: paired difference in groups stopped, with interval.

    Parameters
    ----------
    main:
        Pairs of the main arm and the baseline.
    rivals:
        Pairs of the other arms and the baseline.
    costs:
        Of all arms, by name.
    arm:
        Name of the main arm.
    """
    told = {}
    for name, pairs in rivals.items():
        if abs(costs[name] - costs[arm]) <= SAME_COST * max(costs[name], costs[arm]):
            mine, other = main.values("interdiction")[0], pairs.values("interdiction")[0]
            difference, low, high = paired_difference(mine, other, main.clusters)
            told[name] = {"difference": difference, "ci95": [low, high]}
    return told


def _over(amount: float, effect: float) -> float | None:
    return amount / effect if effect > 0 else None


def _over_interval(amount: float, ci95: list[float]) -> list[float | None]:
    """The interval of amount / effect: exact, since that falls as the effect rises."""
    low, high = ci95
    return [_over(amount, high), _over(amount, low)]
