"""The World: everything that one arm's runs share, computed once."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.rules.light import clock, light_class
from sim.scenario.scenario import Scenario
from sim.terrain import Bools, Floats, Ints
from sim.terrain.grid import Terrain
from sim.world.crossings import Crossing, distance_to_border_km
from sim.world.exposure import patrol_exposures, post_exposures
from sim.world.hazards import post_metres, rates_by_metre, working_sensors
from sim.world.routes import Route, fork_step
from sim.world.strip import StripCrossing, lay_strip, strip_crossings
from sim.world.tables import Memo, stacked
from sim.world.track import Track
from sim.world.views import PostHazards, Steps, Views, hazards_along, steps_of, views_along


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
        Memory of what is computed from these tables, shared with other Worlds.
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
    memo: Memo = field(default_factory=Memo, repr=False)
    _kept: dict[Any, Any] = field(default_factory=dict, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_kept": {}}

    def way_name(self, way: int) -> str:
        """Name of a way; ``quickest`` for the one that leads over no place in particular."""
        return "quickest" if way < 0 else self.scenario.infiltrators.ways[way].name

    @property
    def post_sight(self) -> Bools:
        """Lines of sight of all posts, shape (posts, spots)."""
        return self.memo.get(stacked, self.post_sights, len(self.spots), bool)

    @property
    def lights(self) -> list[int]:
        """Class of light at each minute of a run, minute 0 to the horizon."""
        light = self.scenario.light
        hours = (light.sunrise, light.sunset, light.twilight_min)
        return self.memo.get(lights_of, self.scenario.horizon_min, light.start_clock_min, *hours)

    def steps(self, party: int) -> Steps:
        """All routes of a party laid end to end."""
        return self.memo.get(steps_of, self.routes[party], self.spots, self.terrain)

    def views(self, party: int, post: int) -> Views:
        """The steps of a party's routes to which a post has a line of sight."""
        this = self.scenario.all_posts[post]
        return self.memo.get(views_along, self.steps(party), this.x_km, this.y_km, self.post_sights[post])

    def post_hazards(self, party: int, post: int) -> PostHazards:
        """Hazards from a post to a party that marches, in any weather and light, while the post has power."""
        signature = self.scenario.infiltrators.parties[party].signature
        assert signature is not None, "parties come with what they leave to their kind filled in"
        rates = tuple(self.post_rates(post, weather) for weather in range(len(self.scenario.light.weather)))
        return self.memo.get(hazards_along, self.views(party, post), self.steps(party), rates, signature)

    def route_spots(self, group: int, route: int) -> Ints:
        """Position in `spots` of each step of a route, shape (steps + 1,)."""
        return self._keep(("spots", group, route), lambda: np.searchsorted(self.spots, self.routes[group][route].cell))

    def concealment(self, group: int, route: int) -> Floats:
        """Concealment of the ground at each step of a route, shape (steps + 1,)."""
        ground = self._keep(("concealment",), lambda: self.terrain.by_cover("concealment").ravel())
        return np.asarray(ground[self.routes[group][route].cell])

    def post_metres(self, party: int, route: int) -> Ints:
        """Metres from each post to each step of a route, `UNSEEN_M` where it is not seen, shape (posts, steps + 1)."""

        def build() -> Ints:
            seen = self.post_sight[:, self.route_spots(party, route)]
            return post_metres(self.scenario.all_posts, seen, self.routes[party][route])

        return self._keep(("metres", party, route), build)

    def post_rates(self, post: int, weather: int, power: bool = True) -> tuple[Floats, ...]:
        """A post's detection rate at each metre of distance, an array a class of light."""
        this, kind = self.scenario.all_posts[post], self.scenario.light.weather[weather]

        def build() -> tuple[Floats, ...]:
            sensors, effort = working_sensors(this, self.scenario.sensors, power), this.staffing * this.readiness
            return self.memo.get(rates_by_metre, sensors, effort, kind)

        return self._keep(("post rates", post, weather, power), build)

    def fork(self, party: int, first: int, second: int) -> int:
        """Last step up to which two routes of a party are the same."""
        routes = self.routes[party]
        return self._keep(("fork", party, first, second), lambda: fork_step(routes[first], routes[second]))

    def strip_crossings(self, party: int, route: int) -> tuple[StripCrossing, ...]:
        """Where a route crosses the control strip along the patrols' tracks, in the order in which it is passed."""
        way, near_km = self.routes[party][route], self.scenario.control_strip.near_km
        strip = self.memo.get(lay_strip, self.patrol_tracks, self.tracks)
        return self._keep(("strip", party, route), lambda: strip_crossings(way, strip, near_km))

    def still_open(self, party: int, route: int, step: int) -> list[int]:
        """Routes of a party that an observer at a step of its route cannot distinguish from it yet, itself included."""
        return [other for other, last in self._forks(party, route) if last >= step]

    def _forks(self, party: int, route: int) -> list[tuple[int, int]]:
        """Routes over the same crossing point, and the step at which each parts from this one."""
        routes = self.routes[party]
        same = [other for other, way in enumerate(routes) if way.crossing == routes[route].crossing]
        return self._keep(("forks", party, route), lambda: [(other, self.fork(party, route, other)) for other in same])

    def patrol_rates(self, patrol: int, weather: int) -> tuple[Floats, ...]:
        """A patrol's detection rate at each metre of distance, an array a class of light."""
        this, kind = self.scenario.patrols[patrol], self.scenario.light.weather[weather]
        sensors = ((self.scenario.sensors[this.sensor], this.range_km),)
        key = ("rates", patrol, weather)
        return self._keep(key, lambda: self.memo.get(rates_by_metre, sensors, 1.0, kind, math.inf))

    def depth_km(self, group: int, route: int) -> Floats:
        """Distance from the border at each step of a route, shape (steps + 1,)."""
        way, border_km = self.routes[group][route], self.terrain.border_km
        key = ("depth", group, route)
        return self._keep(key, lambda: self.memo.get(distance_to_border_km, border_km, way.x_km, way.y_km))

    def route_minutes(self, group: int) -> Floats:
        """Minutes at Tobler's pace over each route, shape (routes,)."""
        return np.array([float(route.steps) for route in self.routes[group]])

    def exposures(self, party: int) -> Floats:
        """Chance that each post detects the party on each route, see `post_exposures`, shape (routes, posts)."""
        return self._keep(("exposures", party), lambda: post_exposures(self, party))

    def patrol_exposures(self, party: int) -> Floats:
        """The same for the patrols, see `sim.world.exposure.patrol_exposures`, shape (routes, patrols)."""
        return self._keep(("patrol exposures", party), lambda: patrol_exposures(self, party))

    def _keep(self, key: Any, build: Any) -> Any:
        if key not in self._kept:
            self._kept[key] = build()
        return self._kept[key]


def lights_of(horizon_min: int, start_clock_min: int, sunrise: int, sunset: int, twilight_min: int) -> list[int]:
    """Class of light at each minute, minute 0 to the horizon."""
    hours = (sunrise, sunset, twilight_min)
    return [light_class(clock(minute, start_clock_min), *hours) for minute in range(horizon_min + 1)]
