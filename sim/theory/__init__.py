"""Closed forms of search theory and its neighbours, under the names of the field.

The simulation is verified against these functions. All take numbers or arrays that broadcast together, with the unit
in the argument's name, and refuse arguments outside their validity with a ValueError that says what is allowed.
"""

from __future__ import annotations

from sim.theory.barrier import (
    barrier_coverage,
    barrier_patrol_back_and_forth_ends,
    barrier_patrol_back_and_forth_inside,
    barrier_patrol_bound,
    barrier_patrol_random,
    stationary_barrier,
)
from sim.theory.engagement import duel_win_probability, lanchester_square_survivors
from sim.theory.games import SecurityGame, inspection_game, stackelberg_security_game
from sim.theory.lateral_range import (
    inverse_cube_coefficient_km2,
    lateral_range_constant_rate,
    lateral_range_definite_range,
    lateral_range_inverse_cube,
    sweep_width,
    sweep_width_constant_rate,
    sweep_width_definite_range,
    sweep_width_inverse_cube,
)
from sim.theory.reliability import most_reliable_path
from sim.theory.repeated_trials import (
    observed_effectiveness,
    repeated_trials_apprehensions,
    repeated_trials_estimate,
    repeated_trials_got_away,
    repeated_trials_reapprehended_fraction,
)
from sim.theory.search import (
    chain_detection,
    continuous_detection,
    exhaustive_search,
    glimpse_detection,
    inverse_cube_search,
    mean_relative_speed,
    random_search,
    search_coverage,
)
from sim.theory.terrain import corrected_elevation_m, horizon_km, naismith_minutes, tobler_speed_kmh

__all__ = [
    "SecurityGame",
    "barrier_coverage",
    "barrier_patrol_back_and_forth_ends",
    "barrier_patrol_back_and_forth_inside",
    "barrier_patrol_bound",
    "barrier_patrol_random",
    "chain_detection",
    "continuous_detection",
    "corrected_elevation_m",
    "duel_win_probability",
    "exhaustive_search",
    "glimpse_detection",
    "horizon_km",
    "inspection_game",
    "inverse_cube_coefficient_km2",
    "inverse_cube_search",
    "lanchester_square_survivors",
    "lateral_range_constant_rate",
    "lateral_range_definite_range",
    "lateral_range_inverse_cube",
    "mean_relative_speed",
    "most_reliable_path",
    "naismith_minutes",
    "observed_effectiveness",
    "random_search",
    "repeated_trials_apprehensions",
    "repeated_trials_estimate",
    "repeated_trials_got_away",
    "repeated_trials_reapprehended_fraction",
    "search_coverage",
    "stackelberg_security_game",
    "stationary_barrier",
    "sweep_width",
    "sweep_width_constant_rate",
    "sweep_width_definite_range",
    "sweep_width_inverse_cube",
    "tobler_speed_kmh",
]
