"""What a point of a sweep costs: time goes to the part that spent it, and what is paid once drops out."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from experiments.scale import points


class Clocks:
    """Both clocks, as far as they were put forward by hand; that on the wall goes twice as fast."""

    def __init__(self) -> None:
        self.now = np.zeros(2)

    def __call__(self) -> points.Seconds:
        return self.now.copy()

    def spend(self, seconds: float) -> None:
        self.now += np.array([seconds, 2 * seconds])


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    there = Clocks()
    monkeypatch.setattr(points, "_clocks", there)
    return there


def test_time_within_another_part_counts_for_the_inner_one(clocks: Clocks) -> None:
    watch = points.Stopwatch()
    inner = watch.around("inner", clocks.spend)

    def work() -> None:
        clocks.spend(1)
        inner(10)
        clocks.spend(2)

    watch.around("outer", work)()
    clocks.spend(5)
    found = {part: seconds.tolist() for part, seconds in watch.stop().items()}
    assert found == {"outer": [3, 6], "inner": [10, 20], points.REST: [5, 10]}


def test_a_part_that_raises_is_left_again(clocks: Clocks) -> None:
    def fail() -> None:
        clocks.spend(1)
        raise ValueError("no way")

    watch = points.Stopwatch()
    with pytest.raises(ValueError, match="no way"):
        watch.around("outer", fail)()
    clocks.spend(4)
    assert watch.stop()[points.REST].tolist() == [4, 8]


def test_what_two_sweeps_pay_alike_drops_out() -> None:
    few = {"Worlds": np.array([1.0, 2.0])}
    many = {"Worlds": np.array([1.5, 3.0]), "rows": np.array([0.1, 0.2])}
    found = points.per_point(few, many, between=100)
    assert found["Worlds"] == pytest.approx([5, 10])
    assert found["rows"] == pytest.approx([1, 2])
    assert found["tables of the engine"].tolist() == [0, 0]


def test_the_table_has_medians_spreads_and_sums() -> None:
    found = [dict.fromkeys((*points.PARTS, points.REST), np.array([k, 10.0 * k])) for k in (1.0, 3.0, 2.0)]
    lines = list(points.table(found))
    parts = len(points.PARTS) + 1
    assert lines[2] == "| scenario | 2.00 (1.00 to 3.00) | 20.00 (10.00 to 30.00) |"
    assert lines[-2].startswith(f"| all but Worlds, tables of the engine, replications | {2 * (parts - 3):.2f} ")
    assert lines[-1].startswith(f"| all | {2 * parts:.2f} ")


def test_every_part_of_a_small_sweep_is_met(tmp_path: Path) -> None:
    words = [*points._words(tmp_path, "tiny"), "replications=2"]
    # A function that is no longer called under its name is noticed, as its part is missing then.
    assert set(points._spent(tmp_path / "run", words, 2)) == {*points.PARTS, points.REST}


def test_the_table_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    points.main(["tiny", "--points", "3", "--replications", "2", "--repeats", "1"])
    told = re.findall(r"^\| ([\w, ]+) \| -?[\d.]+ ", capsys.readouterr().out, re.MULTILINE)
    assert told == [*points.PARTS, points.REST, "all but Worlds, tables of the engine, replications", "all"]


@pytest.mark.parametrize("words", [["--points", "2"], ["--replications", "0"], ["--repeats", "0"]])
def test_too_little_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        points.main(words)
    assert ended.value.code == 2
    assert f"{words[0]}: allowed:" in capsys.readouterr().err
