"""How far official statistics are from the truth, which a simulation knows.

A group is *known* if it was stopped, detected by a post or patrol (by sight or by its tracks), or met by men, the
interior's included. Known groups that were not stopped are the known got-aways. It is *apprehended* if it was taken or
turned back and somebody is left to try again. Its next attempt is what it does in the next replication.

**Observed effectiveness** is (apprehended + turned back) / (apprehended + turned back + known got-aways), groups. It is
never below the true share of groups stopped: the bias is the observed share times the share of groups that are unknown.

The **repeat-trial estimate** takes the apprehension probability from those who are apprehended again: p = r / (1 - d),
where r of all apprehensions are followed by another of the same group, and d of those apprehended
(`appraisal.deterred_share`) give up. Where groups differ, those that are easier to catch are more among those that are
caught, and the estimate overstates the share that is apprehended. Where all attempts have equal chances it is right, up
to chance.

References
----------
Espenshade, T. J. (1990). Undocumented migration to the United States: evidence from a repeated trials model. In
Undocumented Migration to the United States, Urban Institute Press.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from sim.outcomes import interdicted
from sim.statistics.clustered import Estimate
from sim.statistics.ratio import ClusterSums, summed_products
from sim.study.compare.effects import listed
from sim.study.pairs import Pairs
from sim.theory.repeated_trials import repeated_trials_estimate, repeated_trials_reapprehended_fraction

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

APPREHENDED = ("captured", "turned_back", "admitted")
"""Outcomes after which a group may be sent back to where it came from, and try again."""

STOPPED, KNOWN, UNKNOWN, GROUPS, CAUGHT, RETRIED, AGAIN = range(7)
"""Counts of a replication. RETRIED: of those apprehended, the ones that come again in the next replication; AGAIN: of
these, the ones that are apprehended in it."""

ARM_STOPPED, ARM_KNOWN, BASE_STOPPED, BASE_KNOWN = range(4)
"""Counts of a replication in an arm and in the baseline."""


def known(rows: pd.DataFrame) -> Flags:
    """Whether each row's group is known to the agency."""
    return np.asarray(interdicted(rows) | rows["detected"] | rows["intercepted"], dtype=bool)


def apprehended(rows: pd.DataFrame) -> Flags:
    """Whether each row's group was taken or turned back with anybody left."""
    left = rows["captured"].to_numpy() + rows["escaped"].to_numpy() > 0
    return np.asarray(rows["outcome"].isin(APPREHENDED), dtype=bool) & left


def agency_records(rows: pd.DataFrame) -> tuple[ClusterSums, ClusterSums]:
    """Counts of one arm by replication, summed twice: as if replications were independent, and as neighbours.

    RETRIED and AGAIN say something of a replication and of the next, so that neighbours depend on each other. A sum of
    such counts has the variance of independent ones, and twice the covariance of neighbours.
    """
    replication, seen, caught = rows["replication"].to_numpy(), known(rows), apprehended(rows)
    attempts = next_attempts(replication, pd.factorize(rows["group"])[0], caught)
    flags = (interdicted(rows), seen, ~seen, np.ones(len(rows), dtype=bool), caught, *attempts)
    numbers, counts = by_replication(replication, flags)
    sums = ClusterSums.of(counts, alone=bool(counts[:, GROUPS].max(initial=0) <= 1))
    first = np.flatnonzero(np.diff(numbers) == 1)
    neighbours = summed_products(counts[first], counts[first + 1])
    return sums, replace(sums, products=sums.products + neighbours + neighbours.T)


def next_attempts(number: Ints, who: Ints, caught: Flags) -> tuple[Flags, Flags]:
    """For each row: whether its group was apprehended and comes again in the next replication; is apprehended again.

    Parameters
    ----------
    number, who, caught:
        Replication, the group's number and whether it was apprehended.

    Examples
    --------
    >>> number, caught = np.array([0, 1, 2, 4]), np.array([True, True, False, True])
    >>> [flags.tolist() for flags in next_attempts(number, np.zeros(4, dtype=int), caught)]
    [[True, True, False, False], [True, False, False, False]]
    """
    groups = int(who.max(initial=0)) + 1
    key = number * groups + who
    retried = caught & np.isin(key + groups, key)
    return retried, retried & np.isin(key + groups, key[caught])


