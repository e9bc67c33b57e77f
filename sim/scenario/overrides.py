"""Overrides of the command line: choices of a group for Hydra, values that are set after it, and keys that vary."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sim.config_folder import groups_of_files, options
from sim.scenario.base import ScenarioError, one_line

SUFFIXES = (".yaml", ".yml")
_FILE_NAME = re.compile(r"^\w+(/\w+)*$")
MOST_POINTS = 100_000
"""More points than this are taken for a mistake."""

# Hydra's own parser takes a tenth of a second to load. Most words need none of it: a key, and a number, a name or a
# path. They are read here exactly as Hydra reads them; all others are left to it.
_NAME, _WHOLE = r"[A-Za-z_][A-Za-z0-9_]*", r"(?:0|[1-9][0-9]{0,17})"
_NUMBER, _TEXT = rf"-?{_WHOLE}(?:\.[0-9]{{1,18}})?", r"[A-Za-z_/][A-Za-z0-9_./-]*"
_PLAIN = re.compile(rf"({_NAME}(?:\.(?:{_NAME}|{_WHOLE}))*)=(?:({_NUMBER})|({_TEXT}))")
_NO_TEXT = {"true", "false", "null", "nan", "inf"}


@dataclass(frozen=True)
class Change:
    """One value to set, to add (`+`) or to delete (`~`)."""

    key: str
    value: Any
    sign: str = ""


def sort_out(overrides: Sequence[str]) -> tuple[list[str], list[Change]]:
    """Choices of groups, and changes of single values, each in the order given.

    Raises `ScenarioError` for what cannot be read, several values, or a group that is given no name of a file.
    """
    known = groups_of_files()
    groups: list[str] = []
    changes: list[Change] = []
    for text in overrides:
        change = _read(text)
        # Only `experiment` may be a file outside the configuration's own folders.
        own_file = change.key == "experiment" and str(change.value).endswith(SUFFIXES)
        if change.key not in known or change.sign == "~" or isinstance(change.value, dict):
            changes.append(change)
        elif not change.sign and isinstance(change.value, str) and (own_file or _FILE_NAME.match(change.value)):
            groups.append(text)
        else:
            also = ", or a file FILE.yaml of your own" if change.key == "experiment" else ""
            given, allowed = text.partition("=")[2] or "nothing", ", ".join(options(change.key))
            raise ScenarioError(change.key, f"is {given}; allowed: {allowed}{also}")
    return groups, changes


def _read(text: str) -> Change:
    plain = plain_word(text)
    if plain is not None:
        return Change(*plain)
    override = parse(text)
    key = str(override.key_or_group)
    if override.is_sweep_override():
        given = text.partition("=")[2]
        raise ScenarioError(key, f"is given several values ({given}); allowed: one, or -m for a sweep")
    if override.is_delete():
        return Change(key, None, "~")
    return Change(key, override.value(), "+" if override.is_add() else "")


def plain_word(word: str) -> tuple[str, int | float | str] | None:
    """Key and value of a plain ``KEY=VALUE``; None for any other.

    >>> plain_word("outpost.range_km=7.5"), plain_word("output=/tmp/here"), plain_word("outpost.range_km='7.5'")
    (('outpost.range_km', 7.5), ('output', '/tmp/here'), None)
    """
    found = _PLAIN.fullmatch(word)
    if found is None:
        return None
    key, number, text = found.groups()
    if number is not None:
        return key, float(number) if "." in number else int(number)
    return None if text.lower() in _NO_TEXT else (key, text)


def parse(text: str) -> Any:
    """Hydra's own reading of one override; raises `ScenarioError` if it cannot be read or names a package (`@`)."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    named = text.partition("=")[0]
    try:
        (override,) = OverridesParser.create().parse_overrides([text])
    except (HydraException, ValueError) as error:
        cause = one_line(error).split(" See https")[0]
        raise ScenarioError(
            named.lstrip("+~"),
            f"cannot be read in {text!r}: {cause}; allowed: KEY=VALUE, with quotes round special characters",
        ) from None
    if "@" in named:
        raise ScenarioError(named, "is no key; allowed: KEY=VALUE without @")
    return override


@dataclass(frozen=True)
class Listed:
    """A key (or a group of files) that takes each of some plain values, from ``a=1,2`` or ``a=range(0,10,5)``."""

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

    Raises `ScenarioError` for what cannot be read or listed, and for a key that varies twice.

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
    if isinstance(sweep, IntervalSweep):
        return interval_axis(key, sweep.start, sweep.end, sign)
    if getattr(sweep, "shuffle", False):
        raise ScenarioError(key, "is shuffled, another order each time; allowed: a list, range() or interval()")
    return Listed(key, tuple(_values(override)), sign)


def interval_axis(key: str, low: float | None, high: float | None, sign: str = "") -> Interval:
    """An interval; raises `ScenarioError` if its ends are not two finite numbers in ascending order."""
    if low is None or high is None or not float("-inf") < low < high < float("inf"):
        raise ScenarioError(key, f"is interval({low},{high}); allowed: two numbers, the smaller first")
    return Interval(key, float(low), float(high), sign)


def _values(override: Any) -> list[Any]:
    """The values of a list or range as plain data."""
    from hydra.errors import HydraException

    key = override.key_or_group
    try:
        words = list(itertools.islice(override.sweep_string_iterator(), MOST_POINTS + 1))
    except (HydraException, ValueError, AttributeError, NotImplementedError) as error:
        raise ScenarioError(
            key,
            f"cannot be listed in {override.input_line!r}: {one_line(error)}; allowed: lists such as 1,2,3, "
            "range(0,10,5), or interval(0,10)",
        ) from None
    # Each is read as if it were the only one: Hydra takes quotes and escapes off a single value alone.
    # A plain text is finished: what str(1,2) gives would be read as numbers.
    given = override.value().list if override.is_choice_sweep() else [None] * len(words)
    pairs = zip(given, words, strict=False)
    return [value if type(value) is str else _read(f"{key}={word}").value for value, word in pairs]
