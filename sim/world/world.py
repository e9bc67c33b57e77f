"""The World: everything that one arm's runs share, computed once."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any, TypeVar, cast

import numpy as np

from sim.rules.light import clock, light_class
from sim.rules.movement import expected_share, share_of_pace
from sim.rules.sensing import NIGHT
from sim.scenario.scenario import Scenario
from sim.terrain import Bools, Floats, Ints
from sim.terrain.grid import Terrain
from sim.world.crossings import Crossing, distance_to_border_km, on_frontage
from sim.world.hazards import UNSEEN_M, rates_by_metre, working_sensors
from sim.world.routes import Route, fork_step
from sim.world.strip import StripCrossing, strip_crossings
from sim.world.tables import Tables
from sim.world.track import Track
from sim.world.views import (
    PostHazards,
    Steps,
    Views,
    detection_chances,
    hazards_along,
    steps_of,
    track_chances,
    views_along,
)

Method = TypeVar("Method", bound=Callable[..., Any])


def cached(method: Method) -> Method:
    """Keep what a method of a World returns, by its arguments, for as long as the World is there."""

    @wraps(method)
    def find(self: World, *arguments: Any) -> Any:
        key = (method.__name__, *arguments)
        if key not in self._kept:
            self._kept[key] = method(self, *arguments)
        return self._kept[key]

    return cast(Method, find)


@dataclass(frozen=True, eq=False)
class World:
    """Tables of one arm. Parties, posts, patrols and weathers are numbered as in the scenario.

    Parties are the groups and then the streams of the scenario; all groups of a stream share its tables.

    Attributes
    ----------
    scenario:
        As it stands in this arm.
    arm:
        The arm's name.
    cost_usd:
        What the arm's change costs.
    terrain:
        The ground.
    crossings:
        Crossing points, downstream.
    routes:
        For each party its routes: one for each crossing point that leads to its target, and those over its ways.
    spots:
        Flat indices of all cells that any route passes, sorted, shape (spots,).
    post_sights:
        Lines of sight of each post, shape (1, spots).
    patrol_tracks:
        For each patrol the numbers of its tracks, the main one first.
    tracks, patrol_sight:
        All tracks, and the lines of sight from the samples of each, shape (samples, spots).
    post_travel:
        Minutes from each post to each spot, shape (posts, spots).
    patrol_travel:
        For each track, minutes from its anchors to each spot, shape (anchors, spots).
    force_travel:
        Minutes from the reaction force to each spot, shape (spots,).
    memo:
        Memory of tables, shared with other Worlds.
    """

    scenario: Scenario
    arm: str
    cost_usd: float
    terrain: Terrain
    crossings: tuple[Crossing, ...]
    routes: tuple[tuple[Route, ...], ...]
    spots: Ints
    post_sights: tuple[Bools, ...]
    patrol_tracks: tuple[tuple[int, ...], ...]
    tracks: tuple[Track, ...]
    patrol_sight: tuple[Bools, ...]
    post_travel: Floats
    patrol_travel: tuple[Floats, ...]
    force_travel: Floats
    memo: Tables = field(default_factory=Tables, repr=False)
    _kept: dict[Any, Any] = field(default_factory=dict, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_kept": {}}

    def fresh(self) -> World:
        """The same World with nothing kept yet of what its methods return."""
        return replace(self, _kept={})

    def with_changes(self, **changes: Any) -> World:
        """The same World with keys of its scenario changed on which none of its fields depends.

        These are ``infiltrators.danger``, ``infiltrators.awareness_new``, each patrol's ``duty_share`` and each post's
        ``days_open``; a `ValueError` refuses any other.

        >>> from sim import build_world, load_scenario
        >>> world = build_world(load_scenario(), "without")
        >>> world.with_changes(**{"infiltrators.danger": {"c01": 0.5}}).scenario.infiltrators.danger
        {'c01': 0.5}
        """
        known, ends = ("infiltrators.danger", "infiltrators.awareness_new"), (".duty_share", ".days_open")
        others = [key for key in changes if key not in known and not key.endswith(ends)]
        if others:
            raise ValueError(f"{', '.join(others)}: a World's fields may depend on it; build another World")
        return replace(self.fresh(), scenario=self.scenario.replace(**changes))

    def way_name(self, way: int) -> str:
        """Name of a way; ``quickest`` for the one that leads over no place in particular."""
        return "quickest" if way < 0 else self.scenario.infiltrators.ways[way].name

    @property
    def lights(self) -> list[int]:
        """Class of light at each minute of a run, minute 0 to the horizon."""
        light = self.scenario.light
        hours = (light.sunrise, light.sunset, light.twilight_min)
        return self.memo.get(lights_of, self.scenario.horizon_min, light.start_clock_min, *hours)

    @property
    def going(self) -> tuple[list[float], ...]:
        """For men on foot, for men who drive, and for a group as command expects it: so many minutes of going by day
        are worth the minutes of a run up to each, minute 0 to the horizon.
        """
        command = self.scenario.command
        return self.memo.get(
            going_of, self.lights, command.night_pace, command.vehicle_night_pace, command.expects_day_halts
        )

    # -- routes -----------------------------------------------------------------------------------------------------

    @cached
    def steps(self, party: int) -> Steps:
        """All routes of a party laid end to end."""
        return self.memo.get(steps_of, self.routes[party], self.spots, self.terrain)

    def route_spots(self, party: int, route: int) -> Ints:
        """Position in `spots` of each step of a route, shape (steps + 1,)."""
        return self.steps(party).spot[self._part(party, route)]

    def concealment(self, party: int, route: int) -> Floats:
        """Concealment of the ground at each step of a route, shape (steps + 1,)."""
        return self.steps(party).concealment[self._part(party, route)]

    def _part(self, party: int, route: int) -> slice:
        return slice(*self.steps(party).first[route : route + 2])

    @cached
    def depth_km(self, party: int, route: int) -> Floats:
        """Distance from the border at each step of a route, shape (steps + 1,)."""
        this = self.routes[party][route]
        return self.memo.get(distance_to_border_km, self.terrain.border_km, this.x_km, this.y_km)

    @cached
    def forks(self, party: int, route: int) -> dict[int, int]:
        """Routes over the same crossing point, and the last step up to which each is the same as this one."""
        this, routes = self.routes[party][route], enumerate(self.routes[party])
        return {number: fork_step(this, other) for number, other in routes if other.crossing == this.crossing}

    @cached
    def strip_crossings(self, party: int, route: int) -> tuple[StripCrossing, ...]:
        """Where a route crosses the control strip and a patrol can read it, in the order in which it is passed.

        The chance of a passage there is 1 - exp(-hazard), see `sim.rules.patrol.reading_hazard`.
        """
        strip, walked = self.scenario.control_strip, (self.patrol_tracks, self.tracks)
        return self.memo.get(strip_crossings, self.routes[party], strip.raked, *walked, strip.near_km)[route]

    def own_crossings(self, post: int) -> Bools:
        """Crossing points at which a post acts alone on what it detects, shape (crossings,)."""
        this = self.scenario.all_posts[post]
        place = self.terrain.border_km, self.crossings, this.x_km, this.y_km
        return self.memo.get(on_frontage, *place, this.frontage_km)

    # -- what posts and patrols detect ------------------------------------------------------------------------------

    def views(self, party: int, post: int) -> Views:
        """The steps of a party's routes to which a post has a line of sight."""
        this = self.scenario.all_posts[post]
        return self.memo.get(views_along, self.steps(party), this.x_km, this.y_km, self.post_sights[post])

    @cached
    def post_metres(self, party: int, route: int) -> Ints:
        """Metres from each post to each step of a route, `UNSEEN_M` where it is not seen, shape (posts, steps + 1)."""
        part = self._part(party, route)
        metres = np.full((len(self.post_sights), part.stop - part.start), UNSEEN_M)
        for post, row in enumerate(metres):
            views = self.views(party, post)
            here = slice(*np.searchsorted(views.step, (part.start, part.stop)))
            row[views.step[here] - part.start] = views.metre[here]
        return metres

    @cached
    def post_rates(self, post: int, weather: int, power: bool = True) -> tuple[Floats, ...]:
        """A post's detection rate at each metre of distance, an array a class of light."""
        this, kind = self.scenario.all_posts[post], self.scenario.light.weather[weather]
        sensors = working_sensors(this, self.scenario.sensors, power)
        return self.memo.get(rates_by_metre, sensors, this.staffing * this.readiness, kind)

    @cached
    def patrol_rates(self, patrol: int, weather: int) -> tuple[Floats, ...]:
        """A patrol's detection rate at each metre of distance, an array a class of light."""
        this, kind = self.scenario.patrols[patrol], self.scenario.light.weather[weather]
        sensors = ((self.scenario.sensors[this.sensor], this.range_km),)
        return self.memo.get(rates_by_metre, sensors, 1.0, kind, math.inf)

    def post_hazards(self, party: int, post: int) -> PostHazards:
        """Hazards from a post to a party that marches, in any weather and light, while the post has power."""
        rates = tuple(self.post_rates(post, weather) for weather in range(len(self.scenario.light.weather)))
        return self.memo.get(hazards_along, self.views(party, post), self.steps(party), rates, self.signature(party))

    def signature(self, party: int) -> float:
        """How visible the groups of a party are over a standard target; of drawn sizes the one in the middle counts."""
        this = self.scenario.infiltrators.parties[party]
        return self.scenario.infiltrators.signature_of(this, sum(this.sizes) // 2)

    @cached
    def exposures(self, party: int) -> Floats:
        """Chance that each post detects a party that marches a whole route by night, shape (routes, posts).

        Mean over the weathers; power is taken to be there.
        """
        probabilities = tuple(kind.probability for kind in self.scenario.light.weather)
        chances = np.zeros((len(self.routes[party]), len(self.post_sights)))
        for post in range(len(self.post_sights)):
            hazards = self.post_hazards(party, post)
            chances[:, post] = self.memo.get(detection_chances, hazards, self.steps(party), probabilities)
        return chances

    @cached
    def patrol_exposures(self, party: int) -> Floats:
        """The same for the patrols, over all places and moments of their duty, shape (routes, patrols)."""
        here, signature = self.scenario, self.signature(party)
        chances = np.zeros((len(self.routes[party]), len(here.patrols)))
        for number, patrol in enumerate(here.patrols):
            rates = tuple(self.patrol_rates(number, weather)[NIGHT] for weather in range(len(here.light.weather)))
            habits = (patrol.cycle_min, patrol.duty_share, patrol.speed_kmh, patrol.mode == "loop")
            for track, share in zip(self.patrol_tracks[number], patrol.track_shares, strict=True):
                seen = (self.tracks[track], self.patrol_sight[track], self.steps(party))
                by_weather = self.memo.get(track_chances, *seen, habits, rates, signature)
                for weather, chance in zip(here.light.weather, by_weather, strict=True):
                    chances[:, number] += share * weather.probability * chance
        return chances


def going_of(
    lights: list[int], night_pace: float, vehicle_night_pace: float, day_halts: bool
) -> tuple[list[float], ...]:
    """What the minutes up to each are worth on foot, by vehicle, and to a group as command expects it."""
    shares = (
        [share_of_pace(light, night_pace) for light in lights],
        [share_of_pace(light, vehicle_night_pace) for light in lights],
        [expected_share(light, night_pace, day_halts) for light in lights],
    )
    return tuple(list(itertools.accumulate(each[1:], initial=0.0)) for each in shares)


def lights_of(horizon_min: int, start_clock_min: int, sunrise: int, sunset: int, twilight_min: int) -> list[int]:
    """Class of light at each minute, minute 0 to the horizon."""
    hours = (sunrise, sunset, twilight_min)
    return [light_class(clock(minute, start_clock_min), *hours) for minute in range(horizon_min + 1)]
