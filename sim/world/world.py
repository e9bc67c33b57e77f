"""The World: everything that one arm's runs share, computed once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.rules.light import clock, light_class
from sim.scenario.scenario import Scenario
from sim.terrain.grid import Terrain
from sim.world.crossings import Crossing, distance_to_border_km
from sim.world.exposure import patrol_exposures, post_exposures
from sim.world.hazards import eyes_of, eyes_rates, post_metres, sensor_rates
from sim.world.looks import Looks, Steps, Watch, look_along, steps_of, watch_along
from sim.world.parts import Parts, stacked
from sim.world.routes import Route, fork_step
from sim.world.strip import StripCrossing, lay_strip, strip_crossings
from sim.world.track import Track


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
    beats:
        For each patrol the numbers of its tracks, the main one first.
    tracks, patrol_sight:
        All tracks, and the lines of sight from the stands of each, shape (stands, spots).
    post_travel:
        Minutes from each post to each spot, shape (posts, spots).
    patrol_travel:
        For each track, minutes from its anchors to each spot, shape (anchors, spots).
    force_travel:
        Minutes from the reaction force to each spot, shape (spots,).
    parts:
        Memory of what is made of these tables, shared with other Worlds.
    """

    scenario: Scenario
    arm: str
    cost_usd: float
    terrain: Terrain
    crossings: tuple[Crossing, ...]
    routes: tuple[tuple[Route, ...], ...]
    spots: NDArray[np.int64]
    post_sights: tuple[NDArray[np.bool_], ...]
    beats: tuple[tuple[int, ...], ...]
    tracks: tuple[Track, ...]
    patrol_sight: tuple[NDArray[np.bool_], ...]
    post_travel: NDArray[np.float64]
    patrol_travel: tuple[NDArray[np.float64], ...]
    force_travel: NDArray[np.float64]
    parts: Parts = field(default_factory=Parts, repr=False)
    _kept: dict[Any, Any] = field(default_factory=dict, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_kept": {}}

    def way_name(self, way: int) -> str:
        """Name of a way; ``quickest`` for the one that leads over no place in particular."""
        return "quickest" if way < 0 else self.scenario.infiltrators.ways[way].name

    @property
    def post_sight(self) -> NDArray[np.bool_]:
        """Lines of sight of all posts, shape (posts, spots)."""
        return self.parts.of(stacked, self.post_sights, len(self.spots), bool)

    @property
    def lights(self) -> list[int]:
        """Class of light at each minute of a run, minute 0 to the horizon."""
        light = self.scenario.light
        hours = (light.sunrise, light.sunset, light.twilight_min)
        return self._keep(
            ("lights",), lambda: self.parts.of(lights_of, self.scenario.horizon_min, light.start_clock_min, *hours)
        )

    def steps(self, party: int) -> Steps:
        """All routes of a party laid end to end."""
        way = self.routes[party]
        return self._keep(("steps", party), lambda: self.parts.of(steps_of, way, self.spots, self.terrain))

    def looks(self, party: int, post: int) -> Looks:
        """The steps of a party's routes to which a post has a line of sight."""
        this = self.scenario.all_posts[post]
        return self.parts.of(look_along, self.steps(party), this.x_km, this.y_km, self.post_sights[post])

    def watch(self, party: int, post: int) -> Watch:
        """What a post can detect of a party that marches, in any weather and light, while it has power."""
        signature = self.scenario.infiltrators.parties[party].signature
        assert signature is not None, "parties come with what they leave to their kind filled in"
        rates = tuple(self.post_rates(post, weather) for weather in range(len(self.scenario.light.weather)))
        return self.parts.of(watch_along, self.looks(party, post), self.steps(party), rates, signature)

    def route_spots(self, group: int, route: int) -> NDArray[np.int64]:
        """Position in `spots` of each step of a route, shape (steps + 1,)."""
        return self._keep(("spots", group, route), lambda: np.searchsorted(self.spots, self.routes[group][route].cell))

    def concealment(self, group: int, route: int) -> NDArray[np.float64]:
        """Concealment of the ground at each step of a route, shape (steps + 1,)."""
        ground = self._keep(("concealment",), lambda: self.terrain.by_cover("concealment").ravel())
        return np.asarray(ground[self.routes[group][route].cell])

    def measure_posts(self, party: int, route: int) -> NDArray[np.int64]:
        """Metres from each post to each step of a route, beyond all reach where it is not seen: see `post_metres`."""
        seen = self.post_sight[:, self.route_spots(party, route)]
        return post_metres(self.scenario.all_posts, seen, self.routes[party][route])

    def post_metres(self, party: int, route: int) -> NDArray[np.int64]:
        """The same, kept once it was asked for."""
        return self._keep(("metres", party, route), lambda: self.measure_posts(party, route))

    def post_rates(self, post: int, weather: int, power: bool = True) -> tuple[NDArray[np.float64], ...]:
        """A post's detection rate at each metre of distance, an array a class of light."""
        this, kind = self.scenario.all_posts[post], self.scenario.light.weather[weather]
        eyes, effort = eyes_of(this, self.scenario.sensors, power), this.staffing * this.readiness
        return self._keep(("post rates", post, weather, power), lambda: self.parts.of(eyes_rates, eyes, effort, kind))

    def fork(self, party: int, first: int, second: int) -> int:
        """Last step up to which two routes of a party are the same."""
        routes = self.routes[party]
        return self._keep(("fork", party, first, second), lambda: fork_step(routes[first], routes[second]))

    def strip_crossings(self, party: int, route: int) -> tuple[StripCrossing, ...]:
        """Where a route crosses the control strip along the patrols' tracks, in the order in which it is passed."""
        way, near_km = self.routes[party][route], self.scenario.control_strip.near_km
        strip = self._keep(("strip",), lambda: lay_strip(self.beats, self.tracks))
        return self._keep(("strip", party, route), lambda: strip_crossings(way, strip, near_km))

    def still_open(self, party: int, route: int, step: int) -> list[int]:
        """Routes of a party that whoever sees it at a step of its route cannot tell from it yet; itself among them."""
        return [other for other, last in self._forks(party, route) if last >= step]

    def _forks(self, party: int, route: int) -> list[tuple[int, int]]:
        """Routes over the same crossing point, and the step at which each parts from this one."""
        routes = self.routes[party]
        same = [other for other, way in enumerate(routes) if way.crossing == routes[route].crossing]
        return self._keep(("forks", party, route), lambda: [(other, self.fork(party, route, other)) for other in same])

    def patrol_rates(self, patrol: int, weather: int) -> tuple[NDArray[np.float64], ...]:
        """A patrol's detection rate at each metre of distance, an array a class of light."""
        this, kind = self.scenario.patrols[patrol], self.scenario.light.weather[weather]
        return self._keep(
            ("rates", patrol, weather),
            lambda: self.parts.of(sensor_rates, self.scenario.sensors[this.sensor], this.range_km, kind),
        )

    def depth_km(self, group: int, route: int) -> NDArray[np.float64]:
        """Distance from the border at each step of a route, shape (steps + 1,)."""
        way = self.routes[group][route]
        return self._keep(
            ("depth", group, route),
            lambda: self.parts.of(distance_to_border_km, self.terrain.border_km, way.x_km, way.y_km),
        )

    def route_minutes(self, group: int) -> NDArray[np.float64]:
        """Minutes of plain Tobler going over each route, shape (routes,)."""
        return np.array([float(route.steps) for route in self.routes[group]])

    def exposures(self, party: int) -> NDArray[np.float64]:
        """Chance that each post detects the party on each route, see `post_exposures`, shape (routes, posts)."""
        return self._keep(("exposures", party), lambda: post_exposures(self, party))

    def patrol_exposures(self, party: int) -> NDArray[np.float64]:
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
