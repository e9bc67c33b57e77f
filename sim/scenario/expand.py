"""Sweeps in Hydra's syntax: which keys vary, and over which values or between which ends."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sim.scenario.base import ScenarioError, one_line
from sim.scenario.overrides import parse

MOST_POINTS = 100_000
"""More points than this are taken for a mistake."""


@dataclass(frozen=True)
class Listed:
    """A key (or a group of files) that takes each of some plain values, from ``a=1,2`` or ``a=range(0,10,5)``.

    `sign` is ``+`` for a key that is to be added, else empty.
    """

    key: str
    values: tuple[Any, ...]
    sign: str = ""


@dataclass(frozen=True)
class Interval:
    """A key that is sampled between two ends, from ``a=interval(low,high)``."""

    key: str
    low: float
    high: float
    sign: str = ""


Axis = Listed | Interval


def expand(overrides: Sequence[str]) -> tuple[list[str], list[Axis]]:
    """Overrides with one value, and the keys that vary, each in order.

    Raises
    ------
    ScenarioError
        For what cannot be parsed or listed, and for a key that varies twice.

    Examples
    --------
    >>> expand(["seed=2", "outpost.range_km=5,10", "outpost.x_km=interval(3,4)"])
    (['seed=2'], [Listed(key='outpost.range_km', values=(5, 10), sign=''),
     Interval(key='outpost.x_km', low=3.0, high=4.0, sign='')])
    """
    fixed: list[str] = []
    axes: list[Axis] = []
    for text in overrides:
        override = parse(text)
        if not override.is_sweep_override():
            fixed.append(text)
            continue
        axes.append(_axis(override))
        if any(axis.key == axes[-1].key for axis in axes[:-1]):
            raise ScenarioError(axes[-1].key, "is swept twice; allowed: once, with all its values")
    return fixed, axes


def _axis(override: Any) -> Axis:
    from hydra.core.override_parser.types import IntervalSweep

    key, sign, sweep = override.key_or_group, "+" if override.is_add() else "", override.value()
    if "@" in override.get_key_element():
        raise ScenarioError(override.get_key_element(), "is no key; allowed: KEY=VALUE without @")
    if isinstance(sweep, IntervalSweep):
        return interval_axis(key, sweep.start, sweep.end, sign)
    if getattr(sweep, "shuffle", False):
        raise ScenarioError(key, "is shuffled, another order each time; allowed: a list, range() or interval()")
    return Listed(key, tuple(_values(override)), sign)


def interval_axis(key: str, low: float | None, high: float | None, sign: str = "") -> Interval:
    """A checked interval.

    Raises
    ------
    ScenarioError
        If the ends are not two finite numbers in ascending order.
    """
    if low is None or high is None or not float("-inf") < low < high < float("inf"):
        raise ScenarioError(key, f"is interval({low},{high}); allowed: two numbers, the smaller first")
    return Interval(key, float(low), float(high), sign)


def _values(override: Any) -> list[Any]:
    """The values of a list or range as plain data."""
    from hydra.errors import HydraException

    key = override.key_or_group
    try:
        found = list(itertools.islice(override.sweep_iterator(), MOST_POINTS + 1))
        words = list(itertools.islice(override.sweep_string_iterator(), MOST_POINTS + 1))
    except (HydraException, ValueError, AttributeError, NotImplementedError) as error:
        raise ScenarioError(
            key,
            f"cannot be listed in {override.input_line!r}: {one_line(error)}; allowed: lists such as 1,2,3, "
            "range(0,10,5), or interval(0,10)",
        ) from None
    return [_plain(key, value, word) for value, word in zip(found, words, strict=True)]


def _plain(key: str, value: Any, word: str) -> Any:
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    # Quoted words, lists and mappings: Hydra's own reading of a single one takes the quotes and escapes off.
    return parse(f"{key}={word}").value()
