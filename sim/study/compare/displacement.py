"""Displacement: where groups cross instead, what that adds to the load of others, and what is left of the effect."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.outcomes import interdicted
from sim.scenario.post import Post
from sim.statistics import paired_difference
from sim.study.compare.effects import listed
from sim.study.pairs import Pairs
from sim.world import World


def along_km(world: World) -> dict[str, float]:
    """Kilometres along the border from its upstream end, of each crossing point by name."""
    return {crossing.name: crossing.along_km for crossing in world.crossings}


def new_posts(world: World, baseline: World) -> tuple[Post, ...]:
    """Posts that stand in an arm and, by name and place, not in the baseline."""
    old = {(post.name, post.x_km, post.y_km) for post in baseline.scenario.all_posts}
    return tuple(post for post in world.scenario.all_posts if (post.name, post.x_km, post.y_km) not in old)


def sector_distances_km(world: World, baseline: World) -> dict[str, float | None]:
    """How far each sector lies from the arm's new post, in a straight line to its nearest crossing point.

    Returns
    -------
    dict
        Kilometres by the sector's name, those to the nearest of several new posts; None where the arm has no new
        post, or the sector no crossing point.
    """
    posts = new_posts(world, baseline)
    found: dict[str, float | None] = {}
    for sector in baseline.scenario.sectors:
        points = [one for one in world.crossings if sector.west_km <= one.x_km < sector.east_km]
        gaps = [math.hypot(one.x_km - post.x_km, one.y_km - post.y_km) for one in points for post in posts]
        found[sector.name] = min(gaps, default=None)
    return found


RESAMPLES = 1000
RESAMPLING_SEED = 20_191_103
"""Fixed, so that the same rows always give the same interval."""

EACH_DRAWN = 20_000
"""Replications up to which each is drawn by itself when they are resampled."""
_DRAWN_AT_ONCE = 2_000_000

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def displacement(
    pairs: Pairs,
    base_km: Mapping[str, float],
    arm_km: Mapping[str, float],
    sectors: Mapping[str, float | None],
) -> dict[str, Any]:
    """Where groups cross in an arm instead of where they cross in the baseline.

    Parameters
    ----------
    base_km, arm_km:
        Distance along the border of each crossing point of the baseline and of the arm, by name.
    sectors:
        Names of the stretches whose load is reported, with the kilometres to the arm's new post (None without one).

    Returns
    -------
    dict
        ``moved`` (share of groups that cross elsewhere), ``mean_shift_km`` (downstream positive), ``earth_mover_km``
        with its interval, ``crossings`` (share of groups by crossing point, before and after), ``load`` (the same by
        sector, with the paired difference and the distance of the new post), ``gained_most`` (the sector whose load
        grew most; None if none grew).
    """
    base, arm = _along(pairs.base["crossing"], base_km), _along(pairs.arm["crossing"], arm_km)
    load = {name: {**_load(pairs, name), "post_km": gap} for name, gap in sectors.items()}
    grown = {name: found["difference"] for name, found in load.items() if (found["difference"] or 0.0) > 0}
    return {
        "moved": float((arm != base).mean()),
        "mean_shift_km": float((arm - base).mean()),
        "earth_mover_km": _earth_mover_km(arm, base),
        "earth_mover_ci95": earth_mover_interval(arm, base, pairs.clusters),
        "crossings": _distribution(pairs, base_km, arm_km),
        "load": load,
        "gained_most": max(grown, key=lambda name: grown[name]) if grown else None,
    }


def earth_mover_interval(arm_km: Floats, base_km: Floats, clusters: Ints) -> list[float] | list[None]:
    """95 % percentile interval of the earth mover's distance, by resampling whole replications.

    The distance cannot be negative: where nobody is displaced the interval lies a little above zero, and a lower limit
    near zero is no proof of displacement. Pairs stay together, so that groups that are not displaced add nothing.

    Up to `EACH_DRAWN` replications, each is drawn by itself. Of more, those that change alike are drawn together: how
    often each kind comes has the same law, and takes no memory that grows with the number.
    """
    runs, index = np.unique(clusters, return_inverse=True)
    if len(runs) < 2:
        return [None, None]
    places = np.unique(np.concatenate([arm_km, base_km]))
    sides = np.searchsorted(places, arm_km), np.searchsorted(places, base_km)
    if len(runs) > EACH_DRAWN:
        change, groups, alike = _kinds_of_change(index, *sides, len(places))
    else:
        change, groups = _changes(index, *sides, len(places)), np.bincount(index)
        alike = np.ones(len(runs), dtype=np.int64)
    changes, sizes = _resampled(change.astype(float), groups.astype(float), alike)
    gaps = np.abs(np.cumsum(changes, axis=1)[:, :-1]) @ np.diff(places) / sizes
    return [float(end) for end in np.quantile(gaps, [0.025, 0.975])]


def _changes(index: Ints, arm: Ints, base: Ints, places: int) -> Ints:
    """How many groups more cross at each place in the arm, by replication; shape (replications, places)."""
    change = np.zeros((index.max(initial=-1) + 1, places), dtype=np.int32)
    np.add.at(change, (index, arm), 1)
    np.add.at(change, (index, base), -1)
    return change


def _kinds_of_change(index: Ints, arm: Ints, base: Ints, places: int) -> tuple[Ints, Ints, Ints]:
    """The different changes, the number of groups in each, and how many replications have it."""
    groups, elsewhere = np.bincount(index), arm != base
    changed = np.bincount(index, weights=elsewhere) > 0
    # Replications that change get numbers of their own.
    some, number = changed[index], np.cumsum(changed) - 1
    change = _changes(number[index[some]], arm[some], base[some], places)
    kinds, alike = np.unique(np.column_stack([change, groups[changed]]), axis=0, return_counts=True)
    sizes, unchanged_alike = np.unique(groups[~changed], return_counts=True)
    unchanged = np.column_stack([np.zeros((len(sizes), places), dtype=np.int64), sizes])
    together = np.concatenate([kinds, unchanged])
    return together[:, :-1], together[:, -1], np.concatenate([alike, unchanged_alike])


def _resampled(change: Floats, groups: Floats, alike: Ints) -> tuple[Floats, Floats]:
    """Sums of changes and of groups in each resample; some resamples at a time, in the order of the stream."""
    draws, total = np.random.default_rng(RESAMPLING_SEED), int(alike.sum())
    at_once = max(1, _DRAWN_AT_ONCE // len(alike))
    changes, sizes = [], []
    for first in range(0, RESAMPLES, at_once):
        drawn = draws.multinomial(total, alike / total, size=min(at_once, RESAMPLES - first))
        changes.append(drawn @ change)
        sizes.append(drawn @ groups)
    return np.concatenate(changes), np.concatenate(sizes)


def _along(crossings: pd.Series, along_km: Mapping[str, float]) -> Floats:
    """Kilometres along the border of each row's crossing point."""
    codes, names = pd.factorize(crossings)
    return np.array([along_km[name] for name in names], dtype=float)[codes]


