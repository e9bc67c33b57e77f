"""The chain of detection added up without chance: one group, all its routes and departures, all phases of the patrols.

Posts and patrols that do not affect one another miss a group with the product of their chances to miss it. Given
weather, route and departure that is exp(-H) for all posts together, and for each patrol the mean of exp(-H) over its
phases on the track and in the duty cycle. The hazards H come from the World's tables of rates and lines of sight and
from the geometry. Nothing is stepped, and neither the model nor the engine is called: marches are worked out at once,
from the description of the model and not from its loop, so that the two are independent.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.rules.randomness import UNIT
from sim.rules.sensing import DAY, LYING_UP, MARCHING, NIGHT, hazard_units_array, visibility_as
from sim.scenario.base import ScenarioError
from sim.scenario.group import Group
from sim.scenario.scenario import Scenario
from sim.world import World, build_world
from sim.world.hazards import METRES, UNSEEN_M
from sim.world.track import SAMPLE_KM, Track, circle_around

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PHASES = 32
"""Places on its track at which a patrol may begin; the hazards are smooth in them."""

LEAST_SHARE = 1e-6
"""Routes that are taken less often count as never taken."""


def chain_probability(scenario: Scenario, arm: str) -> float:
    """Probability that a post or a patrol detects the case's only group before its march is over.

    Raises `ScenarioError` for the first condition that the case breaks, with its key.
    """
    for key, value, allowed in _conditions(scenario.for_arm(arm)):
        raise ScenarioError(key, f"is {value}; allowed where the chain of detection is enumerated: {allowed}")
    world = build_world(scenario, arm)
    return 1.0 - sum(share * missed_on(world, route) for route, share in route_shares(world))


def _conditions(here: Scenario) -> Iterator[tuple[str, object, str]]:
    """What makes observers affect one another or the group, or chances that cannot be listed: key, value, allowed."""
    infiltrators = here.infiltrators
    if len(infiltrators.groups) != 1 or infiltrators.streams:
        yield "infiltrators.groups", f"{len(infiltrators.parties)} parties", "one group, no stream"
        return
    group = infiltrators.parties[0]
    if infiltrators.behaviour != "unaware":
        yield "infiltrators.behaviour", infiltrators.behaviour, "unaware"
    if group.pace_low != group.pace_high:
        yield "infiltrators.groups.0.pace_high", group.pace_high, f"pace_low ({group.pace_low})"
    if group.notice_km and group.notice_probability:
        yield "infiltrators.groups.0.notice_km", group.notice_km, "0"
    if here.control_strip.present:
        yield "control_strip.present", "true", "false"
    if here.command.watches_far_bank:
        yield "command.watches_far_bank", "true", "false"
    for number, post in enumerate(here.all_posts):
        if post.power_cuts_per_day:
            yield f"posts.{number}.power_cuts_per_day", post.power_cuts_per_day, "0"
    for number, patrol in enumerate(here.patrols):
        if patrol.mode == "random":
            yield f"patrols.{number}.mode", patrol.mode, "back_and_forth, loop"
        if patrol.alternatives:
            yield f"patrols.{number}.alternatives", f"{len(patrol.alternatives)} tracks", "none"


def route_shares(world: World) -> list[tuple[int, float]]:
    """The routes that an unaware group takes, and how often: a logit by their minutes."""
    scale = world.scenario.infiltrators.spread_min
    minutes = np.array([float(route.steps) for route in world.routes[0]])
    if scale == 0:
        return [(int(minutes.argmin()), 1.0)]
    weight = np.exp(-(minutes - minutes.min()) / scale)
    shares = weight / weight.sum()
    return [(number, float(share)) for number, share in enumerate(shares) if share > LEAST_SHARE]


def missed_on(world: World, route: int) -> float:
    """Chance to be missed by all on one route, over departures and weathers."""
    settings, total = settings_of(world, route), 0.0
    departures = world.scenario.infiltrators.groups[0]
    number = departures.depart_latest_min - departures.depart_earliest_min + 1
    for setting, times in settings.items():
        total += times / number * _missed(world, route, march_of(world, route, setting))
    # A group that does not cross before the run ends is not detected.
    return total + 1.0 - sum(settings.values()) / number


def _missed(world: World, route: int, march: March) -> float:
    """Chance to be missed by all on one march, over the weathers, which all observers share."""
    weathers = world.scenario.light.weather
    missed = np.array([math.exp(-post_hazard(world, route, march, weather)) for weather in range(len(weathers))])
    for patrol in range(len(world.scenario.patrols)):
        missed *= patrol_misses(world, route, march, patrol)
    return float(missed @ np.array([weather.probability for weather in weathers]))


def post_hazard(world: World, route: int, march: March, weather: int) -> float:
    """Hazard from all posts together over a march."""
    total, open_to = 0, visible(world, route, march)
    metres = world.post_metres(0, route)[:, march.step]
    for post in range(len(metres)):
        total += int(units(world.post_rates(post, weather), march.light, metres[post], open_to).sum())
    return total / UNIT


def visible(world: World, route: int, march: March) -> Floats:
    """How visible the group is in each minute of a march."""
    hidden = world.concealment(0, route)[march.step]
    signature, factor = world.signature(0), world.scenario.infiltrators.parties[0].lying_up_factor
    marching, lying = (visibility_as(posture, signature, factor, hidden) for posture in (MARCHING, LYING_UP))
    return np.where(march.posture == MARCHING, marching, lying)


def units(rates: tuple[Floats, ...], light: Ints, metres: Ints, open_to: Floats) -> Ints:
    """Hazard of each minute in units of 2^-32, from rates by the metre; shapes of `metres`."""
    total = np.zeros(metres.shape, dtype=np.int64)
    for kind, rate in enumerate(rates):
        at = np.nonzero((light == kind) & (metres < len(rate)) & (open_to > 0))
        shown = np.broadcast_to(open_to, metres.shape)[at]
        total[at] = hazard_units_array(rate[metres[at]] * shown)
    return total


def patrol_misses(world: World, route: int, march: March, patrol: int) -> Floats:
    """Chance to be missed by one patrol in each weather, over its phases on the track and in the duty cycle."""
    settings, weathers = world.scenario.patrols[patrol], range(len(world.scenario.light.weather))
    rates = [world.patrol_rates(patrol, weather) for weather in weathers]
    number = world.patrol_tracks[patrol][0]
    track, sight = world.tracks[number], world.patrol_sight[number]
    near = _within_reach(world, route, march, track, max(len(rate) for one in rates for rate in one) / METRES)
    if not near.any():
        return np.ones(len(weathers))
    part = March(*(column[near] for column in march))
    along = places(part.minute, settings.speed_kmh, track.length_km, settings.mode == "loop")
    metres = _gaps(world, route, part, track, along)
    stands = np.minimum((along / SAMPLE_KM + 0.5).astype(np.int64), len(track.cell) - 1)
    seen = sight[stands, world.route_spots(0, route)[part.step]]
    metres, open_to = np.where(seen, metres, UNSEEN_M), visible(world, route, part)
    hazards = [units(one, part.light, metres, open_to) / UNIT for one in rates]
    return np.array([missed_on_duty(one, part.minute, settings.cycle_min, settings.duty_share) for one in hazards])


def missed_on_duty(hazards: Floats, minute: Ints, cycle_min: int, duty_share: float) -> float:
    """Mean of exp(-hazard on duty) over phases on the track, shape (phases, minutes), and all phases of duty.

    >>> round(missed_on_duty(np.array([[math.log(2.0)]]), np.array([7]), 10, 0.5), 6)
    0.75
    """
    if not hazards.any():
        return 1.0
    folded = np.zeros((cycle_min, len(hazards)))
    np.add.at(folded, minute % cycle_min, hazards.T)
    minutes_on = math.ceil(duty_share * cycle_min)
    # On duty from phase p are the minutes of the cycle from -p on, `minutes_on` of them.
    summed = np.cumsum(np.concatenate([np.zeros((1, len(hazards))), folded, folded]), axis=0)
    on_duty = summed[minutes_on : minutes_on + cycle_min] - summed[:cycle_min]
    return float(np.exp(-np.maximum(on_duty, 0.0)).mean())


def places(minute: Ints, speed_kmh: float, length_km: float, loop: bool) -> Floats:
    """Kilometres along the track in each minute, from each of `PHASES` places, shape (phases, minutes)."""
    period = length_km if loop else 2.0 * length_km
    walked = (period * (np.arange(PHASES)[:, None] + 0.5) / PHASES + speed_kmh * minute / 60.0) % period
    return walked if loop else np.minimum(walked, period - walked)


def _within_reach(world: World, route: int, march: March, track: Track, reach_km: float) -> NDArray[np.bool_]:
    (x, y), radius = circle_around([track])
    path = world.routes[0][route]
    return np.hypot(path.x_km[march.step] - x, path.y_km[march.step] - y) <= radius + reach_km


def _gaps(world: World, route: int, march: March, track: Track, along: Floats) -> Ints:
    samples = np.minimum(np.arange(len(track.x_km)) * SAMPLE_KM, track.length_km)
    path = world.routes[0][route]
    east = np.interp(along, samples, track.x_km) - path.x_km[march.step]
    north = np.interp(along, samples, track.y_km) - path.y_km[march.step]
    return (np.sqrt(east * east + north * north) * METRES).astype(np.int64)


class March(NamedTuple):
    """One march, shape (minutes,) each: minute of the run, step of the route, class of light, posture."""

    minute: Ints
    step: Ints
    light: Ints
    posture: Ints


class Setting(NamedTuple):
    """What a march depends on: when it crosses, and the minutes walked before by day and by night."""

    crossed_min: int
    day_minutes: int
    night_minutes: int


def settings_of(world: World, route: int) -> Counter[Setting]:
    """How many minutes of departure lead to each setting; those of groups that never cross are left out."""
    group, path = _group(world), world.routes[0][route]
    lights, raft = np.array(world.lights), path.landing_step - path.raft_step
    nights = np.cumsum(lights == NIGHT)
    landing = np.minimum(np.arange(len(lights)) + raft, len(lights) - 1)
    dark = (lights == NIGHT) & (lights[landing] == NIGHT)
    may_cross = dark | (not group.rafts_by_night or raft == 0)
    found: Counter[Setting] = Counter()
    for departure in range(group.depart_earliest_min, group.depart_latest_min + 1):
        start = max(departure, 1)
        night = nights[start:] - nights[start - 1]
        day = np.arange(1, len(night) + 1) - night
        walked = _walked(group, day, night)
        at_bank = 0 if path.raft_step == 0 else int(np.searchsorted(walked, path.raft_step))
        free = np.flatnonzero(may_cross[start + at_bank :])
        if len(free):
            # With no walk to the bank no step was taken before the crossing.
            so_far = (int(day[at_bank]), int(night[at_bank])) if path.raft_step else (0, 0)
            found[Setting(start + at_bank + int(free[0]), *so_far)] += 1
    return found


def march_of(world: World, route: int, setting: Setting) -> March:
    """The march over a route from the minute in which the group puts to water until it has arrived, or the run ends."""
    group, path = _group(world), world.routes[0][route]
    minute = np.arange(setting.crossed_min, world.scenario.horizon_min + 1)
    light, raft = np.array(world.lights)[minute], path.landing_step - path.raft_step
    on_land = np.arange(len(minute)) > raft
    hiding = on_land & group.lies_up & (light == DAY)
    walking = on_land & ~hiding
    night = setting.night_minutes + np.cumsum(walking & (light == NIGHT))
    day = setting.day_minutes + np.cumsum(walking & (light != NIGHT))
    afloat = np.minimum(path.raft_step + np.arange(len(minute)), path.landing_step)
    # Nobody walks back: a group that has walked no farther than the landing stands there.
    walked = np.where(np.cumsum(walking) > 0, _walked(group, day, night) + raft, path.landing_step)
    step = np.where(on_land, walked, afloat)
    there = np.flatnonzero(step >= path.steps)
    end = int(there[0]) if len(there) else len(minute)
    posture = np.where(hiding, LYING_UP, MARCHING)
    return March(minute[:end], step[:end], light[:end], posture[:end])


def _walked(group: Group, day: Ints, night: Ints) -> Ints:
    assert group.pace_low is not None, "parties come with what they leave to their kind filled in"
    return np.floor(group.pace_low * (day + group.night_pace * night)).astype(np.int64)


def _group(world: World) -> Group:
    group = world.scenario.infiltrators.parties[0]
    assert isinstance(group, Group), "checked by the chain's conditions"
    return group
