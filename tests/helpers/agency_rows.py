"""Outcome rows of which it was counted by hand what an agency's records hold, by group and replication."""

from __future__ import annotations

from typing import Any

import pandas as pd

COLUMNS = ["replication", "group", "outcome", "detected", "intercepted", "captured", "escaped"]
# Replication 3 is missing (it failed), and in 5 there is no group a.
BY_HAND: list[tuple[Any, ...]] = [
    (0, "a", "captured", True, True, 3, 1),  # apprehended; tries again, is apprehended again
    (0, "b", "reached", True, False, 0, 4),  # known got-away
    (1, "a", "turned_back", False, True, 0, 4),  # apprehended, though never detected; tries again, and gets through
    (1, "b", "reached", False, False, 0, 4),  # unknown
    (2, "a", "reached", False, True, 0, 4),  # known got-away: met, and fought its way through
    (2, "b", "admitted", True, True, 2, 2),  # apprehended; nothing is known of a replication 3
    (4, "a", "killed", True, True, 0, 1),  # stopped, not apprehended
    (4, "b", "captured", True, True, 4, 0),  # apprehended; tries again, and gets through
    (5, "b", "reached", True, False, 0, 4),  # known got-away
    (6, "a", "at_large", True, False, 0, 4),  # known got-away: not stopped when the run ended
    (6, "b", "turned_back", True, True, 0, 0),  # stopped, but nobody is left to try again
]


def frame_of(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS)
