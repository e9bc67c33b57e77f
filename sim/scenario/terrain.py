"""The ground as an analyst writes it down: size, source, land cover, and the lines and points of a gazetteer."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from sim.scenario.base import Section, choice, fraction, kilometres, minutes, quantity
from sim.scenario.cover import CoverTable

Label = Annotated[str, StringConstraints(min_length=1, max_length=60, strict=True)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
PointKm = tuple[Number, Number]
MAX_CELLS = 2000
MIN_CELLS = 2


class _Line(Section):
    name: Label
    points: tuple[PointKm, ...] = choice(
        ...,
        "Where it runs, [x, y] east and north of the south-west corner",
        unit="km",
        assumed="drawn by hand from descriptions",
    )

    @field_validator("points")
    @classmethod
    def _a_line_has_length(cls, points: tuple[PointKm, ...]) -> tuple[PointKm, ...]:
        if len(points) < 2:
            raise ValueError(f"points: {len(points)} given; a line needs at least two")
        for first, second in pairwise(points):
            if math.dist(first, second) == 0:
                raise ValueError(f"points: {list(first)} stands twice in a row; neighbours must differ")
        return points


class Water(_Line):
    """A river of either kind."""

    width_km: float = quantity(0.3, "Width of the water", "km", assumed=(0.05, 1.5), gt=0, le=20)
    bed_m: tuple[Number, Number] | None = choice(
        None,
        "Height of the water at the first and at the last point; silent: floor_m",
        unit="m",
        assumed="from heights of places near by",
    )
    meander_km: float = kilometres(
        0.0, "How far the river swings to either side between its points", assumed=(0, 1), le=5
    )


class BorderRiver(Water):
    """The river that is the border, listed downstream; nobody walks or drives through it."""

    kind: Literal["border_river"]


class River(Water):
    """An inland river, listed downstream, crossed at a cost of time."""

    kind: Literal["river"]
    crossing_min: float = minutes(10.0, "Time to wade or raft across, on top of the walking", assumed=(5, 40), le=600)


class Ridge(_Line):
    """A ridge or a range of hills along its crest."""

    kind: Literal["ridge"]
    crest_m: tuple[Number, ...] = choice(
        ...,
        "Height of the crest at each point, or once for all",
        unit="m",
        assumed="between the heights published for the range",
    )
    half_width_km: float = quantity(4.0, "From the crest to the foot", "km", assumed=(2, 8), gt=0, le=50)

    @model_validator(mode="after")
    def _heights_match_points(self) -> Ridge:
        if len(self.crest_m) not in (1, len(self.points)):
            raise ValueError(
                f"crest_m: {len(self.crest_m)} heights for {len(self.points)} points; give one for all, or one a point"
            )
        return self


class Road(_Line):
    """A made road; it bridges inland rivers, never the border river."""

    kind: Literal["road"]


class Track(_Line):
    """An unmade track; it ends at river banks."""

    kind: Literal["track"]


class Reeds(_Line):
    """A belt of reeds along a line, both sides together `width_km` wide."""

    kind: Literal["reeds"]
    width_km: float = quantity(2.0, "Width of the belt, both sides together", "km", assumed=(1, 5), gt=0, le=50)


Line = Annotated[BorderRiver | River | Ridge | Road | Track | Reeds, Field(discriminator="kind")]


class _Point(Section):
    name: Label
    x_km: float = quantity(..., "East of the south-west corner", "km", source="public gazetteers, to about 1 km")
    y_km: float = quantity(..., "North of the south-west corner", "km", source="public gazetteers, to about 1 km")


class Settlement(_Point):
    """A town or a village with its built-up ground."""

    kind: Literal["town", "village"]
    radius_km: float = quantity(0.7, "Radius of the built-up ground", "km", assumed=(0.3, 2.5), gt=0, le=30)


class Pass(_Point):
    """A gap in a ridge: the ground around it is lowered so that the saddle has its height."""

    kind: Literal["pass"]
    saddle_m: float = quantity(..., "Height of the saddle", "m", assumed=(500, 800), ge=-500, le=9000)
    radius_km: float = quantity(1.0, "How far the gap reaches along the crest", "km", assumed=(0.5, 2), gt=0, le=20)


class Landmark(_Point):
    """A place that only carries a name on the map."""

    kind: Literal["place"]


Point = Annotated[Settlement | Pass | Landmark, Field(discriminator="kind")]


class TerrainSettings(Section):
    """The ground: its size and resolution, and what it is made from."""

    source: Literal["flat", "synthetic", "gazetteer"] = choice(
        "flat", "flat: level, with the lines' cover; synthetic: seeded ridges and a river; gazetteer: lines, points"
    )
    cell_m: float = quantity(250.0, "Side of a grid cell", "m", assumed=(100, 500), ge=50, le=2000)
    width_km: float = quantity(24.0, "East to west", "km", assumed="the area of interest", gt=0, le=4000)
    height_km: float = quantity(24.0, "South to north", "km", assumed="the area of interest", gt=0, le=4000)
    refraction: bool = choice(
        True,
        "Bend sight rays by the standard atmosphere (one seventh of the curvature)",
        source="common surveying practice",
    )
    floor_m: float = quantity(
        350.0,
        "Height of level ground, and of valley floors where no river sets them",
        "m",
        assumed=(300, 450),
        ge=-500,
        le=9000,
    )
    floor_rise_m_per_km: float = quantity(
        4.0, "Rise of the valley floor away from the nearest river", "m/km", assumed=(0, 10), ge=0, le=100
    )
    rolling_m: float = quantity(
        12.0, "Height of the swells of the open ground, away from rivers", "m", assumed=(0, 40), ge=0, le=500
    )
    ruggedness: float = fraction(
        0.5, "How deep spurs and gullies cut into the flanks of ridges; 0 = smooth", assumed=(0.2, 0.8)
    )
    rough_slope_deg: float = quantity(
        12.0, "Ground steeper than this counts as rough", "deg", assumed=(6, 20), gt=0, le=90
    )
    terrain_seed: int = quantity(
        1, "Seed of the shapes that no map gives (spurs, gullies, swells, bends)", assumed="any", ge=0, le=2**31 - 1
    )
    relief_m: float = quantity(
        500.0, "synthetic: height of the ridges above the floor", "m", assumed=(100, 1500), ge=0, le=8000
    )
    ridges: int = quantity(2, "synthetic: number of ridges", assumed=(0, 5), ge=0, le=20)
    river: bool = choice(True, "synthetic: a border river from the eastern to the western edge", assumed="either")
    cover: CoverTable = choice(CoverTable(), "Pace, driving speed and concealment of each kind of land cover")
    lines: tuple[Line, ...] = choice((), "gazetteer, flat: rivers, ridges, roads, tracks, reeds")
    points: tuple[Point, ...] = choice((), "gazetteer, flat: towns, villages, passes, places")

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the grid that covers `width_km` by `height_km`."""
        return _cells(self.height_km, self.cell_m), _cells(self.width_km, self.cell_m)

    @model_validator(mode="after")
    def _check(self) -> TerrainSettings:
        for key, cells in zip(("height_km", "width_km"), self.shape, strict=True):
            if not MIN_CELLS <= cells <= MAX_CELLS:
                raise ValueError(
                    f"{key} = {getattr(self, key):g} at cell_m = {self.cell_m:g} makes {cells} cells; "
                    f"allowed are {MIN_CELLS} to {MAX_CELLS}"
                )
        if self.source == "gazetteer" and not self.lines:
            raise ValueError("lines: empty; source = gazetteer needs at least one line")
        self._check_border()
        return self

    def _check_border(self) -> None:
        borders = [line for line in self.lines if line.kind == "border_river"]
        if self.source == "synthetic" or not borders:
            return
        if len(borders) > 1:
            raise ValueError(
                f"lines: {len(borders)} of kind border_river ({', '.join(b.name for b in borders)}); "
                "allowed is one at most"
            )
        for x, y in (borders[0].points[0], borders[0].points[-1]):
            margin = min(x, y, self.width_km - x, self.height_km - y)
            if margin > self.cell_m / 1000:
                raise ValueError(
                    f"lines: the border_river {borders[0].name!r} ends inside the grid at [{x:g}, {y:g}], "
                    "where people could walk round it; both ends must lie on or beyond the grid's edge"
                )


def _cells(length_km: float, cell_m: float) -> int:
    return math.ceil(length_km * 1000 / cell_m - 1e-9)
