"""`study=compare` from the command line: run, keep, tell."""

from __future__ import annotations

import json
import platform
import shlex
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cache.atomic import atomic_write_text
from sim.cli.own_process import is_own_process
from sim.execution.errors import FAILED_NAME, failure_message
from sim.execution.manifest import ManifestHead
from sim.execution.open_store import open_store
from sim.execution.progress import make_progress
from sim.scenario import Scenario
from sim.study.arms import arms_in_order
from sim.study.compare.run import answer_unmoved, play
from sim.study.engine_ready import engine_beside
from sim.study.replications import build_worlds
from sim.study.settings import RunSettings
from sim.world import World
from sim.world.kept_tables import kept_tables

if TYPE_CHECKING:
    from sim.study.compare.result import CompareResult

NAIVE = "naive"
"""Where in the output folder the replications are kept that were played again with the ways of the baseline."""


def compare_and_report(scenario: Scenario, settings: RunSettings, overrides: Sequence[str]) -> int:
    """Play all arms, write rows, summary and report, and print the answer."""
    print(f"{scenario.title or scenario.name}: building the ground, the routes and the lines of sight", flush=True)
    if settings.stopping is not None:
        settings.stopping.check(scenario)
    worlds = worlds_of(scenario, settings)
    folder = Path(settings.output) if settings.output else default_folder("compare", scenario.name)
    result = play_in(folder, scenario, worlds, settings)
    # What draws takes half a second to load: that is for after the playing.
    from sim.study.compare.sentences import answer_in_words
    from sim.study.compare.write import write_report
    from sim.study.verify.short import short_check

    summary = result.summary()
    checked = short_check(make_progress("checking"))
    print("drawing the report", flush=True)
    report = write_report(result, folder, facts=_facts(settings, overrides, result), checked=checked)
    print()
    for sentence in answer_in_words(summary, scenario):
        print(sentence)
    print(f"\nReport: {report}\nDigest: {result.digest}")
    if result.failed:
        wanted = result.replications + len(result.failed)
        print(f"border-sim: {failure_message(place_of(folder), result.failed, wanted)}", file=sys.stderr)
    return 1 if result.failed else 0


def worlds_of(scenario: Scenario, settings: RunSettings) -> tuple[World, ...]:
    """The World of each arm, while another process compiles the engine if need be."""
    arms = arms_in_order(scenario)
    if not is_own_process():
        return build_worlds(scenario, arms)
    with engine_beside(settings.engine, settings.execution.kind), kept_tables(scenario.terrain) as tables:
        return build_worlds(scenario, arms, tables)


def place_of(folder: Path) -> Path:
    """Where failures of a comparison are listed: with its rows, or with those played again with the baseline's ways."""
    return folder if (folder / FAILED_NAME).exists() else folder / NAIVE


def play_in(folder: Path, scenario: Scenario, worlds: tuple[World, ...], settings: RunSettings) -> CompareResult:
    """Play all arms into an output folder, and write its summary."""
    head = ManifestHead("compare", scenario.name, settings.seed, settings.asked, scenario.model_dump(mode="json"))
    second = replace(head, study="naive")
    with open_store(folder, head) as store:
        result = play(
            scenario,
            worlds,
            store,
            seed=settings.seed,
            replications=settings.stopping or settings.asked,
            execution=settings.execution,
            progress=make_progress(f"{len(worlds)} arms"),
            engine=settings.engine,
        )
        result = answer_unmoved(
            result,
            lambda: open_store(folder / NAIVE, second),
            settings.execution,
            make_progress("the same with the ways of the baseline"),
            settings.engine,
        )
        write_json(folder / "summary.json", result.summary())
    return result


def default_folder(study: str, experiment: str) -> Path:
    """A new folder under ``outputs``, named by the time."""
    parent = Path("outputs") / study / experiment
    stamp = datetime.now().strftime("%Y-%m-%d_%H-%M-%S")
    names = (stamp, *(f"{stamp}_{count}" for count in range(2, 1000)))
    return next(parent / name for name in names if not (parent / name).exists())


def write_json(path: Path, data: dict[str, Any]) -> None:
    """Write a mapping as JSON, whole or not at all."""
    atomic_write_text(path, json.dumps(data, indent=2, allow_nan=False) + "\n")


def _facts(settings: RunSettings, overrides: Sequence[str], result: CompareResult) -> dict[str, str]:
    rule = {} if settings.stopping is None else {"Stopping rule": settings.stopping.in_words()}
    return {"Replications": str(result.replications), **rule, **run_facts(settings, overrides)}


def run_facts(settings: RunSettings, overrides: Sequence[str]) -> dict[str, str]:
    """What every report says of how it was made."""
    return {
        "Command": shlex.join(["python", "-m", "sim", *overrides]),
        "Seed": str(settings.seed),
        "Python": platform.python_version(),
        "Made": datetime.now().strftime("%Y-%m-%d %H:%M"),
    }
