"""The tables of a comparison's report."""

from __future__ import annotations

from collections.abc import Callable
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
METRICS = {"interdiction": "stopped", "detection": "detected", "interception": "met by armed men"}
COUNTS = {"killed": "killed", "captured": "captured", "own_killed": "own killed"}


def effects_table(summary: Summary) -> Table:
    """Every arm's paired difference in every yes-or-no metric."""
    rows = []
    for arm, effects in summary["effects"].items():
        for metric, words in METRICS.items():
            one = effects[metric]
            rows.append(
                (
                    plain(arm),
                    words,
                    percent(summary["arms"][summary["baseline"]][metric]),
                    percent(summary["arms"][arm][metric]),
                    points(one["difference"]),
                    interval(one["ci95"], 100, sign=True),
                    number(one["risk_ratio"], 2),
                    interval(one["risk_ratio_ci95"], 1, 2),
                    p_value(one["mcnemar_p"]),
                    "open" if holds_zero(one["ci95"]) else "differs",
                )
            )
    head = (
        "arm",
        "what",
        plain(summary["baseline"]),
        "in the arm",
        "difference, points",
        "95 % interval",
        "risk ratio",
        "its interval",
        "McNemar p",
        "from zero",
    )
    return Table(head, tuple(rows))


def p_value(value: float | None) -> str:
    """A p-value, never as zero.

    >>> p_value(0.00001), p_value(0.25), p_value(None)
    ('< 0.001', '0.250', 'undefined')
    """
    return "< 0.001" if value is not None and value < 0.001 else number(value, 3)


def ledger_table(summary: Summary) -> Table:
    """The four cells of every arm."""
    cells = ("both", "only_with", "only_without", "neither")
    rows = tuple(
        (plain(arm), *(number(ledger[cell], 0) for cell in cells)) for arm, ledger in summary["ledger"].items()
    )
    return Table(("arm", "stopped in both", "only with the change", "only in the baseline", "in neither"), rows)


def causation_table(summary: Summary) -> Table:
    """PN, PS and PNS of every arm, with interval and bounds."""
    rows = []
    for arm, found in summary["causation"].items():
        for name in ("pn", "ps", "pns"):
            rows.append(
                (
                    plain(arm),
                    name.upper(),
                    percent(found[name]),
                    interval(found[f"{name}_ci95"], 100),
                    interval(found[f"{name}_bounds"], 100),
                )
            )
    return Table(("arm", "", "counted", "95 % interval, %", "bounds from the margins, %"), tuple(rows))


def mechanism_table(summary: Summary) -> Table:
    """Share of all groups stopped in each way."""
    ways = ("own", "cued", "unprompted")
    rows = tuple((plain(arm), *(percent(found[way]) for way in ways)) for arm, found in summary["mechanism"].items())
    return Table(("arm", "own interception", "cued", "interior, without a cue"), rows)


def sectors_table(summary: Summary, scenario: Scenario) -> Table:
    """Effect on interdiction by where the group crosses in the baseline."""
    rows = []
    for arm, found in summary["sectors"].items():
        for name, one in found.items():
            rows.append(
                (
                    sector_title(scenario, name),
                    plain(arm),
                    percent(one["share"]),
                    number(one["pairs"], 0),
                    points(one["difference"]),
                    interval(one["ci95"], 100, sign=True),
                )
            )
    rows.sort(key=lambda row: row[0])
    return Table(("sector", "arm", "share of groups", "pairs", "difference, points", "95 % interval"), tuple(rows))


def displacement_table(summary: Summary) -> Table:
    """How crossing points moved."""
    rows = tuple(
        (
            plain(arm),
            percent(found["moved"]),
            signed(found["mean_shift_km"], 2),
            number(found["earth_mover_km"], 2),
            interval(found["earth_mover_ci95"], 1, 2),
        )
        for arm, found in summary["displacement"].items()
    )
    head = ("arm", "groups that crossed elsewhere", "mean shift downstream, km", "earth mover, km", "95 % interval")
    return Table(head, rows)


def adaptation_table(summary: Summary) -> Table:
    """The effect on groups that keep the baseline's routes, on groups that answer, and the difference."""
    rows = []
    for arm, found in summary["displacement"].items():
        kinds = (found[kind] for kind in ("naive", "net", "adaptation"))
        cells = [cell for one in kinds for cell in (points(one["difference"]), interval(one["ci95"], 100, sign=True))]
        rows.append((plain(arm), *cells, number(found["replayed"], 0)))
    head = (
        "arm",
        "routes of the baseline (naive)",
        "95 % interval",
        "routes chosen anew (net)",
        "95 % interval",
        "net less naive",
        "95 % interval",
        "replications in which somebody moves",
    )
    return Table(head, tuple(rows))


