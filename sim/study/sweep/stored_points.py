"""The points of a sweep beside its rows, so that any replication can be played again from the folder alone."""

from __future__ import annotations

import json
from pathlib import Path

from sim.cache.atomic import atomic_write_text
from sim.execution.errors import StoreError
from sim.scenario.expand import Listed
from sim.study.sweep.design import Design
from sim.study.sweep.points import Points
from sim.study.sweep.sampling import SweepSettings

POINTS_NAME = "points.json"


def write_points(folder: Path, points: Points) -> None:
    """Write ``points.json``: the keys that vary, their values at each point, and the data that these are set in."""
    axes = points.design.axes
    kept = {
        "keys": [axis.key for axis in axes],
        "signs": [axis.sign for axis in axes],
        "chooses_files": list(points.chosen),
        "points": points.design.points,
        "bases": list(points.bases.items()),
        "seed": points.seed,
    }
    atomic_write_text(folder / POINTS_NAME, json.dumps(kept) + "\n")


def read_points(folder: Path) -> Points:
    """The points of the sweep that a folder holds.

    Raises
    ------
    StoreError
        When they are not there, or not as `write_points` wrote them.
    """
    path = folder / POINTS_NAME
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        axes = tuple(Listed(key, (), sign) for key, sign in zip(kept["keys"], kept["signs"], strict=True))
        table = tuple(tuple(values) for values in kept["points"])
        bases = {tuple(picked): data for picked, data in kept["bases"]}
        design = Design(axes, table, SweepSettings(), int(kept["seed"]))
        return Points(design, bases, {}, int(kept["seed"]), tuple(kept["chooses_files"]))
    except FileNotFoundError:
        raise StoreError(f"{folder} holds no {POINTS_NAME}; run the sweep again with the same output=") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{path} cannot be read ({error}); run the sweep again with the same output=") from error
