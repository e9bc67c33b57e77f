"""Before a large run the engine is held against the model, and a run that would be wrong is refused."""

from __future__ import annotations

import itertools
import time
from contextlib import nullcontext

import pandas as pd
import pytest
from small_case import small_case, small_world

from sim.engine import engine as compiled
from sim.execution.errors import ExecutionError
from sim.study import engine_ready as readiness
from sim.study.engine_ready import LEAST, check_sample, engine_beside
from sim.study.replications import Replications, arms_in_order, build_worlds


class Wrong(Replications):
    """Tells of one killed man more in every third replication."""

    def run(self, start: int, stop: int) -> pd.DataFrame:
        frame = super().run(start, stop)
        return frame.assign(killed=frame["killed"] + (frame["replication"] % 3 == 0))


@pytest.fixture(autouse=True)
def _model_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundredth of any run is enough for a replication by the model, and some more; nothing is left to compile."""
    Replications((small_world(),), 1).run(0, 1)
    monkeypatch.setattr(readiness, "_seconds_each", lambda job, replications: 1.0 / LEAST)
    monkeypatch.setattr(readiness, "SHARE", 1.0)


def test_a_sound_engine_passes_and_several_replications_are_looked_at() -> None:
    assert check_sample(Replications((small_world(),), 1), 10 * LEAST) > 3


def test_a_wrong_one_is_refused_with_the_replication_and_the_column() -> None:
    with pytest.raises(ExecutionError, match=r"replication \d+ of arm with_outpost \(killed\).*engine=mesa"):
        check_sample(Wrong((small_world(),), 1), 10 * LEAST)


def test_every_arm_is_looked_at_and_replications_all_over_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[tuple[int, int]] = []
    monkeypatch.setattr(readiness, "_check", lambda job, number, arm: looked.append((number, arm)) or time.sleep(0.02))
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


# --- the engine compiled beside what else is to be done ---


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What was begun in a process beside; two cores, and an engine that has to be compiled."""
    begun: list[object] = []

    def begin(work: object) -> nullcontext[None]:
        begun.append(work)
        return nullcontext()

    monkeypatch.setattr(readiness, "background_process", begin)
    monkeypatch.setattr(readiness, "usable_cores", lambda: 2)
    monkeypatch.setattr(compiled, "has_to_be_compiled", lambda: True)
    return begun


def test_the_engine_is_compiled_beside(started: list[object]) -> None:
    with engine_beside("compiled", "local"):
        assert started == [compiled.warm_up]


@pytest.mark.parametrize(("engine", "kind"), [("mesa", "local"), ("compiled", "serial"), ("compiled", "mpi")])
def test_not_where_it_is_not_wanted(started: list[object], engine: str, kind: str) -> None:
    with engine_beside(engine, kind):
        assert started == []


def test_not_on_one_core(started: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "usable_cores", lambda: 1)
    with engine_beside("compiled", "local"):
        assert started == []


def test_not_where_it_is_compiled_already(started: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "has_to_be_compiled", lambda: False)
    with engine_beside("compiled", "local"):
        assert started == []
