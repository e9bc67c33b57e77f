"""The paired table: cells by hand, margins, and what it refuses."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.statistics.table import PairedTable


def test_cells_of_a_hand_worked_array() -> None:
    y1 = np.array([1, 1, 1, 0, 0, 1, 0], dtype=bool)
    y0 = np.array([1, 0, 0, 1, 0, 1, 0], dtype=bool)
    table = PairedTable.from_arrays(y1, y0)
    assert table == PairedTable(both=2, only_with=2, only_without=1, neither=2)
    assert (table.total, table.discordant) == (7, 3)
    assert (table.p1, table.p0, table.difference) == pytest.approx((4 / 7, 3 / 7, 1 / 7))


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_margins_are_the_means_whatever_the_type(pairs: list[tuple[bool, bool]]) -> None:
    y1, y0 = np.array(pairs).T
    table = PairedTable.from_arrays(y1.astype(float), y0.astype(np.int8))
    assert table.p1 == pytest.approx(y1.mean())
    assert table.p0 == pytest.approx(y0.mean())
    assert table.difference == pytest.approx(table.p1 - table.p0, abs=1e-12)


def test_an_empty_table_has_undefined_proportions() -> None:
    table = PairedTable.from_arrays([], [])
    assert table.total == 0
    assert all(math.isnan(value) for value in (table.p1, table.p0, table.difference))


def test_numpy_counts_become_plain_integers_and_the_table_is_frozen() -> None:
    table = PairedTable(*np.array([1, 2, 3, 4]))
    assert type(table.both) is int
    with pytest.raises(dataclasses.FrozenInstanceError):
        table.both = 5  # type: ignore[misc]


@pytest.mark.parametrize("bad", [-1, 1.5, 2.0, True, "3", None, math.nan])
@pytest.mark.parametrize("name", ["both", "only_with", "only_without", "neither"])
def test_a_cell_that_is_no_count_is_refused_by_name(name: str, bad: object) -> None:
    cells: dict[str, object] = {"both": 1, "only_with": 1, "only_without": 1, "neither": 1, name: bad}
    with pytest.raises(ValueError, match=f"^{name} = "):
        PairedTable(**cells)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("y1", "y0", "message"),
    [
        ([1, 0], [1], "shapes"),
        ([[1, 0]], [[1, 0]], "shapes"),
        ([1, 2], [1, 0], "y1"),
        ([1, 0], [1, math.nan], "y0"),
        ([0.5, 0], [1, 0], "y1"),
    ],
)
def test_outcomes_that_are_no_pairs_of_yes_and_no_are_refused(y1: object, y0: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        PairedTable.from_arrays(y1, y0)  # type: ignore[arg-type]
