"""The job of a verification: the same counts whoever runs which batches."""

from __future__ import annotations

import pickle
from itertools import pairwise

import pandas as pd
import pytest
from laboratories import expanded, laboratory

from sim.study.verify.job import BATCH, VerifyJob
from sim.study.verify.link import Link
from sim.study.verify.measure import measured
from sim.study.verify.run import added_up

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


def test_counts_are_those_of_what_is_measured(whole: pd.DataFrame) -> None:
    """Sum, sum of squares and positives, added up over the batches of a link."""
    job = VerifyJob(links(), REPLICATIONS, 5)
    for number, told in enumerate(added_up(whole, 3)):
        counted = measured(job.links[number].laboratory, job._job_of(number), 0, REPLICATIONS)
        assert told == (REPLICATIONS, counted.sum(), (counted**2).sum(), (counted > 0).sum())


def test_added_up_by_hand() -> None:
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
    assert added_up(rows, 2) == [(500, 5, 5, 5), (1200, 9, 13, 7)]
