"""`-m`: the comparison for every combination of the values given, in one process tree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from sim.cli.compare import default_folder, play_in, write_json
from sim.execution.atomic import atomic_write_bytes, atomic_write_text
from sim.execution.errors import StoreError
from sim.scenario import Scenario, ScenarioError
from sim.scenario.expand import expand
from sim.scenario.load import compose, scenario_of
from sim.study.compare import arms_in_order
from sim.study.pairs import METRICS
from sim.study.replications import build_worlds
from sim.study.settings import RunSettings, run_settings
from sim.world import Tables, World

MOST_POINTS = 10_000
_OWN = re.compile(r"^(\d{4}|figures|sweep\.csv|summary\.json)$")


class Point(NamedTuple):
    """A point of the design: the values of the keys that vary, and what they make."""

    varied: dict[str, str]
    scenario: Scenario
    settings: RunSettings


def sweep(overrides: Sequence[str]) -> int:
    """Check every point of the design, then run them one after the other; the same luck at every point."""
    combinations = expand(overrides)
    if not 1 <= len(combinations) <= MOST_POINTS:
        raise ScenarioError("-m", f"makes {len(combinations)} points; allowed: 1 to {MOST_POINTS}")
    points = [_point(values, words) for values, words in combinations]
    tables = Tables()
    for point in points:
        _worlds(point, tables)
    first = points[0]
    folder = Path(first.settings.output) if first.settings.output else default_folder("sweep", first.scenario.name)
    _check_folder(folder)
    print(f"{len(points)} points, {first.settings.replications} replications of every arm each", flush=True)
    told = []
    for number, point in enumerate(points):
        shown = " ".join(f"{key}={value}" for key, value in point.varied.items())
        result = play_in(folder / f"{number:04d}", point.scenario, _worlds(point, tables), point.settings)
        rows = _rows(point.varied, result.summary())
        told += rows
        print(f"{shown}: " + ", ".join(f"{row['arm']} {row['interdiction']:.3f}" for row in rows), flush=True)
        _write(folder, told, points)
    print(f"\nTable: {folder / 'sweep.csv'}")
    if picture := _draw(folder, list(first.varied), told, first.scenario.baseline):
        print(f"Picture: {picture}")
    return 0


def _check_folder(folder: Path) -> None:
    """Refuse a folder that holds other things than a sweep's."""
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"output={folder} is a file; allowed: a folder")
    others = sorted(path.name for path in folder.iterdir() if not _OWN.match(path.name)) if folder.exists() else []
    if others:
        raise StoreError(
            f"output={folder} holds other things ({', '.join(others[:3])}); allowed: a new or empty folder"
        )


def _draw(folder: Path, keys: list[str], told: list[dict[str, Any]], baseline: str) -> Path | None:
    """The curves, where one key of numbers varied."""
    from sim.report.figure_sweep import draw_sweep, varied_number
    from sim.report.style import png_bytes

    key = varied_number(keys, told)
    if key is None:
        return None
    path = folder / "figures" / "sweep.png"
    path.parent.mkdir(exist_ok=True)
    atomic_write_bytes(path, png_bytes(draw_sweep(key, told, baseline)))
    return path


def _point(values: dict[str, str], words: list[str]) -> Point:
    config = compose(words)
    settings = run_settings(config)
    if "output" in values:
        raise ScenarioError("output", "cannot be swept; allowed: one folder")
    if settings.study.name != "compare":
        raise ScenarioError("study", f"is '{settings.study.name}'; allowed with -m: compare")
    return Point(values, scenario_of(config), settings)


def _worlds(point: Point, tables: Tables) -> tuple[World, ...]:
    return build_worlds(point.scenario, arms_in_order(point.scenario), tables)


def _rows(values: dict[str, str], summary: dict[str, Any]) -> list[dict[str, Any]]:
    """One row an arm: the point, the arm's shares, and its effects with their intervals."""
    rows = []
    for arm, facts in summary["arms"].items():
        row: dict[str, Any] = {**values, "arm": arm, **{metric: facts[metric] for metric in METRICS}}
        for metric in METRICS:
            effect = summary["effects"].get(arm, {}).get(metric, {"difference": None, "ci95": [None, None]})
            row[f"{metric}_difference"] = effect["difference"]
            row[f"{metric}_low"], row[f"{metric}_high"] = effect["ci95"]
        rows.append({**row, "replications": summary["replications"], "digest": summary["digest"]})
    return rows


def _write(folder: Path, told: list[dict[str, Any]], points: list[Point]) -> None:
    """The table so far, as CSV and JSON: what is finished is kept whatever happens next."""
    atomic_write_text(folder / "sweep.csv", pd.DataFrame(told).to_csv(index=False))
    keys = list(points[0].varied)
    write_json(folder / "summary.json", {"study": "sweep", "keys": keys, "points": len(points), "rows": told})
