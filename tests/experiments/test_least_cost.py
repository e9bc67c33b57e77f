"""Least costs beside NetworkX and scikit-image, equal to the bit, over steps reckoned from what ODD.md says."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from experiments.least_cost.compare import GOINGS, compare, last_places, our_graph
from experiments.least_cost.definition import STEPS, run
from experiments.least_cost.measure import GROUNDS, found_text
from sim.terrain.travel import MOVES, passage

SIZE, SOURCES = 22, 3


@pytest.mark.parametrize("going", GOINGS)
@pytest.mark.parametrize("ground", GROUNDS)
def test_steps_and_least_minutes_are_those_of_others_to_the_bit(ground: str, going: str) -> None:
    found = compare(GROUNDS[ground](SIZE), GOINGS[going], SOURCES)
    assert found["same_steps"]
    assert found["impassable"] > 0
    assert found["reached"] > 50
    assert found["c_exp"] == 0
    assert 0 <= found["numpys_exp"] <= 4  # a last place of the exponential is at most a few of a step's minutes
    for solver in ("networkx", "scikit_image"):
        assert found[f"{solver}_from"] == found[f"{solver}_to"] == 0


@pytest.mark.parametrize("ground", GROUNDS)
def test_there_is_not_back_on_any_of_the_grounds(ground: str) -> None:
    graph = our_graph(GROUNDS[ground](SIZE), GOINGS["on foot"])
    there = graph.matrix()
    assert abs(there - there.T).max() > 0.5


def test_the_passage_of_a_step_is_that_of_exact_geometry() -> None:
    assert set(STEPS) == set(MOVES)
    for step in STEPS:
        inside, touched = run(step)
        way = passage(step)
        assert dict(inside) == {cell: Fraction(share) for cell, share in zip(way.through, way.shares, strict=True)}
        assert [cell for cell, _ in inside] == list(way.through)
        assert set(touched) == set(way.corners)


def test_last_places_are_counted() -> None:
    one = np.array([1.0, np.inf])
    assert last_places(one, one) == 0
    assert last_places(one, np.array([np.nextafter(np.nextafter(1.0, 2), 2), np.inf])) == 2


def test_the_page_holds_what_was_measured(root: Path) -> None:
    folder = root / "experiments" / "least_cost"
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    section = (folder / "README.md").read_text(encoding="utf-8").split("begin -->")[1].split("<!--")[0]
    assert section.strip("\n").split("\n") == found_text(results)
