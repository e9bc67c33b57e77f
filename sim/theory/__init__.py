"""Closed forms of search theory and its neighbours, under the names of the field.

The simulation is verified against these functions. All take numbers or arrays that broadcast together, with the unit
in the argument's name, and return a float or an array of the broadcast shape. They refuse arguments outside their
validity with a ValueError that says what is allowed.

- `barrier`: barrier patrol; `lateral_range`: lateral range curves and sweep widths
- `search`: glimpses, continuous watch, a chain of posts and patrols, search of an area
- `encounters`: Lanchester's square law, the stochastic duel, inspection and security games, the most reliable path
- `repeated_trials`: what apprehension records say; `terrain`: walking speed, horizon
"""

# ruff: noqa: F403  (each module names what is public in its own `__all__`)

from __future__ import annotations

from sim.theory import barrier, encounters, lateral_range, repeated_trials, search, terrain
from sim.theory.barrier import *
from sim.theory.encounters import *
from sim.theory.lateral_range import *
from sim.theory.repeated_trials import *
from sim.theory.search import *
from sim.theory.terrain import *

__all__: list[str] = []
__all__ += barrier.__all__
__all__ += encounters.__all__
__all__ += lateral_range.__all__
__all__ += repeated_trials.__all__
__all__ += search.__all__
__all__ += terrain.__all__