def by_replication(replication: Ints, flags: Sequence[ArrayLike]) -> tuple[Ints, Ints]:
    """Numbers of the replications, ascending, and how many rows of each have each flag, shape (replications, flags)."""
    numbers, index = np.unique(replication, return_inverse=True)
    counts = [np.bincount(index, weights=flag, minlength=len(numbers)).astype(np.int32) for flag in flags]
    return numbers, np.column_stack(counts)


def against_baseline(pairs: Pairs) -> ClusterSums:
    """Groups stopped and known in an arm and in the baseline, by replication."""
    flags = [flag for side in (pairs.arm, pairs.base) for flag in (interdicted(side), known(side))]
    _, counts = by_replication(pairs.clusters, flags)
    return ClusterSums.of(counts, alone=pairs.alone)


OBSERVED, TRUE, UNSEEN = (STOPPED, KNOWN), (STOPPED, GROUPS), (UNKNOWN, GROUPS)
CAUGHT_SHARE, AGAIN_SHARE = (CAUGHT, GROUPS), (AGAIN, RETRIED)


def official(rows: pd.DataFrame, deterred_share: float) -> dict[str, Any]:
    """One arm's official figures and the truth.

    Parameters
    ----------
    rows:
        Of the arm: replication, group, outcome, detected, intercepted, captured and escaped are read.
    deterred_share:
        Of those apprehended, the share that is taken to give up.

    Returns
    -------
    dict
        ``stopped``, ``known_got_aways`` and ``unknown`` (groups); ``observed``, ``true`` and ``bias``, each with an
        interval under the name with ``_ci95``; ``repeat_trial`` as `repeat_trial` gives it. NaN where nothing was
        observed.
    """
    sums, chained = agency_records(rows)
    stopped, known, unknown = (int(sums.totals[count]) for count in (STOPPED, KNOWN, UNKNOWN))
    return {
        "stopped": stopped,
        "known_got_aways": known - stopped,
        "unknown": unknown,
        **_estimate("observed", sums.ratio(OBSERVED)),
        **_estimate("true", sums.ratio(TRUE)),
        **_estimate("bias", sums.product(OBSERVED, UNSEEN)),
        "repeat_trial": repeat_trial(chained, deterred_share),
    }


def repeat_trial(chained: ClusterSums, deterred_share: float) -> dict[str, Any]:
    """The repeat-trial estimate and the share of groups that is apprehended.

    Returns
    -------
    dict
        ``apprehended``, ``estimate`` and ``bias`` with intervals; ``retried`` and ``again`` (groups);
        ``reapprehended``, the r that the records show: also the estimate of whoever takes nobody to give up.
    """
    share, *ends = chained.ratio(AGAIN_SHARE)
    shown = math.nan
    if not math.isnan(share):
        shown = float(repeated_trials_reapprehended_fraction(share, deterred_share))
        share = float(repeated_trials_estimate(shown, deterred_share))
    return {
        **_estimate("apprehended", chained.ratio(CAUGHT_SHARE)),
        "retried": int(chained.totals[RETRIED]),
        "again": int(chained.totals[AGAIN]),
        "reapprehended": shown,
        **_estimate("estimate", (share, ends[0], ends[1])),
        **_estimate("bias", chained.difference(AGAIN_SHARE, CAUGHT_SHARE)),
    }


def effect_by_either(pairs: Pairs, true_effect: dict[str, Any]) -> dict[str, Any]:
    """An arm's effect on observed effectiveness and its true one, and whether the two differ in sign.

    Parameters
    ----------
    true_effect:
        On groups stopped, as `sim.study.compare.effects.effect` gives it.
    """
    observed = listed(against_baseline(pairs).difference((ARM_STOPPED, ARM_KNOWN), (BASE_STOPPED, BASE_KNOWN)))
    return {
        "observed": observed,
        "true": {name: true_effect[name] for name in observed},
        "opposed": observed["difference"] * true_effect["difference"] < 0,
    }


def _estimate(name: str, found: Estimate) -> dict[str, Any]:
    value, low, high = found
    return {name: value, f"{name}_ci95": [low, high]}
