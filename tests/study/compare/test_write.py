from __future__ import annotations

from pathlib import Path

import pytest

from sim.study.compare.result import Comparison
from sim.study.result import write_report


def test_figures_and_page_are_written_and_nothing_else(comparison: Comparison, tmp_path: Path) -> None:
    page = write_report(tmp_path / "new" / "folder", comparison, {"a": "b"})
    found = {str(path.relative_to(page.parent)) for path in page.parent.rglob("*") if path.is_file()}
    figures = {"map", "effect", "ledger", "mechanism", "sectors", "cost", "crossings", "timeline", "honesty"}
    assert found == {"report.html"} | {f"figures/{name}.png" for name in figures}
    text = page.read_text(encoding="utf-8")
    assert text.count("data:image/png;base64,") == len(figures)
    assert text.lstrip().startswith("<!DOCTYPE html>")


def test_a_folder_that_cannot_be_written_is_an_os_error(comparison: Comparison, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, no folder")
    with pytest.raises(OSError, match="taken"):
        write_report(tmp_path / "taken", comparison, {})
