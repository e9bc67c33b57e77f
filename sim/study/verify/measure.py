"""What is measured in each replication of a laboratory."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.outcomes import INTERDICTED
from sim.rules.randomness import Purpose, entity, replication_key, uniform
from sim.scenario.laboratory import Laboratory
from sim.scenario.laboratory.duel import Duel
from sim.scenario.laboratory.reliability_path import ReliabilityPath
from sim.scenario.laboratory.repeat_trials import RepeatTrials
from sim.study.replications import Replications

APART = 10**10
"""A person's k-th attempt is the replication with the person's number and k times so many."""

Counts = NDArray[np.int64]


def measured(laboratory: Laboratory, job: Replications, start: int, stop: int) -> Counts:
    """One number for each of the replications start .. stop - 1, shape (stop - start,)."""
    if isinstance(laboratory, RepeatTrials):
        return _apprehensions(laboratory, job, start, stop)
    rows = job.run(start, stop)
    counted = np.zeros(stop - start, dtype=np.int64)
    hits = rows.loc[_happened(laboratory, rows), "replication"].to_numpy()
    counted[hits - start] = 1
    return counted


def _happened(laboratory: Laboratory, rows: pd.DataFrame) -> pd.Series:
    """Whether that happened whose probability is known, by row."""
    if isinstance(laboratory, Duel):
        return rows["outcome"] == "killed"
    if isinstance(laboratory, ReliabilityPath):
        return ~rows["detected"]
    return rows["detected"]


def _apprehensions(laboratory: RepeatTrials, job: Replications, start: int, stop: int) -> Counts:
    """How often each person is apprehended: who is, and is not deterred, tries again, with new luck."""
    counted = np.zeros(stop - start, dtype=np.int64)
    trying, attempt = np.arange(start, stop), 0
    while len(trying):
        rows = job.run_these(trying + attempt * APART)
        caught = trying[rows["outcome"].isin(INTERDICTED).to_numpy()]
        counted[caught - start] += 1
        trying = np.array(
            [one for one in caught.tolist() if not _gives_up(laboratory, job.seed, one, attempt)], dtype=int
        )
        attempt += 1
    return counted


def _gives_up(laboratory: RepeatTrials, seed: int, person: int, attempt: int) -> bool:
    draw = uniform(replication_key(seed, person), entity("deterred"), Purpose.DETERRED, attempt)
    return draw < laboratory.d
