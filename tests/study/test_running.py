"""While Worlds are built another process compiles the engine, where that is wanted."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace

import pytest
from silent_context import silent_context

from sim.engine import warming
from sim.study import running
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
    monkeypatch.setattr(warming, "has_to_be_compiled", lambda: True)
    return begun


def test_the_engine_is_compiled_by_another_process(started: list[object]) -> None:
    with background_compilation(context()):
        assert started == [warming.warm_up]


@pytest.mark.parametrize(("engine", "kind"), [("mesa", "local"), ("compiled", "serial"), ("compiled", "mpi")])
def test_not_where_it_is_not_wanted(started: list[object], engine: str, kind: str) -> None:
    with background_compilation(context(engine, kind)):
        assert started == []


def test_not_on_one_core(started: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "usable_cores", lambda: 1)
    with background_compilation(context()):
        assert started == []


def test_not_where_it_is_compiled_already(started: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warming, "has_to_be_compiled", lambda: False)
    with background_compilation(context()):
        assert started == []


def test_not_in_a_process_of_somebody_elses(started: list[object]) -> None:
    with background_compilation(replace(context(), own_process=False)):
        assert started == []
