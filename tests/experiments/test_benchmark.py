"""The benchmark's contestants do the same work, it notices if they do not, and its command writes what it promises."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from experiments.benchmark import contest, measure, spread, table
from experiments.benchmark.reduced import ARM, Story, reduced_scenario, reduced_tables
from sim.scenario import Scenario
from sim.world import Tables

REPLICATIONS = 5
FRAMEWORKS = {"reduced_mesa": "mesa", "reduced_agentpy": "agentpy", "reduced_simpy": "simpy"}


@cache
def tiny() -> tuple[Scenario, Tables]:
    return reduced_scenario(groups=4, posts=4, patrols=3, cells=24, horizon=360), Tables()


@cache
def told_by_mesa() -> tuple[contest.Contestant, Any]:
    mesa = contest.engines(*tiny_arm())[-1]
    return mesa, mesa.play(REPLICATIONS)


def tiny_arm() -> tuple[Scenario, str, Tables]:
    scenario, tables = tiny()
    return scenario, ARM, tables


def test_the_reduced_case_has_something_to_compare() -> None:
    mesa, answer = told_by_mesa()
    assert mesa.name == "mesa"
    counts = contest.detections(mesa.stories(answer))
    assert sum(counts.values()) == 4 * REPLICATIONS
    assert any(name.startswith("post") for name in counts)
    assert any(name.startswith("patrol") for name in counts)


def test_every_engine_tells_the_same() -> None:
    found = contest.engines(*tiny_arm())
    assert contest.check(found, [engine.play(REPLICATIONS) for engine in found]) == REPLICATIONS


@pytest.mark.parametrize("module", FRAMEWORKS)
def test_every_program_written_by_hand_tells_the_same(module: str) -> None:
    pytest.importorskip(FRAMEWORKS[module])
    play = importlib.import_module(f"experiments.benchmark.{module}").play
    mesa, answer = told_by_mesa()
    assert play(reduced_tables(*tiny()), REPLICATIONS, contest.SEED) == mesa.stories(answer)


def test_a_contestant_that_tells_something_else_is_named() -> None:
    mesa, answer = told_by_mesa()

    def later(rows: Any) -> list[Story]:
        return [[(group, by, minute + 1) for group, by, minute in story] for story in mesa.stories(rows)]

    liar = contest.Contestant("plain_simpy", mesa.play, later)
    with pytest.raises(contest.DisagreementError, match=r"by hand, SimPy.* differ in replication 0"):
        contest.check([mesa, liar], [answer, answer])


def test_engines_that_differ_in_any_column_are_refused() -> None:
    mesa, answer = told_by_mesa()
    other = answer.assign(dispatches=1)
    with pytest.raises(contest.DisagreementError, match="dispatches"):
        contest.check([mesa, mesa], [answer, other])


def test_a_disagreement_ends_the_command_with_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: Any) -> None:
        raise contest.DisagreementError("these two differ")

    monkeypatch.setattr(measure, "measure", refuse)
    assert measure.main(["--output", str(tmp_path)]) == 1
    assert "these two differ" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_contestants_take_turns_at_the_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    # To collect garbage before each call takes seconds, where other tests have left much behind.
    monkeypatch.setattr(spread.gc, "collect", lambda: 0)
    order: list[str] = []
    runners = [spread.Runner(lambda _, name=name: order.append(name), many=2) for name in "abc"]  # type: ignore[misc]
    spread.alternate(runners, repeats=2)
    assert "".join(order[::2]) == "abcbca"
    assert all(len(runner.each_s) == 2 for runner in runners)


@pytest.mark.parametrize(
    ("value", "text"), [(0.012345, "0.0123"), (12345.0, "12300"), (1.0, "1"), (99.96, "100"), (0.0, "0")]
)
def test_numbers_have_three_digits(value: float, text: str) -> None:
    assert table.number(value) == text


def test_the_quick_command_writes_all_its_files(root: Path, tmp_path: Path, environment: dict[str, str]) -> None:
    script = root / "experiments" / "benchmark" / "measure.py"
    words = [sys.executable, str(script), "--quick", "--repeats", "1", "--output", str(tmp_path)]
    (tmp_path / "README.md").write_text(f"Before.\n\n{table.BEGIN}\nold\n{table.END}\n\nAfter.\n", encoding="utf-8")
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    results = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert set(results["contests"]) == {"reduced", "default"}
    assert set(results["growth"]) == {"groups", "posts", "patrols", "cells", "horizon", "replications"}
    assert (tmp_path / "table.md").read_text(encoding="utf-8").startswith("# What a replication costs\n")
    assert (tmp_path / "benchmark.png").stat().st_size > 10_000
    page = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert page.startswith("Before.")
    assert page.endswith("After.\n")
    assert "this project, Mesa model" in page
    assert "old" not in page


def test_the_readme_holds_the_results_that_lie_beside_it(root: Path) -> None:
    folder = root / "experiments" / "benchmark"
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert (folder / "table.md").read_text(encoding="utf-8") == table.table_text(results)
    section = (folder / "README.md").read_text(encoding="utf-8").split(table.BEGIN)[1].split(table.END)[0]
    assert section.strip("\n").split("\n") == table.found_text(results)
