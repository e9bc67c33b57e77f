"""`study=describe`: the table of every key, on the terminal or in a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sim.cache.atomic import atomic_write_text
from sim.scenario import Scenario, ScenarioError
from sim.study.describe.describe import describe
from sim.study.settings import RunSettings

WIDEST = {"key": 60, "value": 36, "unit": 9, "default": 14, "allowed": 34, "basis": 8, "from": 70}


@dataclass(frozen=True)
class Description:
    """The table of every key of a case and of the run settings."""

    scenario: Scenario
    settings: RunSettings

    def show(self) -> int:
        """Print the table; with ``output=`` write it whole, as CSV, instead of cutting it for the terminal."""
        table = pd.concat([describe(self.settings), describe(self.scenario)], ignore_index=True)
        if self.settings.output:
            print(f"Table: {_written(table, Path(self.settings.output))}")
            return 0
        shown = table[list(WIDEST)].astype(str)
        widths = {name: min(most, max(len(name), int(shown[name].str.len().max()))) for name, most in WIDEST.items()}
        for row in [list(WIDEST), *shown.to_numpy().tolist()]:
            print("  ".join(_cut(str(cell), w).ljust(w) for cell, w in zip(row, widths.values(), strict=True)).rstrip())
        return 0


def _written(table: pd.DataFrame, folder: Path) -> Path:
    path = folder / "describe.csv"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        atomic_write_text(path, table.to_csv(index=False))
    except OSError as error:
        raise ScenarioError("output", f"cannot write {path}: {error.strerror or error}") from None
    return path


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 3] + "..."
