"""The report of the seasons: one HTML page with its figures in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.report.page import Checked, Figure, Table, study_page
from sim.report.words import interval, number, percent, plain, points
from sim.scenario import Scenario
from sim.study.season.sentences import season_answer, season_verdict

LIMITS = (
    "One history was run: what is believed in a season rests on the random numbers of the seasons before. Other seeds "
    "give other histories, and the intervals do not hold the difference between them.",
    "The first and the last season have different random numbers, so their difference is known less exactly than the "
    "difference of two arms in one season. More season.trials make both narrower, and the adversary better informed.",
    "The adversary knows of every group what became of it, believes it to be due to the crossing point, and neither "
    "plans ahead nor probes. The state moves patrols by a rule, where it moves any.",
    "Several arms and seasons are compared, each at 95 %; the intervals are not widened for that.",
)


def render_page(
    scenario: Scenario,
    summary: dict[str, Any],
    figures: Sequence[Figure],
    facts: Mapping[str, str],
    checked: Checked | None = None,
) -> str:
    """The whole page as text; see `sim.report.page.study_page`."""
    return study_page(
        Path(__file__).with_name("page.html"),
        summary,
        figures,
        facts,
        run=_run_rows(scenario, summary),
        checked=checked,
        scenario=scenario,
        costs={arm: one["cost_usd"] for arm, one in summary["arms"].items()},
        verdict=season_verdict(summary),
        answer=season_answer(summary, scenario),
        tables={
            "effects": effects_table(summary),
            "seasons": seasons_table(summary),
            "places": places_table(summary),
            "duty": duty_table(summary),
        },
        limits=LIMITS,
    )


def effects_table(summary: dict[str, Any]) -> Table:
    """Effect of each arm in the first and in the last season, and how it changed."""
    rows = []
    for arm, effect in summary["effects"].items():
        first, last, change = effect["seasons"][0], effect["seasons"][-1], effect["change"]
        cells = [cell for one in (first, last, change) for cell in _effect_cells(one)]
        rows.append((plain(arm), *cells))
    head = ("arm", "first season", "95 % interval", "last season", "95 % interval", "change", "95 % interval")
    return Table(head, tuple(rows))


def _effect_cells(one: dict[str, Any]) -> tuple[str, str]:
    return points(one["difference"]), interval(one["ci95"], 100, sign=True)


def seasons_table(summary: dict[str, Any]) -> Table:
    """Every arm and season in numbers."""
    rows = [
        (
            plain(arm),
            str(one["season"]),
            number(one["groups"], 0),
            percent(one["interdiction"]),
            interval(one["interdiction_ci95"], 100),
            percent(one["detection"]),
            number(one["mean_along_km"]),
            number(one["earth_mover_km"]),
        )
        for arm, of_arm in summary["arms"].items()
        for one in of_arm["seasons"]
    ]
    head = (
        "arm",
        "season",
        "groups",
        "stopped",
        "95 % interval",
        "detected",
        "mean place, km",
        "moved since first, km",
    )
    return Table(head, tuple(rows))


def places_table(summary: dict[str, Any]) -> Table:
    """Where groups went, arm by arm."""
    rows = []
    for arm, of_arm in summary["arms"].items():
        change = of_arm["change"]
        ends = [_place(change["gained"]), _place(change["lost"])]
        rows.append((plain(arm), number(change["earth_mover_km"]), number(change["mean_shift_km"]), *ends))
    return Table(("arm", "moved, km", "mean shift downstream, km", "gained most", "lost most"), tuple(rows))


def _place(one: dict[str, Any] | None) -> str:
    if one is None:
        return "none"
    first, last = percent(one["first"], 0), percent(one["last"], 0)
    return f"{one['crossing']} at {number(one['along_km'], 0)} km: {first}, then {last}"


def duty_table(summary: dict[str, Any]) -> Table:
    """Share of the time on duty of each patrol, before and after; no rows where the state moves nobody."""
    if not summary["redeploy_share"]:
        return Table((), ())
    rows = [
        (plain(arm), plain(patrol), percent(of_arm["seasons"][0]["duty"][patrol]), percent(share))
        for arm, of_arm in summary["arms"].items()
        for patrol, share in of_arm["duty_after"].items()
    ]
    return Table(("arm", "patrol", "on duty in the first season", "after the last"), tuple(rows))


def _run_rows(scenario: Scenario, summary: dict[str, Any]) -> dict[str, str]:
    infiltrators = scenario.infiltrators
    return {
        "seasons, and replications of each": f"{summary['seasons']}, {number(summary['trials'], 0)}",
        "weight of the last season": number(summary["weight"], 2),
        "forgetting without news": number(summary["forgetting"], 2),
        "patrol duty moved each season": percent(summary["redeploy_share"], 0),
        "aversion (minutes for certain capture)": number(infiltrators.aversion, 0),
        "taste (minutes)": number(infiltrators.spread_min, 0),
    }
