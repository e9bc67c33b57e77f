"""The tables of a comparison's report, each a list of columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from sim.outcomes import OUTCOMES
from sim.report.page import Table
from sim.report.words import (
    cost_words,
    holds_zero,
    interval,
    money,
    number,
    percent,
    plain,
    points,
    sector_title,
    signed,
)
from sim.scenario import Scenario

Summary = dict[str, Any]
Column = tuple[str, str, Callable[[Any], str]]
"""A column's head, the key of its value in a row's findings (dots between nested keys), and how it is shown."""
Row = tuple[tuple[str, ...], Summary]
"""Names of a row, and its findings."""

METRICS = {"interdiction": "stopped", "detection": "detected", "interception": "met by armed men"}
COUNTS = {"killed": "killed", "captured": "captured", "own_killed": "own killed"}


count, hundredths = partial(number, digits=0), partial(number, digits=2)
signed_hundredths = partial(signed, digits=2)
interval_hundredths = partial(interval, digits=2)
signed_interval_hundredths = partial(interval, digits=2, sign=True)
percents, signed_percents = partial(interval, scale=100), partial(interval, scale=100, sign=True)


def p_value(value: float | None) -> str:
    """A p-value, never as zero.

    >>> p_value(0.00001), p_value(0.25), p_value(None)
    ('< 0.001', '0.250', 'undefined')
    """
    return "< 0.001" if value is not None and value < 0.001 else number(value, 3)


def break_even(found: Summary) -> str:
    """Groups a year from which on an arm is worth its cost; why there are none."""
    groups = found["break_even_groups_per_year"]
    if groups is None:
        return "undefined" if found["verdict"] in ("saves", "unknown") else "never"
    return number(groups)


def open_interval(ends: Any) -> str:
    """An interval whose upper end may be unlimited."""
    low, high = ends
    return f"from {number(low)} upwards" if low is not None and high is None else interval(ends)


INTERVAL = "95 % interval"
DIFFERENCE: tuple[Column, ...] = (
    ("difference, points", "difference", points),
    (INTERVAL, "ci95", signed_percents),
)
EFFECTS: tuple[Column, ...] = (
    *DIFFERENCE,
    ("risk ratio", "risk_ratio", hundredths),
    ("its interval", "risk_ratio_ci95", interval_hundredths),
    ("McNemar p", "mcnemar_p", p_value),
    ("from zero", "ci95", lambda ends: "open" if holds_zero(ends) else "differs"),
)
CASUALTIES: tuple[Column, ...] = (
    ("mean difference a group", "difference", signed_hundredths),
    (INTERVAL, "ci95", signed_interval_hundredths),
)
CAUSATION: tuple[Column, ...] = (
    ("counted", "share", percent),
    ("95 % interval, %", "ci95", percents),
    ("bounds from the margins, %", "bounds", percents),
)
BY_SECTOR: dict[str, tuple[Column, ...]] = {
    "sectors": (("share of groups", "share", percent), ("pairs", "pairs", count), *DIFFERENCE),
    "load": (
        ("baseline", "baseline", percent),
        ("in the arm", "arm", percent),
        *DIFFERENCE,
        ("km from the arm’s new post", "post_km", lambda km: "no new post" if km is None else number(km)),
    ),
}
BY_ARM: dict[str, tuple[Column, ...]] = {
    "ledger": (
        ("stopped in both", "both", count),
        ("only with the change", "only_with", count),
        ("only in the baseline", "only_without", count),
        ("in neither", "neither", count),
    ),
    "mechanism": (
        ("own interception", "own", percent),
        ("cued", "cued", percent),
        ("interior, without a cue", "unprompted", percent),
    ),
    "displacement": (
        ("groups that crossed elsewhere", "moved", percent),
        ("mean shift downstream, km", "mean_shift_km", signed_hundredths),
        ("earth mover, km", "earth_mover_km", hundredths),
        (INTERVAL, "earth_mover_ci95", interval_hundredths),
    ),
    "adaptation": (
        ("routes of the baseline (naive)", "naive.difference", points),
        (INTERVAL, "naive.ci95", signed_percents),
        ("routes chosen anew (net)", "net.difference", points),
        (INTERVAL, "net.ci95", signed_percents),
        ("net less naive", "adaptation.difference", points),
        (INTERVAL, "adaptation.ci95", signed_percents),
        ("replications in which a route changes", "replayed", count),
    ),
    "appraisal": (
        ("cost", "cost_usd", money),
        ("more stopped in a year", "extra_per_year", signed_hundredths),
        (INTERVAL, "extra_per_year_ci95", signed_interval_hundredths),
        ("cost of one more stopped", "", cost_words),
        ("more stopped for a million USD", "extra_per_million_usd", signed),
        ("rank by that", "rank_per_dollar", lambda rank: "none" if rank is None else str(rank)),
        ("groups a year to break even", "", break_even),
        (INTERVAL, "break_even_groups_ci95", open_interval),
    ),
    "honesty": (
        ("stopped", "stopped", count),
        ("known got-aways", "known_got_aways", count),
        ("unknown", "unknown", count),
        ("truly stopped", "true", percent),
        (INTERVAL, "true_ci95", percents),
        ("observed", "observed", percent),
        (INTERVAL, "observed_ci95", percents),
        ("bias, points", "bias", points),
        (INTERVAL, "bias_ci95", signed_percents),
    ),
    "either": (
        ("in truth, points", "true.difference", points),
        (INTERVAL, "true.ci95", signed_percents),
        ("as observed, points", "observed.difference", points),
        (INTERVAL, "observed.ci95", signed_percents),
        ("directions", "opposed", lambda opposed: "opposite" if opposed else "not opposite"),
    ),
    "repeat_trial": (
        ("apprehended, came again", "retried", count),
        ("apprehended again", "again", count),
        ("r, those who gave up counted", "reapprehended", percent),
        ("estimate", "estimate", percent),
        (INTERVAL, "estimate_ci95", percents),
        ("truly apprehended", "apprehended", percent),
        (INTERVAL, "apprehended_ci95", percents),
        ("bias, points", "bias", points),
        (INTERVAL, "bias_ci95", signed_percents),
    ),
}
ARMS: tuple[Column, ...] = (
    ("cost", "cost_usd", money),
    ("stopped before the target", "interdiction", percent),
    ("95 % interval of that, %", "interdiction_ci95", percents),
    ("detected", "detection", percent),
    ("met by armed men", "interception", percent),
    ("reached the target", "reached", percent),
    ("of the group killed, mean", "mean_killed", number),
    ("of the group captured, mean", "mean_captured", number),
    ("of the group escaped, mean", "mean_escaped", number),
    ("own killed, mean", "mean_own_killed", number),
    ("depth where stopped, median, km from the border", "median_depth_km", number),
    ("warning: detection to the end, median, h", "median_warning_hours", number),
    ("false alarms a run, mean", "mean_false_alarms", number),
    ("dispatches a run, mean", "mean_dispatches", number),
    ("patrol hours a run, mean", "mean_patrol_hours", number),
)


def report_tables(summary: Summary, scenario: Scenario) -> dict[str, Table]:
    """All tables by name: `BY_ARM`, `BY_SECTOR`, and those with rows of their own."""
    found = _found_by_arm(summary)
    return {
        "effects": effects_table(summary),
        "casualties": _table(("arm", "persons"), _effect_rows(summary, COUNTS), CASUALTIES),
        "causation": _table(("arm", ""), _causation_rows(summary), CAUSATION),
        "arms": _arms_table(summary),
        "outcome_names": _outcome_names(scenario),
        **{
            name: _table(("arm",), [((plain(arm),), one) for arm, one in found[name].items()], columns)
            for name, columns in BY_ARM.items()
        },
        **{
            name: _table(("sector", "arm"), _sector_rows(scenario, found[name]), columns)
            for name, columns in BY_SECTOR.items()
        },
    }


def _table(names: tuple[str, ...], rows: Iterable[Row], columns: tuple[Column, ...]) -> Table:
    """A table of rows, whose names stand under the heads `names`."""
    cells = tuple((*called, *(show(_value(found, key)) for _, key, show in columns)) for called, found in rows)
    return Table((*names, *(head for head, _, _ in columns)), cells)


def _value(found: Any, key: str) -> Any:
    for part in filter(None, key.split(".")):
        found = found[part]
    return found


def _found_by_arm(summary: Summary) -> Summary:
    """The findings of each table by arm, and by sector where the table has sectors."""
    displacement, official = summary["displacement"], summary["honesty"]
    return {
        **summary,
        "adaptation": displacement,
        "load": {arm: one["load"] for arm, one in displacement.items()},
        "either": {arm: one["effect"] for arm, one in official.items() if "effect" in one},
        "repeat_trial": {arm: one["repeat_trial"] for arm, one in official.items()},
    }


def effects_table(summary: Summary) -> Table:
    """Every arm's paired difference in every yes-or-no metric."""
    before, after = (plain(summary["baseline"]), "before", percent), ("in the arm", "after", percent)
    return _table(("arm", "what"), _effect_rows(summary, METRICS), (before, after, *EFFECTS))


