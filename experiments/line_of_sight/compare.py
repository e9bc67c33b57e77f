"""Our answer beside the tool's, cell by cell: how many differ, where they lie, by how much, and why."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.line_of_sight.grounds import View
from experiments.line_of_sight.planes import seen_by_planes
from experiments.line_of_sight.rays import margin_m
from sim.terrain.sight import viewshed

Bools = NDArray[np.bool_]


def ours(view: View) -> Bools:
    """What the project says is seen, (rows, cols)."""
    return viewshed(
        view.elevation_m,
        view.cell_m,
        view.row,
        view.col,
        view.height_m,
        view.target_m,
        view.limit_km,
        refraction=view.refraction,
    )


def cells_away(view: View) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows and columns between the observer and each cell, (rows, cols) both."""
    rows, cols = np.indices(view.elevation_m.shape)
    return np.abs(rows - view.row), np.abs(cols - view.col)


def in_range(view: View) -> Bools:
    """Cells (rows, cols) within the limit."""
    return np.asarray(np.hypot(*cells_away(view)) * view.cell_m <= view.limit_km * 1000)


def on_eight_rays(view: View) -> Bools:
    """Cells (rows, cols) straight or exactly aslant from the observer: there a plane's fan is a single ray."""
    down, right = cells_away(view)
    return np.asarray((down == 0) | (right == 0) | (down == right))


def at_a_rim(seen: Bools) -> Bools:
    """Cells (rows, cols) with at least one of their eight neighbours on the other side of the answer."""
    padded = np.pad(seen, 1, mode="edge")
    around = [padded[r : r + seen.shape[0], c : c + seen.shape[1]] for r in range(3) for c in range(3)]
    return np.asarray(np.any(around, axis=0) != np.all(around, axis=0))


def compare(view: View, theirs: Bools) -> dict[str, Any]:
    """Counts of one view, as plain data.

    `beside` are the disagreements that end when the ground next to the observer is taken as it is; `fan` are those that
    are left then, between rays and planes.
    """
    here, near, planes = ours(view), in_range(view), seen_by_planes(view, raised=False)
    differ, fan = here != theirs, here != planes
    off_m = np.abs(margin_m(view))
    inside = near & np.isfinite(off_m)
    return {
        "view": view.name,
        "ground": view.ground,
        "in_range": int(near.sum()),
        "seen_by_both": int((here & theirs).sum()),
        "ours_only": int((here & ~theirs).sum()),
        "theirs_only": int((theirs & ~here).sum()),
        "not_as_planes": int((theirs != seen_by_planes(view)).sum()),
        "beside": int((differ & ~fan).sum()),
        "fan": int(fan.sum()),
        "fan_ours_only": int((here & fan).sum()),
        "fan_on_eight_rays": int((fan & on_eight_rays(view)).sum()),
        "fan_at_a_rim": int((fan & at_a_rim(here)).sum()),
        "cells_at_a_rim": int((near & at_a_rim(here)).sum()),
        "fan_margin_m": [float(np.quantile(off_m[fan & inside], q)) for q in (0.5, 0.95, 1.0)],
        "cell_margin_m": [float(np.quantile(off_m[inside], q)) for q in (0.5, 0.95, 1.0)],
    }
