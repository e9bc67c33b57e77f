"""How often the intervals hold the truth: `python experiments/interval_coverage/measure.py`, in the project's folder.

Writes single.csv, groups.csv, results.json, coverage.png and the section of the README that tells what was found.
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

import numpy as np
import pandas as pd

from experiments.benchmark.table import write_section
from experiments.interval_coverage.corners import CORNERS
from experiments.interval_coverage.figure import picture
from experiments.interval_coverage.groups import LUCKS, coverage
from experiments.interval_coverage.single import CONCORDANT_MATTER, INTERVALS, drawn, exact, lattice, scan
from experiments.interval_coverage.table import found_text

SIZES = (50, 100, 500, 5000)
EXACT_TO = {"tango": 500, "wald": 500, "newcombe": 100}
"""Up to how many pairs all tables are gone through."""
DRAWS, SEED = 40_000, 20191106
REPLICATIONS = {50: 4000, 500: 4000, 5000: 1000}
"""Samples drawn for each number of replications."""
GROUPS = (3, 10)


def main(words: Sequence[str] | None = None) -> int:
    """Measure, write, and say what was found."""
    asked = arguments(words)
    single, groups = single_pairs(), several_groups()
    results = {"draws": DRAWS, "seed": SEED, "lowest": lowest(50)}
    single.to_csv(asked.output / "single.csv", index=False, lineterminator="\n")
    groups.to_csv(asked.output / "groups.csv", index=False, lineterminator="\n")
    (asked.output / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    (asked.output / "coverage.png").write_bytes(picture(single, groups))
    write_section(asked.output / "README.md", found_text(single, groups, results))
    print("\n".join(found_text(single, groups, results)))
    return 0


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description="How often the intervals hold the truth.")
    parser.add_argument("--output", type=Path, default=HERE, help="folder of the results (the experiment's own)")
    return parser.parse_args(words)


def single_pairs() -> pd.DataFrame:
    """Coverage of each interval at each corner and size; `error` is the standard error of drawing, 0 where exact."""
    rows = []
    for pairs in SIZES:
        for name in INTERVALS:
            print(f"measuring: {name}, {pairs} pairs", file=sys.stderr)
            whole = pairs <= EXACT_TO[name]
            rng = np.random.default_rng((SEED, pairs))
            found = exact(name, pairs, CORNERS) if whole else [drawn(name, pairs, c, DRAWS, rng) for c in CORNERS]
            rows += [
                {
                    "pairs": pairs,
                    "interval": name,
                    "corner": corner.name,
                    "discordant": round(corner.discordant, 6),
                    "coverage": round(covered, 6),
                    "error": 0.0 if whole else round(float(np.sqrt(covered * (1 - covered) / DRAWS)), 6),
                }
                for corner, covered in zip(CORNERS, found, strict=True)
            ]
    return pd.DataFrame(rows)


def several_groups() -> pd.DataFrame:
    """Coverage where groups share replications, clustered and not."""
    rows = []
    for replications, samples in REPLICATIONS.items():
        for groups in GROUPS:
            print(f"measuring: {replications} replications of {groups} groups", file=sys.stderr)
            for number, luck in enumerate(LUCKS):
                rng = np.random.default_rng((SEED, replications, groups, number))
                held, alone = coverage(luck, replications, groups, samples, rng)
                rows.append(
                    {
                        "replications": replications,
                        "groups": groups,
                        "luck": luck.name,
                        "discordant": round(luck.discordant, 6),
                        "clustered": held,
                        "as_if_alone": alone,
                        "error": round(float(np.sqrt(held * (1 - held) / samples)), 6),
                    }
                )
    return pd.DataFrame(rows)


def lowest(pairs: int) -> dict[str, Any]:
    """The lowest exact coverage of each interval over a lattice of the whole space, and where it lies."""
    told = {}
    for name, concordant in CONCORDANT_MATTER.items():
        print(f"measuring: {name}, all over the space", file=sys.stderr)
        corners = lattice(0.1 if concordant else 0.02, concordant)
        covered = scan(name, pairs, corners)
        least = int(covered.argmin())
        told[name] = {
            "pairs": pairs,
            "places": len(corners),
            "lowest": round(float(covered[least]), 6),
            "at": dict(zip(("both", "only_with", "only_without"), corners[least][1:], strict=True)),
            "below_93": round(float((covered < 0.93).mean()), 6),
            "mean": round(float(covered.mean()), 6),
        }
    return told


if __name__ == "__main__":
    raise SystemExit(main())