def load_table(summary: Summary, scenario: Scenario) -> Table:
    """Share of groups that cross in each sector, before and after."""
    rows = [
        (
            sector_title(scenario, name),
            plain(arm),
            percent(one["baseline"]),
            percent(one["arm"]),
            points(one["difference"]),
            interval(one["ci95"], 100, sign=True),
            "no new post" if one["post_km"] is None else number(one["post_km"]),
        )
        for arm, found in summary["displacement"].items()
        for name, one in found["load"].items()
    ]
    rows.sort(key=lambda row: row[0])
    head = (
        "sector",
        "arm",
        "baseline",
        "in the arm",
        "difference, points",
        "95 % interval",
        "km from the arm’s new post",
    )
    return Table(head, tuple(rows))


def appraisal_table(summary: Summary) -> Table:
    """What each arm's money buys."""
    rows = []
    for arm, found in summary["appraisal"].items():
        groups, ends = found["break_even_groups_per_year"], found["break_even_groups_ci95"]
        rows.append(
            (
                plain(arm),
                money(found["cost_usd"]),
                signed(found["extra_per_year"], 2),
                interval(found["extra_per_year_ci95"], 1, 2, sign=True),
                cost_words(found),
                signed(found["extra_per_million_usd"], 1),
                "none" if found["rank_per_dollar"] is None else str(found["rank_per_dollar"]),
                ("undefined" if found["verdict"] in ("saves", "unknown") else "never")
                if groups is None
                else number(groups, 1),
                f"from {number(ends[0], 1)} upwards" if ends[0] is not None and ends[1] is None else interval(ends),
            )
        )
    head = (
        "arm",
        "cost",
        "more stopped in a year",
        "95 % interval",
        "cost of one more stopped",
        "more stopped for a million USD",
        "rank by that",
        "groups a year to break even",
        "95 % interval",
    )
    return Table(head, tuple(rows))


def outcome_names(scenario: Scenario) -> Table:
    """What the outcomes are called for each kind of group in the case."""
    kinds = dict.fromkeys(party.kind for party in scenario.infiltrators.parties)
    rows = []
    for kind in kinds:
        words = scenario.infiltrators.kinds.of(kind).words
        rows.append((plain(kind), *(getattr(words, outcome) for outcome in OUTCOMES)))
    return Table(("kind", *(plain(outcome) for outcome in OUTCOMES)), tuple(rows))


Show = Callable[[Any], str]


def arms_table(summary: Summary) -> Table:
    """Costs, casualties, depth and warning: a row a fact, a column an arm."""
    facts: dict[str, tuple[str, Show]] = {
        "cost": ("cost_usd", money),
        "stopped before the target": ("interdiction", percent),
        "95 % interval of that, %": ("interdiction_ci95", lambda ends: interval(ends, 100)),
        "detected": ("detection", percent),
        "met by armed men": ("interception", percent),
        "reached the target": ("reached", percent),
        "of the group killed, mean": ("mean_killed", number),
        "of the group captured, mean": ("mean_captured", number),
        "of the group escaped, mean": ("mean_escaped", number),
        "own killed, mean": ("mean_own_killed", number),
        "depth where stopped, median, km from the border": ("median_depth_km", number),
        "warning: detection to the end, median, h": ("median_warning_hours", number),
        "false alarms a run, mean": ("mean_false_alarms", number),
        "dispatches a run, mean": ("mean_dispatches", number),
        "patrol hours a run, mean": ("mean_patrol_hours", number),
    }
    rows = tuple(
        (words, *(show(found.get(key)) for found in summary["arms"].values())) for words, (key, show) in facts.items()
    )
    return Table(("", *(plain(arm) for arm in summary["arms"])), rows)


def casualties_table(summary: Summary) -> Table:
    """Paired differences in casualties."""
    rows = tuple(
        (plain(arm), words, signed(effects[key]["difference"], 2), interval(effects[key]["ci95"], 1, 2, sign=True))
        for arm, effects in summary["effects"].items()
        for key, words in COUNTS.items()
    )
    return Table(("arm", "persons", "mean difference a group", "95 % interval"), rows)
