"""How far official statistics are from the truth, which a simulation knows.

**Observed effectiveness** is (apprehended + turned back) / (apprehended + turned back + known got-aways), groups. All
that are stopped count in it, as all of them are known; those that nobody knew of do not. So it is never below the true
share of groups stopped: the bias is the observed share times the share of groups that are unknown.

The **repeat-trial estimate** takes the apprehension probability from those who are apprehended again: p = r / (1 - d),
where r of all apprehensions are followed by another of the same group, and d of those apprehended give up. A group's
next attempt is what it does in the next replication; of those apprehended the share `appraisal.deterred_share` is taken
to give up. Where groups differ, those that are easier to catch are more among those that are caught, and the estimate
overstates the share that is apprehended. Attempts of one and the same group are lives of their own with equal chances:
there it is right, up to chance.

A group is *known* if it was stopped, detected by a post or patrol (by sight or by its tracks), or met by men, the
interior's included. Known groups that were not stopped are the known got-aways. It is *apprehended* if it was taken or
turned back and somebody is left to try again. Its next attempt is what it does in the next replication.

References
----------
Espenshade, T. J. (1990). Undocumented migration to the United States: evidence from a repeated trials model. In
Undocumented Migration to the United States, Urban Institute Press.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.outcomes import interdicted
from sim.statistics.clustered import Estimate
from sim.statistics.ratio import ClusterSums, summed_products
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

PIECE_ROWS = 100_000
"""So many rows are counted at a time."""


def known(rows: pd.DataFrame) -> Flags:
    """Whether each row's group is known to the agency."""
    return np.asarray(interdicted(rows) | rows["detected"] | rows["intercepted"], dtype=bool)


def apprehended(rows: pd.DataFrame) -> Flags:
    """Whether each row's group was taken or turned back with anybody left."""
    left = rows["captured"].to_numpy() + rows["escaped"].to_numpy() > 0
    return np.asarray(rows["outcome"].isin(APPREHENDED), dtype=bool) & left


class Records:
    """Counts of one arm, from rows that come part by part; what is kept does not grow with them.

    All rows of a replication must come in one part, and later replications after earlier ones.
    """

    def __init__(self) -> None:
        nothing = ClusterSums.of(np.zeros((0, 7)), alone=True)
        self._sums, self._neighbours = nothing, np.zeros((7, 7), dtype=np.int64)
        # The last replication waits until its groups' next attempts are known; the one before it is its neighbour.
        self._before, self._last = _Replication(), _Replication()

    def add(self, rows: pd.DataFrame) -> None:
        """Count rows in: replication, group, outcome, detected, intercepted, captured and escaped are read."""
        for piece in pieces(in_turn(rows)):
            self._add(piece)

    def _add(self, rows: pd.DataFrame) -> None:
        number, caught = rows["replication"].to_numpy(), apprehended(rows)
        codes, names = pd.factorize(rows["group"])
        first = starts(number)
        turns = number[first]
        counts = np.add.reduceat(self._flags(rows, caught), first, axis=0)
        waiting = names.get_indexer(pd.Index(self._last.caught))
        there = np.concatenate([np.full(len(waiting), self._last.number), number])
        who = np.concatenate([waiting, codes])
        retried, again = next_attempts(there, who, np.concatenate([np.ones(len(waiting), dtype=bool), caught]))
        old, new = slice(None, len(waiting)), slice(len(waiting), None)
        self._last.counts[[RETRIED, AGAIN]] = retried[old].sum(), again[old].sum()
        counts[:, RETRIED] = np.add.reduceat(retried[new].astype(np.int64), first)
        counts[:, AGAIN] = np.add.reduceat(again[new].astype(np.int64), first)
        self._settle(counts[:-1], turns)
        here = slice(first[-1], None)
        self._last = _Replication(int(turns[-1]), counts[-1], names[codes[here][caught[here]]].tolist())

    def _flags(self, rows: pd.DataFrame, caught: Flags) -> Ints:
        flags = np.zeros((len(rows), 7), dtype=np.int64)
        flags[:, STOPPED], flags[:, KNOWN], flags[:, CAUGHT] = interdicted(rows), known(rows), caught
        flags[:, UNKNOWN], flags[:, GROUPS] = 1 - flags[:, KNOWN], 1
        return flags

    def _settle(self, counts: Ints, turns: Ints) -> None:
        """Add up what waited, and all of the new replications but the last."""
        chain = np.vstack([self._before.counts, self._last.counts, counts])
        numbers = np.concatenate([[self._before.number, self._last.number], turns[:-1]])
        neighbours = np.flatnonzero(np.diff(numbers) == 1)
        self._neighbours += summed_products(chain[neighbours], chain[neighbours + 1])
        done = chain[1:] if self._last.number >= 0 else chain[2:]
        self._sums += ClusterSums.of(done, alone=bool((done[:, GROUPS] <= 1).all()))
        self._before = _Replication(int(numbers[-1]), chain[-1])

    def sums(self) -> ClusterSums:
        """The counts of all replications so far, which are independent of each other."""
        return self._finished()[0]

    def chained(self) -> ClusterSums:
        """The same for RETRIED and AGAIN, which tell of a replication and of the next: neighbours depend on each other.

        A sum of such counts has the variance of independent ones, and twice the covariance of neighbours.
        """
        sums, neighbours = self._finished()
        return replace(sums, products=sums.products + neighbours + neighbours.T)

    def _finished(self) -> tuple[ClusterSums, Ints]:
        if self._last.number < 0:
            return self._sums, self._neighbours
        last = self._last.counts
        sums = self._sums + ClusterSums.of([last], alone=bool(last[GROUPS] <= 1))
        adjacent = self._before.number + 1 == self._last.number
        return sums, self._neighbours + adjacent * np.outer(self._before.counts, last)


