"""Our least costs beside others': `python experiments/least_cost/measure.py`, in the project's folder.

Writes results.json and the section of the README that tells what was found.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from experiments.benchmark.table import rows_text, write_section
from experiments.least_cost.compare import GOINGS, compare
from experiments.least_cost.grounds import default_piece, speckled, synthetic

GROUNDS = {"the default case": default_piece, "synthetic": synthetic, "speckled": speckled}
HEAD = (
    "ground",
    "going",
    "cells",
    "impassable",
    "steps",
    "steps differ",
    "with numpy's exp",
    "sources",
    "pairs reached",
)
SOLVERS = {"networkx": "NetworkX", "scikit_image": "scikit-image"}


def main(words: Sequence[str] | None = None) -> int:
    """Compare, write, and say what was found."""
    asked = arguments(words)
    results = {
        "versions": {name: metadata.version(name) for name in ("numpy", "networkx", "scikit-image")},
        "grounds": [
            {"ground": ground, "going": going, **compare(build(asked.size), GOINGS[going], asked.sources)}
            for ground, build in GROUNDS.items()
            for going in GOINGS
        ],
    }
    (asked.output / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    write_section(asked.output / "README.md", found_text(results))
    print("\n".join(found_text(results)))
    return 0


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description="Our least costs beside NetworkX's and scikit-image's.")
    parser.add_argument("--size", type=int, default=100, help="cells a side (100)")
    parser.add_argument("--sources", type=int, default=5, help="cells to start from, on each ground (5)")
    parser.add_argument("--output", type=Path, default=HERE, help="folder of the results (the experiment's own)")
    return parser.parse_args(words)


def found_text(results: dict[str, Any]) -> list[str]:
    """What the README says of the results."""
    head = [*HEAD, *(f"{name}, {way}" for name in SOLVERS.values() for way in ("from", "to"))]
    versions = ", ".join(f"{name} {version}" for name, version in results["versions"].items())
    return [
        f"{versions}. Differences are the most last places (doubles in between) by which any two numbers are apart; "
        "0 is equal to the bit.",
        "",
        *rows_text(head, (_row(found) for found in results["grounds"])),
    ]


def _row(found: dict[str, Any]) -> list[str]:
    keys = ["ground", "going", "cells", "impassable", "steps", "c_exp", "numpys_exp", "sources", "reached"]
    keys += [f"{solver}_{way}" for solver in SOLVERS for way in ("from", "to")]
    return [str(found[key]) for key in keys]


if __name__ == "__main__":
    raise SystemExit(main())
