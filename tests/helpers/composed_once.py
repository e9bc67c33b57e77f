"""Hydra's reading of the same words and file, once for all tests of a process: most of the time of a short command."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.scenario import load

_compose = load._composed
_known: dict[tuple[tuple[str, ...], str], dict[str, Any]] = {}


def composed_once(groups: Sequence[str], folder: Path | None) -> dict[str, Any]:
    """In the place of `sim.scenario.load._composed`: a refusal is not remembered."""
    own = (folder / "experiment" / f"{load.OWN_FILE}.yaml").read_text(encoding="utf-8") if folder else ""
    key = (tuple(groups), own)
    if key not in _known:
        _known[key] = _compose(groups, folder)
    return copy.deepcopy(_known[key])
