"""The contests: who plays, whether all say the same, and what a replication costs each."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

import sim
from experiments.benchmark.reduced import ARM, Reduced, Story, reduced_tables
from experiments.benchmark.spread import Play, Runner, alternate, enough, ratios, seconds, spread
from sim.scenario import Scenario
from sim.study.replications import ENGINES
from sim.world import Tables

SEED = 1
TITLES = {
    "compiled": "this project, compiled engine",
    "mesa": "this project, Mesa model",
    "plain_mesa": "by hand, Mesa",
    "plain_agentpy": "by hand, AgentPy",
    "plain_simpy": "by hand, SimPy",
}
HANDWRITTEN = {"plain_mesa": "reduced_mesa", "plain_agentpy": "reduced_agentpy", "plain_simpy": "reduced_simpy"}
KEYS = ["replication", "group"]


class DisagreementError(Exception):
    """Two contestants do not say the same."""


@dataclass(frozen=True)
class Contestant:
    """One who plays.

    Attributes
    ----------
    stories:
        Sightings of each replication, from what `play` answers.
    """

    name: str
    play: Play
    stories: Callable[[Any], list[Story]]

    @property
    def title(self) -> str:
        """What it is called in tables and pictures."""
        return TITLES.get(self.name, f"this project, engine {self.name}")


# -- who plays ------------------------------------------------------------------------------------------------------


def engines(scenario: Scenario, arm: str, tables: Tables) -> list[Contestant]:
    """The project's engines; the compiled one first, where there is one."""
    names = sorted(ENGINES, key=lambda name: name == "mesa")
    return [Contestant(name, partial(_play_engine, scenario, arm, tables, name), stories_of_rows) for name in names]


def _play_engine(scenario: Scenario, arm: str, tables: Tables, engine: str, replications: int) -> pd.DataFrame:
    return sim.run(scenario, arm, replications, SEED, engine=engine, tables=tables)


def stories_of_rows(rows: pd.DataFrame) -> list[Story]:
    """Sightings of each replication, from outcome rows."""
    sightings = zip(rows["group"], rows["detected_by"], rows["detected_min"], strict=True)
    stories: dict[int, Story] = {}
    for replication, (group, by, minute) in zip(rows["replication"], sightings, strict=True):
        stories.setdefault(int(replication), []).append((str(group), str(by), int(minute)))
    return [stories[replication] for replication in sorted(stories)]


def handwritten(scenario: Scenario, tables: Tables) -> tuple[list[Contestant], list[str]]:
    """The hand-written programs whose framework is installed, and the names of the others."""
    found, missing = [], []
    for name, module in HANDWRITTEN.items():
        try:
            play = importlib.import_module(f"experiments.benchmark.{module}").play
        except ModuleNotFoundError:
            missing.append(name)
        else:
            found.append(Contestant(name, partial(_play_by_hand, play, scenario, tables), list))
    return found, missing


def _play_by_hand(
    play: Callable[[Reduced, int, int], list[Story]], scenario: Scenario, tables: Tables, replications: int
) -> list[Story]:
    return play(reduced_tables(scenario, tables), replications, SEED)


# -- whether they agree ---------------------------------------------------------------------------------------------


def check(contestants: Sequence[Contestant], answers: Sequence[Any]) -> int:
    """Compare all answers, each as far as it goes; how many replications the shortest of them had.

    Raises
    ------
    DisagreementError
        Naming the contestants and the first thing in which they differ.
    """
    told = [contestant.stories(answer) for contestant, answer in zip(contestants, answers, strict=True)]
    longest = max(range(len(told)), key=lambda number: len(told[number]))
    for number, contestant in enumerate(contestants):
        names = f"{contestant.title} and {contestants[longest].title}"
        _check_stories(names, told[number], told[longest])
        if isinstance(answers[number], pd.DataFrame) and isinstance(answers[longest], pd.DataFrame):
            _check_rows(names, answers[number], answers[longest])
    return min(map(len, told))


def _check_stories(names: str, these: list[Story], those: list[Story]) -> None:
    for replication, (this, that) in enumerate(zip(these, those, strict=False)):
        if this != that:
            one, other = next((pair for pair in zip(this, that, strict=False) if pair[0] != pair[1]), (this, that))
            raise DisagreementError(f"{names} differ in replication {replication}: {one} against {other}")


def _check_rows(names: str, these: pd.DataFrame, those: pd.DataFrame) -> None:
    those = those.iloc[: len(these)]
    for column in those.columns:
        try:
            pd.testing.assert_series_equal(these[column], those[column], check_exact=True)
        except (AssertionError, KeyError) as problem:
            raise DisagreementError(f"{names} differ in column {column}: {problem}") from None


def detections(stories: list[Story]) -> dict[str, int]:
    """How many groups each sentinel detected first; "nobody" for those that none detected."""
    counts: dict[str, int] = {}
    for sighting in (sighting for story in stories for sighting in story):
        counts[sighting[1] or "nobody"] = counts.get(sighting[1] or "nobody", 0) + 1
    return dict(sorted(counts.items()))


# -- what it costs --------------------------------------------------------------------------------------------------


def reduced_contest(scenario: Scenario, repeats: int, target_s: float, checked: int) -> dict[str, Any]:
    """All contestants on the reduced case."""
    tables = Tables()
    by_hand, missing = handwritten(scenario, tables)
    reduced_tables(scenario, tables)
    found = contest([*engines(scenario, ARM, tables), *by_hand], repeats, target_s, checked)
    return {**found, "missing": missing}


def engine_contest(scenario: Scenario, arm: str, repeats: int, target_s: float, checked: int) -> dict[str, Any]:
    """The project's engines on one arm of a scenario."""
    tables = Tables()
    sim.run(scenario, arm, 1, SEED, engine="mesa", tables=tables)
    return contest(engines(scenario, arm, tables), repeats, target_s, checked)


def contest(contestants: Sequence[Contestant], repeats: int, target_s: float, checked: int) -> dict[str, Any]:
    """Check that all agree, time them in turn, and check what they said while they were timed."""
    first = [seconds(partial(contestant.play, checked)) for contestant in contestants]
    check(contestants, [answer for _, answer in first])
    runners = [Runner(contestant.play, enough(contestant.play, target_s)) for contestant in contestants]
    alternate(runners, repeats)
    shortest = check(contestants, [runner.answer for runner in runners])
    stories = contestants[0].stories(first[0][1])
    rows = _rows(contestants, runners, [took for took, _ in first])
    return {
        "same_for_all": shortest,
        "counted": {"replications": len(stories), "first_detections": detections(stories)},
        "contestants": rows,
    }


def _rows(contestants: Sequence[Contestant], runners: Sequence[Runner], first_s: Sequence[float]) -> list[Any]:
    by_name = {contestant.name: runner for contestant, runner in zip(contestants, runners, strict=True)}
    references = [name for name in ("compiled", "mesa") if name in by_name]
    return [
        {
            "name": contestant.name,
            "title": contestant.title,
            "replications": runner.many,
            "each_ms": spread([1000 * value for value in runner.each_s]),
            "fixed_ms": spread([1000 * value for value in runner.fixed_s]),
            "first_call_s": float(f"{took:.4g}"),
            "times": {name: ratios(runner.each_s, by_name[name].each_s) for name in references},
        }
        for contestant, runner, took in zip(contestants, runners, first_s, strict=True)
    ]
