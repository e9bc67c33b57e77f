"""What is counted in a replication, from rows made by hand, and the job: the same counts whoever runs which batches."""

from __future__ import annotations

import math
import pickle
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from laboratories import expanded, laboratory

from sim.execution.errors import ExecutionError
from sim.study.settings import MOST_REPLICATIONS
from sim.study.verify.laboratories import KINDS
from sim.study.verify.laboratories.contact import APART
from sim.study.verify.links import BATCH, SUITE, Link, VerifyJob, suite
from sim.study.verify.summary import link_results

OUTCOMES = ("killed", "captured", "turned_back", "admitted", "repelled", "reached", "at_large")


class KnownRows:
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
    job = KnownRows(lambda number: [row(detected=number % 3 == 0)])
    assert laboratory(case).counts(job, 5, 10).tolist() == [0, 1, 0, 0, 1]


def test_a_search_finds_a_target_however_many_pass_and_none_where_none_do() -> None:
    passing = {0: [], 1: [row()], 2: [row(), row(detected=True)], 3: [row(detected=True)] * 3}
    assert laboratory("random_search").counts(KnownRows(passing.get), 0, 4).tolist() == [0, 0, 1, 1]


def test_responders_win_where_the_group_is_killed_to_the_last() -> None:
    job = KnownRows(lambda number: [row(True, OUTCOMES[number])])
    assert laboratory("duel").counts(job, 0, 6).tolist() == [1, 0, 0, 0, 0, 0]


def test_who_is_not_detected_gets_through() -> None:
    job = KnownRows(lambda number: [row(detected=number == 1)])
    assert laboratory("reliability_path").counts(job, 0, 3).tolist() == [1, 0, 1]


def test_who_is_apprehended_tries_again_with_new_draws() -> None:
    """Of four persons the first is caught never, the second once, the third twice; with d = 0 nobody gives up."""
    often = {20: 0, 21: 1, 22: 2, 23: 0}

    def rows_of(number: int) -> list[dict[str, Any]]:
        person, attempt = number % APART, number // APART
        return [row(True, "captured" if attempt < often[person] else "reached")]

    job = KnownRows(rows_of)
    assert laboratory("repeat_trials", p=0.5, d=0.0).counts(job, 20, 24).tolist() == [0, 1, 2, 0]
    assert job.asked == [[20, 21, 22, 23], [APART + 21, APART + 22], [2 * APART + 22]]


def test_who_always_gives_up_is_apprehended_once() -> None:
    job = KnownRows(lambda number: [row(True, "captured")])
    assert laboratory("repeat_trials", p=1.0, d=1.0).counts(job, 0, 3).tolist() == [1, 1, 1]
    assert len(job.asked) == 1


def test_a_share_d_gives_up() -> None:
    """Everybody is caught at every attempt: geometric with mean 1/d and variance (1 - d)/d^2; 2,000 persons."""
    job = KnownRows(lambda number: [row(True, "captured")])
    counts = laboratory("repeat_trials", p=1.0, d=0.3).counts(job, 0, 2000)
    assert abs(counts.mean() - 1 / 0.3) < 4 * np.sqrt(0.7 / 0.09 / 2000)
    assert counts.min() == 1


def test_a_persons_attempts_do_not_depend_on_who_is_counted_with_them() -> None:
    job = KnownRows(lambda number: [row(True, "captured")])
    lab = laboratory("repeat_trials", p=1.0, d=0.3)
    apart = [lab.counts(job, person, person + 1)[0] for person in range(30)]
    assert lab.counts(job, 0, 30).tolist() == apart


# -- the job ----------------------------------------------------------------------------------------------------------

NAMES = ("duel", "repeat_trials", "reliability_path")
REPLICATIONS = 2300
"""Two whole batches and a short one."""


def links() -> tuple[Link, ...]:
    return tuple(Link(name, laboratory(name), expanded(name)) for name in NAMES)


@pytest.fixture(scope="module")
def whole() -> pd.DataFrame:
    return VerifyJob(links(), REPLICATIONS, 5).run(0, 9)


def test_units_are_the_batches_of_all_links_and_the_last_of_each_is_short(whole: pd.DataFrame) -> None:
    assert whole["point"].tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert whole["replication"].tolist() == [0, 1, 2] * 3
    assert whole["trials"].tolist() == [BATCH, BATCH, 300] * 3
    assert set(map(str, whole.dtypes)) == {"int64"}


