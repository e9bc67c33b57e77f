"""Overrides of the command line: choices of a group for Hydra, and single values that are set after it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sim.config_folder import options
from sim.scenario.base import ScenarioError, one_line
from sim.scenario.files import SUFFIXES
from sim.scenario.keys import assign, remove

_FILE_NAME = re.compile(r"^\w+(/\w+)*$")

GROUPS = (
    "terrain",
    "light",
    "sensors",
    "forces",
    "outpost",
    "command",
    "infiltrators",
    "inland",
    "engagement",
    "arms",
    "study",
    "execution",
    "experiment",
)
"""Groups of configuration files; `KEY=NAME` chooses one of a group's files."""


# Hydra's own parser takes a tenth of a second to load. Most words need none of it: a key, and a number, a name or a
# path. They are read here exactly as Hydra reads them; all others are left to it.
_NAME, _WHOLE = r"[A-Za-z_][A-Za-z0-9_]*", r"(?:0|[1-9][0-9]{0,17})"
_PLAIN = re.compile(
    rf"(?P<key>{_NAME}(?:\.(?:{_NAME}|{_WHOLE}))*)="
    rf"(?:(?P<whole>-?{_WHOLE})|(?P<decimal>-?{_WHOLE}\.[0-9]{{1,18}})|(?P<text>[A-Za-z_/][A-Za-z0-9_./-]*))"
)
_NO_TEXT = {"true", "false", "null", "nan", "inf"}


@dataclass(frozen=True)
class Change:
    """One value to set, to add (`+`) or to delete (`~`)."""

    key: str
    value: Any
    sign: str

    def apply_to(self, data: dict[str, Any]) -> None:
        """Carry it out on the composed configuration; the validation afterwards refuses keys that do not exist."""
        if self.sign == "~":
            remove(data, self.key)
        else:
            assign(data, self.key, self.value, new=self.sign == "+")


def sort_out(overrides: Sequence[str]) -> tuple[list[str], list[Change]]:
    """Choices of groups, and changes of single values, each in the order given.

    Raises
    ------
    ScenarioError
        For what cannot be parsed, several values where one is needed, or a group that is given no name of a file.
    """
    groups: list[str] = []
    changes: list[Change] = []
    for text in overrides:
        key, value, sign = _read(text)
        given = text.partition("=")[2]
        if key in GROUPS and isinstance(value, str) and not sign:
            _check_name(key, value)
            groups.append(text)
        elif key in GROUPS and sign != "~" and not isinstance(value, dict):
            raise _no_such_file(key, given)
        else:
            changes.append(Change(key, value, sign))
    return groups, changes


def _read(text: str) -> tuple[str, Any, str]:
    """Key, value and sign of an override."""
    plain = plain_word(text)
    if plain is not None:
        return *plain, ""
    override = parse(text)
    named, _, given = text.partition("=")
    key = str(override.key_or_group)
    if override.is_sweep_override():
        raise ScenarioError(key, f"is given several values ({given}); allowed: one, or -m for a sweep")
    if "@" in named:
        raise ScenarioError(named, "is no key; allowed: KEY=VALUE without @")
    if override.is_delete():
        return key, None, "~"
    return key, override.value(), "+" if override.is_add() else ""


def _check_name(key: str, value: str) -> None:
    """Refuse what leads out of the configuration's own folders; only `experiment` may be a file elsewhere."""
    own_file = key == "experiment" and value.endswith(SUFFIXES)
    if not own_file and not _FILE_NAME.match(value):
        raise _no_such_file(key, repr(value))


def _no_such_file(key: str, given: str) -> ScenarioError:
    also = ", or a file FILE.yaml of your own" if key == "experiment" else ""
    return ScenarioError(key, f"is {given or 'nothing'}; allowed: {', '.join(options(key))}{also}")


def plain_word(word: str) -> tuple[str, int | float | str] | None:
    """Key and value of a plain ``KEY=VALUE``; None for any other.

    Examples
    --------
    >>> plain_word("outpost.range_km=7.5"), plain_word("output=/tmp/here"), plain_word("outpost.range_km='7.5'")
    (('outpost.range_km', 7.5), ('output', '/tmp/here'), None)
    """
    found = _PLAIN.fullmatch(word)
    if found is None:
        return None
    key, whole, decimal, text = found.groups()
    if whole is not None:
        return key, int(whole)
    if decimal is not None:
        return key, float(decimal)
    return None if text.lower() in _NO_TEXT else (key, text)


def parse(text: str) -> Any:
    """Hydra's own reading of one override.

    Raises
    ------
    ScenarioError
        If it cannot be read; the message names the key.
    """
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    key = text.partition("=")[0].lstrip("+~")
    try:
        (override,) = OverridesParser.create().parse_overrides([text])
    except (HydraException, ValueError) as error:
        cause = one_line(error).split(" See https")[0]
        raise ScenarioError(
            key, f"cannot be read in {text!r}: {cause}; allowed: KEY=VALUE, with quotes round special characters"
        ) from None
    return override
