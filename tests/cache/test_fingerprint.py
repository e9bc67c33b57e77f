"""Names of what is kept: another one for every change of what it depends on, and the same wherever that lies."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.cache.fingerprint import fingerprint


def sources(folder: Path) -> Path:
    (folder / "deep").mkdir(parents=True)
    (folder / "a.py").write_text("one")
    (folder / "deep" / "b.py").write_text("two")
    return folder


def name(folder: Path, *facts: object) -> str:
    return fingerprint(folder, ["*.py", "**/*.py"], *facts)


def test_it_is_the_same_elsewhere_and_looks_at_no_other_files(tmp_path: Path) -> None:
    here, there = sources(tmp_path / "here"), sources(tmp_path / "there")
    (there / "a.pyc").write_text("other")
    assert name(here, "1.0", 3) == name(there, "1.0", 3)


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "a.py").write_text("one "),
        lambda folder: (folder / "deep" / "b.py").write_text("three"),
        lambda folder: (folder / "a.py").rename(folder / "c.py"),
        lambda folder: (folder / "deep" / "new.py").write_text(""),
        lambda folder: (folder / "a.py").unlink(),
        lambda folder: [(folder / "a.py").write_text("on"), (folder / "deep" / "b.py").write_text("etwo")],
    ],
)
def test_every_change_is_another_name(tmp_path: Path, change: Callable[[Path], object]) -> None:
    folder = sources(tmp_path / "here")
    before = name(folder)
    change(folder)
    assert name(folder) != before


def test_every_fact_counts(tmp_path: Path) -> None:
    folder = sources(tmp_path / "here")
    assert len({name(folder), name(folder, "1"), name(folder, 1), name(folder, "1", "2"), name(folder, "12")}) == 5


def test_nothing_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no sources"):
        name(tmp_path)
