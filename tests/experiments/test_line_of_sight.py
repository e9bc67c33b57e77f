"""Lines of sight beside GDAL's answers: what may differ, that nothing else does, and what the page says of it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import hypergeom

from experiments.line_of_sight import measure, outside, references
from experiments.line_of_sight.compare import compare, in_range, on_eight_rays, ours
from experiments.line_of_sight.grounds import View, all_views, default_terrain
from experiments.line_of_sight.planes import seen_by_planes
from experiments.line_of_sight.rays import margin_m
from experiments.line_of_sight.table import found_text
from sim.world.tables import Tables
from sim.world.views import visible_spots

VIEWS = {references.key(view): view for view in all_views()}
QUICK = ("default.okultun", "synthetic.lowest", "formula.valley")
each_view = pytest.mark.parametrize("name", VIEWS)
quick_views = pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.long) for name in VIEWS]
)
UNDECIDED_M = 1e-3
"""A margin smaller than this may be of either sign: a ray may dip into the ground by `GRAZING_M`."""


@cache
def kept() -> references.References:
    return references.References()


@each_view
def test_the_kept_answers_are_those_to_the_same_question(name: str) -> None:
    assert kept().command(VIEWS[name]) == " ".join(outside.command(VIEWS[name]))
    assert kept().seen(VIEWS[name]).any()


@each_view
def test_gdal_is_explained_to_the_last_cell(name: str) -> None:
    view, theirs = VIEWS[name], kept().seen(VIEWS[name])
    assert np.array_equal(seen_by_planes(view), theirs)
    # What is left when the lifted ground beside the observer is taken away is the fan of the planes.
    differ = ours(view) != seen_by_planes(view, raised=False)
    assert not (differ & on_eight_rays(view)).any()
    assert differ.sum() < 0.015 * in_range(view).sum()


@quick_views
def test_rays_written_apart_agree_in_every_cell(name: str) -> None:
    view = VIEWS[name]
    above_m, near = margin_m(view), in_range(view)
    decided = near & (np.abs(above_m) > UNDECIDED_M)
    assert near.sum() - decided.sum() < 10
    assert np.array_equal((above_m >= 0)[decided], ours(view)[decided])
    # Where planes say otherwise it is a matter of metres, not of hills.
    assert np.median(np.abs(above_m)[ours(view) != seen_by_planes(view, raised=False)]) < 3.0


def test_a_world_sees_what_gdal_sees_on_the_default_ground() -> None:
    # The posts' own way to look, through the World's tables, over every cell of the grid.
    terrain = default_terrain()
    spots, tables = np.arange(terrain.elevation_m.size), Tables()
    for view in (view for view in VIEWS.values() if view.ground == "default"):
        stand = np.array([view.row * terrain.shape[1] + view.col])
        seen = visible_spots(terrain, tables, stand, view.height_m, spots, view.limit_km)[0].reshape(terrain.shape)
        assert np.array_equal(seen, ours(view))
        assert (seen != kept().seen(view)).sum() < 0.01 * in_range(view).sum()


@pytest.mark.parametrize(("ring", "far", "off"), [(5, 12, 7), (10, 40, 20), (30, 60, 11)])
def test_a_plane_is_a_fan_of_rays(ring: int, far: int, off: int) -> None:
    # A deep pit but for one ring of ground: what that ring hides far behind it is its mean under a hypergeometric law.
    # The eye stands at height 0 and there is no curvature over cells of a millimetre.
    heights = np.random.default_rng(ring).uniform(-20, 20, ring + 1)
    z = np.full((far + 1, far + 1), -1e6)
    z[0, 0], z[ring, : ring + 1] = 0.0, heights
    wanted = float(hypergeom(far, off, ring).pmf(np.arange(ring + 1)) @ heights) * far / ring
    for short_m, seen in ((0.001, False), (-0.001, True)):
        view = View("pit", "pit", z, 0.001, False, 0, 0, 0.0, 1.0, target_m=1e6 + wanted - short_m)
        assert seen_by_planes(view, raised=False)[far, off] == seen
    between = np.interp(off * ring / far, np.arange(ring + 1), heights) * far / ring
    view = View("pit", "pit", z, 0.001, False, 0, 0, 0.0, 1.0, target_m=1e6)
    assert margin_m(view)[far, off] == pytest.approx(-between, abs=1e-6)


@pytest.mark.skipif(not outside.is_there(), reason=f"{outside.TOOL} is not installed")
@pytest.mark.parametrize("name", ["default.okultun", "synthetic.highest", "formula.valley"])
def test_the_program_itself_still_says_what_is_kept(name: str) -> None:
    if outside.version() != kept().tool:
        pytest.skip(f"another version, {outside.version()}")
    assert np.array_equal(outside.ask(VIEWS[name]), kept().seen(VIEWS[name]))


def test_an_answer_about_another_ground_is_refused() -> None:
    view = VIEWS["formula.plain"]
    with pytest.raises(ValueError, match="ground has changed"):
        kept().seen(view._replace(elevation_m=view.elevation_m + 1))


def test_asking_without_the_program_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(measure, "is_there", lambda: False)
    assert measure.main(["--ask", "--output", str(tmp_path)]) == 2
    assert outside.TOOL in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def told(root: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((root / "experiments/line_of_sight/results.json").read_text(encoding="utf-8"))
    return found


@quick_views
def test_what_is_told_of_a_view_is_what_is_found(name: str, root: Path) -> None:
    found = compare(VIEWS[name], kept().seen(VIEWS[name]))
    for key, value in told(root)["views"][list(VIEWS).index(name)].items():
        assert found[key] == (pytest.approx(value, rel=1e-6) if isinstance(value, list) else value), key


def test_the_page_holds_what_is_told(root: Path) -> None:
    page = (root / "experiments" / "line_of_sight" / "README.md").read_text(encoding="utf-8")
    section = page.split("begin -->")[1].split("<!--")[0]
    assert section.strip("\n").split("\n") == found_text(told(root))