class _Replication:
    """Number, counts and names of those apprehended; of none yet, a number that has no neighbour."""

    def __init__(self, number: int = -9, counts: Ints | None = None, caught: list[str] | None = None) -> None:
        self.number = number
        self.counts = np.zeros(7, dtype=np.int64) if counts is None else counts.copy()
        self.caught = caught or []


def next_attempts(number: Ints, who: Ints, caught: Flags) -> tuple[Flags, Flags]:
    """For each row: whether its group was apprehended and comes again in the next replication; is apprehended again.

    Parameters
    ----------
    number, who, caught:
        Replication, the group's number (-1 for a group that comes no more) and whether it was apprehended.

    Examples
    --------
    >>> number, caught = np.array([0, 1, 2, 4]), np.array([True, True, False, True])
    >>> [flags.tolist() for flags in next_attempts(number, np.zeros(4, dtype=int), caught)]
    [[True, True, False, False], [True, False, False, False]]
    """
    groups = int(who.max(initial=0)) + 1
    key = (number - number[0]) * groups + who
    order = np.argsort(key, kind="stable")
    place = np.minimum(np.searchsorted(key[order], key + groups), len(key) - 1)
    following = order[place]
    retried = caught & (who >= 0) & (key[following] == key + groups)
    return retried, retried & caught[following]


def against_baseline(pairs: Pairs) -> ClusterSums:
    """Groups stopped and known in an arm and in the baseline, by replication."""
    found = ClusterSums.of(np.zeros((0, 4)), alone=True)
    for start, stop in cuts(pairs.clusters):
        arm, base, number = pairs.arm[start:stop], pairs.base[start:stop], pairs.clusters[start:stop]
        flags = np.column_stack([interdicted(arm), known(arm), interdicted(base), known(base)])
        first = starts(number)
        counts = np.add.reduceat(flags.astype(np.int64), first, axis=0)
        found += ClusterSums.of(counts, alone=len(first) == len(number))
    return found


def in_turn(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows by replication; they mostly are."""
    number = rows["replication"].to_numpy()
    return rows if (number[1:] >= number[:-1]).all() else rows.iloc[np.argsort(number, kind="stable")]


def starts(number: Ints) -> Ints:
    """Where each replication's rows begin."""
    return np.flatnonzero(np.diff(number, prepend=number[:1] - 1))


def pieces(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The rows in pieces, none of which parts a replication."""
    for start, stop in cuts(rows["replication"].to_numpy()):
        yield rows[start:stop]


def cuts(number: Ints) -> Iterator[tuple[int, int]]:
    """From where to where pieces of about `PIECE_ROWS` rows reach."""
    start = 0
    while start < len(number):
        last = number[min(start + PIECE_ROWS, len(number)) - 1]
        stop = int(np.searchsorted(number, last, side="right"))
        yield start, stop
        start = stop


OBSERVED, TRUE, UNSEEN = (STOPPED, KNOWN), (STOPPED, GROUPS), (UNKNOWN, GROUPS)
CAUGHT_SHARE, AGAIN_SHARE = (CAUGHT, GROUPS), (AGAIN, RETRIED)


def official(records: Records, deterred_share: float) -> dict[str, Any]:
    """One arm's official figures beside the truth.

    Returns
    -------
    dict
        ``stopped``, ``known_got_aways`` and ``unknown`` (groups); ``observed``, ``true`` and ``bias``, each with an
        interval under the name with ``_ci95``; ``repeat_trial`` as `repeat_trial` gives it. NaN where nothing was
        observed.
    """
    sums = records.sums()
    stopped, known, unknown = (int(sums.totals[count]) for count in (STOPPED, KNOWN, UNKNOWN))
    return {
        "stopped": stopped,
        "known_got_aways": known - stopped,
        "unknown": unknown,
        **_estimate("observed", sums.ratio(OBSERVED)),
        **_estimate("true", sums.ratio(TRUE)),
        **_estimate("bias", sums.product(OBSERVED, UNSEEN)),
        "repeat_trial": repeat_trial(records.chained(), deterred_share),
    }


def repeat_trial(chained: ClusterSums, deterred_share: float) -> dict[str, Any]:
    """The repeat-trial estimate beside the share of groups that is apprehended.

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
    """An arm's effect on observed effectiveness beside its true one, and whether the two differ in sign.

    Parameters
    ----------
    true_effect:
        On groups stopped, as `sim.study.compare.effects.effect` gives it.
    """
    difference, low, high = against_baseline(pairs).difference((ARM_STOPPED, ARM_KNOWN), (BASE_STOPPED, BASE_KNOWN))
    return {
        "observed": {"difference": difference, "ci95": [low, high]},
        "true": {"difference": true_effect["difference"], "ci95": true_effect["ci95"]},
        "opposed": difference * true_effect["difference"] < 0,
    }


def _estimate(name: str, found: Estimate) -> dict[str, Any]:
    value, low, high = found
    return {name: value, f"{name}_ci95": [low, high]}
