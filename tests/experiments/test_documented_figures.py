"""The percentages that README.md and the page of the default case state are those of the runs that they name."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import sim

CASE = "experiments/shahrituz_2019/README.md"
FIGURE = re.compile(r"(?<![\d.,])[+-]?\d+\.\d(?!\d|\.\d| km)")
"""A number with one decimal, as shares in percent and their differences are given; no distance, no version."""


def prose(root: Path, page: str) -> str:
    """A page without its tables and its code."""
    text = re.sub(r"```.*?```", "", (root / page).read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"^\|.*$", "", re.sub(r"`[^`]*`", "", text), flags=re.MULTILINE)


def figures(text: str) -> set[str]:
    """The figures of those paragraphs that speak of percentages, without the sign plus."""
    about = [part for part in re.split(r"\n\s*\n", text) if "%" in part or "points" in part]
    return {figure.lstrip("+") for part in about for figure in FIGURE.findall(part)}


def rounded(value: float) -> str:
    return f"{100 * value:.1f}"


def shares(part: Any) -> Iterator[float]:
    """All numbers in a part of a summary."""
    if isinstance(part, dict | list):
        for one in part.values() if isinstance(part, dict) else part:
            yield from shares(one)
    else:
        yield float(part)


def stated(summary: dict[str, Any]) -> set[str]:
    """What a page may state of a run: shares stopped, effects on them, net and naive, and who stopped the group."""
    parts: list[Any] = [arm["interdiction"] for arm in summary["arms"].values()]
    for arm, effects in summary["effects"].items():
        parts += [effects["interdiction"]["difference"], effects["interdiction"]["ci95"], summary["mechanism"][arm]]
        parts += [summary["displacement"][arm][name] for name in ("net", "naive", "adaptation")]
    return {rounded(value) for value in shares(parts)}


@cache
def summary_of(command: str) -> dict[str, Any]:
    """Summary of the run that a command line asks for."""
    words = [word for word in shlex.split(command) if not word.startswith(("replications=", "seed="))]
    replications = int(re.findall(r"replications=(\d+)", command)[0])
    case = sim.load_scenario("shahrituz_2019", words)
    return sim.compare(case, replications=replications, seed=1, workers=1, quiet=True).summary()


def whole() -> dict[str, Any]:
    return summary_of("replications=400 seed=1")


def adversaries(root: Path) -> list[str]:
    """The command of the page about an adversary that answers, and the same for one that is informed."""
    text = (root / CASE).read_text(encoding="utf-8")
    command = re.findall(r"^python -m sim (infiltrators\.behaviour=best_response .*)$", text, re.MULTILINE)[0]
    return [command, command.replace("best_response", "informed")]


def test_the_readme_states_what_its_run_found(root: Path) -> None:
    found = figures(prose(root, "README.md"))
    assert found <= stated(whole())
    effect = whole()["effects"]["with_outpost"]["interdiction"]
    assert {rounded(value) for value in (effect["difference"], *effect["ci95"])} <= found


def test_the_page_of_the_case_states_what_its_runs_found(root: Path) -> None:
    runs = [whole(), *map(summary_of, adversaries(root))]
    found = figures(prose(root, CASE))
    assert len(found) > 30
    assert found <= set().union(*map(stated, runs))
    ledger = whole()["ledger"]["with_outpost"]
    wanted = f"{ledger['only_with']} were stopped only with the outpost, {ledger['only_without']} only without"
    assert wanted in " ".join(prose(root, CASE).split())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("46.5 % of all, +2.2 to -8.6.", {"46.5", "2.2", "-8.6"}),
        ("5.2 points (+1.0), 2.5 km, version 0.1.0, 3.11", {"5.2", "1.0"}),
        ("takes 1.5 s\n\n7.5 % of them", {"7.5"}),
    ],
)
def test_figures_are_found_in_any_words(text: str, found: set[str]) -> None:
    assert figures(text) == found
