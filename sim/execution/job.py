"""What is asked of a job: rows for a range of replications, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pandas as pd


class Job(Protocol):
    """Something that can be pickled and run, a few replications at a time.

    A job over many points, each with as many replications, numbers all of them through and says how many a point has
    in an attribute ``per_point``; its rows then begin with a column ``point``.
    """

    def run(self, start: int, stop: int) -> pd.DataFrame:
        """Rows of replications `start` to `stop` - 1.

        The first column is ``replication`` (integers, ascending); all columns are integers, floats, booleans or
        strings, and the same in every call. The rows of a replication must depend on its number alone, in an
        order that is always the same: then no cutting in chunks can change the result.
        """
        ...