def _effect_rows(summary: Summary, metrics: dict[str, str]) -> list[Row]:
    arms, baseline = summary["arms"], summary["baseline"]
    return [
        (
            (plain(arm), words),
            {**effects[metric], "before": arms[baseline].get(metric), "after": arms[arm].get(metric)},
        )
        for arm, effects in summary["effects"].items()
        for metric, words in metrics.items()
    ]


def _causation_rows(summary: Summary) -> list[Row]:
    return [
        (
            (plain(arm), name.upper()),
            {"share": found[name], "ci95": found[f"{name}_ci95"], "bounds": found[f"{name}_bounds"]},
        )
        for arm, found in summary["causation"].items()
        for name in ("pn", "ps", "pns")
    ]


def _sector_rows(scenario: Scenario, found: Summary) -> list[Row]:
    """Rows in the order of the sectors' titles, then of the arms."""
    rows = [
        ((sector_title(scenario, name), plain(arm)), one)
        for arm, by_name in found.items()
        for name, one in by_name.items()
    ]
    return sorted(rows, key=lambda row: row[0][0])


def _outcome_names(scenario: Scenario) -> Table:
    """What the outcomes are called for each kind of group in the case."""
    kinds = dict.fromkeys(party.kind for party in scenario.infiltrators.parties)
    words = {kind: scenario.infiltrators.kinds.of(kind).words for kind in kinds}
    rows = tuple((plain(kind), *(getattr(words[kind], outcome) for outcome in OUTCOMES)) for kind in kinds)
    return Table(("kind", *(plain(outcome) for outcome in OUTCOMES)), rows)


def _arms_table(summary: Summary) -> Table:
    """Costs, casualties, depth and warning: a row a fact, a column an arm."""
    arms = summary["arms"]
    rows = tuple((head, *(show(found.get(key)) for found in arms.values())) for head, key, show in ARMS)
    return Table(("", *map(plain, arms)), rows)
