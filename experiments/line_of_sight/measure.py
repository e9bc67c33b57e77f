"""Our lines of sight beside GDAL's: `python experiments/line_of_sight/measure.py`, in the project's folder.

Compares with the answers of GDAL that lie in references.npz, and writes results.json, sight.png and the section of the
README that tells what was found. With --ask the answers are made anew first, which needs the program gdal_viewshed.
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

from experiments.benchmark.table import write_section
from experiments.line_of_sight import references
from experiments.line_of_sight.compare import compare
from experiments.line_of_sight.figure import picture
from experiments.line_of_sight.grounds import all_views
from experiments.line_of_sight.outside import TOOL, is_there
from experiments.line_of_sight.table import found_text

SHOWN, FAULT = ("default.okultun", "synthetic.lowest", "formula.valley"), "synthetic.highest"


def main(words: Sequence[str] | None = None) -> int:
    """Compare, write, and say what was found."""
    asked = arguments(words)
    views = all_views()
    if asked.ask:
        if not is_there():
            print(f"measure.py: --ask needs the program {TOOL}, which is not installed", file=sys.stderr)
            return 2
        references.make(views)
    kept = references.References()
    answers = [kept.seen(view) for view in views]
    results: dict[str, Any] = {
        "tool": kept.tool,
        "commands": {references.key(view): kept.command(view) for view in views},
        "views": [compare(view, answer) for view, answer in zip(views, answers, strict=True)],
    }
    (asked.output / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    (asked.output / "sight.png").write_bytes(picture(views, answers, SHOWN, FAULT))
    write_section(asked.output / "README.md", found_text(results))
    print("\n".join(found_text(results)))
    return 0


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description="Our lines of sight beside GDAL's.")
    parser.add_argument("--ask", action="store_true", help="ask gdal_viewshed anew, and keep its answers")
    parser.add_argument("--output", type=Path, default=HERE, help="folder of the results (the experiment's own)")
    return parser.parse_args(words)


if __name__ == "__main__":
    raise SystemExit(main())
