"""What an arm changes, with its uncertainty, from pairs of groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.statistics import (
    difference_of_means_interval,
    mcnemar_p,
    newcombe_interval,
    paired_difference,
    probabilities_of_causation,
    risk_ratio,
    risk_ratio_interval,
    variance_reduction,
    wilson,
)
from sim.study.pairs import METRICS, Pairs, ascends, metric_of

if TYPE_CHECKING:
    import pandas as pd

MECHANISMS = ("own", "cued", "unprompted")
"""How a group was stopped: by the unit that detected it; on a cue of another; by the interior without any cue."""


ALONE = [
    "replication",
    "outcome",
    "detected",
    "intercepted",
    "detected_min",
    "ended_min",
    "killed",
    "captured",
    "escaped",
    "own_killed",
    "false_alarms",
    "dispatches",
    "patrol_hours",
    "mechanism",
    "depth_km",
    "cost_usd",
]
"""Columns that `arm_facts` and `mechanism` rest on."""


def arm_facts(rows: pd.DataFrame) -> dict[str, Any]:
    """One arm by itself: shares with intervals, casualties, depth and warning time."""
    facts: dict[str, Any] = {metric: float(metric_of(rows, metric).mean()) for metric in METRICS}
    stopped = metric_of(rows, "interdiction")
    alone = ascends(rows["replication"].to_numpy()) or rows["replication"].is_unique
    facts["interdiction_ci95"] = list(wilson(int(stopped.sum()), len(rows))) if alone else None
    facts["reached"] = float((rows["outcome"] == "reached").mean())
    for count in ("killed", "captured", "escaped", "own_killed"):
        facts[f"mean_{count}"] = float(rows[count].mean())
    counted = ["false_alarms", "dispatches", "patrol_hours"]
    per_run = rows[counted] if ascends(rows["replication"].to_numpy()) else rows.groupby("replication")[counted].first()
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
        mean, low, high = difference_of_means_interval(difference, pairs.clusters)
        shares[count] = {"difference": mean, "ci95": [low, high]}
    return shares


def effect(pairs: Pairs, metric: str) -> dict[str, Any]:
    """The paired difference of one metric: Tango's interval, or a clustered one where groups share a replication.

    Newcombe's interval, the risk ratio and McNemar's test take pairs as independent; they are left out (None) where
    several groups share a replication.
    """
    arm, base = pairs.values(metric)
    table = pairs.table(metric)
    difference, low, high = paired_difference(arm, base, pairs.clusters)
    alone = pairs.alone
    return {
        "difference": difference,
        "ci95": [low, high],
        "newcombe_ci95": list(newcombe_interval(table)) if alone else None,
        "risk_ratio": risk_ratio(table),
        "risk_ratio_ci95": list(risk_ratio_interval(table)) if alone else None,
        "mcnemar_p": mcnemar_p(table) if alone else None,
        "variance_reduction": variance_reduction(arm, base),
        "pairs": len(arm),
    }


def ledger(pairs: Pairs) -> dict[str, int]:
    """How many groups were stopped in both arms, in one only, in neither."""
    table = pairs.table()
    return {
        "both": table.both,
        "only_with": table.only_with,
        "only_without": table.only_without,
        "neither": table.neither,
    }


def causation(pairs: Pairs) -> dict[str, Any]:
    """Probability that the change was necessary, sufficient, both; with intervals and the bounds from the margins.

    The intervals take pairs as independent; they are left out (None) where several groups share a replication.
    """
    found = probabilities_of_causation(pairs.table())
    alone = pairs.alone
    shares = {}
    for name in ("pn", "ps", "pns"):
        shares[name] = getattr(found, name)
        shares[f"{name}_ci95"] = _listed(getattr(found, f"{name}_interval")) if alone else None
        shares[f"{name}_bounds"] = _listed(getattr(found, f"{name}_bounds"))
    return shares


def _listed(interval: tuple[float, float] | None) -> list[float] | None:
    return None if interval is None else list(interval)


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
