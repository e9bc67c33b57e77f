"""The appraisal of an arm: what one more interdiction costs, and from when on the arm is worth its money."""

from __future__ import annotations

import math
from typing import Any

from sim.scenario.costs import Appraisal
from sim.statistics import paired_difference
from sim.study.compare.effects import listed
from sim.study.pairs import Pairs


def appraise(difference: float, ci95: list[float], cost_usd: float, terms: Appraisal) -> dict[str, Any]:
    """Money per additional interdiction, with its interval, and the break-even.

    Parameters
    ----------
    difference, ci95:
        Effect of the arm on interdiction for each group, and its interval.
    cost_usd:
        Of the arm over the baseline, for all years.
    terms:
        Groups in a year, discounted years, and the worth of an interdiction.

    Returns
    -------
    dict
        The keys of ``appraisal.ARM`` that docs/OUTCOMES.md explains. ``verdict`` says how to read an interval of costs:
        ``priced`` (the effect lies wholly above zero, both ends are known), ``open`` (the interval of the effect holds
        zero: an upper end of None stands for "without limit"), ``dominated`` (costs money and stops no more for
        certain: no price), ``saves`` (costs no more than the baseline: no price) or ``unknown`` (no interval of the
        effect: none of the costs).

    Examples
    --------
    >>> terms = Appraisal(groups_per_year=50, years=10, discount_rate=0, value_usd=20_000)
    >>> found = appraise(0.1, [0.05, 0.2], 900_000.0, terms)
    >>> found["extra_per_year"], found["cost_per_interdiction_usd"], found["cost_per_interdiction_ci95"]
    (5.0, 18000.0, [9000.0, 36000.0])
    >>> found["break_even_groups_per_year"]
    45.0
    >>> appraise(0.1, [-0.05, 0.2], 900_000.0, terms)["cost_per_interdiction_ci95"]
    [9000.0, None]
    >>> found["verdict"], found["extra_per_million_usd"]
    ('priced', 55.55555555555556)
    """
    tried = terms.groups_per_year * terms.discounted_years
    each = cost_usd / tried if cost_usd > 0 else None
    groups = cost_usd / (terms.discounted_years * terms.value_usd) if cost_usd > 0 and terms.value_usd > 0 else None
    rate = 1e6 * tried / cost_usd if cost_usd > 0 else None
    price = _over(each, difference)
    return {
        "verdict": _verdict(ci95, cost_usd),
        "cost_usd": cost_usd,
        "extra_per_year": difference * terms.groups_per_year,
        "extra_per_year_ci95": [end * terms.groups_per_year for end in ci95],
        "cost_per_interdiction_usd": price,
        "cost_per_interdiction_ci95": _over_interval(each, ci95),
        "break_even_groups_per_year": _over(groups, difference),
        "break_even_groups_ci95": _over_interval(groups, ci95),
        "break_even_value_usd": price,
        "extra_per_million_usd": None if rate is None else difference * rate,
        "extra_per_million_ci95": [None, None] if rate is None else [end * rate for end in ci95],
    }


def _verdict(ci95: list[float], cost_usd: float) -> str:
    low, high = ci95
    if cost_usd <= 0:
        return "saves"
    if math.isnan(low) or math.isnan(high):
        return "unknown"
    return "priced" if low > 0 else "open" if high > 0 else "dominated"


def most_per_dollar(appraisals: dict[str, dict[str, Any]]) -> dict[str, int | None]:
    """Rank of each arm by groups stopped for a dollar, 1 for the most; equal ones share a rank, None has no price.

    >>> most_per_dollar({"a": {"extra_per_million_usd": 2.0}, "b": {"extra_per_million_usd": 5.0}})
    {'a': 2, 'b': 1}
    """
    rates = {arm: found["extra_per_million_usd"] for arm, found in appraisals.items()}
    known = [rate for rate in rates.values() if rate is not None]
    return {arm: None if rate is None else 1 + sum(rate < other for other in known) for arm, rate in rates.items()}


def against_rivals(main: Pairs, rivals: dict[str, Pairs], costs: dict[str, float], arm: str) -> dict[str, Any]:
    """The main arm against each rival that costs the same: paired difference in groups stopped, with interval.

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
    found = {}
    for name, pairs in rivals.items():
        if same_cost(costs[name], costs[arm]):
            mine, other = main.values("interdiction")[0], pairs.values("interdiction")[0]
            found[name] = listed(paired_difference(mine, other, main.clusters))
    return found


def same_cost(first_usd: float, second_usd: float) -> bool:
    """Whether two arms count as equally dear: they differ by no more than 1 % of the dearer one."""
    return abs(first_usd - second_usd) <= 0.01 * max(first_usd, second_usd)


def _over(amount: float | None, effect: float) -> float | None:
    return amount / effect if amount is not None and effect > 0 else None


def _over_interval(amount: float | None, ci95: list[float]) -> list[float | None]:
    """The interval of amount / effect: exact, since that falls as the effect rises."""
    low, high = ci95
    return [_over(amount, high), _over(amount, low)]
