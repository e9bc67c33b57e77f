"""`docs/ENGINE.md` lists what stands both in the agents and in the engine: by name, and no more and no less."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
MOST_LINES = 403


def functions_of(folder: Path) -> Iterator[tuple[str, str, str, int]]:
    """Each function below a folder: its file, its name without underscores, its docstring's first line, its lines."""
    for path in sorted(folder.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                yield path.name, node.name.strip("_"), (ast.get_docstring(node) or "").split("\n")[0], lines


def twins(root: Path = ROOT) -> dict[tuple[str, str], int]:
    """Functions of the model whose name or docstring is one of the engine's, with their lines."""
    engine = list(functions_of(root / "sim" / "engine"))
    names, docs = {one[1] for one in engine} - {"init", "repr", "step"}, {one[2] for one in engine if one[2]}
    found: dict[tuple[str, str], int] = {}
    for file, name, doc, lines in functions_of(root / "sim" / "model"):
        if name in names or doc in docs:
            found[file, name] = found.get((file, name), 0) + lines
    return found


def test_the_page_lists_what_is_written_twice() -> None:
    page = (ROOT / "docs" / "ENGINE.md").read_text(encoding="utf-8")
    section = page.split("## What is written twice")[1].split("\n## ")[0]
    listed = re.findall(r"^\| `(\w+\.py)` `(\w+)` \| (\d+) \| (\w+)", section, re.MULTILINE)
    assert {(file, name): int(lines) for file, name, lines, _ in listed} == twins()
    assert {reason for *_, reason in listed} <= {"order", "state", "tables", "search", "nothing"}


def test_it_is_no_more_than_it_was() -> None:
    assert sum(twins().values()) <= MOST_LINES
