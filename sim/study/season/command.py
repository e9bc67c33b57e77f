"""`study=season` from the command line: check, run, keep, tell."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.execution.manifest import ManifestHead
from sim.execution.open_store import open_store
from sim.execution.progress import make_progress
from sim.scenario import Scenario
from sim.study.compare.command import default_folder, run_facts, worlds_of, write_json
from sim.study.season.run import SeasonResult, check_seasons, play_seasons
from sim.study.settings import RunSettings
from sim.world import World


def seasons_and_report(scenario: Scenario, settings: RunSettings, overrides: Sequence[str]) -> int:
    """Play all seasons in all arms, write rows, summary and report, and print the answer."""
    from sim.study.season.page import write_season_report
    from sim.study.season.sentences import season_answer
    from sim.study.verify.short import short_check

    check_seasons(scenario)
    season = scenario.season
    print(f"{scenario.title or scenario.name}: building the ground, the routes and the lines of sight", flush=True)
    worlds = worlds_of(scenario, settings)
    folder = Path(settings.output) if settings.output else default_folder("season", scenario.name)
    print(f"seasons: {season.seasons}, replications of each: {season.trials}, arms: {len(worlds)}", flush=True)
    if any(word.startswith("replications=") for word in overrides):
        print("replications= has no part in study=season; season.trials= and season.seasons= say how many there are")
    result, summary = play_seasons_in(folder, scenario, worlds, settings)
    checked = short_check(make_progress("checking"))
    print("drawing the report", flush=True)
    report = write_season_report(result, summary, folder, facts=run_facts(settings, overrides), checked=checked)
    print()
    for sentence in season_answer(summary, scenario):
        print(sentence)
    print(f"\nReport: {report}\nDigest: {result.digest}")
    return 0


def play_seasons_in(
    folder: Path, scenario: Scenario, worlds: tuple[World, ...], settings: RunSettings
) -> tuple[SeasonResult, dict[str, Any]]:
    """Play all seasons into an output folder, and write its summary; both are returned."""
    wanted = scenario.season.seasons * scenario.season.trials
    head = ManifestHead("season", scenario.name, settings.seed, wanted, scenario.model_dump(mode="json"))
    with open_store(folder, head) as store:
        result = play_seasons(
            scenario,
            worlds,
            store,
            seed=settings.seed,
            execution=settings.execution,
            progress=make_progress(f"{len(worlds)} arms, {scenario.season.seasons} seasons"),
            engine=settings.engine,
        )
        summary = result.summary()
        write_json(folder / "summary.json", summary)
    return result, summary
