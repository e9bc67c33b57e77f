"""The forces of a chart: units, patrols, tracks and their samples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sim.engine.codes import FORCE, MODES, PATROL, POST
from sim.rules.randomness import entity
from sim.scenario.post import Post
from sim.world import World
from sim.world.hazards import METRES
from sim.world.track import Track, circle_around

Row = dict[str, Any]

_NO_POST = {"false_alarms_per_min": 0.0, "cuts_per_min": 0.0, "cut_min": 0.0, "awareness": 0.0, "sees_anything": False}


def unit_rows(world: World) -> Iterator[Row]:
    """Posts, then patrols, then the reaction force."""
    here = world.scenario
    for number, post in enumerate(here.all_posts):
        yield {**_post(world, number, post), "kind": POST, "notice_min": post.notice_min, "travel_row": number}
    for patrol in here.patrols:
        yield {
            **_NO_POST,
            "kind": PATROL,
            "entity": entity(patrol.name),
            "men": patrol.responders,
            "notice_min": 0,
            "travel_row": -1,
            "x_km": float("nan"),
            "y_km": float("nan"),
            "response_km": patrol.response_km,
        }
    force = here.reaction_force
    yield {
        **_NO_POST,
        "kind": FORCE,
        "entity": entity(force.name),
        "men": force.responders,
        "notice_min": force.notice_min,
        "travel_row": len(here.all_posts) + sum(len(track.anchors) for track in world.tracks),
        "x_km": force.x_km,
        "y_km": force.y_km,
        "response_km": float("inf"),
    }


def _post(world: World, number: int, post: Post) -> Row:
    return {
        "entity": entity(post.name),
        "men": post.responders,
        "x_km": post.x_km,
        "y_km": post.y_km,
        "response_km": post.response_km,
        "false_alarms_per_min": post.false_alarms_per_day / 1440.0,
        "cuts_per_min": post.power_cuts_per_day / 1440.0,
        "cut_min": 60.0 * post.power_cut_hours,
        "awareness": world.scenario.awareness(number),
        "sees_anything": world.scenario.sees_anything(post),
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
            "strip_reach_km": max(near_km, patrol.speed_kmh / 120.0),
        }
        first_share += len(patrol.alternatives)


def track_rows(tracks: Sequence[Track]) -> Iterator[Row]:
    """Tracks, with where their samples and the rows of travel times from their anchors begin."""
    sample, anchor = 0, 0
    for track in tracks:
        yield {
            "first_sample": sample,
            "samples": len(track.cell),
            "first_anchor": anchor,
            "anchors": len(track.anchors),
            "length_km": track.length_km,
        }
        sample += len(track.cell)
        anchor += len(track.anchors)


def sample_rows(tracks: Sequence[Track]) -> Iterator[Row]:
    """Places of the samples of all tracks."""
    for track in tracks:
        for x, y in zip(track.x_km.tolist(), track.y_km.tolist(), strict=True):
            yield {"x_km": x, "y_km": y}
