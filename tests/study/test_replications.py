"""Before a large run the engine is compared with the model, and a run that would be wrong is refused."""

from __future__ import annotations

import itertools
import time

import pandas as pd
import pytest
from small_case import small_case, small_world

from sim.execution.errors import ExecutionError
from sim.study import replications
from sim.study.replications import LEAST, Replications, arms_in_order, build_worlds, check_sample


class Wrong(Replications):
    """Tells of one killed man more in every third replication."""

    def run(self, start: int, stop: int) -> pd.DataFrame:
        frame = super().run(start, stop)
        return frame.assign(killed=frame["killed"] + (frame["replication"] % 3 == 0))


@pytest.fixture(autouse=True)
def _model_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundredth of any run is enough for a replication by the model, and some more; nothing is left to compile."""
    Replications((small_world(),), 1).run(0, 1)
    monkeypatch.setattr(replications, "_seconds_each", lambda job, replications: 1.0 / LEAST)
    monkeypatch.setattr(replications, "SHARE", 1.0)


def test_a_sound_engine_passes_and_several_replications_are_looked_at() -> None:
    assert check_sample(Replications((small_world(),), 1), 10 * LEAST) > 3


def test_a_wrong_one_is_refused_with_the_replication_and_the_column() -> None:
    with pytest.raises(ExecutionError, match=r"replication \d+ of arm with_outpost \(killed\).*engine=mesa"):
        check_sample(Wrong((small_world(),), 1), 10 * LEAST)


def test_every_arm_is_looked_at_and_replications_all_over_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[tuple[int, int]] = []
    monkeypatch.setattr(
        replications, "_check", lambda job, number, arm: looked.append((number, arm)) or time.sleep(0.02)
    )
    case = small_case()
    job = Replications(build_worlds(case, arms_in_order(case)), 1)
    check_sample(job, 10 * LEAST)
    assert {arm for _, arm in looked} == set(range(len(job.worlds)))
    numbers = sorted(number for number, _ in looked)
    assert numbers[-1] < 10 * LEAST
    # Spread by the golden ratio: no gap is longer than three times the mean one.
    gaps = [later - earlier for earlier, later in itertools.pairwise(numbers)]
    assert max(gaps) <= 3 * 10 * LEAST / len(numbers)


def test_small_runs_and_the_model_itself_are_not_checked() -> None:
    assert check_sample(Wrong((small_world(),), 1), LEAST - 1) == 0
    assert check_sample(Wrong((small_world(),), 1, engine="mesa"), 10 * LEAST) == 0
    assert check_sample(Replications((small_world(),), 1), 100, in_all=LEAST) > 0