def _earth_mover_km(arm_km: Floats, base_km: Floats) -> float:
    from scipy.stats import wasserstein_distance  # half a second to load, wanted after the runs

    if len(arm_km) <= EACH_DRAWN:
        return float(wasserstein_distance(arm_km, base_km))
    # The same distance between weighed places: no sorting of all groups.
    (arm, arm_count), (base, base_count) = (np.unique(side, return_counts=True) for side in (arm_km, base_km))
    return float(wasserstein_distance(arm, base, arm_count, base_count))


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
    return {
        "baseline": float(base.mean()),
        "arm": float(arm.mean()),
        **listed(paired_difference(arm, base, pairs.clusters)),
    }


def adaptation(pairs: Pairs, fixed: pd.DataFrame | None) -> dict[str, Any]:
    """Effect on interdiction with routes chosen anew (net) and with the routes of the baseline (naive).

    Parameters
    ----------
    fixed:
        Rows of the replications that were run again with the routes of the baseline; None where no route can change:
        both effects are the same then.

    Returns
    -------
    dict
        ``net``, ``naive`` and ``adaptation`` (net minus naive), each with ``difference`` and ``ci95``; ``replayed``,
        the number of replications in which somebody would choose otherwise.
    """
    (stopped, base), clusters = pairs.values("interdiction"), pairs.clusters
    again = pairs.arm[:0] if fixed is None else fixed[fixed["arm"].isin(pairs.arm["arm"].unique())]
    naive = with_fixed_routes(stopped, pairs, again)
    sides = {"net": (stopped, base), "naive": (naive, base), "adaptation": (stopped, naive)}
    found = {name: listed(paired_difference(*both, clusters)) for name, both in sides.items()}
    return {**found, "replayed": int(again["replication"].nunique())}


def with_fixed_routes(stopped: Flags, pairs: Pairs, again: pd.DataFrame) -> Flags:
    """Who is stopped in an arm, with the outcomes of those replications that were run again in place of their own."""
    where = np.isin(pairs.clusters, again["replication"])
    key = ["replication", "group"]
    mine, again = pairs.arm.loc[where, key].astype({"group": "str"}), again.astype({"group": "str", "outcome": "str"})
    found = stopped.copy()
    found[where] = interdicted(mine.merge(again[[*key, "outcome"]], on=key, how="left", validate="1:1"))
    return found
