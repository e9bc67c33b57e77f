"""The World: everything that one arm's runs share, computed once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.rules.movement import clock, light_class
from sim.rules.randomness import UNIT
from sim.rules.sensing import MARCHING, NIGHT
from sim.scenario.scenario import Scenario
from sim.terrain.grid import Terrain
from sim.world.crossings import Crossing, distance_to_border_km
from sim.world.hazards import exposure, marching_hazards, patrol_rates, route_hazards
from sim.world.routes import Route
from sim.world.track import Track


@dataclass(frozen=True, eq=False)
class World:
    """Tables of one arm. Groups, posts, patrols and weathers are numbered as in the scenario.

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
        For each group its routes: one for each crossing point that leads to its target, and those over its ways.
    spots:
        Flat indices of all cells that any route passes, sorted, shape (spots,).
    post_sight:
        Lines of sight, shape (posts, spots).
    tracks, patrol_sight:
        For each patrol its track, and the lines of sight from its stands, shape (stands, spots).
    post_travel:
        Minutes from each post to each spot, shape (posts, spots).
    patrol_travel:
        For each patrol, minutes from its anchors to each spot, shape (anchors, spots).
    force_travel:
        Minutes from the reaction force to each spot, shape (spots,).
    """

    scenario: Scenario
    arm: str
    cost_usd: float
    terrain: Terrain
    crossings: tuple[Crossing, ...]
    routes: tuple[tuple[Route, ...], ...]
    spots: NDArray[np.int64]
    post_sight: NDArray[np.bool_]
    tracks: tuple[Track, ...]
    patrol_sight: tuple[NDArray[np.bool_], ...]
    post_travel: NDArray[np.float64]
    patrol_travel: tuple[NDArray[np.float64], ...]
    force_travel: NDArray[np.float64]
    _kept: dict[Any, Any] = field(default_factory=dict, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_kept": {}}

    def way_name(self, way: int) -> str:
        """Name of a way; ``quickest`` for the one that leads over no place in particular."""
        return "quickest" if way < 0 else self.scenario.infiltrators.ways[way].name

    @property
    def lights(self) -> list[int]:
        """Class of light at each minute of a run, minute 0 to the horizon."""
        return self._keep(("lights",), self._lights)

    def _lights(self) -> list[int]:
        light, start = self.scenario.light, self.scenario.light.start_clock_min
        hours = (light.sunrise, light.sunset, light.twilight_min)
        return [light_class(clock(minute, start), *hours) for minute in range(self.scenario.horizon_min + 1)]

    def route_spots(self, group: int, route: int) -> NDArray[np.int64]:
        """Position in `spots` of each step of a route, shape (steps + 1,)."""
        return self._keep(("spots", group, route), lambda: np.searchsorted(self.spots, self.routes[group][route].cell))

    def concealment(self, group: int, route: int) -> NDArray[np.float64]:
        """Concealment of the ground at each step of a route, shape (steps + 1,)."""
        ground = self._keep(("concealment",), lambda: self.terrain.by_cover("concealment").ravel())
        return np.asarray(ground[self.routes[group][route].cell])

    def hazards(self, group: int, route: int, weather: int) -> NDArray[np.int64]:
        """What the posts do to a group on a route: see `route_hazards`; computed when first asked for."""
        scenario = self.scenario

        def build() -> NDArray[np.int64]:
            return route_hazards(
                scenario.all_posts,
                scenario.sensors,
                self.post_sight[:, self.route_spots(group, route)],
                self.concealment(group, route),
                self.routes[group][route],
                scenario.infiltrators.parties[group],
                scenario.light.weather[weather],
            )

        return self._keep(("hazards", group, route, weather), build)

    def patrol_rates(self, patrol: int, weather: int) -> tuple[NDArray[np.float64], ...]:
        """A patrol's detection rate at each metre of distance, an array a class of light."""
        this = self.scenario.patrols[patrol]
        return self._keep(
            ("rates", patrol, weather),
            lambda: patrol_rates(this, self.scenario.sensors[this.sensor], self.scenario.light.weather[weather]),
        )

    def depth_km(self, group: int, route: int) -> NDArray[np.float64]:
        """Distance from the border at each step of a route, shape (steps + 1,)."""
        way = self.routes[group][route]
        return self._keep(
            ("depth", group, route), lambda: distance_to_border_km(self.terrain.border_km, way.x_km, way.y_km)
        )

    def route_minutes(self, group: int) -> NDArray[np.float64]:
        """Minutes of plain Tobler going over each route, shape (routes,)."""
        return np.array([float(route.steps) for route in self.routes[group]])

    def exposures(self, group: int) -> NDArray[np.float64]:
        """Chance that each post detects a group that marches a whole route by night, shape (routes, posts)."""
        return self._keep(("exposures", group), lambda: self._exposures(group))

    def _exposures(self, group: int) -> NDArray[np.float64]:
        scenario, settings = self.scenario, self.scenario.infiltrators.parties[group]
        total = np.zeros((len(self.routes[group]), len(scenario.all_posts)))
        for number, route in enumerate(self.routes[group]):
            seen = self.post_sight[:, self.route_spots(group, number)]
            open_to = exposure(settings, self.concealment(group, number), MARCHING)
            for weather in scenario.light.weather:
                hazard = marching_hazards(scenario.all_posts, scenario.sensors, seen, open_to, route, NIGHT, weather)
                total[number] += weather.probability * -np.expm1(-hazard[:, route.raft_step :].sum(axis=1) / UNIT)
        return total

    def _keep(self, key: Any, build: Any) -> Any:
        if key not in self._kept:
            self._kept[key] = build()
        return self._kept[key]
