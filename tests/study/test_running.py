"""While Worlds are built another process compiles the engine, where that is wanted."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from silent_context import silent_context

from sim.engine import engine as compiled
from sim.execution.errors import ExecutionError
from sim.execution.manifest import ManifestHead
from sim.execution.progress import Progress
from sim.execution.store import open_store
from sim.study import running
from sim.study.result import replay_command
from sim.study.running import RunContext, background_compilation


def context(engine: str = "compiled", kind: str = "local") -> RunContext:
    """Of the command line's own process."""
    return replace(silent_context(engine, kind), own_process=True)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What was begun in another process; two cores, and an engine that has to be compiled."""
    begun: list[object] = []

    def begin(work: object) -> nullcontext[None]:
        begun.append(work)
        return nullcontext()

    monkeypatch.setattr(running, "background_process", begin)
    monkeypatch.setattr(running, "usable_cores", lambda: 2)
    monkeypatch.setattr(compiled, "has_to_be_compiled", lambda: True)
    return begun


def test_the_engine_is_compiled_by_another_process(started: list[object]) -> None:
    with background_compilation(context()):
        assert started == [compiled.warm_up]


@pytest.mark.parametrize(("engine", "kind"), [("mesa", "local"), ("compiled", "serial"), ("compiled", "mpi")])
def test_not_where_it_is_not_wanted(started: list[object], engine: str, kind: str) -> None:
    with background_compilation(context(engine, kind)):
        assert started == []


def test_not_on_one_core(started: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "usable_cores", lambda: 1)
    with background_compilation(context()):
        assert started == []


def test_not_where_it_is_compiled_already(started: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "has_to_be_compiled", lambda: False)
    with background_compilation(context()):
        assert started == []


def test_not_in_a_process_of_somebody_elses(started: list[object]) -> None:
    with background_compilation(replace(context(), own_process=False)):
        assert started == []


def test_the_command_that_shows_a_failure_can_be_typed(tmp_path: Path) -> None:
    assert replay_command(tmp_path / "a b", 17, "with_outpost") == (
        f"python -m sim study=replay 'output={tmp_path}/a b' replay.replication=17 replay.arm=with_outpost"
    )


class Failing:
    """A job of which nothing can be run."""

    def run(self, start: int, stop: int) -> pd.DataFrame:
        raise ValueError("no ford")


def test_a_run_of_which_all_fail_says_how_to_see_the_first(tmp_path: Path) -> None:
    head = ManifestHead("compare", "toy", 1, 5, {})
    with pytest.raises(ExecutionError) as caught, open_store(tmp_path / "out", head) as store:
        silent_context().run_job(Failing(), store, 5, Progress())
    assert str(caught.value).endswith(f"to see it: {replay_command(tmp_path / 'out', 0)}")
