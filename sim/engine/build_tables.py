"""Building the tables: from the World of an arm to the arrays that compiled code reads."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine import layout
from sim.engine.layout import (
    IS_FORCE,
    IS_PATROL,
    IS_POST,
    MODES,
    NEVER_MORE,
    SAMPLE,
    SKY,
    TABLES,
    TRACK,
    Records,
    rate_column,
)
from sim.engine.route_tables import party_rows, route_tables, signatures, spot_order
from sim.engine.tables import Handle, hold
from sim.rules.arrivals import size_factor
from sim.rules.choice import taste_min
from sim.rules.command import passing_hazard
from sim.rules.patrol import reading_per_man, strip_reach_km
from sim.rules.randomness import entity
from sim.rules.sensing import NIGHT, hazard_units
from sim.scenario.infiltrators import Infiltrators
from sim.scenario.post import Post
from sim.scenario.scenario import Scenario
from sim.world import World
from sim.world.hazards import LIGHTS, METRES
from sim.world.tables import stacked
from sim.world.track import Track, circle_around


def build_tables(world: World) -> Handle:
    """The World of an arm as arrays; what other tables of the same memory hold already is taken from there."""
    here, memo = world.scenario, world.memo
    rate_tables, rates = _rates(world)
    speeds = tuple(speed for patrol in range(len(here.patrols)) for speed in world.patrol_speeds(patrol).values())
    tracks, samples, anchors = memo.get(track_tables, world.tracks, speeds)
    walked = tuple(world.steps(party) for party in range(len(world.routes)))
    order = memo.get(spot_order, walked, len(world.spots))
    tables = {
        "case": table(layout.CASE, [_case(here)]),
        "weathers": np.array([weather.probability for weather in here.light.weather]),
        "skies": light_table(world),
        "going": np.array(world.going).ravel(),
        "units": table(layout.UNIT, unit_rows(world)),
        "patrols": table(layout.PATROL, patrol_rows(world)),
        "tracks": tracks,
        "samples": samples,
        "shares": np.array([share for patrol in here.patrols for share in patrol.track_shares[1:]]),
        "rate_tables": rate_tables,
        "rates": rates,
        "own_stretch": _own_stretch(world),
        "sight": memo.get(_in_order, memo.get(stacked, world.patrol_sight, len(world.spots), bool), order),
        "anchors": anchors,
        "travel": memo.get(
            _in_order, memo.get(_travel, world.post_travel, world.patrol_travel, world.force_travel), order
        ),
        "parties": table(layout.PARTY, party_rows(world)),
        "size_factors": size_factors(here.infiltrators),
        "signatures": signatures(here),
        **route_tables(world, walked, order),
    }
    return hold(TABLES, tables)


def table(record: np.dtype[np.void], rows: Iterable[Mapping[str, Any]]) -> Records:
    """A table from rows by name; each must give every field of the record and no other."""
    listed = list(rows)
    made = np.zeros(len(listed), dtype=record)
    for number, row in enumerate(listed):
        if row.keys() != set(record.fields or ()):
            raise KeyError(f"fields {sorted(set(record.fields or ()) ^ row.keys())}")
        for name, value in row.items():
            made[number][name] = value
    return made


def _case(here: Scenario) -> dict[str, Any]:
    command, inland, strip, ways = here.command, here.inland, here.control_strip, here.infiltrators
    same = set(layout.plain_numbers(int, float, bool).split())
    return {
        **{name: value for part in layout.SECTIONS for name, value in getattr(here, part) if name in same},
        "horizon_min": here.horizon_min,
        "posts": len(here.all_posts),
        "patrols": len(here.patrols),
        "informed": ways.behaviour == "informed",
        "taste_min": taste_min(ways.behaviour, ways.spread_min, ways.quantal_min),
        "square_law": here.engagement.law == "square",
        "delay_stages": command.delay_stages,
        "alert_min": command.alert_min,
        "passing_hazard": passing_hazard(command.contact_per_man_hour, command.contact_km, command.night_march_pace),
        "attack_units": hazard_units(here.engagement.attacks_per_hour),
        "shadow_units": hazard_units(command.shadow_loss_per_hour),
        "lasting_min": strip.lasting_min,
        "reading_per_man": reading_per_man(strip.find_probability),
        "trail_units": hazard_units(strip.trail_loss_per_hour),
        "quiet_units": hazard_units(inland.search_per_hour),
        "alerted_units": hazard_units(inland.alerted_search_per_hour),
    }


def _rates(world: World) -> tuple[Records, NDArray[np.float64]]:
    """Rates of posts and patrols one after the other, and where each begins."""
    posts, patrols = range(len(world.scenario.all_posts)), range(len(world.scenario.patrols))
    weathers = range(len(world.scenario.light.weather))
    of_posts = (
        tuple(tuple(world.post_rates(post, weather, power) for power in (False, True)) for weather in weathers)
        for post in posts
    )
    of_patrols = (tuple((world.patrol_rates(patrol, weather),) * 2 for weather in weathers) for patrol in patrols)
    return world.memo.get(_rate_tables, (*of_posts, *of_patrols), len(weathers))


Airs = tuple[tuple[tuple[NDArray[np.float64], ...], ...], ...]
"""Rates of an observer by weather, power (none first) and light."""


def _rate_tables(observers: tuple[Airs, ...], weathers: int) -> tuple[Records, NDArray[np.float64]]:
    where = np.zeros((len(observers), weathers * len(LIGHTS) * 2), dtype=layout.RATE_TABLE)
    parts: list[NDArray[np.float64]] = []
    begun = 0
    for row, airs in enumerate(observers):
        for weather, by_power in enumerate(airs):
            for power, by_light in enumerate(by_power):
                for light, rates in enumerate(by_light):
                    where[row, rate_column(weather, light, power)] = begun, len(rates), len(rates) / METRES
                    begun += len(rates)
                    parts.append(rates)
    return where, np.concatenate([*parts, np.zeros(1)])


def _own_stretch(world: World) -> NDArray[np.bool_]:
    """Whether each post acts alone on who crosses at each crossing point, shape (posts, crossings)."""
    rows = tuple(world.own_crossings(post) for post in range(len(world.scenario.all_posts)))
    return stacked(rows, len(world.crossings), bool)


def _in_order(columns: NDArray[Any], order: NDArray[np.int64]) -> NDArray[Any]:
    """A table of spots, shape (stands, spots), with the spots in another order."""
    return np.ascontiguousarray(columns[:, order])


def _travel(
    posts: NDArray[np.float64], patrols: tuple[NDArray[np.float64], ...], force: NDArray[np.float64]
) -> NDArray[np.float64]:
    return np.vstack([posts, *patrols, force[None, :]])


def unit_rows(world: World) -> Iterator[dict[str, Any]]:
    """Posts, then patrols, then the reaction force."""
    here, posts = world.scenario, len(world.scenario.all_posts)
    rows: tuple[tuple[Any, ...], ...] = (tuple(here.all_posts), tuple(here.patrols), (here.reaction_force,))
    same = ("x_km", "y_km", "notice_min", "false_alarms_per_min", "power_cuts_per_min", "power_cut_min")
    row_of_force = posts + sum(len(track.anchors) for track in world.tracks)
    for kind, units in zip((IS_POST, IS_PATROL, IS_FORCE), rows, strict=True):
        for number, unit in enumerate(units):
            yield {
                # A patrol's place is on its track, and it leaves at once; only posts have alarms and power.
                **{name: getattr(unit, name) if kind == IS_POST else getattr(unit, name, 0) for name in same},
                "kind": kind,
                "entity": entity(unit.name),
                "men": unit.responders,
                "vehicle": unit.vehicle,
                "travel_row": {IS_POST: number, IS_PATROL: -1, IS_FORCE: row_of_force}[kind],
                "response_km": getattr(unit, "response_km", math.inf),
                "awareness": here.awareness(number) if kind == IS_POST else 0.0,
                "cues_units": getattr(unit, "cues_units", True),
                "sees_anything": isinstance(unit, Post) and here.sees_anything(unit),
            }


def size_factors(here: Infiltrators) -> NDArray[np.float64]:
    """How much of a group there is to see by its size, from 0 to the largest that may set out."""
    largest = max(party.sizes[1] for party in here.parties)
    return np.array([size_factor(size, here.standard_size, here.size_exponent) for size in range(largest + 1)])


def patrol_rows(world: World) -> Iterator[dict[str, Any]]:
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


def track_tables(tracks: tuple[Track, ...], speeds: tuple[float, ...]) -> tuple[Records, Records, NDArray[np.int64]]:
    """Tracks, their samples, and the sample at each anchor; samples and anchors are numbered through all tracks."""
    lines, samples = np.zeros(len(tracks), dtype=TRACK), np.zeros(sum(len(one.cell) for one in tracks), dtype=SAMPLE)
    anchors, begun = [np.zeros(0, dtype=np.int64)], 0
    for number, track in enumerate(tracks):
        end, before = begun + len(track.cell), sum(len(each) for each in anchors)
        lines[number] = begun, len(track.cell), before, len(track.anchors), track.length_km, speeds[number]
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
