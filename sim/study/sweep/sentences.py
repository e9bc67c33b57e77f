"""What a sweep says, in words: how far each arm's effect moves, and where its interval comes to include zero."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from sim.report.words import doer, interval, number, points
from sim.study.sweep.summary import main_arm_of, signs

MOST_TIPPING = 6

LIMITS = (
    "The intervals are the simulation's sampling error only, each at 95 % and none widened for their number: of twenty "
    "points at which an arm changes nothing, the interval of one may well exclude zero by chance.",
    "All points have common random numbers: the same seed and the same numbers of replications. Differences between "
    "points are therefore surer than the widths of their intervals suggest, and errors go the same way at neighbouring "
    "points.",
    "A tipping point is found by drawing a straight line between the ends of the intervals at two neighbouring points. "
    "It moves with the number of replications: with more of them an interval excludes zero sooner. It is no "
    "threshold of the model.",
    "This describes a model under stated assumptions. It is not a finding about what happened.",
)


def answer_in_words(summary: dict[str, Any], table: pd.DataFrame) -> list[str]:
    """The answer, one paragraph an entry, from a sweep's summary and its table."""
    arm = main_arm_of(table, summary["baseline"])
    if arm is None:
        return [f"{_extent(summary)} Only the baseline was run: there is no effect to report."]
    others = [name for name in table["arm"].unique() if name not in (arm, summary["baseline"])]
    ranges = {name: _range(table, summary["keys"], name) for name in (arm, *others)}
    rest = " ".join(ranges[name] for name in others)
    paragraphs = (_extent(summary), ranges[arm], _tipping(summary, arm), rest, _failures(summary))
    return [paragraph for paragraph in paragraphs if paragraph]


def _extent(summary: dict[str, Any]) -> str:
    count, keys = summary["points"], summary["keys"]
    over = f" over {_and(keys)}" if keys else ""
    return (
        f"{number(count, 0)} point{'' if count == 1 else 's'}{over}, {number(summary['replications'], 0)} replications "
        f"of every arm at each, all with common random numbers (seed {summary['seed']})."
    )


def _range(table: pd.DataFrame, keys: Sequence[str], arm: str) -> str:
    rows = table[(table["arm"] == arm) & table["interdiction_difference"].notna()]
    if rows.empty:
        return f"There is no effect of {doer(arm)} to report: no replication could be run."
    name = doer(arm)
    name = f"{name[:1].upper()}{name[1:]}"
    least, most = (rows.loc[getattr(rows["interdiction_difference"], end)()] for end in ("idxmin", "idxmax"))
    if len(rows) == 1:
        return f"{name} changed the share stopped by {_effect(least)} percentage points."
    count = signs(rows).value_counts()
    places = [", ".join(f"{key}={_shown(row[key])}" for key in keys) for row in (least, most)]
    return (
        f"{name} changed the share stopped by {_effect(least)} percentage points at the least "
        f"(at {places[0]}) and by {_effect(most)} at the most (at {places[1]}). "
        f"The 95 % interval lies above zero at {count.get('positive', 0)} points, below it at "
        f"{count.get('negative', 0)}, and includes it at {count.get('open', 0)}."
    )


def _effect(row: Any) -> str:
    ends = [float(row["interdiction_low"]), float(row["interdiction_high"])]
    return f"{points(float(row['interdiction_difference']))} ({interval(ends, 100, sign=True)})"


def _tipping(summary: dict[str, Any], arm: str) -> str:
    found = [one for one in summary["tipping_points"] if one["arm"] == arm]
    if not found:
        return ""
    shown = "; ".join(tipping_in_words(one) for one in found[:MOST_TIPPING])
    more = f"; and {len(found) - MOST_TIPPING} more, in the table" if len(found) > MOST_TIPPING else ""
    return f"Where its interval comes to exclude or to include zero, by straight lines between points: {shown}{more}."


def tipping_in_words(one: dict[str, Any]) -> str:
    """One tipping point as a piece of a sentence."""
    low, high = one["between"]
    others = "".join(f", {key}={_shown(value)}" for key, value in one["others"].items())
    words = {"positive": "above zero", "negative": "below zero", "open": "open"}
    return (
        f"{one['key']} near {one['at']:.3g} (between {low:g} and {high:g}{others}): from {words[one['before']]} to "
        f"{words[one['after']]}"
    )


def _failures(summary: dict[str, Any]) -> str:
    if not summary["failures"]:
        return ""
    lost = sum(one["replications"] for one in summary["failures"])
    return f"At {len(summary['failures'])} points {number(lost, 0)} replications failed and are left out."


def _shown(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
