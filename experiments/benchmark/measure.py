"""What a replication costs: `python experiments/benchmark/measure.py`, in the project's folder.

Writes results.json, table.md and benchmark.png, and the section of the README that tells what was found. Ends with 1,
and writes nothing, if any two contestants do not say the same.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

import sim
from experiments.benchmark.contest import DisagreementError, engine_contest, reduced_contest
from experiments.benchmark.figure import picture
from experiments.benchmark.growth import PANELS, REPLICATIONS, grow, grow_replications
from experiments.benchmark.machine import machine
from experiments.benchmark.reduced import reduced_scenario
from experiments.benchmark.table import found_text, table_text, write_section

QUICK_BASE = {"groups": 2, "posts": 2, "patrols": 2, "cells": 24}


def main(words: Sequence[str] | None = None) -> int:
    """Measure, write, and say what was written."""
    asked = arguments(words)
    try:
        results = measure(asked.repeats, asked.quick)
    except DisagreementError as problem:
        print(f"measure.py: {problem}", file=sys.stderr)
        return 1
    write(results, asked.output)
    print(table_text(results))
    return 0


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description="What a replication costs, engine by engine.")
    parser.add_argument("--repeats", type=int, default=5, help="how often each is timed (5)")
    parser.add_argument("--quick", action="store_true", help="small cases, short timings: to see that it works")
    parser.add_argument("--output", type=Path, default=HERE, help="folder of the results (the experiment's own)")
    asked = parser.parse_args(words)
    if asked.repeats < 1:
        parser.error("--repeats: allowed: 1 or more")
    return asked


def measure(repeats: int, quick: bool) -> dict[str, Any]:
    """All measurements, as plain data."""
    base, target_s, checked = (QUICK_BASE, 0.01, 2) if quick else ({}, 1.0, 20)
    default = sim.load_scenario("shahrituz_2019", ["terrain.cell_m=1000"] if quick else [])
    say("the reduced case")
    reduced = reduced_contest(reduced_scenario(**base), repeats, target_s, checked)
    say("the default experiment")
    contests = {
        "reduced": reduced,
        "default": engine_contest(default, "with_outpost", repeats, target_s, checked),
    }
    return {
        "settings": {"repeats": repeats, "quick": quick, "seed": 1},
        "machine": machine(),
        "contests": contests,
        "growth": growth(base, repeats, target_s / 4, quick),
    }


def growth(base: dict[str, int], repeats: int, target_s: float, quick: bool) -> dict[str, Any]:
    """All panels of growth."""
    found = {}
    for panel in PANELS:
        say(f"growth by {panel.key}")
        found[panel.key] = grow(panel.short() if quick else panel, base, repeats, target_s)
    say("growth by replications")
    replications = REPLICATIONS.short() if quick else REPLICATIONS
    return {**found, "replications": grow_replications(replications, base, repeats)}


def write(results: dict[str, Any], folder: Path) -> None:
    """The results, the tables, the picture, and what the README tells."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    (folder / "table.md").write_text(table_text(results), encoding="utf-8")
    (folder / "benchmark.png").write_bytes(picture(results))
    write_section(folder / "README.md", found_text(results))


def say(text: str) -> None:
    """Tell what is being done."""
    print(f"measuring: {text}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
