"""Sweeps in Hydra's syntax, expanded to every combination of their values."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

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
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    fixed: list[str] = []
    varying: list[list[tuple[str, str]]] = []
    try:
        for override in OverridesParser.create().parse_overrides(list(overrides)):
            if not override.is_sweep_override():
                fixed.append(str(override.input_line))
            elif override.is_discrete_sweep():
                key = override.get_key_element()
                varying.append([(key, value) for value in override.sweep_string_iterator()])
            else:
                raise ScenarioError(override.get_key_element(), "interval() is not swept yet; allowed: lists, range()")
    except HydraException as error:
        raise ScenarioError("-m", one_line(error)) from None
    return [(dict(some), [*fixed, *(f"{key}={value}" for key, value in some)]) for some in itertools.product(*varying)]
