"""Where the compiled engine and the Mesa model tell different rows."""

from __future__ import annotations

import pandas as pd

from sim.execution.rows import Rows
from sim.outcomes import in_words
from sim.study.compare.fixed_routes import fixed_routes_job
from sim.study.replications import Replications
from sim.world import World


def differences(one: pd.DataFrame, other: pd.DataFrame) -> list[str]:
    """What differs between two frames of outcome rows, to the bit; empty where nothing does."""
    if len(one) != len(other):
        return [f"{len(one)} rows against {len(other)}"]
    told = []
    for name in one.columns:
        if not one[name].reset_index(drop=True).equals(other[name].reset_index(drop=True)):
            first = next(i for i in range(len(one)) if not one[name].iloc[[i]].equals(other[name].iloc[[i]]))
            told.append(f"{name} in row {first}: {one[name].iloc[first]!r} against {other[name].iloc[first]!r}")
    return told


def between_engines(worlds: tuple[World, ...], seed: int, start: int, stop: int) -> list[str]:
    """Differences in replications `start` to `stop` - 1 of some arms."""
    by_agents = Replications(worlds, seed, engine="mesa").run(start, stop)
    return differences(by_agents, in_words(Replications(worlds, seed, engine="compiled").run(start, stop)))


def between_engines_with_fixed_routes(worlds: tuple[World, ...], seed: int, stop: int) -> list[str]:
    """The same for the replications that are run again with the routes of the baseline, the first of the arms."""
    rows = Rows.of(in_words(Replications(worlds, seed).run(0, stop)))
    by_agents, compiled = (fixed_routes_job(worlds, rows, seed, engine) for engine in ("mesa", "compiled"))
    if by_agents is None or compiled is None:
        return []
    return differences(by_agents.run(0, stop), in_words(compiled.run(0, stop)))
