"""Checks of the rows of single runs: they come, follow the schema, and add up, as docs/OUTCOMES.md says."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np

from sim.conformance.report import Problem
from sim.conformance.trial_runs import NeverEndsError, Rows, Run, Trial, finish
from sim.outcomes import COLUMNS, INTERDICTED, OUTCOMES

MINUTES = tuple(name for name in COLUMNS if name.endswith("_min") and name != "hidden_min")
RUN_TOTALS = ("false_alarms", "dispatches", "patrol_hours", "cost_usd")

EXTRA_COLUMNS = (
    "keep numbers of your own in an attribute of the model and read them before it is released, or take them out of "
    "group.record in rows(): frames and files of results hold the columns of sim.outcomes.COLUMNS only"
)


def check_runs(trial: Trial) -> Iterator[Problem]:
    """The model can be built as studies build it, and every run ends; the first error is reported."""
    try:
        runs = trial.reference
    except NeverEndsError as error:
        yield Problem(
            f"{error}, {'; '.join(error.__notes__)}",
            "let `step` call super().step(), which counts the minutes and sets `running` to False at the horizon",
        )
        return
    except TypeError as error:
        yield Problem.of(error, trial.model.__name__)
        if "__init__" in str(error):
            yield Problem(
                "studies build it as Model(rng=..., replication=..., world=...)",
                "let its __init__ take *args and **kwargs, and hand them to super().__init__ unchanged",
            )
        return
    # Where groups arrive by chance, none may have come.
    if not any(runs.values()) and any(trial.stock.reference.values()):
        yield Problem("no run returns any row", "let `rows` return one row a group: return super().rows()")


def check_schema(trial: Trial) -> Iterator[Problem]:
    """Columns, types, and one row a group in all runs; each kind of fault is reported once."""
    reported = set()
    for run, rows in trial.reference.items():
        for kind, what, cure in _schema_faults(trial, run, rows):
            if kind not in reported:
                reported.add(kind)
                yield Problem(f"{what} ({trial.place(run)})", cure)


def _schema_faults(trial: Trial, run: Run, rows: Rows) -> Iterator[tuple[str, str, str]]:
    """Kind, words and cure of what is wrong with the rows of one run."""
    for row in rows:
        if not isinstance(row, Mapping):
            yield "row", f"a row is a {type(row).__name__}", "let `rows` return a list of dictionaries, one a group"
            return
        yield from _column_faults(row)
    names = [row.get("group") for row in rows]
    if len(names) != len(set(names)):
        yield "twice", "a group has more than one row", "let `rows` list each group once, and give groups names of own"
    head = {"replication": run.replication, "arm": trial.world(run).arm}
    for key, value in head.items():
        if any(row.get(key) != value for row in rows):
            yield key, f"the column {key} does not say {value!r}", f"leave `{key}` of the model and its rows as it is"


def _column_faults(row: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    missing = [name for name in COLUMNS if name not in row]
    extra = [str(name) for name in row if name not in COLUMNS]
    if missing:
        cure = "start from super().rows() and change values only; docs/OUTCOMES.md says what each column means"
        yield "missing", f"the rows lack {', '.join(missing)}", cure
    if extra:
        yield "extra", f"the rows hold {', '.join(extra)}, which would be lost", EXTRA_COLUMNS
    for name, kind in COLUMNS.items():
        if name in row and not FITS[kind](row[name]):
            cure = f"write a value of type {kind} there; 'never' is -1 for minutes, 'nowhere' NaN, 'nobody' \"\""
            yield name, f"{name} is {row[name]!r} ({type(row[name]).__name__}); allowed: {kind}", cure


def _is_whole(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool) and -(2**63) <= int(value) < 2**63


FITS: dict[str, Callable[[Any], bool]] = {
    "int64": _is_whole,
    "float64": lambda value: isinstance(value, float | np.floating) or _is_whole(value),
    "bool": lambda value: isinstance(value, bool | np.bool_),
    "str": lambda value: isinstance(value, str),
}
"""Whether a value can stand in a column of a type without being changed."""


FIGHT = "change who meets whom and with how many men, and leave the counting to BorderModel.engage and engage_inland"
COUNT = f"count each person of a group once: {FIGHT}"
END = "end a story with group.end(outcome) alone, once, with a word of sim.outcomes.OUTCOMES"
NOTE = "note what happens with group.note_detection, note_cue, note_dispatch and model.engage, which write the minute"


def _in_order(
    departed_min: int, crossed_min: int, detected_min: int, dispatched_min: int, intercepted_min: int, ended_min: int
) -> bool:
    # A group may be detected before it crosses, on the far bank.
    for seen in (crossed_min, detected_min):
        minutes = (departed_min, seen, dispatched_min, intercepted_min, ended_min)
        present = [minute for minute in minutes if minute >= 0]
        if present != sorted(present):
            return False
    return True


def _cue_in_order(detected_min: int, cued_min: int, dispatched_min: int) -> bool:
    return cued_min < 0 or (detected_min <= cued_min and (dispatched_min < 0 or cued_min <= dispatched_min))


def _word_fits(outcome: str, killed: int, captured: int) -> bool:
    if outcome == "killed":
        return killed > 0 and killed >= captured
    return outcome != "captured" or captured > killed


def _migrants_fit(kind: str, outcome: str) -> bool:
    return outcome not in ("killed", "captured", "admitted") or (kind == "migrants") == (outcome == "admitted")


RULES_BY_CURE: dict[str, dict[str, Callable[..., bool]]] = {
    COUNT: {
        "killed + captured + escaped is the size of the group": (
            lambda killed, captured, escaped, size: killed + captured + escaped == size
        ),
        "no more are killed and captured than the group has": (
            lambda killed, captured, size: killed + captured <= size
        ),
        "no count is negative": (
            lambda killed, captured, escaped, own_killed, hidden_min: (
                min(killed, captured, escaped, own_killed, hidden_min) >= 0
            )
        ),
        "no migrant is killed": lambda kind, killed: kind != "migrants" or not killed,
    },
    f"write losses together with an interception: {FIGHT}": {
        "nobody is killed or captured of a group that nobody has met before its target": (
            lambda killed, captured, own_killed, intercepted, outcome: (
                not (killed + captured + own_killed) or intercepted or outcome in ("repelled", "reached")
            )
        ),
    },
    END: {
        f"the outcome is one of {', '.join(OUTCOMES)}": lambda outcome: outcome in OUTCOMES,
        "migrants who are stopped are admitted or turned back, and nobody else is admitted": _migrants_fit,
        "the outcome says what became of most: killed if at least as many as were captured, else captured": _word_fits,
        "a group is at_large if and only if its story has no end": (
            lambda outcome, ended_min: (outcome == "at_large") == (ended_min < 0)
        ),
    },
    f"{END}, and after an interception when it was stopped": {
        "who was stopped was intercepted": lambda outcome, intercepted: outcome not in INTERDICTED or intercepted,
    },
    NOTE: {
        "minutes count from 0, and -1 is never": (
            lambda departed_min, crossed_min, detected_min, cued_min, dispatched_min, intercepted_min, ended_min: (
                min(departed_min, crossed_min, detected_min, cued_min, dispatched_min, intercepted_min, ended_min) >= -1
            )
        ),
        "minutes are ordered: departed, crossed, detected, dispatched, intercepted, ended": _in_order,
        "a cue comes after the detection, and before men are sent": _cue_in_order,
    },
    "note a detection with group.note_detection(name), or model.detect(observer, group)": {
        "detected, detected_by, detected_how and detected_min report a detection together or not at all": (
            lambda detected, detected_by, detected_how, detected_min: (
                len({bool(detected), detected_by != "", detected_how != "", detected_min >= 0}) == 1
            )
        ),
    },
    "let men meet a group through model.engage(group, present, report) or model.engage_inland": {
        "intercepted, intercepted_by, mechanism and intercepted_min report an interception together or not at all": (
            lambda intercepted, intercepted_by, mechanism, intercepted_min: (
                len({bool(intercepted), intercepted_by != "", mechanism != "", intercepted_min >= 0}) == 1
            )
        ),
        "the mechanism is own, cued, unprompted or empty, and cued_from names somebody if and only if it is cued": (
            lambda mechanism, cued_from: (
                mechanism in ("", "own", "unprompted", "cued") and (mechanism == "cued") == (cued_from != "")
            )
        ),
    },
    "leave x_km, y_km and depth_km of the record to model.engage": {
        "the place of an interception is NaN where there was none": (
            lambda intercepted, x_km, y_km, depth_km: intercepted or all(map(math.isnan, (x_km, y_km, depth_km)))
        ),
    },
}
"""Rules of one row by what to do about them: what each says, and whether it holds, given the columns that it names.

