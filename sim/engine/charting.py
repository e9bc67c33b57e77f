"""Charting: World to chart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine import chart as layout
from sim.engine.chart import CHART, Records, rate_column
from sim.engine.chart_forces import patrol_rows, sample_rows, track_rows, unit_rows
from sim.engine.chart_routes import party_rows, route_tables, spot_order
from sim.engine.chart_skies import chart_skies
from sim.engine.codes import BEHAVIOURS
from sim.engine.handle import Handle, hold
from sim.rules.sensing import hazard_units
from sim.scenario.scenario import Scenario
from sim.world import World
from sim.world.crossings import along_border_km
from sim.world.hazards import LIGHTS, METRES


def chart_world(world: World) -> Handle:
    """The World of an arm as arrays."""
    rate_tables, rates = _rates(world)
    order = spot_order(world)
    weathers = world.scenario.light.weather
    tables = {
        "case": table(layout.CASE, [_case(world.scenario)]),
        "weathers": np.array([weather.probability for weather in weathers]),
        "skies": chart_skies(world),
        "units": table(layout.UNIT, unit_rows(world)),
        "patrols": table(layout.PATROL, patrol_rows(world)),
        "tracks": table(layout.TRACK, track_rows(world)),
        "samples": table(layout.SAMPLE, sample_rows(world)),
        "shares": np.array([share for patrol in world.scenario.patrols for share in patrol.track_shares[1:]]),
        "rate_tables": rate_tables,
        "rates": rates,
        "own_stretch": _own_stretch(world),
        "sight": np.vstack([*world.patrol_sight, np.zeros((0, len(world.spots)), dtype=bool)])[:, order],
        "anchors": _anchors(world),
        "travel": np.vstack([world.post_travel, *world.patrol_travel, world.force_travel[None, :]])[:, order],
        "parties": table(layout.PARTY, party_rows(world)),
        **route_tables(world),
    }
    return hold(CHART, tables)


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


def _case(scenario: Scenario) -> dict[str, Any]:
    here = scenario
    return {
        "horizon_min": here.horizon_min,
        "posts": len(here.all_posts),
        "patrols": len(here.patrols),
        "weathers": len(here.light.weather),
        **_strip(here),
        **_command(here),
        **_fighting(here),
        **_inland(here),
        "behaviour": BEHAVIOURS.index(here.infiltrators.behaviour),
        "raft_min": here.infiltrators.raft_min,
        "aversion": here.infiltrators.aversion,
        "spread_min": here.infiltrators.spread_min,
        "quantal_min": here.infiltrators.quantal_min,
    }


def _strip(here: Scenario) -> dict[str, Any]:
    strip = here.control_strip
    return {
        "strip_is_read": strip.present,
        "strip_lasting_min": 60.0 * strip.lasting_hours,
        "strip_find": strip.find_probability,
        "trail_pace": strip.trail_pace,
        "trail_units": hazard_units(strip.trail_loss_per_hour),
    }


_SAME_IN_COMMAND = (
    "report_delay_min",
    "check_min",
    "lost_search_min",
    "interior_delay_min",
    "pursuit_limit_min",
    "wait_min",
    "false_alarm_min",
    "check_catches",
    "expected_pace",
    "search_pace",
    "contact_km",
    "contact_probability",
    "hidden_contact_probability",
    "engage_ratio",
    "force_ratio",
    "false_alarm_check",
    "common_picture",
    "cue_interior",
)


def _command(here: Scenario) -> dict[str, Any]:
    command = here.command
    stages = {"fixed": 0, "exponential": 1, "erlang": command.report_delay_stages}
    return {
        **{name: getattr(command, name) for name in _SAME_IN_COMMAND},
        "delay_stages": stages[command.report_delay_law],
        "guess_probability": command.route_guess_probability,
        "sharing_km": command.sharing_radius_km,
        "alert_min": 60.0 * command.alert_hours,
        "lost_units": hazard_units(command.lost_find_per_hour),
        "shadow_units": hazard_units(command.shadow_loss_per_hour),
    }


def _fighting(here: Scenario) -> dict[str, Any]:
    settings = here.engagement
    names = ("effectiveness", "surrender_at", "abandon_at", "break_off_at", "capture_probability")
    return {**{name: getattr(settings, name) for name in names}, "square_law": settings.law == "square"}


def _inland(here: Scenario) -> dict[str, Any]:
    inland = here.inland
    return {
        "checkpoints": inland.checkpoints,
        "inland_responders": inland.responders,
        "defenders": inland.defenders,
        "hours_low": inland.total_hours_low,
        "hours_high": inland.total_hours_high,
        "road_hours": inland.road_hours,
        "stop_probability": inland.stop_probability,
        "alerted_stop_probability": inland.alerted_stop_probability,
        "quiet_units": hazard_units(inland.search_per_hour),
        "alerted_units": hazard_units(inland.alerted_search_per_hour),
    }


def _rates(world: World) -> tuple[Records, NDArray[np.float64]]:
    """Rates of posts and patrols one after the other, and where each begins."""
    posts, patrols = len(world.scenario.all_posts), len(world.scenario.patrols)
    weathers = range(len(world.scenario.light.weather))
    where = np.zeros((posts + patrols, len(weathers) * len(LIGHTS) * 2), dtype=layout.RATE_TABLE)
    parts: list[NDArray[np.float64]] = []
    begun = 0
    for weather in weathers:
        for sentinel in range(posts + patrols):
            for power in (0, 1):
                by_light = (
                    world.post_rates(sentinel, weather, bool(power))
                    if sentinel < posts
                    else world.patrol_rates(sentinel - posts, weather)
                )
                for light, rates in enumerate(by_light):
                    where[sentinel, rate_column(weather, light, power)] = begun, len(rates), len(rates) / METRES
                    begun += len(rates)
                    parts.append(rates)
    return where, np.concatenate([*parts, np.zeros(1)])


def _own_stretch(world: World) -> NDArray[np.bool_]:
    """Whether each post acts alone on who crosses at each crossing point, shape (posts, crossings)."""
    posts = world.scenario.all_posts
    own = np.ones((len(posts), len(world.crossings)), dtype=bool)
    for number, post in enumerate(posts):
        for index, crossing in enumerate(world.crossings):
            if crossing.banks is not None:
                place = along_border_km(world.terrain.border_km, post.x_km, post.y_km)
                own[number, index] = abs(place - crossing.along_km) <= post.frontage_km / 2
    return own


def _anchors(world: World) -> NDArray[np.int64]:
    """Sample at each anchor, both numbered through all tracks."""
    parts, begun = [np.zeros(0, dtype=np.int64)], 0
    for track in world.tracks:
        parts.append(begun + track.anchors)
        begun += len(track.cell)
    return np.concatenate(parts)
