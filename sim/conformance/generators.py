"""Generators of random numbers from which several draw in turn, so that one's luck hangs on the others."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import numpy as np

from sim.conformance.own_code import own_values
from sim.model import BorderModel

KINDS = (random.Random, np.random.Generator, np.random.RandomState)


def shared_generators(model: BorderModel) -> dict[str, Any]:
    """Those that the model holds, or its classes and modules, or several of its agents; by where they are.

    A generator that one agent has for itself is nobody else's matter, and is not among them.
    """
    own = {f"{type(model).__name__}.{name}": value for name, value in vars(model).items()}
    found = {name: value for name, value in (*own.items(), *own_values(type(model))) if isinstance(value, KINDS)}
    held = [(agent, name, value) for agent in model.agents for name, value in vars(agent).items()]
    holders = Counter(id(value) for _, _, value in held if isinstance(value, KINDS))
    for agent, name, value in held:
        if holders[id(value)] > 1:
            found.setdefault(f"{type(agent).__name__}.{name}", value)
    return found


def draw_once(generator: Any) -> None:
    """Take one number more, of whatever kind the generator is."""
    generator.bit_generator.random_raw() if isinstance(generator, np.random.Generator) else generator.random()
