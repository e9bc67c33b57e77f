from __future__ import annotations

import io
import sys
from collections.abc import Callable
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image

from sim.report.style import png_bytes
from sim.study.compare.figures import draw_all
from sim.study.compare.result import Comparison

ALL = {"map", "effect", "ledger", "mechanism", "sectors", "cost", "crossings", "timeline", "honesty"}
"""All but `adaptation`, which needs an arm that moves somebody."""
STRANGE = "<b>$x_{$ \u4e2d\u6587 %s {0} \\frac"


def pixels(png: bytes) -> Any:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def names_of(result: Comparison) -> set[str]:
    """Draws everything (warnings are errors here) and looks at every picture; names of those that were made."""
    found = set()
    for shot in draw_all(result.summary(), result.scenario, result.worlds, result.of_arm, dpi=45):
        image = pixels(shot.png)
        ink = (image != 255).any(axis=2)
        assert ink.mean() > 0.005, f"{shot.name} is blank"
        assert len(set(map(tuple, image[::3, ::3].reshape(-1, 3).tolist()))) > 3
        edge = np.concatenate([ink[0], ink[-1], ink[:, 0], ink[:, -1]])
        assert not edge.any(), f"{shot.name} is cut at its edge"
        assert shot.caption
        found.add(shot.name)
    return found


def never(replication: int, arm: str) -> str:
    return "reached"


def alternating(replication: int, arm: str) -> str:
    return "captured" if replication % 2 else "at_large"


@pytest.mark.parametrize(("outcome", "replications"), [(never, 1), (alternating, 12)])
def test_constant_results_and_equal_arms(
    hills: Any, outcome: Callable[[int, str], str], replications: int, rows_of: Any
) -> None:
    scenario, worlds = hills
    rows = rows_of(worlds, replications, outcome)
    assert names_of(Comparison(scenario, worlds, rows, 1, "")) >= ALL - {"sectors"}


def test_one_arm_alone(hills: Any, rows_of: Any) -> None:
    scenario, worlds = hills
    alone = Comparison(scenario, worlds[:1], rows_of(worlds[:1], 9), 1, "")
    assert names_of(alone) == {"map", "mechanism", "crossings", "timeline", "honesty"}


def test_level_ground_without_river_posts_or_sectors(plain_ground: Any, rows_of: Any) -> None:
    scenario, worlds = plain_ground
    result = Comparison(scenario, worlds, rows_of(worlds, 9), 1, "")
    assert names_of(result) == {"map", "effect", "ledger", "mechanism", "cost", "timeline", "honesty"}


def test_every_picture_is_drawn_and_names_are_never_read_as_formulas(hills: Any, rows_of: Any) -> None:
    scenario, worlds = hills
    sectors = tuple(sector.model_copy(update={"title": STRANGE}) for sector in scenario.sectors)
    strange = scenario.model_copy(update={"sectors": sectors, "title": STRANGE})
    assert names_of(Comparison(strange, worlds, rows_of(worlds, 9), 1, "")) == ALL


def test_the_same_result_gives_the_same_bytes(comparison: Comparison) -> None:
    first, again = (png_bytes(comparison.plot()) for _ in range(2))
    assert first == again


def test_no_state_is_left_behind(comparison: Comparison) -> None:
    before = dict(mpl.rcParams)
    loaded = "matplotlib.pyplot" in sys.modules
    next(draw_all(comparison.summary(), comparison.scenario, comparison.worlds, comparison.of_arm, dpi=45))
    assert dict(mpl.rcParams) == before
    assert ("matplotlib.pyplot" in sys.modules) == loaded
