"""The door: what the settings of the ground let in, and what they say when they do not."""

from __future__ import annotations

import math
from typing import Any

import pytest
from pydantic import ValidationError

from sim.scenario.terrain import TerrainSettings

BORDER = {"name": "b", "kind": "border_river", "points": [[24, 5], [0, 5]]}
RIDGE = {"name": "r", "kind": "ridge", "points": [[5, 10], [5, 20]], "crest_m": [600]}


def test_defaults_are_flat_ground_of_24_km() -> None:
    settings = TerrainSettings()
    assert (settings.source, settings.shape) == ("flat", (96, 96))


@pytest.mark.parametrize(("cell_m", "cells"), [(250, 288), (500, 144), (1000, 72), (700, 103), (72.0, 1000)])
def test_the_grid_covers_the_whole_area(cell_m: float, cells: int) -> None:
    settings = TerrainSettings(cell_m=cell_m, width_km=72, height_km=72)
    assert settings.shape == (cells, cells) == (math.ceil(72_000 / cell_m),) * 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"cell_m": 40}, ["cell_m", "50"]),
        ({"cell_m": math.nan}, ["cell_m"]),
        ({"cell_m": "250"}, ["cell_m"]),
        ({"cell_m": True}, ["cell_m"]),
        ({"width_km": -1}, ["width_km"]),
        ({"width_km": 600}, ["width_km = 600", "2400", "2000"]),
        ({"height_km": 0.2}, ["height_km = 0.2", "1 cells", "2"]),
        ({"source": "mars"}, ["source", "gazetteer"]),
        ({"sauce": "flat"}, ["sauce"]),
        ({"source": "gazetteer"}, ["lines", "at least one"]),
        ({"terrain_seed": 1.5}, ["terrain_seed"]),
        ({"cover": {"reeds": {"foot_factor": -0.1}}}, ["cover.reeds.foot_factor"]),
        ({"cover": {"swamp": {}}}, ["cover.swamp"]),
        ({"lines": [{**BORDER, "points": [[24, 5]]}]}, ["points", "1 given", "at least two"]),
        ({"lines": [{**BORDER, "points": [[24, 5], [24, 5]]}]}, ["points", "twice in a row"]),
        ({"lines": [{**BORDER, "points": [[24, 5], [0, math.inf]]}]}, ["points", "finite"]),
        ({"lines": [{**BORDER, "points": [[24, 5], [0]]}]}, ["points.1"]),
        ({"lines": [{**BORDER, "points": [[24, 5], [12, 5]]}]}, ["ends inside the grid", "[12, 5]"]),
        ({"lines": [BORDER, BORDER]}, ["border_river", "one at most"]),
        ({"lines": [{**BORDER, "width_km": 0}]}, ["width_km"]),
        ({"lines": [{**BORDER, "crest_m": [1]}]}, ["crest_m"]),
        ({"lines": [{**RIDGE, "crest_m": [1, 2, 3]}]}, ["crest_m", "3 heights for 2 points"]),
        ({"lines": [{**RIDGE, "kind": "canal"}]}, ["canal", "ridge"]),
        ({"lines": [{k: v for k, v in RIDGE.items() if k != "crest_m"}]}, ["crest_m", "required"]),
        ({"points": [{"name": "p", "kind": "pass", "x_km": 1, "y_km": 1}]}, ["saddle_m", "required"]),
        ({"points": [{"name": "p", "kind": "place", "x_km": 1}]}, ["y_km", "required"]),
    ],
)
def test_bad_settings_are_refused_by_name(change: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(ValidationError) as refused:
        TerrainSettings(**change)
    for word in words:
        assert word in str(refused.value)


def test_part_of_the_cover_table_may_be_changed_and_the_rest_keeps_its_defaults() -> None:
    cover = TerrainSettings.model_validate({"cover": {"reeds": {"foot_factor": 0.3}}}).cover
    assert cover.reeds.foot_factor == 0.3
    assert cover.reeds.concealment == TerrainSettings().cover.reeds.concealment > 0


def test_every_number_says_where_it_comes_from() -> None:
    for name, field in TerrainSettings.model_fields.items():
        extra = field.json_schema_extra
        assert field.description, name
        if field.annotation in (int, float):
            assert isinstance(extra, dict), name
            assert extra["source"] or extra["assumed"], name
