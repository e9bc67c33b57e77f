"""Every leaf of the schema changed once: tables kept in memory or on disk give the World that is built from nothing.

A leaf that is left out of the key of a table comes back here with the table of another scenario.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from every_leaf import CASES, Leaf, changes, leaves, same, schema, small, tables_of

from sim.cache.kept_code import cache_folder
from sim.scenario import Scenario, ScenarioError
from sim.terrain.build import build_terrain
from sim.world import Tables, build_world
from sim.world.tables import cached_tables, take_cached

LOOKED_AT = {"gazetteer": "", "synthetic": "terrain.", "front": "infiltrators."}
"""Which leaves of each case are changed: in the first one all."""

MOST_TRIED = 2
"""Values of a leaf that are tried until one makes a difference to the World."""

FIXED = {("Migrants", "will_to_fight")} | {
    (kind, "kind") for kind in ("BorderRiver", "River", "Reeds", "Ridge", "Road", "Track", "Pass", "Landmark")
}
"""Leaves that have one valid value only."""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables are kept in a folder of the test's own, and compiled code where it is."""
    cache_folder()
    (tmp_path / "cache").mkdir(mode=0o700)
    monkeypatch.setenv("BORDER_SIM_CACHE", str(tmp_path / "cache"))
    # Ground is drawn once for the same settings, all of them compared: drawing it is most of the time.
    monkeypatch.setattr("sim.world.build.build_terrain", lru_cache(build_terrain))


def built(case: Scenario, tables: Tables) -> dict[str, Any] | str:
    """What a World of a case holds, or why there is none."""
    try:
        return tables_of(build_world(case, "more", tables))
    except ScenarioError as problem:
        return str(problem)


def looked_at(name: str) -> Iterator[Leaf]:
    return (leaf for leaf in leaves(small(name)) if leaf.key.startswith(LOOKED_AT[name]))


@pytest.mark.parametrize("name", CASES)
def test_a_world_after_any_change_is_the_world_built_from_nothing(name: str) -> None:
    case, effective, stale = small(name), 0, []
    with cached_tables(case.terrain) as memory:
        first = built(case, memory)
    assert isinstance(first, dict)
    for leaf in looked_at(name):
        for _, changed in zip(range(MOST_TRIED), changes(case, leaf), strict=False):
            anew = built(changed, Tables())
            if not same(built(changed, memory), anew):
                stale.append(f"{leaf.key} in memory")
            if isinstance(anew, dict) and not same(anew, first):
                effective += 1
                taken = Tables()
                take_cached(taken, changed.terrain)
                if not same(built(changed, taken), anew):
                    stale.append(f"{leaf.key} on disk")
                break
    assert not stale
    assert effective > {"gazetteer": 110, "synthetic": 30, "front": 7}[name]


def test_every_leaf_of_the_schema_is_changed() -> None:
    changed = {
        (leaf.owner.__name__, leaf.field)
        for name in CASES
        for leaf in looked_at(name)
        if next(changes(small(name), leaf), None)
    }
    assert changed == schema() - FIXED
