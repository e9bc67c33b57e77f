"""The tables of forces and of the light: units, patrols, tracks and their samples, and each minute's light."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.layout import IS_FORCE, IS_PATROL, IS_POST, MODES, NEVER_MORE, SAMPLE, SKY, TRACK, Records
from sim.rules.patrol import strip_reach_km
from sim.rules.randomness import entity
from sim.rules.sensing import NIGHT
from sim.scenario.post import Post
from sim.world import World
from sim.world.hazards import METRES
from sim.world.track import Track, circle_around

Row = dict[str, Any]


def unit_rows(world: World) -> Iterator[Row]:
    """Posts, then patrols, then the reaction force."""
    here, posts = world.scenario, len(world.scenario.all_posts)
    rows: tuple[tuple[Any, ...], ...] = (tuple(here.all_posts), tuple(here.patrols), (here.reaction_force,))
    same = "x_km y_km notice_min false_alarms_per_min power_cuts_per_min power_cut_min"
    row_of_force = posts + sum(len(track.anchors) for track in world.tracks)
    for kind, units in zip((IS_POST, IS_PATROL, IS_FORCE), rows, strict=True):
        for number, unit in enumerate(units):
            yield {
                # A patrol's place is on its track, and it leaves at once; only posts have alarms and power.
                **{name: getattr(unit, name, 0) for name in same.split()},
                "kind": kind,
                "entity": entity(unit.name),
                "men": unit.responders,
                "travel_row": {IS_POST: number, IS_PATROL: -1, IS_FORCE: row_of_force}[kind],
                "response_km": getattr(unit, "response_km", math.inf),
                "awareness": here.awareness(number) if kind == IS_POST else 0.0,
                "sees_anything": isinstance(unit, Post) and here.sees_anything(unit),
            }


def patrol_rows(world: World) -> Iterator[Row]:
    """What patrols have beside other units."""
    first_share = 0
    near_km = world.scenario.control_strip.near_km
    weathers = range(len(world.scenario.light.weather))
    for number, (patrol, numbers) in enumerate(zip(world.scenario.patrols, world.patrol_tracks, strict=True)):
        (x, y), radius = circle_around([world.tracks[number] for number in numbers])
        yield {
            "mode": MODES.index(patrol.mode),
            "cycle_min": patrol.cycle_min,
            "first_track": numbers[0],
            "tracks": len(numbers),
            "first_share": first_share,
            "shares": len(patrol.alternatives),
            "speed_kmh": patrol.speed_kmh,
            "duty_share": patrol.duty_share,
            "centre_x_km": x,
            "centre_y_km": y,
            "radius_km": radius,
            "widest_km": max(len(r) for w in weathers for r in world.patrol_rates(number, w)) / METRES,
            "strip_reach_km": strip_reach_km(near_km, patrol.speed_kmh),
        }
        first_share += len(patrol.alternatives)


def track_tables(tracks: tuple[Track, ...]) -> tuple[Records, Records, NDArray[np.int64]]:
    """Tracks, their samples, and the sample at each anchor; samples and anchors are numbered through all tracks."""
    lines, samples = np.zeros(len(tracks), dtype=TRACK), np.zeros(sum(len(one.cell) for one in tracks), dtype=SAMPLE)
    anchors, begun = [np.zeros(0, dtype=np.int64)], 0
    for number, track in enumerate(tracks):
        end, before = begun + len(track.cell), sum(len(each) for each in anchors)
        lines[number] = begun, len(track.cell), before, len(track.anchors), track.length_km
        samples["x_km"][begun:end], samples["y_km"][begun:end] = track.x_km, track.y_km
        anchors.append(begun + track.anchors)
        begun = end
    return lines, samples, np.concatenate(anchors)


def light_table(world: World) -> Records:
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
