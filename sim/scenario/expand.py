"""Sweeps in Hydra's syntax, expanded to every combination of their values."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from sim.scenario.overrides import parse
from sim.scenario.problem import ScenarioError
from sim.scenario.refusal import one_line


def expand(overrides: Sequence[str]) -> list[tuple[dict[str, str], list[str]]]:
    """Every combination of the values in overrides such as ``a=1,2`` or ``b=range(0,10,5)``.

    Returns
    -------
    list
        For each combination the values of the keys that vary, and all overrides.

    Raises
    ------
    ScenarioError
        For what cannot be parsed or listed.
    """
    fixed: list[str] = []
    varying: list[list[tuple[str, str]]] = []
    for text in overrides:
        override = parse(text)
        if override.is_sweep_override():
            varying.append(_listed(override))
        else:
            fixed.append(text)
    return [(dict(some), [*fixed, *(f"{key}={value}" for key, value in some)]) for some in itertools.product(*varying)]


def _listed(override: Any) -> list[tuple[str, str]]:
    """The key with each of the values of one sweep."""
    from hydra.errors import HydraException

    key = override.get_key_element()
    try:
        if override.is_discrete_sweep():
            return [(key, value) for value in override.sweep_string_iterator()]
    except (HydraException, ValueError, AttributeError) as error:
        raise ScenarioError(key, f"cannot be listed in {override.input_line!r}: {one_line(error)}") from None
    raise ScenarioError(
        key, "interval() is not swept yet; allowed: lists such as 1,2,3, or range(), such as range(0,10,5)"
    )
