"""With numba set to check bounds, a table says so when it is asked for what it has not; and the engine never asks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROBE = """
import numba, numpy as np
from sim.engine.tables import hold, lay_out
held = hold(lay_out({"rows": (np.dtype([("a", "i8")]), 1), "grid": ("i8", 2)}), {
    "rows": np.zeros(3, dtype=[("a", "i8")]), "grid": np.zeros((2, 4), dtype=np.int64)})
@numba.njit(_nrt=False)
def ask(records, i, j, k):
    return records[0].rows[i].a + records[0].grid[j, k]
assert ask(held.record, 2, 1, 3) == 0
for asked in [(3, 0, 0), (-1, 0, 0), (0, 2, 0), (0, 0, 4), (0, -1, 0)]:
    try:
        ask(held.record, *asked)
    except IndexError:
        print("refused", *asked)
"""


def checking(environment: dict[str, str]) -> dict[str, str]:
    """That environment, in which numba is set to check."""
    return {**environment, "NUMBA_BOUNDSCHECK": "1"}


def test_what_is_out_of_bounds_is_refused(child_environment: dict[str, str]) -> None:
    command = [sys.executable, "-c", PROBE]
    told = subprocess.run(command, env=checking(child_environment), capture_output=True, text=True, check=True).stdout
    assert told.splitlines() == [
        "refused 3 0 0",
        "refused -1 0 0",
        "refused 0 2 0",
        "refused 0 0 4",
        "refused 0 -1 0",
    ]


@pytest.mark.long
def test_the_engine_asks_for_nothing_out_of_bounds(child_environment: dict[str, str]) -> None:
    """The engine is compiled for this anew; then it runs all that the agreement is tried on."""
    where = Path(__file__).with_name("test_agreement.py")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", os.fspath(where)]
    found = subprocess.run(command, env=checking(child_environment), capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout[-3000:]
