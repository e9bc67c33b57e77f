"""Coverage at the corners of the space of tables, as experiments/interval_coverage measures it: what users rely on.

Exact ones have no error rate. Where samples are drawn the bounds lie four standard errors from what is wanted: less
than one in ten thousand fails by chance, and the seeds are fixed.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.interval_coverage.corners import CORNERS, Corner
from experiments.interval_coverage.groups import LUCKS, coverage
from experiments.interval_coverage.measure import GROUPS, SIZES
from experiments.interval_coverage.single import INTERVALS, all_tables, chances, drawn, exact, lattice, scan
from experiments.interval_coverage.table import found_text

FOLDER = Path(__file__).resolve().parents[2] / "experiments" / "interval_coverage"


def kept(pairs: int, name: str) -> list[float]:
    """The coverage on the page, corner by corner."""
    single = pd.read_csv(FOLDER / "single.csv")
    here = single[(single["pairs"] == pairs) & (single["interval"] == name)]
    assert list(here["corner"]) == [corner.name for corner in CORNERS]
    return [float(share) for share in here["coverage"]]


@pytest.mark.parametrize("pairs", [50, 100])
def test_tango_holds_the_truth_at_every_corner(pairs: int) -> None:
    covered = exact("tango", pairs, CORNERS)
    assert min(covered) >= 0.93
    assert covered == pytest.approx(kept(pairs, "tango"), abs=1e-6)


def test_newcombe_and_wald_at_50_pairs_are_as_published() -> None:
    newcombe, wald = (exact(name, 50, CORNERS) for name in ("newcombe", "wald"))
    assert min(newcombe) >= 0.93
    assert min(wald) < 0.7
    assert newcombe == pytest.approx(kept(50, "newcombe"), abs=1e-6)
    assert wald == pytest.approx(kept(50, "wald"), abs=1e-6)


def test_no_place_at_all_is_more_than_three_points_short_with_tango() -> None:
    covered = scan("tango", 50, lattice(0.05, concordant=False))
    assert covered.min() > 0.92
    assert (covered < 0.93).mean() < 0.02


@pytest.mark.parametrize("four", [False, True])
def test_all_tables_are_there_and_weigh_one(four: bool) -> None:
    tables = all_tables(12, four)
    assert len(np.unique(tables, axis=0)) == len(tables) == (455 if four else 91)
    assert (tables.sum(axis=1) == 12).all()
    for corner in (*CORNERS, Corner("nothing ever turns", 1.0, 0.0, 0.0)):
        assert chances(tables, corner, four).sum() == pytest.approx(1)


@pytest.mark.parametrize("name", INTERVALS)
def test_drawn_and_exact_coverage_agree(name: str) -> None:
    corner, draws = CORNERS[8], 4000
    wanted = exact(name, 50, [corner])[0]
    error = np.sqrt(wanted * (1 - wanted) / draws)
    assert abs(drawn(name, 50, corner, draws, np.random.default_rng(3)) - wanted) < 4 * error


def test_the_clustered_interval_holds_where_the_one_for_single_pairs_does_not() -> None:
    # 600 samples of 60 replications of 4 groups: four standard errors are 0.036 at 0.95.
    often, seldom = (coverage(LUCKS[number], 60, 4, 600, np.random.default_rng(number)) for number in (1, 3))
    assert abs(often[0] - 0.95) < 0.036
    assert often[1] < 0.9
    assert seldom[0] > 0.8


@pytest.mark.long
@pytest.mark.parametrize("pairs", [100, 500])
def test_larger_tables_are_as_published(pairs: int) -> None:
    for name in ("tango", "wald", *(["newcombe"] if pairs == 100 else [])):
        assert exact(name, pairs, CORNERS) == pytest.approx(kept(pairs, name), abs=1e-6)
    assert min(kept(pairs, "tango")) >= 0.93


@pytest.mark.long
@pytest.mark.parametrize("groups", GROUPS)
@pytest.mark.parametrize("number", range(len(LUCKS)))
def test_the_clustered_interval_holds_the_truth_at_500_replications(number: int, groups: int) -> None:
    # 2,000 samples: four standard errors are 0.0195, and a point is granted to skewness.
    held, _ = coverage(LUCKS[number], 500, groups, 2000, np.random.default_rng((9, number, groups)))
    assert 0.95 - 0.03 < held < 0.95 + 0.0195


def test_the_page_holds_what_was_measured() -> None:
    single, groups = (pd.read_csv(FOLDER / f"{name}.csv") for name in ("single", "groups"))
    results = json.loads((FOLDER / "results.json").read_text(encoding="utf-8"))
    assert sorted(single["pairs"].unique()) == list(SIZES)
    section = (FOLDER / "README.md").read_text(encoding="utf-8").split("begin -->")[1].split("<!--")[0]
    assert section.strip("\n").split("\n") == found_text(single, groups, results)
