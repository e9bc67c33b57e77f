"""Handles: compiled code finds the tables by one record, and changes them in place."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import pytest

from sim.engine.tables import hold, lay_out

MAN = np.dtype([("age", "i8"), ("pace", "f8")], align=True)
PEOPLE = lay_out({"men": (MAN, 1), "seen": ("i8", 2)})
PLACES = lay_out({"men": ("f8", 1), "known": ("?", 1)})


@numba.njit(_nrt=False)
def grow_old(people: Any, places: Any) -> float:
    """Adds a year to everybody; the sum of the second column, and what the places hold of the same name."""
    here, there = people[0], places[0]
    for man in range(len(here.men)):
        here.men[man].age += 1
    total = 0.0
    for row in range(len(here.seen)):
        total += here.seen[row, 1]
    return total + there.men[1] + there.known[0]


def test_compiled_code_reads_and_writes_the_tables_of_two_handles() -> None:
    people = hold(PEOPLE, {"men": np.zeros(3, dtype=MAN), "seen": np.arange(8).reshape(4, 2)})
    places = hold(PLACES, {"men": np.array([0.25, 0.5]), "known": np.array([True])})
    assert grow_old(people.record, places.record) == 1 + 3 + 5 + 7 + 0.5 + 1
    assert people.tables["men"]["age"].tolist() == [1, 1, 1]


def test_tables_of_another_type_or_order_are_copied() -> None:
    given = np.asfortranarray(np.arange(8, dtype=np.int32).reshape(4, 2))
    people = hold(PEOPLE, {"men": np.zeros(1, dtype=MAN), "seen": given})
    assert people.tables["seen"].flags.c_contiguous
    np.testing.assert_array_equal(people.tables["seen"], given)


def test_a_table_of_other_dimensions_is_refused() -> None:
    with pytest.raises(ValueError, match="seen has 1 dimensions, not 2"):
        hold(PEOPLE, {"men": np.zeros(1, dtype=MAN), "seen": np.arange(3)})
