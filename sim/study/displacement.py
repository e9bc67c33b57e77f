"""Displacement: where groups cross instead, what that adds to the load of others, and what is left of the effect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import wasserstein_distance

from sim.statistics import paired_difference
from sim.study.adaptation import with_ways_kept
from sim.study.effects import effect
from sim.study.pairs import Pairs

RESAMPLES = 1000
RESAMPLING_SEED = 20_191_103
"""Fixed, so that the same rows always give the same interval."""

NO_INTERVAL = [None, None]


def displacement(
    pairs: Pairs,
    along_km: Mapping[str, float],
    sectors: Mapping[str, float | None],
    arm_along_km: Mapping[str, float] | None = None,
) -> dict[str, Any]:
    """How the crossing points moved between the baseline and an arm.

    Parameters
    ----------
    along_km:
        Distance along the border of each crossing point, by name.
    sectors:
        Names of the stretches whose load is told, with the kilometres to the arm's new post (None without one).
    arm_along_km:
        As `along_km`, for an arm whose crossing points lie elsewhere.

    Returns
    -------
    dict
        ``moved`` (share of groups that cross elsewhere), ``mean_shift_km`` (downstream positive), ``earth_mover_km``
        with its interval, ``crossings`` (share of groups by crossing point, before and after), ``load`` (the same by
        sector, with the paired difference and the distance of the new post), ``gained_most`` (the sector whose load
        grew most; None if none grew).
    """
    places = along_km if arm_along_km is None else arm_along_km
    base = np.array([along_km[name] for name in pairs.base["crossing"]])
    arm = np.array([places[name] for name in pairs.arm["crossing"]])
    load = {name: {**_load(pairs, name), "post_km": gap} for name, gap in sectors.items()}
    grown = {name: told["difference"] for name, told in load.items() if (told["difference"] or 0.0) > 0}
    return {
        "moved": float((arm != base).mean()),
        "mean_shift_km": float((arm - base).mean()),
        "earth_mover_km": float(wasserstein_distance(arm, base)),
        "earth_mover_ci95": earth_mover_interval(arm, base, pairs.clusters),
        "crossings": _distribution(pairs, along_km, places),
        "load": load,
        "gained_most": max(grown, key=lambda name: grown[name]) if grown else None,
    }


def earth_mover_interval(
    arm_km: NDArray[np.float64], base_km: NDArray[np.float64], clusters: NDArray[np.int64]
) -> list[float] | list[None]:
    """95 % percentile interval of the earth mover's distance, by resampling whole replications.

    The distance cannot be negative: where nothing moves in truth the interval lies a little above zero, and a lower
    limit near zero is no proof of displacement. Pairs stay together, so that groups that do not move add nothing.
    """
    runs, index = np.unique(clusters, return_inverse=True)
    if len(runs) < 2:
        return NO_INTERVAL
    places = np.unique(np.concatenate([arm_km, base_km]))
    change = np.zeros((len(runs), len(places)))
    np.add.at(change, (index, np.searchsorted(places, arm_km)), 1.0)
    np.add.at(change, (index, np.searchsorted(places, base_km)), -1.0)
    groups = np.bincount(index).astype(float)
    drawn = np.random.default_rng(RESAMPLING_SEED).multinomial(
        len(runs), np.full(len(runs), 1.0 / len(runs)), size=RESAMPLES
    )
    gaps = np.abs(np.cumsum(drawn @ change, axis=1)[:, :-1]) @ np.diff(places) / (drawn @ groups)
    return [float(end) for end in np.quantile(gaps, [0.025, 0.975])]


def _distribution(
    pairs: Pairs, base_km: Mapping[str, float], arm_km: Mapping[str, float]
) -> dict[str, dict[str, float]]:
    """Share of groups at each crossing point in the baseline and in the arm, downstream.

    A point of the arm that lies elsewhere than the baseline's of the same name is called ``NAME of the arm``.
    """
    called = {name: name if base_km.get(name) == km else f"{name} of the arm" for name, km in arm_km.items()}
    where = {called[name]: km for name, km in arm_km.items()} | dict(base_km)
    names = sorted(where, key=lambda name: where[name])
    sides = (pairs.base["crossing"], pairs.arm["crossing"].map(called))
    shares = [side.value_counts(normalize=True) for side in sides]
    return {
        name: {"baseline": float(shares[0].get(name, 0.0)), "arm": float(shares[1].get(name, 0.0))} for name in names
    }


def _load(pairs: Pairs, sector: str) -> dict[str, Any]:
    """Share of groups that cross in a sector, before and after, with the paired difference."""
    arm, base = ((side["sector"] == sector).to_numpy() for side in (pairs.arm, pairs.base))
    difference, low, high = paired_difference(arm, base, pairs.clusters)
    return {
        "baseline": float(base.mean()),
        "arm": float(arm.mean()),
        "difference": difference,
        "ci95": [low, high],
    }


def adaptation(pairs: Pairs, unmoved: pd.DataFrame | None) -> dict[str, Any]:
    """The effect on groups that answer (net) beside that on groups that keep their ways (naive), on interdiction.

    Parameters
    ----------
    unmoved:
        Rows of the replications that were played again with the ways of the baseline; None where nobody can move, and
        then both effects are the same.

    Returns
    -------
    dict
        ``net``, ``naive`` and ``adaptation`` (net minus naive), each with ``difference`` and ``ci95``; ``replayed``,
        the number of replications in which somebody would choose otherwise.
    """
    kept = pairs.arm if unmoved is None else with_ways_kept(pairs.arm, unmoved)
    against_base, against_arm = Pairs(kept, pairs.base), Pairs(pairs.arm, kept)
    told = {
        "net": _told(pairs),
        "naive": _told(against_base),
        "adaptation": _told(against_arm),
    }
    arm = pairs.arm["arm"].iloc[0] if len(pairs.arm) else ""
    again = 0 if unmoved is None else int(unmoved.loc[unmoved["arm"] == arm, "replication"].nunique())
    return {**told, "replayed": again}


def _told(pairs: Pairs) -> dict[str, Any]:
    one = effect(pairs, "interdiction")
    return {"difference": one["difference"], "ci95": one["ci95"]}
