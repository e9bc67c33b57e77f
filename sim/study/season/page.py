"""The page of the seasons: one HTML file with its pictures in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.cache.atomic import atomic_write_bytes, atomic_write_text
from sim.report.style import png_bytes
from sim.report.tables import Table
from sim.report.templating import fill_in
from sim.report.words import interval, money, number, percent, plain, points
from sim.scenario import Scenario
from sim.study.compare.figures.all import Shot
from sim.study.compare.write import FIGURES_NAME, PAGE_NAME
from sim.study.season.figures import draw_season_crossings, draw_season_effects, draw_season_shares
from sim.study.season.run import SeasonResult
from sim.study.season.sentences import season_answer, season_verdict
from sim.study.verify.short import checked_of

CAPTIONS = {
    "season_shares": "Groups stopped before their target, season by season. The luck of a season is the same in all "
    "arms and another in each season, so ups and downs that all arms share may be chance.",
    "season_effects": "What each arm changes in a season against the baseline in that season, with the same luck. "
    "Where the band crosses the line at zero, the season leaves open whether the arm helps.",
    "season_crossings": "Left: where groups crossed, a row a season, the first on top. Right: what the adversary "
    "believed of each crossing point when that season began; grey where nobody had told anything yet. Dark on the "
    "right and pale on the left are places that it has learnt to shun. The ends of the border that nobody used are "
    "left out.",
}
LIMITS = (
    "One history was played: what is believed in a season rests on the luck of the seasons before. Other seeds give "
    "other histories, and the intervals do not hold the difference between them.",
    "The first and the last season have different luck, so their difference is told less exactly than the difference "
    "of two arms in one season. More season.trials make both narrower, and make the adversary better informed too.",
    "The adversary knows of every group what became of it, believes it to be due to the crossing point, and neither "
    "plans ahead nor probes. The state moves patrols by a rule, where it moves any.",
    "Several arms and seasons are compared, each at 95 %; the intervals are not widened for that.",
)


def write_season_report(
    result: SeasonResult,
    summary: dict[str, Any],
    folder: Path,
    *,
    facts: Mapping[str, str],
    checked: dict[str, Any] | None = None,
) -> Path:
    """Write ``figures/*.png`` and, last, ``report.html``; each file is there whole or not at all.

    Raises
    ------
    OSError
        When the folder cannot be written.
    """
    figures = folder / FIGURES_NAME
    figures.mkdir(parents=True, exist_ok=True)
    shots = list(take_season_pictures(summary))
    for shot in shots:
        atomic_write_bytes(figures / f"{shot.name}.png", shot.png)
    page = folder / PAGE_NAME
    atomic_write_text(page, render_season_page(result.scenario, summary, shots, facts, checked))
    return page


def take_season_pictures(summary: dict[str, Any]) -> Iterator[Shot]:
    """The pictures one at a time; those that have nothing to show are left out."""
    makers = {
        "season_shares": draw_season_shares,
        "season_effects": draw_season_effects,
        "season_crossings": draw_season_crossings,
    }
    for name, make in makers.items():
        picture = make(summary)
        if picture is not None:
            yield Shot(name, png_bytes(picture), CAPTIONS[name])


def render_season_page(
    scenario: Scenario,
    summary: dict[str, Any],
    pictures: Sequence[Shot],
    facts: Mapping[str, str],
    checked: dict[str, Any] | None = None,
) -> str:
    """The whole page as text; whatever comes from the user's files is escaped."""
    return fill_in(
        Path(__file__).with_name("page.html"),
        title=scenario.title or plain(scenario.name),
        verdict=season_verdict(summary),
        answer=season_answer(summary, scenario),
        arms=[(plain(arm), scenario.arms[arm].description, money(told["cost_usd"])) for arm, told in _arms(summary)],
        pictures={shot.name: shot for shot in pictures},
        tables={
            "effects": effects_table(summary),
            "seasons": seasons_table(summary),
            "places": places_table(summary),
            "duty": duty_table(summary),
        },
        doubts=scenario.doubts,
        limits=LIMITS,
        checked=checked_of(checked),
        made=_made(scenario, summary, facts),
    )


def _arms(summary: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return list(summary["arms"].items())


def effects_table(summary: dict[str, Any]) -> Table:
    """Effect of each arm in the first and in the last season, and how it changed."""
    rows = []
    for arm, told in summary["effects"].items():
        first, last, change = told["seasons"][0], told["seasons"][-1], told["change"]
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
        for arm, told in _arms(summary)
        for one in told["seasons"]
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
    for arm, told in _arms(summary):
        change = told["change"]
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
        (plain(arm), plain(patrol), percent(told["seasons"][0]["duty"][patrol]), percent(share))
        for arm, told in _arms(summary)
        for patrol, share in told["duty_after"].items()
    ]
    return Table(("arm", "patrol", "on duty in the first season", "after the last"), tuple(rows))


def _made(scenario: Scenario, summary: dict[str, Any], facts: Mapping[str, str]) -> Table:
    infiltrators = scenario.infiltrators
    rows = {
        "study": "season",
        "experiment": str(summary["experiment"]),
        "seed": str(summary["seed"]),
        "seasons, and replications of each": f"{summary['seasons']}, {number(summary['trials'], 0)}",
        "weight of the last season": number(summary["weight"], 2),
        "forgetting without news": number(summary["forgetting"], 2),
        "patrol duty moved each season": percent(summary["redeploy_share"], 0),
        "aversion (minutes for certain capture)": number(infiltrators.aversion, 0),
        "taste (minutes)": number(infiltrators.spread_min, 0),
        "digest of the outcome rows (SHA-256)": str(summary["digest"]),
    }
    return Table(("", ""), tuple((rows | {str(key): str(value) for key, value in facts.items()}).items()))
