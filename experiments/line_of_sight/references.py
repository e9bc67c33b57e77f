"""The tool's answers kept as a file: one bit a cell, with the tool's version and the exact commands."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.line_of_sight.grounds import View
from experiments.line_of_sight.outside import ask, command, version

FILE = Path(__file__).resolve().parent / "references.npz"


def ground_hash(view: View) -> str:
    """SHA-256 of the heights to the millimetre: an answer belongs to the ground that was asked about."""
    return hashlib.sha256(np.round(view.elevation_m * 1000).astype("<i8").tobytes()).hexdigest()


def key(view: View) -> str:
    """Name of a view in the file."""
    return f"{view.ground}.{view.name}"


def make(views: list[View], file: Path = FILE) -> None:
    """Ask the tool about every view and write the file."""
    kept: dict[str, Any] = {"tool": np.array(version())}
    for view in views:
        kept[key(view)] = np.packbits(ask(view), axis=None)
        kept[f"{key(view)}.command"] = np.array(" ".join(command(view)))
        kept[f"{key(view)}.ground"] = np.array(ground_hash(view))
    np.savez_compressed(file, **kept)


class References:
    """The file, read."""

    def __init__(self, file: Path = FILE) -> None:
        with np.load(file) as found:
            self._kept = {name: found[name] for name in found.files}

    @property
    def tool(self) -> str:
        """Name and version of the tool."""
        return str(self._kept["tool"])

    def command(self, view: View) -> str:
        """How the tool was called."""
        return str(self._kept[f"{key(view)}.command"])

    def seen(self, view: View) -> NDArray[np.bool_]:
        """Which cells (rows, cols) the tool said are seen.

        Raises
        ------
        ValueError
            The ground is not the one that the tool was asked about.
        """
        if str(self._kept[f"{key(view)}.ground"]) != ground_hash(view):
            raise ValueError(f"{key(view)}: the ground has changed since the tool was asked; run measure.py --ask")
        size = view.elevation_m.size
        return np.unpackbits(self._kept[key(view)], count=size).reshape(view.elevation_m.shape).astype(bool)
