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
Column = tuple[str, Callable[[Summary], str]]
"""A column's head, and how it shows a row's findings."""
Row = tuple[tuple[str, ...], Summary]
"""Names of a row, and its findings."""

METRICS = {
    "interdiction": "stopped",
    "neutralised": "stopped or repelled",
    "detection": "detected",
    "interception": "met by armed men",
}
CAUSED = {"causation": METRICS["interdiction"], "causation_neutralised": METRICS["neutralised"]}
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


def of(key: str, show: Callable[[Any], str]) -> Callable[[Summary], str]:
    """Shows the value of one key of a row's findings."""
    return lambda row: show(row[key])


INTERVAL = "95 % interval"
DIFFERENCE: tuple[Column, ...] = (
    ("difference, points", of("difference", points)),
    (INTERVAL, of("ci95", signed_percents)),
)
EFFECTS: tuple[Column, ...] = (
    *DIFFERENCE,
    ("risk ratio", of("risk_ratio", hundredths)),
    ("its interval", of("risk_ratio_ci95", interval_hundredths)),
    ("McNemar p", of("mcnemar_p", p_value)),
    ("from zero", of("ci95", lambda ends: "open" if holds_zero(ends) else "differs")),
)
CASUALTIES: tuple[Column, ...] = (
    ("mean difference a group", of("difference", signed_hundredths)),
    (INTERVAL, of("ci95", signed_interval_hundredths)),
)
CAUSATION: tuple[Column, ...] = (
    ("counted", of("share", percent)),
    ("95 % interval, %", of("ci95", percents)),
    ("bounds from the margins, %", of("bounds", percents)),
)
BY_SECTOR: dict[str, tuple[Column, ...]] = {
    "sectors": (("share of groups", of("share", percent)), ("pairs", of("pairs", count)), *DIFFERENCE),
    "load": (
        ("baseline", of("baseline", percent)),
        ("in the arm", of("arm", percent)),
        *DIFFERENCE,
        ("km from the arm’s new post", of("post_km", lambda km: "no new post" if km is None else number(km))),
    ),
}
LEDGER: tuple[Column, ...] = (
    ("only with the change", of("only_with", count)),
    ("only in the baseline", of("only_without", count)),
    ("in neither", of("neither", count)),
)
BY_ARM: dict[str, tuple[Column, ...]] = {
    "ledger": (("stopped in both", of("both", count)), *LEDGER),
    "ledger_neutralised": (("stopped or repelled in both", of("both", count)), *LEDGER),
    "mechanism": (
        ("own interception", of("own", percent)),
        ("cued", of("cued", percent)),
        ("interior, without a cue", of("unprompted", percent)),
    ),
    "displacement": (
        ("groups that crossed elsewhere", of("moved", percent)),
        ("mean shift downstream, km", of("mean_shift_km", signed_hundredths)),
        ("earth mover, km", of("earth_mover_km", hundredths)),
        (INTERVAL, of("earth_mover_ci95", interval_hundredths)),
    ),
    "adaptation": (
        ("routes of the baseline (naive)", lambda row: points(row["naive"]["difference"])),
        (INTERVAL, lambda row: signed_percents(row["naive"]["ci95"])),
        ("routes chosen anew (net)", lambda row: points(row["net"]["difference"])),
        (INTERVAL, lambda row: signed_percents(row["net"]["ci95"])),
        ("net less naive", lambda row: points(row["adaptation"]["difference"])),
        (INTERVAL, lambda row: signed_percents(row["adaptation"]["ci95"])),
        ("replications in which a route changes", of("replayed", count)),
    ),
    "appraisal": (
        ("cost", of("cost_usd", money)),
        ("more stopped in a year", of("extra_per_year", signed_hundredths)),
        (INTERVAL, of("extra_per_year_ci95", signed_interval_hundredths)),
        ("cost of one more stopped", cost_words),
        ("more stopped for a million USD", of("extra_per_million_usd", signed)),
        ("rank by that", of("rank_per_dollar", lambda rank: "none" if rank is None else str(rank))),
        ("groups a year to break even", break_even),
        (INTERVAL, of("break_even_groups_ci95", open_interval)),
    ),
    "honesty": (
        ("stopped", of("stopped", count)),
        ("known got-aways", of("known_got_aways", count)),
        ("unknown", of("unknown", count)),
        ("truly stopped", of("true", percent)),
        (INTERVAL, of("true_ci95", percents)),
        ("observed", of("observed", percent)),
        (INTERVAL, of("observed_ci95", percents)),
        ("bias, points", of("bias", points)),
        (INTERVAL, of("bias_ci95", signed_percents)),
    ),
    "either": (
        ("in truth, points", lambda row: points(row["true"]["difference"])),
        (INTERVAL, lambda row: signed_percents(row["true"]["ci95"])),
        ("as observed, points", lambda row: points(row["observed"]["difference"])),
        (INTERVAL, lambda row: signed_percents(row["observed"]["ci95"])),
        ("directions", of("opposed", lambda opposed: "opposite" if opposed else "not opposite")),
    ),
    "repeat_trial": (
        ("apprehended, came again", of("retried", count)),
        ("apprehended again", of("again", count)),
        ("r, those who gave up counted", of("reapprehended", percent)),
        ("estimate", of("estimate", percent)),
        (INTERVAL, of("estimate_ci95", percents)),
        ("truly apprehended", of("apprehended", percent)),
        (INTERVAL, of("apprehended_ci95", percents)),
        ("bias, points", of("bias", points)),
        (INTERVAL, of("bias_ci95", signed_percents)),
    ),
}
ARMS: tuple[Column, ...] = (
    ("cost", of("cost_usd", money)),
    ("stopped before the target", of("interdiction", percent)),
    ("95 % interval of that, %", of("interdiction_ci95", percents)),
    ("detected", of("detection", percent)),
    ("met by armed men", of("interception", percent)),
    ("stopped, or repelled at the target", of("neutralised", percent)),
    ("reached the target", of("reached", percent)),
    ("of the group killed, mean", of("mean_killed", number)),
    ("of the group captured, mean", of("mean_captured", number)),
    ("of the group escaped, mean", of("mean_escaped", number)),
    ("own killed, mean", of("mean_own_killed", number)),
    ("depth where stopped, median, km from the border", of("median_depth_km", number)),
    ("warning: detection to the end, median, h", of("median_warning_hours", number)),
    ("false alarms a run, mean", of("mean_false_alarms", number)),
    ("dispatches a run, mean", of("mean_dispatches", number)),
    ("patrol hours a run, mean", of("mean_patrol_hours", number)),
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
    cells = tuple((*called, *(show(found) for _, show in columns)) for called, found in rows)
    return Table((*names, *(head for head, _ in columns)), cells)


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
    before, after = (plain(summary["baseline"]), of("before", percent)), ("in the arm", of("after", percent))
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
            (plain(arm), f"{name.upper()}, {event}"),
            {"share": found[name], "ci95": found[f"{name}_ci95"], "bounds": found[f"{name}_bounds"]},
        )
        for arm in summary["causation"]
        for block, event in CAUSED.items()
        for found in (summary[block][arm],)
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
    rows = tuple((head, *(show(found) for found in arms.values())) for head, show in ARMS)
    return Table(("", *map(plain, arms)), rows)
