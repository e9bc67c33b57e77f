"""What an arm changes, with its uncertainty, from pairs of groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.statistics import (
    PairedTable,
    difference_of_means_interval,
    mcnemar_p,
    newcombe_interval,
    paired_difference,
    risk_ratio,
    risk_ratio_interval,
    variance_reduction,
    wilson,
)
from sim.statistics.clustered import Estimate
from sim.study.pairs import METRICS, Pairs, metric_of

if TYPE_CHECKING:
    import pandas as pd

MECHANISMS = ("own", "cued", "unprompted")
"""How a group was stopped: by the unit that detected it; on a cue of another; by the interior without any cue."""
CAUSES = ("pn", "ps", "pns")

ALONE = (
    "replication", "outcome", "detected", "intercepted", "detected_min", "ended_min", "killed", "captured", "escaped",
    "own_killed", "false_alarms", "dispatches", "patrol_hours", "mechanism", "depth_km", "cost_usd",
)  # fmt: skip
"""Columns that `arm_facts` and `mechanism` rest on."""


def arm_facts(rows: pd.DataFrame) -> dict[str, Any]:
    """One arm by itself: shares with intervals, casualties, depth and warning time."""
    facts: dict[str, Any] = {metric: float(metric_of(rows, metric).mean()) for metric in METRICS}
    stopped = metric_of(rows, "interdiction")
    alone = rows["replication"].is_unique
    for metric in ("interdiction", "neutralised"):
        count = int(metric_of(rows, metric).sum())
        facts[f"{metric}_ci95"] = list(wilson(count, len(rows))) if alone else None
    facts["reached"] = float((rows["outcome"] == "reached").mean())
    for toll in ("killed", "captured", "escaped", "own_killed"):
        facts[f"mean_{toll}"] = float(rows[toll].mean())
    per_run = rows.drop_duplicates("replication")[["false_alarms", "dispatches", "patrol_hours"]]
    facts |= {f"mean_{name}": float(per_run[name].mean()) for name in per_run}
    facts["median_depth_km"] = _median(rows.loc[stopped, "depth_km"])
    known = rows.loc[rows["detected"] & (rows["ended_min"] >= 0), ["ended_min", "detected_min"]]
    facts["median_warning_hours"] = _median((known["ended_min"] - known["detected_min"]) / 60.0)
    facts["cost_usd"] = float(rows["cost_usd"].iloc[0])
    return facts


def _median(values: pd.Series) -> float | None:
    values = values.dropna()
    return float(values.median()) if len(values) else None


def effects(pairs: Pairs) -> dict[str, Any]:
    """The paired difference of every metric, and of casualties, with intervals."""
    shares: dict[str, Any] = {metric: effect(pairs, metric) for metric in METRICS}
    for count in ("killed", "captured", "own_killed"):
        difference = pairs.arm[count].to_numpy(dtype=float) - pairs.base[count].to_numpy(dtype=float)
        shares[count] = listed(difference_of_means_interval(difference, pairs.clusters))
    return shares


def listed(estimate: Estimate) -> dict[str, Any]:
    """A difference and its interval, as the summary holds them."""
    difference, *ends = estimate
    return {"difference": difference, "ci95": ends}


def effect(pairs: Pairs, metric: str) -> dict[str, Any]:
    """The paired difference of one metric: Tango's interval, or a clustered one where groups share a replication.

    Newcombe's interval, the risk ratio and McNemar's test take pairs as independent; they are left out (None) where
    several groups share a replication.
    """
    arm, base = pairs.values(metric)
    table = pairs.table(metric)
    alone = pairs.alone
    return {
        **listed(paired_difference(arm, base, pairs.clusters)),
        "newcombe_ci95": list(newcombe_interval(table)) if alone else None,
        "risk_ratio": risk_ratio(table),
        "risk_ratio_ci95": list(risk_ratio_interval(table)) if alone else None,
        "mcnemar_p": mcnemar_p(table) if alone else None,
        "variance_reduction": variance_reduction(arm, base),
        "pairs": len(arm),
    }


def ledger(pairs: Pairs, metric: str = "interdiction") -> dict[str, int]:
    """How many groups were stopped (or whatever the metric says) in both arms, in one only, in neither."""
    table = pairs.table(metric)
    return {
        "both": table.both,
        "only_with": table.only_with,
        "only_without": table.only_without,
        "neither": table.neither,
    }


def causation(pairs: Pairs, metric: str = "interdiction") -> dict[str, Any]:
    """`probabilities_of_causation` of the pairs; without intervals (None) where several groups share a replication."""
    found = probabilities_of_causation(pairs.table(metric))
    return found if pairs.alone else {**found, **dict.fromkeys((f"{name}_ci95" for name in CAUSES), None)}


def probabilities_of_causation(table: PairedTable) -> dict[str, Any]:
    """Was the change necessary, sufficient, or both, for the outcome?

    With common random numbers both potential outcomes of a unit are seen, so that the probabilities can be counted. The
    counts depend, however, on how the two runs share their random numbers, which no data from the real world could
    settle. The bounds, which need the two margins only, do not.

    Returns
    -------
    dict
        ``pn`` (necessity): of the units that succeed with the change, the share that would have failed without it.
        ``ps`` (sufficiency): of those that fail without the change, the share that would succeed with it. ``pns``
        (both): the share of all units that succeed with the change and fail without it. Each with Wilson's interval
        under the name with ``_ci95``, and with the bounds that the observed margins set (without a sampling error of
        their own) under the name with ``_bounds``. All three are None where the share is of no unit.

    References
    ----------
    Pearl, J. (2009). Causality, 2nd ed., chapter 9; Tian, J. and Pearl, J. (2000). Probabilities of causation:
    bounds and identification. Annals of Mathematics and Artificial Intelligence 28, 287-313.

    Examples
    --------
    >>> found = probabilities_of_causation(PairedTable(both=45, only_with=25, only_without=5, neither=25))
    >>> round(found["pn"], 6), [round(bound, 6) for bound in found["pn_bounds"]]
    (0.357143, [0.285714, 0.714286])
    """
    bounds = causation_bounds(table.p1, table.p0)
    wholes = (table.both + table.only_with, table.only_with + table.neither, table.total)
    found: dict[str, Any] = {}
    for name, whole in zip(CAUSES, wholes, strict=True):
        found[name] = table.only_with / whole if whole else None
        found[f"{name}_ci95"] = list(wilson(table.only_with, whole)) if whole else None
        found[f"{name}_bounds"] = bounds[name] if whole else None
    return found


def causation_bounds(p1: float, p0: float) -> dict[str, list[float] | None]:
    """Bounds on PN, PS and PNS from the shares that succeed with and without the change.

    ``max(0, p1 - p0) <= PNS <= min(p1, 1 - p0)``; PN is PNS over p1, PS is PNS over 1 - p0, None where that is 0.
    """
    low, high = max(0.0, p1 - p0), min(p1, 1 - p0)
    wholes = zip(CAUSES, (p1, 1 - p0, 1.0), strict=True)
    return {name: [low / whole, high / whole] if whole else None for name, whole in wholes}


def mechanism(rows: pd.DataFrame) -> dict[str, float]:
    """Share of all groups that were stopped by each mechanism."""
    of_stopped = rows.loc[metric_of(rows, "interdiction"), "mechanism"]
    return {name: float((of_stopped == name).sum() / len(rows)) for name in MECHANISMS}


def by_sector(pairs: Pairs, sectors: tuple[str, ...]) -> dict[str, Any]:
    """Effect on interdiction among the groups that cross in each sector in the baseline."""
    shares = {}
    for name in sectors:
        some = pairs.where((pairs.base["sector"] == name).to_numpy())
        if len(some.base):
            shares[name] = {"share": len(some.base) / len(pairs.base), **effect(some, "interdiction")}
    return shares
