"""Before a large run the engine is held against the model, and a run that would be wrong is refused."""

from __future__ import annotations

import pandas as pd
import pytest
from small_case import small_world

from sim.execution.errors import ExecutionError
from sim.study import readiness
from sim.study.readiness import LEAST, check_sample
from sim.study.replications import Replications


class Wrong(Replications):
    """Tells of one killed man more in every third replication."""

    def run(self, start: int, stop: int) -> pd.DataFrame:
        frame = super().run(start, stop)
        return frame.assign(killed=frame["killed"] + (frame["replication"] % 3 == 0))


@pytest.fixture(autouse=True)
def _model_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundredth of any run is enough for a replication by the model, and some more."""
    monkeypatch.setattr(readiness, "_seconds_each", lambda job, replications: 1.0 / LEAST)
    monkeypatch.setattr(readiness, "SHARE", 1.0)


def test_a_sound_engine_passes_and_several_replications_are_looked_at() -> None:
    assert check_sample(Replications((small_world(),), 1), 10 * LEAST) > 3


def test_a_wrong_one_is_refused_with_the_replication_and_the_column() -> None:
    with pytest.raises(ExecutionError, match=r"replication \d+ of arm with_outpost \(killed\).*engine=mesa"):
        check_sample(Wrong((small_world(),), 1), 10 * LEAST)


def test_small_runs_and_the_model_itself_are_not_checked() -> None:
    assert check_sample(Wrong((small_world(),), 1), LEAST - 1) == 0
    assert check_sample(Wrong((small_world(),), 1, engine="mesa"), 10 * LEAST) == 0
    assert check_sample(Replications((small_world(),), 1), 100, in_all=LEAST) > 0
