"""The schema of results: one row for each replication, arm and group.

Minutes count from the run's start; -1 stands for "never". Kilometres are NaN where nothing happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

SCHEMA_VERSION = 3

COLUMNS: dict[str, str] = {
    "replication": "int64",
    "arm": "str",
    "group": "str",
    "kind": "str",
    "size": "int64",
    "crossing": "str",
    "crossing_x_km": "float64",
    "crossing_y_km": "float64",
    "sector": "str",
    "way": "str",
    "weather": "str",
    "departed_min": "int64",
    "crossed_min": "int64",
    "hidden_min": "int64",
    "detected": "bool",
    "detected_by": "str",
    "detected_how": "str",
    "detected_min": "int64",
    "cued_from": "str",
    "cued_min": "int64",
    "dispatched_min": "int64",
    "intercepted": "bool",
    "intercepted_by": "str",
    "intercepted_min": "int64",
    "mechanism": "str",
    "x_km": "float64",
    "y_km": "float64",
    "depth_km": "float64",
    "warned": "bool",
    "outcome": "str",
    "ended_min": "int64",
    "killed": "int64",
    "captured": "int64",
    "escaped": "int64",
    "own_killed": "int64",
    "false_alarms": "int64",
    "dispatches": "int64",
    "patrol_hours": "float64",
    "cost_usd": "float64",
}
"""Every column with its type, in order. What each means stands in docs/OUTCOMES.md."""

INTERDICTED = ("killed", "captured", "turned_back", "admitted")
"""Outcomes of a group that was stopped before its target, wherever and by whomever."""

NEUTRALISED = (*INTERDICTED, "repelled")
"""Outcomes of a group that did not get what it came for: stopped, or beaten in its attack on the target."""

OUTCOMES = (*NEUTRALISED, "reached", "at_large")
"""Every group ends in exactly one of these; `at_large` means that the run ended first."""


def to_frame(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Outcome rows as a frame with the columns and types of the schema."""
    # Slow to import (a third of a second, with Arrow), and needed only when the replications have been run.
    import numpy as np
    import pandas as pd

    cells = list(map(itemgetter(*COLUMNS), rows))
    columns = zip(*cells, strict=True) if cells else ([] for _ in COLUMNS)
    data = {}
    for (name, kind), values in zip(COLUMNS.items(), columns, strict=True):
        data[name] = pd.Series(values, dtype="str") if kind == "str" else np.array(values, dtype=kind)
    return pd.DataFrame(data)


def coded(codes: NDArray[np.integer], names: Sequence[str]) -> pd.Series:
    """A column of strings from whole numbers: row i holds ``names[codes[i]]``; no string is made for a row.

    Its codes are an array of a byte or two a row, which digest, statistics and the parquet writer take as they are.

    A name may stand there twice; a `ValueError` says that a code has no name.

    >>> import numpy as np
    >>> coded(np.array([1, 0, 1]), ["east", "west"]).tolist()
    ['west', 'east', 'west']
    """
    import numpy as np
    import pandas as pd

    different = list(dict.fromkeys(names))
    if len(codes) and not (codes.min() >= 0 and codes.max() < len(names)):
        raise ValueError(f"codes reach from {codes.min()} to {codes.max()}, but there are {len(names)} names")
    if len(different) < len(names):
        place = {name: number for number, name in enumerate(different)}
        codes = np.array([place[name] for name in names])[codes]
    dtype = pd.CategoricalDtype(pd.Index(different, dtype="str"))
    return pd.Series(pd.Categorical.from_codes(codes, dtype=dtype, validate=False))


def in_words(frame: pd.DataFrame) -> pd.DataFrame:
    """The same rows with plain strings in place of `coded` columns, as `to_frame` makes them."""
    import pandas as pd

    kinds = {name: "str" for name, kind in frame.dtypes.items() if isinstance(kind, pd.CategoricalDtype)}
    return frame.astype(kinds)


def interdicted(frame: pd.DataFrame) -> pd.Series:
    """Whether each row's group was stopped before its target."""
    return frame["outcome"].isin(INTERDICTED)


def neutralised(frame: pd.DataFrame) -> pd.Series:
    """Whether each row's group was stopped before its target, or beaten in its attack on it."""
    return frame["outcome"].isin(NEUTRALISED)
