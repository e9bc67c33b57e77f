"""How far official statistics are from the truth, which a simulation knows.

**Observed effectiveness** is (apprehended + turned back) / (apprehended + turned back + known got-aways), groups. All
that are stopped count in it, as all of them are known; those that nobody knew of do not. So it is never below the true
share of groups stopped: the bias is the observed share times the share of groups that are unknown.

The **repeat-trial estimate** takes the apprehension probability from those who are apprehended again: p = r / (1 - d),
where r of all apprehensions are followed by another of the same group, and d of those apprehended give up. A group's
next attempt is what it does in the next replication; of those apprehended the share `appraisal.deterred_share` is taken
to give up. Where groups differ, those that are easier to catch are more among those that are caught, and the estimate
overstates the share that is apprehended. Attempts of one and the same group are lives of their own with equal chances:
there it is right, up to the luck of the draw.

References
----------
Espenshade, T. J. (1990). Undocumented migration to the United States: evidence from a repeated trials model. In
Undocumented Migration to the United States, Urban Institute Press.
"""

from __future__ import annotations

import math
from typing import Any

from sim.statistics.clustered import Estimate
from sim.statistics.ratio import ClusterSums
from sim.study.compare.agency_records import (
    AGAIN,
    ARM_KNOWN,
    ARM_STOPPED,
    BASE_KNOWN,
    BASE_STOPPED,
    CAUGHT,
    GROUPS,
    KNOWN,
    RETRIED,
    STOPPED,
    UNKNOWN,
    Records,
    against_baseline,
)
from sim.study.pairs import Pairs
from sim.theory.repeated_trials import repeated_trials_estimate, repeated_trials_reapprehended_fraction

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
        On groups stopped, as `sim.study.compare.effects.effect` tells it.
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
