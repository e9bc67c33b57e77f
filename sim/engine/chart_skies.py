"""The light of a chart, minute by minute, and when it next changes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.chart import SKY, Records
from sim.engine.codes import NEVER_MORE
from sim.rules.sensing import NIGHT
from sim.world import World


def chart_skies(world: World) -> Records:
    """One record of `SKY` for each minute from 0 to the horizon."""
    return world.memo.get(_skies, world.lights, world.scenario.infiltrators.raft_min)


def _skies(by_minute: list[int], raft_min: int) -> Records:
    lights = np.array(by_minute, dtype=np.int64)
    night = lights == NIGHT
    landed = np.minimum(np.arange(len(lights)) + raft_min, len(lights) - 1)
    skies = np.zeros(len(lights), dtype=SKY)
    skies["light"] = lights
    skies["nights"] = np.cumsum(night) - night[0]
    skies["next_change"] = _next(np.append(np.diff(lights) != 0, False)) + 1
    skies["next_dark"] = _next(night & night[landed])
    return skies


def _next(marked: NDArray[np.bool_]) -> NDArray[np.int64]:
    """For each minute the first from it on that is marked, far beyond all where there is none."""
    minutes = np.where(marked, np.arange(len(marked)), NEVER_MORE)
    return np.minimum.accumulate(minutes[::-1])[::-1]
