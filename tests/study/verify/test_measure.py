"""What is measured in a replication, from rows made by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from laboratories import laboratory

from sim.study.verify.measure import APART, measured

OUTCOMES = ("killed", "captured", "turned_back", "admitted", "reached", "at_large")


class Told:
    """A job whose rows are known: for each replication that is asked for, those that `rows_of` gives."""

    seed = 1

    def __init__(self, rows_of: Any) -> None:
        self.rows_of, self.asked = rows_of, []

    def run(self, start: int, stop: int) -> pd.DataFrame:
        return self.run_these(np.arange(start, stop))

    def run_these(self, numbers: Any) -> pd.DataFrame:
        self.asked.append(numbers.tolist())
        rows = [{"replication": number, **row} for number in numbers.tolist() for row in self.rows_of(number)]
        return pd.DataFrame(rows, columns=["replication", "detected", "outcome"])


def row(detected: bool = False, outcome: str = "reached") -> dict[str, Any]:
    return {"detected": detected, "outcome": outcome}


@pytest.mark.parametrize("case", ["definite_range", "constant_rate", "inverse_cube", "barrier_patrol"])
def test_who_passes_is_detected_or_not(case: str) -> None:
    job = Told(lambda number: [row(detected=number % 3 == 0)])
    assert measured(laboratory(case), job, 5, 10).tolist() == [0, 1, 0, 0, 1]


def test_a_search_finds_a_target_however_many_pass_and_none_where_none_do() -> None:
    passing = {0: [], 1: [row()], 2: [row(), row(detected=True)], 3: [row(detected=True)] * 3}
    assert measured(laboratory("random_search"), Told(passing.get), 0, 4).tolist() == [0, 0, 1, 1]


def test_men_win_where_the_group_is_killed_to_the_last() -> None:
    job = Told(lambda number: [row(True, OUTCOMES[number])])
    assert measured(laboratory("duel"), job, 0, 6).tolist() == [1, 0, 0, 0, 0, 0]


def test_who_is_not_detected_gets_through() -> None:
    job = Told(lambda number: [row(detected=number == 1)])
    assert measured(laboratory("reliability_path"), job, 0, 3).tolist() == [1, 0, 1]


def test_who_is_apprehended_tries_again_with_new_luck() -> None:
    """Of four persons the first is caught never, the second once, the third twice; with d = 0 nobody gives up."""
    often = {20: 0, 21: 1, 22: 2, 23: 0}

    def rows_of(number: int) -> list[dict[str, Any]]:
        person, attempt = number % APART, number // APART
        return [row(True, "captured" if attempt < often[person] else "reached")]

    job = Told(rows_of)
    assert measured(laboratory("repeat_trials", p=0.5, d=0.0), job, 20, 24).tolist() == [0, 1, 2, 0]
    assert job.asked == [[20, 21, 22, 23], [APART + 21, APART + 22], [2 * APART + 22]]


def test_who_always_gives_up_is_apprehended_once() -> None:
    job = Told(lambda number: [row(True, "captured")])
    assert measured(laboratory("repeat_trials", p=1.0, d=1.0), job, 0, 3).tolist() == [1, 1, 1]
    assert len(job.asked) == 1


def test_a_share_d_gives_up() -> None:
    """Everybody is caught at every attempt: 1/d times each on average; 2,000 persons, 4 standard errors of .0316."""
    job = Told(lambda number: [row(True, "captured")])
    counted = measured(laboratory("repeat_trials", p=1.0, d=0.5), job, 0, 2000)
    assert abs(counted.mean() - 2.0) < 4 * np.sqrt(2.0 / 2000)
    assert counted.min() == 1


def test_a_persons_attempts_do_not_hang_on_who_is_counted_with_him() -> None:
    job = Told(lambda number: [row(True, "captured")])
    lab = laboratory("repeat_trials", p=1.0, d=0.3)
    apart = [measured(lab, job, person, person + 1)[0] for person in range(30)]
    assert measured(lab, job, 0, 30).tolist() == apart
