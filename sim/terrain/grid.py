"""The ground as a raster: heights, land cover, and the frame that ties cells to kilometres."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.scenario.cover import CoverTable
from sim.scenario.terrain import TerrainSettings
from sim.terrain import Bools, Floats, Ints

COVER_KINDS: tuple[str, ...] = tuple(CoverTable.model_fields)
"""Names of the land cover kinds; the position is the code in `Terrain.cover`."""


def cover_code(kind: str) -> int:
    """Code of a land cover kind in the raster.

    >>> cover_code("open"), cover_code("road")
    (0, 7)
    """
    return COVER_KINDS.index(kind)


@dataclass(frozen=True, eq=False)
class MapLine:
    """A line to draw: its name, its kind, and points (n, 2) in km."""

    name: str
    kind: str
    points_km: Floats


@dataclass(frozen=True, eq=False)
class MapPlace:
    """A place to draw: its name, its kind, where it is, and its radius (0 for a mere point)."""

    name: str
    kind: str
    x_km: float
    y_km: float
    radius_km: float = 0.0


@dataclass(frozen=True, eq=False)
class Terrain:
    """The ground of a scenario. Row 0 is the northern edge, column 0 the western.

    Coordinates are kilometres east (x) and north (y) of the south-west corner. All functions take scalars or arrays.

    Attributes
    ----------
    elevation_m:
        (rows, cols) float64, height of the cell centres.
    cover:
        (rows, cols) uint8, position in `COVER_KINDS`.
    crossing_min:
        (rows, cols) float64, minutes to cross the inland river whose cell this is; 0 on land.
    cell_m:
        Side of a cell.
    border_km:
        (n, 2) float64, the border river downstream; may be empty, and may run on beyond the grid.
    lines, places:
        What a map draws.
    settings:
        What the ground was built from.
    """

    elevation_m: Floats
    cover: NDArray[np.uint8]
    crossing_min: Floats
    cell_m: float
    border_km: Floats
    lines: tuple[MapLine, ...]
    places: tuple[MapPlace, ...]
    settings: TerrainSettings

    def __post_init__(self) -> None:
        for array in (self.elevation_m, self.cover, self.crossing_min, self.border_km):
            array.setflags(write=False)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, cols = self.elevation_m.shape
        return rows, cols

    @property
    def width_km(self) -> float:
        """East to west, whole cells."""
        return self.shape[1] * self.cell_m / 1000

    @property
    def height_km(self) -> float:
        """South to north, whole cells."""
        return self.shape[0] * self.cell_m / 1000

    def inside(self, x_km: ArrayLike, y_km: ArrayLike) -> Bools:
        """Whether points lie on the grid, its edge included."""
        x, y = np.asarray(x_km, dtype=float), np.asarray(y_km, dtype=float)
        return np.asarray((x >= 0) & (y >= 0) & (x <= self.width_km) & (y <= self.height_km))

    def cell_of(self, x_km: ArrayLike, y_km: ArrayLike) -> tuple[Ints, Ints]:
        """Row and column of points; the northern and eastern edge belong to the last cells.

        Raises
        ------
        ValueError
            A point lies off the grid.
        """
        if not np.all(self.inside(x_km, y_km)):
            raise ValueError(
                f"x_km = {x_km!r}, y_km = {y_km!r} is off the grid; allowed are 0 to {self.width_km:g} "
                f"and 0 to {self.height_km:g}"
            )
        rows, cols = self.shape
        col = np.floor(np.asarray(x_km, dtype=float) * 1000 / self.cell_m).astype(np.int64)
        up = np.floor(np.asarray(y_km, dtype=float) * 1000 / self.cell_m).astype(np.int64)
        return np.asarray(rows - 1 - np.minimum(up, rows - 1)), np.asarray(np.minimum(col, cols - 1))

    def flat_cell_of(self, x_km: ArrayLike, y_km: ArrayLike) -> Ints:
        """Flat index ``row * cols + col`` of the cells that hold points."""
        row, col = self.cell_of(x_km, y_km)
        return np.asarray(row * self.shape[1] + col)

    def centre_of(self, row: ArrayLike, col: ArrayLike) -> tuple[Floats, Floats]:
        """Centres (x_km, y_km) of cells."""
        x_km = (np.asarray(col, dtype=float) + 0.5) * self.cell_m / 1000
        y_km = (self.shape[0] - np.asarray(row, dtype=float) - 0.5) * self.cell_m / 1000
        return np.asarray(x_km), np.asarray(y_km)

    def cover_at(self, x_km: ArrayLike, y_km: ArrayLike) -> NDArray[np.uint8]:
        """Land cover codes of the cells that hold the points."""
        return np.asarray(self.cover[self.cell_of(x_km, y_km)])

    def by_cover(self, attribute: str) -> Floats:
        """(rows, cols) of one column of the cover table: foot_factor, vehicle_kmh or concealment."""
        table = [getattr(getattr(self.settings.cover, kind), attribute) for kind in COVER_KINDS]
        return np.asarray(np.array(table, dtype=float)[self.cover])

    def digest(self) -> str:
        """SHA-256 of what travel and sight depend on: heights, cover and its table, crossings, border, refraction."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        mark = hashlib.sha256()
        mark.update(repr((self.shape, float(self.cell_m), self.settings.refraction)).encode())
        mark.update(self.settings.cover.model_dump_json().encode())
        arrays = (self.elevation_m, self.cover, self.crossing_min, self.border_km)
        for array, kind in zip(arrays, ("<f8", "u1", "<f8", "<f8"), strict=True):
            mark.update(np.ascontiguousarray(array, dtype=kind).tobytes())
        return mark.hexdigest()
