"""The table of docs/VERIFICATION.md from two files of measure.py: before the laws held, and now.

python experiments/laws/table.py
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PAGE = HERE.parents[1] / "docs" / "VERIFICATION.md"
BEGIN, END = (
    "<!-- written by experiments/laws/table.py: begin -->",
    "<!-- written by experiments/laws/table.py: end -->",
)


def cell(found: dict[str, Any] | None) -> str:
    """A difference in points with its interval."""
    if found is None:
        return "-"
    if found["same_rows"]:
        return "0, every row the same"
    return f"{found['difference']:+.1f} ({found['low']:+.1f} to {found['high']:+.1f})"


def table(before: list[dict[str, Any]], now: list[dict[str, Any]]) -> str:
    """One row a law, change and case."""
    earlier = {(found["change"], found["case"]): found for found in before}
    lines = ["| law | change | case | before | now |", "|---|---|---|---|---|"]
    for found in sorted(now, key=lambda found: found["law"]):
        then = cell(earlier.get((found["change"], found["case"])))
        lines.append(f"| {found['law']} | {found['change']} | {found['case']} | {then} | {cell(found)} |")
    return "\n".join(lines)


def main() -> None:
    """Put the table between its marks."""
    before, now = (json.loads((HERE / name).read_text(encoding="utf-8")) for name in ("before.json", "results.json"))
    page = PAGE.read_text(encoding="utf-8")
    head, tail = page.split(BEGIN)[0], page.split(END)[1]
    PAGE.write_text(f"{head}{BEGIN}\n{table(before, now)}\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
