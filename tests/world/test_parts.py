"""The memory of parts: made once for the same, anew for what differs, and bounded."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from small_case import small_world

from sim.world.parts import Parts, bytes_of, stacked


def _sum(values: np.ndarray, times: float = 1.0) -> float:
    return float(values.sum() * times)


def _block(number: int) -> np.ndarray:
    return np.full(50_000, float(number))


def test_an_array_is_told_by_itself_and_a_value_by_its_worth() -> None:
    parts, values = Parts(), np.arange(4)
    assert [parts.of(_sum, values), parts.of(_sum, values), parts.of(_sum, np.arange(4))] == [6.0, 6.0, 6.0]
    assert parts.made["_sum"] == 2
    assert parts.of(_sum, values, 2.0) == 12.0
    assert parts.of(_sum, values, 2.0) == 12.0
    assert parts.made["_sum"] == 3


def test_what_is_equal_but_of_another_type_is_another() -> None:
    parts = Parts()
    assert [parts.of(repr, value) for value in (1, 1.0, True, (1,), (1.0,))] == ["1", "1.0", "True", "(1,)", "(1.0,)"]


def test_a_thing_that_is_a_key_stays_alive_so_that_none_takes_its_place() -> None:
    parts = Parts()
    # Else a new array could come to lie where one was freed, and be taken for it.
    assert [parts.of(_sum, np.full(3, number)) for number in range(200)] == [3.0 * number for number in range(200)]


def test_what_was_not_used_for_longest_goes_first_and_the_bound_is_kept() -> None:
    parts = Parts(limit_mb=1.0)
    for number in (0, 1, 0, 2, 0, 1):
        assert parts.of(_block, number)[0] == number
    assert parts.made["_block"] == 4  # 0, 1, 2, and 1 again
    alone = Parts(limit_mb=0.1)
    assert alone.of(_block, 5) is alone.of(_block, 5)


def test_bytes_are_those_of_the_arrays_within() -> None:
    assert 800_000 <= bytes_of((np.zeros(50_000), [np.zeros(50_000)])) < 801_000


def test_it_travels_empty_and_is_shared_still() -> None:
    worlds = small_world("without"), small_world("with_outpost")
    worlds[0].lights  # noqa: B018
    first, second = pickle.loads(pickle.dumps((worlds[0], worlds[0])))
    assert first.parts is second.parts
    assert not first.parts.made
    assert pickle.loads(pickle.dumps(Parts(2.5)))._limit_mb == 2.5


@pytest.mark.parametrize("rows", [(), (np.ones((1, 3), dtype=bool), np.zeros((2, 3), dtype=bool))])
def test_tables_are_stacked_even_if_there_are_none(rows: tuple[np.ndarray, ...]) -> None:
    table = stacked(rows, 3, bool)
    assert table.shape == (sum(map(len, rows)), 3)
    assert table.dtype == bool