Where a rule of the plain model is not a matter of what a column means, it is not among them.
"""


def columns_of(rule: Callable[..., bool]) -> tuple[str, ...]:
    """The columns that a rule is about."""
    return tuple(inspect.signature(rule).parameters)


def broken_rules(row: Mapping[str, Any]) -> Iterator[tuple[str, Callable[..., bool], str]]:
    """What a row breaks: what the rule says, the rule, and what to do."""
    for cure, rules in RULES_BY_CURE.items():
        for says, rule in rules.items():
            if not rule(*(row[name] for name in columns_of(rule))):
                yield says, rule, cure


def check_conservation(trial: Trial) -> Iterator[Problem]:
    """Nobody is lost or made: rules of single rows, minutes within the horizon, totals of runs, and men of the units.

    Each rule that is broken is reported once, by its first row.
    """
    broken: dict[tuple[str, Callable[..., bool], str], list[str]] = {}
    for run, row in ((run, row) for run, rows in trial.reference.items() for row in rows):
        for found in broken_rules(row):
            broken.setdefault(found, []).append(_values(trial, run, row, columns_of(found[1])))
    for (says, _, cure), places in broken.items():
        yield Problem(f"not so: {says}; {len(places)} rows differ, first {places[0]}", cure)
    for find in (_minutes_after_the_horizon, _totals_that_differ, _missing_men):
        yield from islice(find(trial), 1)


def _values(trial: Trial, run: Run, row: Mapping[str, Any], columns: tuple[str, ...]) -> str:
    values = ", ".join(f"{name}={row[name]!r}" for name in columns)
    return f"{row['group']} in {trial.place(run)}: {values}"


def _minutes_after_the_horizon(trial: Trial) -> Iterator[Problem]:
    for run, rows in trial.reference.items():
        horizon = trial.world(run).scenario.horizon_min
        for row in rows:
            late = tuple(name for name in MINUTES if row[name] > horizon)
            if late:
                yield Problem(
                    f"a minute lies behind the horizon of {horizon}: {_values(trial, run, row, late)}",
                    "write model.minute where something happens, and no minute that is still to come",
                )


def _totals_that_differ(trial: Trial) -> Iterator[Problem]:
    """What is counted by run is the same in all its rows."""
    for run, rows in trial.reference.items():
        for name in RUN_TOTALS:
            if len({row[name] for row in rows}) > 1:
                yield Problem(
                    f"{name} is of the run and yet differs between its rows ({trial.place(run)})",
                    f"write the same {name} into every row of a run, as super().rows() does",
                )


def _missing_men(trial: Trial) -> Iterator[Problem]:
    """Men that are missing from the units in the end are counted in some row as lost."""
    for run in (run for run in trial.reference if run.replication == 0):
        with trial.begun(run) as model:
            before = sum(unit.men for unit in model.units)
            finish(model)
            left = [unit.men for unit in model.units]
            killed = sum(row["own_killed"] for row in model.rows())
        if before - sum(left) > killed or min(left, default=0) < 0:
            yield Problem(
                f"{before - sum(left)} men are missing from the units in the end, and own_killed counts {killed} "
                f"({trial.place(run)})",
                "let units lose men through BorderModel.engage alone, and no more than they have",
            )
