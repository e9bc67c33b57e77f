"""Building the tables: from the World of an arm to the arrays that compiled code reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine import layout
from sim.engine.force_tables import light_table, patrol_rows, track_tables, unit_rows
from sim.engine.layout import TABLES, Records, rate_column
from sim.engine.route_tables import party_rows, route_tables, spot_order
from sim.engine.tables import Handle, hold
from sim.rules.choice import taste_min
from sim.rules.response import is_own_frontage
from sim.rules.sensing import hazard_units
from sim.scenario.scenario import Scenario
from sim.world import World
from sim.world.crossings import Crossing, along_border_km
from sim.world.hazards import LIGHTS, METRES
from sim.world.tables import stacked


def build_tables(world: World) -> Handle:
    """The World of an arm as arrays; what other tables of the same memory hold already is taken from there."""
    here, memo = world.scenario, world.memo
    rate_tables, rates = _rates(world)
    tracks, samples, anchors = memo.get(track_tables, world.tracks)
    walked = tuple(world.steps(party) for party in range(len(world.routes)))
    order = memo.get(spot_order, walked, len(world.spots))
    tables = {
        "case": table(layout.CASE, [_case(here)]),
        "weathers": np.array([weather.probability for weather in here.light.weather]),
        "skies": light_table(world),
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
        "lost_units": hazard_units(command.lost_find_per_hour),
        "shadow_units": hazard_units(command.shadow_loss_per_hour),
        "lasting_min": strip.lasting_min,
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
    rows = tuple(
        world.memo.get(_on_own, world.terrain.border_km, world.crossings, post.x_km, post.y_km, post.frontage_km)
        for post in world.scenario.all_posts
    )
    return stacked(rows, len(world.crossings), bool)


def _on_own(
    border_km: NDArray[np.float64], crossings: tuple[Crossing, ...], x_km: float, y_km: float, frontage_km: float
) -> NDArray[np.bool_]:
    """Crossing points in front of a post; all where there is no border river."""
    if len(border_km) < 2:
        return np.ones(len(crossings), dtype=bool)
    place = along_border_km(border_km, x_km, y_km)
    near = [crossing.banks is None or is_own_frontage(crossing.along_km, place, frontage_km) for crossing in crossings]
    return np.array(near, dtype=bool)


def _in_order(columns: NDArray[Any], order: NDArray[np.int64]) -> NDArray[Any]:
    """A table of spots, shape (stands, spots), with the spots in another order."""
    return np.ascontiguousarray(columns[:, order])


def _travel(
    posts: NDArray[np.float64], patrols: tuple[NDArray[np.float64], ...], force: NDArray[np.float64]
) -> NDArray[np.float64]:
    return np.vstack([posts, *patrols, force[None, :]])
