"""The timing of starts: what its programs print is read, and its table holds it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from experiments.benchmark import starting


def test_lines_for_people_are_passed_over(tmp_path: Path) -> None:
    program = "print('6 arms: playing'); print('seconds', 1.5, 0.25); print(); print('seconds', 3, 4)"
    assert list(starting.seconds(program, str(tmp_path))) == [(1.5, 0.25), (3.0, 4.0)]


def test_the_process_knows_when_it_was_started(tmp_path: Path) -> None:
    before = time.time()
    program = "import os, time; print('seconds', float(os.environ['BEGUN']), time.time())"
    ((begun, running),) = starting.seconds(program, str(tmp_path))
    assert before <= begun <= running


def test_the_table_has_the_median_and_the_spread_of_every_row() -> None:
    found = [[(row + k, 10.0 * row) for k in (0, 2, 1)] for row in range(1, len(starting.ROWS) + 1)]
    lines = starting.told(found).splitlines()
    assert lines[-len(starting.ROWS)] == f"| {starting.ROWS[0]} | 2 (1 to 3) | 10 |"
    assert len([line for line in lines if line.startswith("| ")]) == len(starting.ROWS) + 2


def test_no_repeats_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        starting.main(["--repeats", "0"])
    assert ended.value.code == 2
    assert "--repeats: allowed: 1 or more" in capsys.readouterr().err
