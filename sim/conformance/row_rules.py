"""What holds in every outcome row, whatever the model: docs/OUTCOMES.md as sentences that can be tried."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sim.outcomes import INTERDICTED, OUTCOMES

ORDER = ("departed_min", "crossed_min", "detected_min", "dispatched_min", "intercepted_min", "ended_min")
MINUTES = (*ORDER, "cued_min")
RUN_TOTALS = ("false_alarms", "dispatches", "patrol_hours", "cost_usd")

Row = Mapping[str, Any]


class RowRule(NamedTuple):
    """A rule of one row: the columns that it is about, whether it holds, what it says, and what to do."""

    columns: tuple[str, ...]
    holds: Callable[[Row], bool]
    says: str
    cure: str


def _present(row: Row) -> list[int]:
    return [int(row[name]) for name in ORDER if row[name] >= 0]


def _word_fits(row: Row) -> bool:
    if row["outcome"] == "killed":
        return bool(row["killed"] > 0 and row["killed"] >= row["captured"])
    return bool(row["outcome"] != "captured" or row["captured"] > row["killed"])


def _mechanism_fits(row: Row) -> bool:
    cued = row["cued_from"] != ""
    return {"": not cued, "own": not cued, "unprompted": not cued, "cued": cued}.get(row["mechanism"], False)


FIGHT = "change who meets whom and with how many men, and leave the counting to BorderModel.engage and engage_inland"
COUNT = f"count each person of a group once: {FIGHT}"
END = "end a story with group.end(outcome) alone, once, with a word of sim.outcomes.OUTCOMES"
NOTE = "note what happens with group.note_detection, note_cue, note_dispatch and model.engage, which write the minute"

RULES: tuple[RowRule, ...] = (
    RowRule(
        ("killed", "captured", "escaped", "size"),
        lambda row: row["killed"] + row["captured"] + row["escaped"] == row["size"],
        "killed + captured + escaped is the size of the group",
        COUNT,
    ),
    RowRule(
        ("killed", "captured", "size"),
        lambda row: row["killed"] + row["captured"] <= row["size"],
        "no more are killed and captured than the group has",
        COUNT,
    ),
    RowRule(
        ("killed", "captured", "escaped", "own_killed", "hidden_min"),
        lambda row: min(row["killed"], row["captured"], row["escaped"], row["own_killed"], row["hidden_min"]) >= 0,
        "no count is negative",
        COUNT,
    ),
    RowRule(
        ("killed", "captured", "own_killed", "intercepted", "outcome"),
        lambda row: not (row["killed"] + row["captured"] + row["own_killed"]) or _was_met(row),
        "nobody is killed or captured of a group that nobody has met before its target",
        f"write losses together with an interception: {FIGHT}",
    ),
    RowRule(
        ("kind", "killed"), lambda row: row["kind"] != "migrants" or not row["killed"], "no migrant is killed", COUNT
    ),
    RowRule(
        ("outcome",),
        lambda row: row["outcome"] in OUTCOMES,
        f"the outcome is one of {', '.join(OUTCOMES)}",
        END,
    ),
    RowRule(
        ("kind", "outcome"),
        lambda row: (
            row["outcome"] not in ("killed", "captured", "admitted")
            or (row["kind"] == "migrants") == (row["outcome"] == "admitted")
        ),
        "migrants who are stopped are admitted or turned back, and nobody else is admitted",
        END,
    ),
    RowRule(
        ("outcome", "killed", "captured"),
        _word_fits,
        "the outcome says what became of most: killed if at least as many as were captured, else captured",
        END,
    ),
    RowRule(
        ("outcome", "intercepted"),
        lambda row: row["outcome"] not in INTERDICTED or bool(row["intercepted"]),
        "who was stopped was intercepted",
        f"{END}, and after an interception when it was stopped",
    ),
    RowRule(
        ("outcome", "ended_min"),
        lambda row: (row["outcome"] == "at_large") == (row["ended_min"] < 0),
        "a group is at_large if and only if its story has no end",
        END,
    ),
    RowRule(
        MINUTES,
        lambda row: all(row[name] >= -1 for name in MINUTES),
        "minutes count from 0, and -1 is never",
        NOTE,
    ),
    RowRule(
        ORDER,
        lambda row: _present(row) == sorted(_present(row)),
        "minutes are ordered: departed, crossed, detected, dispatched, intercepted, ended",
        NOTE,
    ),
    RowRule(
        ("detected_min", "cued_min", "dispatched_min"),
        lambda row: (
            row["cued_min"] < 0
            or (
                row["detected_min"] <= row["cued_min"]
                and (row["dispatched_min"] < 0 or row["cued_min"] <= row["dispatched_min"])
            )
        ),
        "a cue comes after the detection, and before men are sent",
        NOTE,
    ),
    RowRule(
        ("detected", "detected_by", "detected_how", "detected_min"),
        lambda row: (
            len({bool(row["detected"]), *_said(row, "detected_by", "detected_how"), row["detected_min"] >= 0}) == 1
        ),
        "detected, detected_by, detected_how and detected_min report a detection together or not at all",
        "note a detection with group.note_detection(name), or model.detect(observer, group)",
    ),
    RowRule(
        ("intercepted", "intercepted_by", "mechanism", "intercepted_min"),
        lambda row: (
            len({bool(row["intercepted"]), *_said(row, "intercepted_by", "mechanism"), row["intercepted_min"] >= 0})
            == 1
        ),
        "intercepted, intercepted_by, mechanism and intercepted_min report an interception together or not at all",
        "let men meet a group through model.engage(group, present, report) or model.engage_inland",
    ),
    RowRule(
        ("mechanism", "cued_from"),
        _mechanism_fits,
        "the mechanism is own, cued, unprompted or empty, and cued_from names somebody if and only if it is cued",
        "let men meet a group through model.engage(group, present, report) or model.engage_inland",
    ),
    RowRule(
        ("intercepted", "x_km", "y_km", "depth_km"),
        lambda row: bool(row["intercepted"]) or all(math.isnan(row[name]) for name in ("x_km", "y_km", "depth_km")),
        "the place of an interception is NaN where there was none",
        "leave x_km, y_km and depth_km of the record to model.engage",
    ),
)
"""Rules of one row. Where a rule of the plain model is not a matter of what a column means, it is not among them."""


def _was_met(row: Row) -> bool:
    return bool(row["intercepted"]) or row["outcome"] == "reached"


def _said(row: Row, *names: str) -> list[bool]:
    return [row[name] != "" for name in names]
