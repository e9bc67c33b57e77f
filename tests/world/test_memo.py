"""The memory of parts: made once for the same, anew for what differs, and bounded."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from small_case import small_world

from sim.world.tables import Memo, bytes_of, stacked


def _sum(values: np.ndarray, times: float = 1.0) -> float:
    return float(values.sum() * times)


def _block(number: int) -> np.ndarray:
    return np.full(50_000, float(number))


def test_an_array_is_told_by_itself_and_a_value_by_its_worth() -> None:
    memo, values = Memo(), np.arange(4)
    assert [memo.get(_sum, values), memo.get(_sum, values), memo.get(_sum, np.arange(4))] == [6.0, 6.0, 6.0]
    assert memo.built["_sum"] == 2
    assert memo.get(_sum, values, 2.0) == 12.0
    assert memo.get(_sum, values, 2.0) == 12.0
    assert memo.built["_sum"] == 3


def test_what_is_equal_but_of_another_type_is_another() -> None:
    memo = Memo()
    assert [memo.get(repr, value) for value in (1, 1.0, True, (1,), (1.0,))] == ["1", "1.0", "True", "(1,)", "(1.0,)"]


def test_a_thing_that_is_a_key_stays_alive_so_that_none_takes_its_place() -> None:
    memo = Memo()
    # Else a new array could come to lie where one was freed, and be taken for it.
    assert [memo.get(_sum, np.full(3, number)) for number in range(200)] == [3.0 * number for number in range(200)]


def test_what_was_not_used_for_longest_goes_first_and_the_bound_is_kept() -> None:
    memo = Memo(limit_mb=1.0)
    for number in (0, 1, 0, 2, 0, 1):
        assert memo.get(_block, number)[0] == number
    assert memo.built["_block"] == 4  # 0, 1, 2, and 1 again
    alone = Memo(limit_mb=0.1)
    assert alone.get(_block, 5) is alone.get(_block, 5)


def test_bytes_are_those_of_the_arrays_within() -> None:
    assert 800_000 <= bytes_of((np.zeros(50_000), [np.zeros(50_000)])) < 801_000


def test_it_travels_empty_and_is_shared_still() -> None:
    worlds = small_world("without"), small_world("with_outpost")
    worlds[0].lights  # noqa: B018
    first, second = pickle.loads(pickle.dumps((worlds[0], worlds[0])))
    assert first.memo is second.memo
    assert not first.memo.built
    assert pickle.loads(pickle.dumps(Memo(2.5)))._limit_mb == 2.5


@pytest.mark.parametrize("rows", [(), (np.ones((1, 3), dtype=bool), np.zeros((2, 3), dtype=bool))])
def test_tables_are_stacked_even_if_there_are_none(rows: tuple[np.ndarray, ...]) -> None:
    table = stacked(rows, 3, bool)
    assert table.shape == (sum(map(len, rows)), 3)
    assert table.dtype == bool
