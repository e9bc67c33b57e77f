"""`-m`, or `study=sweep`: the comparison at every point of a design, in one run."""

from __future__ import annotations

import platform
import shlex
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sim.cli.own_process import is_own_process
from sim.execution.cluster_pools import check_kind
from sim.execution.errors import replay_command
from sim.execution.open_store import open_store
from sim.execution.progress import make_progress
from sim.scenario import ScenarioError
from sim.scenario.expand import expand
from sim.scenario.terrain import TerrainSettings
from sim.study.compare.command import default_folder
from sim.study.engine_ready import engine_beside
from sim.study.settings import RunSettings
from sim.study.sweep.points import TABLES_MB, Points, check_points, points_from_words
from sim.study.sweep.run import SweepTable, play_sweep, sweep_head, write_tables
from sim.study.sweep.stored_points import write_points
from sim.world import Tables
from sim.world.kept_tables import take_kept

STUDIES = ("compare", "sweep")


def sweep(overrides: Sequence[str]) -> int:
    """Check every point of the design, run them all with the same luck, and write table and report.

    Returns the exit status: 1 if replications failed, which the others were not stopped by.
    """
    from sim.study.sweep.page import write_sweep_report
    from sim.study.sweep.sentences import sweep_in_words
    from sim.study.verify.short import short_check

    fixed, axes = expand(overrides)
    points, settings = points_from_words(fixed, axes)
    replications = _checked(settings)
    first = points.scenario(0)
    arms = _arms_checked(points, first.terrain, settings)
    folder = Path(settings.output) if settings.output else default_folder("sweep", first.name)
    with open_store(folder, sweep_head(points, first, replications)) as store:
        write_points(folder, points)
        print(f"{_counted(len(points), 'point')}, {replications} replications of every arm each", flush=True)
        result = play_sweep(
            points,
            arms,
            store,
            replications=replications,
            execution=settings.execution,
            progress=make_progress(_counted(len(points), "point")),
            engine=settings.engine,
        )
        write_tables(folder, result)
        checked = short_check(make_progress("checking"))
        print("drawing the report", flush=True)
        report = write_sweep_report(result, folder, facts=_facts(settings, overrides), checked=checked)
    print()
    for sentence in sweep_in_words(result):
        print(sentence)
    print(f"\nTable: {folder / 'sweep.csv'}\nReport: {report}\nDigest: {result.digest}")
    return _tell_failures(result, folder)


def _arms_checked(points: Points, ground: TerrainSettings, settings: RunSettings) -> list[tuple[str, ...]]:
    """The arms of each point, all of them found in order, while another process compiles the engine if need be."""
    progress = make_progress("checking", unit="points")
    if not is_own_process():
        return check_points(points, progress)
    with engine_beside(settings.engine, settings.execution.kind):
        tables = Tables(limit_mb=TABLES_MB)
        take_kept(tables, ground)
        return check_points(points, progress, tables)


def _checked(settings: RunSettings) -> int:
    check_kind(settings.execution.kind)
    if settings.study.name not in STUDIES:
        raise ScenarioError("study", f"is '{settings.study.name}'; allowed with -m: {', '.join(STUDIES)}")
    if not isinstance(settings.replications, int):
        raise ScenarioError("replications", "is auto; allowed with -m: a whole number, the same at every point")
    return settings.replications


def _tell_failures(result: SweepTable, folder: Path) -> int:
    for failure in result.failures[:5]:
        values = " ".join(f"{key}={value}" for key, value in result.design.values(failure["point"]).items())
        again = replay_command(folder, failure["point"] * result.replications + failure["first"])
        print(
            f"border-sim: point {failure['point']} ({values}): {failure['replications']} replications failed, the "
            f"first of them {failure['first']}: {failure['error'] or 'no error when it was run again'}; "
            f"to see it: {again}",
            file=sys.stderr,
        )
    if len(result.failures) > 5:
        print(f"border-sim: {len(result.failures) - 5} more points failed; see summary.json", file=sys.stderr)
    return 1 if result.failures else 0


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _facts(settings: RunSettings, overrides: Sequence[str]) -> dict[str, str]:
    return {
        "Command": shlex.join(["python", "-m", "sim", "-m", *(word for word in overrides if word != "study=sweep")]),
        "Replications of every arm at each point": str(settings.replications),
        "Seed": str(settings.seed),
        "Python": platform.python_version(),
        "Made": datetime.now().strftime("%Y-%m-%d %H:%M"),
    }
