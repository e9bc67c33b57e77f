"""Rows of many points: what is told of each is collected in columns, and one frame is made of all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.outcomes import COLUMNS, to_frame

if TYPE_CHECKING:
    from sim.engine.rows import Column

Columns = dict[str, "Column"]
"""Every column of the outcome schema by name, of some replications of one arm."""


def columns_of(rows: Iterable[Mapping[str, Any]]) -> Columns:
    """Outcome rows in columns, as the engine tells them."""
    from sim.engine.rows import Words

    frame = to_frame(rows)
    told: Columns = {}
    for name, kind in COLUMNS.items():
        if kind == "str":
            codes, words = pd.factorize(frame[name])
            told[name] = Words(codes, tuple(words))
        else:
            told[name] = frame[name].to_numpy()
    return told


class PointRows:
    """Collects what is told of points, for one frame: of the few rows of one, a frame is mostly about itself.

    Parameters
    ----------
    per_point:
        Replications of each point.
    """

    def __init__(self, per_point: int) -> None:
        self._per_point = per_point
        self._parts: list[Columns] = []

    def add(self, point: int, parts: Iterable[Columns]) -> None:
        """Take what is told of a point's replications; of one replication, arms in their order."""
        for part in parts:
            # Numbered through all points, so that one sorting by replication puts all points in order.
            unit = np.asarray(part["replication"]) + point * self._per_point
            self._parts.append({**part, "replication": unit})

    def frame(self) -> pd.DataFrame:
        """All rows by point, replication, arm and group: column ``point``, then those of `sim.outcomes.COLUMNS`."""
        from sim.engine.rows import frame_of

        frame = frame_of(self._parts or [columns_of([])])
        point, replication = np.divmod(frame["replication"].to_numpy(), self._per_point)
        frame["replication"] = replication
        frame.insert(0, "point", point)
        return frame
