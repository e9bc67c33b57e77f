"""What was found, from a run of study=verify and from discretisation.json, into the README beside this file.

python experiments/verification/write.py outputs/verification
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

from sim.study.verify.page import links_table, verdict_in_words

HERE = Path(__file__).parent


def links(summary: dict) -> str:
    """The sentence and the table of a verification."""
    table = links_table(summary)
    rows = [table.head, tuple("---" for _ in table.head), *table.rows]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    said = f"Seed {summary['seed']}, digest of the counts {summary['digest']}. {verdict_in_words(summary)}"
    return said + "\n\n" + "\n".join(lines) + "\n"


def put(text: str, mark: str, found: str) -> str:
    """The page with what stands between two marks replaced."""
    return re.sub(
        rf"(<!-- {mark} -->\n).*?(<!-- /{mark} -->)", lambda match: match[1] + found + match[2], text, flags=re.DOTALL
    )


def main(run: Path) -> None:
    page = HERE / "README.md"
    text = put(page.read_text(encoding="utf-8"), "links", links(json.loads((run / "summary.json").read_text())))
    found = HERE / "discretisation.md"
    page.write_text(put(text, "discretisation", found.read_text(encoding="utf-8")), encoding="utf-8")
    shutil.copy(run / "figures" / "verification.png", HERE / "verification.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
