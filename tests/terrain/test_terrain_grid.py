"""The frame of the raster: kilometres to cells and back."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.terrain import TerrainSettings
from sim.terrain.build import build_terrain
from sim.terrain.grid import COVER_KINDS, Terrain, cover_code

FLAT = build_terrain(TerrainSettings(width_km=6, height_km=3, cell_m=500))


def with_heights(elevation_m: np.ndarray) -> Terrain:
    return dataclasses.replace(FLAT, elevation_m=elevation_m)


def test_row_0_is_north_and_column_0_is_west() -> None:
    assert FLAT.shape == (6, 12)
    assert [int(v) for v in FLAT.cell_of(0.1, 2.9)] == [0, 0]
    assert [int(v) for v in FLAT.cell_of(5.9, 0.1)] == [5, 11]
    assert [float(v) for v in FLAT.centre_of(5, 0)] == [0.25, 0.25]


def test_edges_belong_to_the_last_cells_and_beyond_is_refused() -> None:
    assert [int(v) for v in FLAT.cell_of(6.0, 3.0)] == [0, 11]
    assert FLAT.inside([0, 6, 6.01, -0.01, np.nan], 1).tolist() == [True, True, False, False, False]
    with pytest.raises(ValueError, match="off the grid; allowed are 0 to 6 and 0 to 3"):
        FLAT.cell_of(6.01, 1.0)


@given(st.integers(0, 5), st.integers(0, 11))
def test_the_centre_of_a_cell_lies_in_it(row: int, col: int) -> None:
    assert [int(v) for v in FLAT.cell_of(*FLAT.centre_of(row, col))] == [row, col]


def test_values_are_read_where_the_point_lies() -> None:
    terrain = with_heights(np.arange(72.0).reshape(6, 12))
    assert terrain.elevation_m[terrain.cell_of([0.1, 5.9], [2.9, 0.1])].tolist() == [0.0, 71.0]
    assert terrain.cover_at(1.0, 1.0) == cover_code("open") == 0
    assert terrain.by_cover("foot_factor").shape == terrain.shape


def test_the_raster_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="read-only"):
        FLAT.elevation_m[0, 0] = 1.0


def test_the_digest_follows_content() -> None:
    same = build_terrain(TerrainSettings(width_km=6, height_km=3, cell_m=500))
    assert same.digest() == FLAT.digest()
    raised = FLAT.elevation_m.copy()
    raised[2, 3] += 0.1
    others = [
        with_heights(raised),
        build_terrain(TerrainSettings(width_km=6, height_km=3, cell_m=500, refraction=False)),
        build_terrain(
            TerrainSettings.model_validate(
                {"width_km": 6, "height_km": 3, "cell_m": 500, "cover": {"open": {"foot_factor": 0.5}}}
            )
        ),
    ]
    assert len({FLAT.digest(), *(o.digest() for o in others)}) == 4
    assert len(COVER_KINDS) == 8
