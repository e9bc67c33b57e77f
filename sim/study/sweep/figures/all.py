"""Which pictures a sweep gets, by how many keys vary and whether its points are a grid."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sim.report.style import DPI, Picture, png_bytes
from sim.study.compare.figures.all import Shot
from sim.study.sweep.figures.curves import draw_sweep
from sim.study.sweep.figures.heat_map import MOST_PANELS, draw_heat, draw_plane, is_grid
from sim.study.sweep.figures.parallel import draw_parallel
from sim.study.sweep.run import SweepTable
from sim.study.sweep.sentences import sweep_main_arm

CAPTIONS = {
    "sweep": "Left: the share of groups stopped in each arm. Right: the paired difference to the baseline with its "
    "95 % interval; a cross marks where an interval comes to include zero, by a straight line between points.",
    "heat": "The paired difference at every point. Hatched: the 95 % interval includes zero, so the runs do not tell "
    "whether the arm helps or harms there. Where cells hold no numbers, a minus marks an interval below zero.",
    "plane": "Every point of the sample. Triangles up and down: the 95 % interval lies above or below zero; circles: "
    "it includes zero.",
    "parallel": "Every point of the design is a line through its values, from left to right, to the effect it had. "
    "Follow the dark lines backwards to see which values they share.",
}


def sweep_pictures(result: SweepTable) -> dict[str, Picture]:
    """The pictures by name, drawn as they are asked for; empty where nothing varied."""
    arm, keys, table = sweep_main_arm(result), _varying(result), result.table
    if len(keys) == 0:
        return {}
    if len(keys) == 1:
        one = table.drop_duplicates(["arm", keys[0]])
        return {"sweep": draw_sweep(one, keys[0], result.baseline, result.tipping_points())}
    if arm is None:
        return {}
    order = _by_size(table, keys)
    told = {}
    if len(keys) == 2 and not is_grid(table, keys):
        told["plane"] = draw_plane(table, order, arm, result.baseline) if _numbers(table, keys) else None
    elif is_grid(table, keys) and (len(keys) == 2 or (len(keys) == 3 and table[order[2]].nunique() <= MOST_PANELS)):
        told["heat"] = draw_heat(table, order, arm, result.baseline)
    if len(keys) > 2 or not any(told.values()):
        told["parallel"] = draw_parallel(table, keys, arm, result.baseline)
    return {name: picture for name, picture in told.items() if picture is not None}


def main_picture(result: SweepTable) -> Picture | None:
    """The first of the pictures; None where nothing varied."""
    return next(iter(sweep_pictures(result).values()), None)


def take_sweep_pictures(result: SweepTable, dpi: int = DPI) -> Iterator[Shot]:
    """The pictures as files."""
    for name, picture in sweep_pictures(result).items():
        yield Shot(name, png_bytes(picture, dpi), CAPTIONS[name])


def _varying(result: SweepTable) -> list[str]:
    """The keys with more than one value: the others are fixed, whatever the command line calls them."""
    return [key for key in result.keys if len(result.table[key].unique()) > 1]


def _numbers(table: pd.DataFrame, keys: list[str]) -> bool:
    return all(pd.api.types.is_numeric_dtype(table[key]) for key in keys)


def _by_size(table: pd.DataFrame, keys: list[str]) -> list[str]:
    """Numbers before words, and more values before fewer: the longest runs along, the shortest makes panels."""
    return sorted(keys, key=lambda key: (not pd.api.types.is_numeric_dtype(table[key]), -table[key].nunique()))
