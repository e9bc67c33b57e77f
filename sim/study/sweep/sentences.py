"""What a sweep says, in words: how far each arm's effect moves, and where it is told from zero no longer."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sim.report.words import MAIN_ARM, doer, interval, number, points
from sim.study.sweep.run import SweepTable
from sim.study.sweep.tipping import sign_of

MOST_TIPPING = 6

LIMITS = (
    "The intervals are the simulation's sampling error only, each at 95 % and none widened for their number: of twenty "
    "points at which an arm changes nothing, one may well be told from zero by chance.",
    "All points share their luck: the same seed and the same numbers of replications. Differences between points are "
    "therefore surer than the widths of their intervals suggest, and errors go the same way at neighbouring points.",
    "A tipping point is found by drawing a straight line between the ends of the intervals at two neighbouring points. "
    "It moves with the number of replications: with more of them an interval excludes zero sooner. It is no "
    "threshold of the model.",
    "This describes a model under stated assumptions. It is not a finding about what happened.",
)


def sweep_main_arm(result: SweepTable) -> str | None:
    """The arm that the question is about; None where only the baseline was run."""
    rivals = result.rivals
    return MAIN_ARM if MAIN_ARM in rivals else (rivals[0] if rivals else None)


def sweep_in_words(result: SweepTable) -> list[str]:
    """The answer, one paragraph an entry."""
    arm = sweep_main_arm(result)
    if arm is None:
        return [f"{_extent(result)} Only the baseline was run: there is no effect to report."]
    told = [_extent(result), _range(result, arm), _tipping(result, arm)]
    others = " ".join(_range(result, rival) for rival in result.rivals if rival != arm)
    return [paragraph for paragraph in (*told, others, _failures(result)) if paragraph]


def values_in_words(result: SweepTable, row: Any) -> str:
    """The values of the keys at a row of the table."""
    return ", ".join(f"{key}={_shown(row[key])}" for key in result.keys)


def signs(rows: pd.DataFrame) -> pd.Series:
    """For each row whether its interval tells a sign: ``positive``, ``negative`` or ``open``."""
    ends = zip(rows["interdiction_low"], rows["interdiction_high"], strict=True)
    return pd.Series([sign_of(low, high) for low, high in ends], index=rows.index, dtype=object)


def _extent(result: SweepTable) -> str:
    count = len(result.design.points)
    over = f" over {_and(list(result.keys))}" if result.keys else ""
    return (
        f"{number(count, 0)} point{'' if count == 1 else 's'}{over}, {number(result.replications, 0)} replications of "
        f"every arm at each, all with the same luck (seed {result.seed})."
    )


def _range(result: SweepTable, arm: str) -> str:
    rows = result.table[(result.table["arm"] == arm) & result.table["interdiction_difference"].notna()]
    if rows.empty:
        return f"Of {doer(arm)} nothing can be told: no replication could be run."
    least, most = (rows.loc[getattr(rows["interdiction_difference"], pick)()] for pick in ("idxmin", "idxmax"))
    if len(rows) == 1:
        return f"{_capital(doer(arm))} changed the share stopped by {_effect(least)} percentage points."
    count = signs(rows).value_counts()
    return (
        f"{_capital(doer(arm))} changed the share stopped by {_effect(least)} percentage points at the least "
        f"(at {values_in_words(result, least)}) and by {_effect(most)} at the most (at "
        f"{values_in_words(result, most)}). The 95 % interval lies above zero at {count.get('positive', 0)} points, "
        f"below it at {count.get('negative', 0)}, and includes it at {count.get('open', 0)}."
    )


def _effect(row: Any) -> str:
    ends = [float(row["interdiction_low"]), float(row["interdiction_high"])]
    return f"{points(float(row['interdiction_difference']))} ({interval(ends, 100, sign=True)})"


def _tipping(result: SweepTable, arm: str) -> str:
    found = [one for one in result.tipping_points() if one["arm"] == arm]
    if not found:
        return ""
    shown = "; ".join(tipping_in_words(one) for one in found[:MOST_TIPPING])
    more = f"; and {len(found) - MOST_TIPPING} more, in the table" if len(found) > MOST_TIPPING else ""
    return (
        f"Where its effect comes to be told from zero, or stops to be, by straight lines between points: {shown}{more}."
    )


def tipping_in_words(one: dict[str, Any]) -> str:
    """One tipping point as a piece of a sentence."""
    low, high = one["between"]
    others = "".join(f", {key}={_shown(value)}" for key, value in one["others"].items())
    words = {"positive": "above zero", "negative": "below zero", "open": "open"}
    return (
        f"{one['key']} near {one['at']:.3g} (between {low:g} and {high:g}{others}): from {words[one['before']]} to "
        f"{words[one['after']]}"
    )


def _failures(result: SweepTable) -> str:
    if not result.failures:
        return ""
    lost = sum(one["replications"] for one in result.failures)
    return f"At {len(result.failures)} points {number(lost, 0)} replications failed and are left out."


def _shown(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