@pytest.mark.parametrize("cuts", [(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (0, 4, 9), (0, 2, 3, 8, 9)])
def test_chunks_do_not_matter(cuts: tuple[int, ...], whole: pd.DataFrame) -> None:
    job = VerifyJob(links(), REPLICATIONS, 5)
    parts = [job.run(start, stop) for start, stop in pairwise(cuts)]
    pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), whole)


def test_order_does_not_matter(whole: pd.DataFrame) -> None:
    job = VerifyJob(links(), REPLICATIONS, 5)
    backwards = [job.run(unit, unit + 1) for unit in reversed(range(9))]
    pd.testing.assert_frame_equal(pd.concat(backwards[::-1], ignore_index=True), whole)


def test_a_pickled_job_is_the_same_job_and_leaves_its_world_behind(whole: pd.DataFrame) -> None:
    job = VerifyJob(links(), REPLICATIONS, 5)
    job.run(0, 1)
    sent = pickle.dumps(job)
    assert len(sent) < 200_000
    pd.testing.assert_frame_equal(pickle.loads(sent).run(0, 9), whole)


def test_more_replications_begin_with_the_same_batches(whole: pd.DataFrame) -> None:
    longer = VerifyJob(links(), 5000, 5).run(0, 2)
    pd.testing.assert_frame_equal(longer, whole.iloc[:2])


def test_another_seed_counts_otherwise(whole: pd.DataFrame) -> None:
    assert VerifyJob(links(), REPLICATIONS, 6).run(0, 9)["total"].tolist() != whole["total"].tolist()


def test_both_ways_to_run_count_alike() -> None:
    both = [VerifyJob(links(), 60, 5, engine).run(0, 3) for engine in ("compiled", "mesa")]
    pd.testing.assert_frame_equal(*both)


def test_counts_are_those_of_each_replication(whole: pd.DataFrame) -> None:
    """Sum, sum of squares and positives, added up over the batches of a link."""
    job = VerifyJob(links(), REPLICATIONS, 5)
    for number, result in enumerate(link_results(job.links, whole)):
        counts = job.links[number].laboratory.counts(job._replications(number), 0, REPLICATIONS)
        sums = (result.trials, result.total, result.squares, result.positive)
        assert sums == (REPLICATIONS, counts.sum(), (counts**2).sum(), (counts > 0).sum())


def test_results_are_added_up_over_batches_in_any_order() -> None:
    rows = pd.DataFrame(
        {
            "point": [1, 0, 1],
            "replication": [0, 0, 1],
            "trials": [1000, 500, 200],
            "total": [7, 5, 2],
            "squares": [9, 5, 4],
            "positive": [6, 5, 1],
        }
    )
    results = link_results(links()[:2], rows)
    assert [(one.trials, one.total, one.squares, one.positive) for one in results] == [
        (500, 5, 5, 5),
        (1200, 9, 13, 7),
    ]
    with pytest.raises(ExecutionError, match="every batch of reliability_path failed"):
        link_results(links(), rows)


def test_the_suite_holds_every_laboratory() -> None:
    links = suite()
    assert [one.name for one in links] == list(SUITE)
    assert {type(one.laboratory) for one in links} == set(KINDS.values())
    assert [one.arm for one in links] == ["without"] * 12 + ["with_outpost"]


def test_the_suites_exact_values_by_hand() -> None:
    """With the symbols of the experiments' files; the chain of the default case has no value to be typed in."""
    by_hand = {
        "definite_range": 2.0,
        "constant_rate": 1.532711,  # z = 2 q R / V = 2
        "constant_rate_offset": 1 - math.exp(-1.6),  # a chord of 1.6 km at 3 km/h, three detections an hour
        "inverse_cube": 2 * math.sqrt(math.pi),
        "inverse_cube_offset": 0.272623,
        "barrier_ends": 0.211107,
        "barrier_inside": 0.218647,
        "random_search": 1 - math.exp(-1),
        "duel_square": 0.775,
        "duel_linear": 0.6875,
        "reliability_path": 0.9 * 0.95 * 0.85,  # start, south, north, target
        "repeat_trials": 625.0,
    }
    assert {one.name: one.expectation.exact for one in suite(tuple(by_hand))} == pytest.approx(by_hand, rel=5e-6)


def test_no_persons_next_attempt_is_anothers_replication() -> None:
    assert APART > MOST_REPLICATIONS
