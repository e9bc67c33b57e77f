"""What the pages say about columns, keys and commands is what the program has."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.cli.command import parse
from sim.outcomes import COLUMNS
from sim.scenario.load import scenario_of
from sim.scenario.overrides import expand
from sim.study.settings import compose, run_settings
from sim.study.sweep.points import points_from_words

PAGES = ("README.md", "docs", "experiments")
ROW = re.compile(r"^\| `([^`]+)` \|([^|]*)\|", re.MULTILINE)


def table_under(page: Path, heading: str) -> dict[str, str]:
    """First and second column of the tables below a heading, down to the next heading of the same kind."""
    text = page.read_text(encoding="utf-8")
    section = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = ROW.findall(section)
    assert len(rows) == len(dict(rows)), "a name stands there twice"
    return {name: second.strip() for name, second in rows}


def pages(root: Path) -> list[Path]:
    found = [
        path for part in PAGES for path in ([root / part] if part.endswith(".md") else (root / part).rglob("*.md"))
    ]
    return sorted(found)


def commands(root: Path) -> list[str]:
    """Every command line that starts this program, from fenced blocks and from running text."""
    found = set()
    for page in pages(root):
        for line in re.findall(r"python -m sim\b([^`\n]*)", page.read_text(encoding="utf-8")):
            found.add(re.split(r" # | && ", line)[0].strip())
    return sorted(found)


def test_every_column_is_explained_with_its_type(root: Path) -> None:
    assert table_under(root / "docs" / "OUTCOMES.md", "Columns") == COLUMNS


def key_paths(value: Any, known: dict[str, set[str]], path: str = "") -> Iterator[str]:
    """Dotted keys of nested data, in which the names of arms and sectors have become ARM and SECTOR."""
    if not isinstance(value, dict):
        yield path
        return
    for key, part in value.items():
        word = next((general for general, names in known.items() if key in names), key)
        yield from key_paths(part, known, f"{path}.{word}" if path else word)


def test_every_key_of_the_summary_is_explained(root: Path) -> None:
    # Two arms of one price, which are compared with each other.
    case = sim.load_scenario("shahrituz_2019", ["terrain.cell_m=1000"])
    case = case.replace(**{"arms.masts.cost": case.arms["communications"].cost.model_dump()})
    told = sim.compare(case, replications=2, workers=1, quiet=True)
    summary = told.summary()
    crossings = {crossing.name for crossing in told.worlds[0].crossings}
    known = {"ARM": set(case.arms), "SECTOR": {sector.name for sector in case.sectors}, "CROSSING": crossings}
    assert set(table_under(root / "docs" / "OUTCOMES.md", "summary.json")) == set(key_paths(summary, known))


def test_every_command_on_the_pages_is_understood(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    lines = commands(root)
    assert len(lines) > 10
    for line in lines:
        words = shlex.split(line)
        if "--help" in words or "--version" in words:
            continue
        asked = parse(words)
        if asked.multirun:
            points, _ = points_from_words(*expand(asked.overrides))
            for point in {0, len(points) - 1}:
                points.scenario(point)
            continue
        config = compose(asked.overrides)
        run_settings(config)
        scenario_of(config)


def test_the_readme_python_runs(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (root / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    monkeypatch.chdir(tmp_path)
    load = sim.load_scenario
    # Coarser ground: the code is what is tried here, and it is built several times.
    monkeypatch.setattr(sim, "load_scenario", lambda name, overrides: load(name, [*overrides, "terrain.cell_m=500"]))
    names: dict[str, Any] = {}
    for block in blocks:
        exec(compile(block, "README.md", "exec"), names)


def test_pictures_and_pages_that_are_linked_are_there(root: Path) -> None:
    for page in pages(root):
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.relative_to(root)} links {target}"
