"""The study `sweep`: the comparison at every point of a design, in one run with one store and one table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.cache.atomic import atomic_write_bytes, atomic_write_text
from sim.execution.errors import one_line
from sim.execution.executor import run_job
from sim.execution.manifest import ManifestHead
from sim.execution.progress import Progress
from sim.execution.settings import ExecutionSettings
from sim.execution.store import Store
from sim.scenario import Scenario
from sim.study.base import finite
from sim.study.engine_ready import compile_engine
from sim.study.pairs import METRICS
from sim.study.sweep.design import Design
from sim.study.sweep.job import SweepJob
from sim.study.sweep.points import Points
from sim.study.sweep.tally import Tally
from sim.study.sweep.tipping import tipping_points

LEDGER = ("both", "only_with", "only_without", "neither")
CHUNK_SECONDS = 5.0
"""Longer than for other studies: what a part costs to write and to read is then shared by many points."""

MOST_EXPLAINED = 20
"""For so many failed points the error is found out by running the first failed replication once more."""


@dataclass(frozen=True, eq=False, repr=False)
class SweepTable:
    """What came of a sweep.

    Attributes
    ----------
    scenario:
        Of the first point; what does not vary is the same in all.
    design:
        The points.
    table:
        One row a point and arm; see `sweep_table`.
    replications:
        Of every arm at each point.
    seed:
        Of the keyed streams, the same at every point.
    digest:
        SHA-256 of all outcome rows.
    failures:
        Of each point that lost replications: ``point``, ``replications`` (how many), ``first`` (its number), ``seed``,
        ``error`` (None where it was not looked for).
    """

    scenario: Scenario
    design: Design
    table: pd.DataFrame
    replications: int
    seed: int
    digest: str
    failures: tuple[dict[str, Any], ...] = ()

    def __repr__(self) -> str:
        keys = ", ".join(self.keys) or "nothing"
        return (
            f"<{type(self).__name__} of {self.scenario.name}: {len(self.design.points)} points over {keys}, "
            f"{self.replications} replications each>"
        )

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that vary."""
        return self.design.keys

    @property
    def baseline(self) -> str:
        """The arm that the others are held against (at the first point)."""
        return self.scenario.baseline

    @property
    def rivals(self) -> tuple[str, ...]:
        """All arms but the baseline."""
        return tuple(arm for arm in self.table["arm"].unique() if arm != self.baseline)

    def to_frame(self) -> pd.DataFrame:
        """The tidy table (a copy): one row a point and arm."""
        return self.table.copy()

    def tipping_points(self) -> list[dict[str, Any]]:
        """Where each arm's interval comes to include zero: see `sim.study.sweep.tipping.tipping_points`."""
        return tipping_points(self.table, self.keys)

    def summary(self) -> dict[str, Any]:
        """Everything that `summary.json` holds of a sweep; None stands for what is undefined.

        Keys: ``study``, ``experiment``, ``seed``, ``replications`` (of every arm at each point), ``digest``,
        ``baseline``, ``points`` (how many), ``keys`` (those that vary), ``design`` (lists, intervals, method and seed
        of the sample), ``failures``, ``tipping_points``, and ``rows``: the table, one mapping a point and arm.
        """
        return finite(
            {
                "study": "sweep",
                "experiment": self.scenario.name,
                "seed": self.seed,
                "replications": self.replications,
                "digest": self.digest,
                "baseline": self.baseline,
                "points": len(self.design.points),
                "keys": list(self.keys),
                "design": self.design.described(),
                "failures": list(self.failures),
                "tipping_points": self.tipping_points(),
                "rows": [
                    {name: None if value is pd.NA else value for name, value in row.items()}
                    for row in self.table.to_dict(orient="records")
                ],
            }
        )


def sweep_head(points: Points, scenario: Scenario, replications: int) -> ManifestHead:
    """What tells one sweep's folder from another's.

    The units of a sweep are numbered by point and replication, so their number belongs to the configuration.
    """
    configuration = scenario.model_dump(mode="json")
    configuration["sweep"] = {**points.design.described(), "replications_each": replications}
    return ManifestHead("sweep", scenario.name, points.seed, len(points) * replications, configuration)


def play_sweep(
    points: Points,
    arms: Sequence[tuple[str, ...]],
    store: Store,
    *,
    replications: int,
    execution: ExecutionSettings,
    progress: Progress | None = None,
    engine: str = "compiled",
) -> SweepTable:
    """Run what the store lacks of all points' replications, and count all rows part by part.

    Parameters
    ----------
    points:
        The points, already checked.
    arms:
        The arms of each point, its baseline first, as `check_points` tells them.
    store:
        Where the rows are kept, or are already.
    replications:
        Of each point.
    engine:
        See `sim.study.replications.ENGINES`.

    Raises
    ------
    ExecutionError, StoreError
        As `sim.execution.executor.run_job` does. A point whose Worlds or replications raise an exception stops nothing:
        it is told in `SweepTable.failures`.
    """
    compile_engine(engine, progress)
    job, tally = SweepJob(points, replications, engine), Tally(arms)
    job.check(replications * len(points))
    digest = run_job(
        job,
        store,
        len(points) * replications,
        **execution.model_dump(),
        progress=progress,
        each=tally.add,
        chunk_seconds=CHUNK_SECONDS,
    )
    lost = {divmod(unit, replications): failure.error for unit, failure in store.failures.items()}
    _count_lost(tally, lost)
    table = sweep_table(points.design, arms, tally, replications)
    failures = tuple(_explained(job, tally, lost))
    return SweepTable(points.scenario(0), points.design, table, replications, points.seed, digest, failures)


def sweep_table(design: Design, arms: Sequence[tuple[str, ...]], tally: Tally, replications: int) -> pd.DataFrame:
    """One row a point and arm.

    Columns: ``point``, the keys that vary, ``arm``, ``replications`` (those that were run), ``failed``, ``groups``;
    for each metric (interdiction, detection, interception) the share of groups, then ``METRIC_difference`` with
    ``_low`` and ``_high``: the paired difference to the point's baseline with its 95 % interval, missing for the
    baseline itself; at last the ledger of interdiction: ``both``, ``only_with``, ``only_without``, ``neither``.
    """
    columns = design.cells()
    told: list[dict[str, Any]] = []
    for point, names in enumerate(arms):
        varied = {key: column[point] for key, column in columns.items()}
        for arm in names:
            told.append({"point": point, **varied, "arm": arm, **_counts(tally, point, replications)})
            told[-1] |= _facts(tally, point, arm, names[0])
    return pd.DataFrame(told).astype(dict.fromkeys(LEDGER, "Int64"))


def _counts(tally: Tally, point: int, replications: int) -> dict[str, Any]:
    failed = int(tally.failed[point])
    return {"replications": replications - failed, "failed": failed}


def _facts(tally: Tally, point: int, arm: str, baseline: str) -> dict[str, Any]:
    row: dict[str, Any] = {"groups": tally.groups(point, arm)}
    row |= {metric: tally.share(point, arm, metric) for metric in METRICS}
    for metric in METRICS:
        ends = (float("nan"),) * 3 if arm == baseline else tally.pairs(point, arm, metric).difference()
        row |= {f"{metric}_{name}": end for name, end in zip(("difference", "low", "high"), ends, strict=True)}
    table = tally.pairs(point, arm, "interdiction").table
    for name in LEDGER:
        row[name] = None if arm == baseline else getattr(table, name)
    return row


def _count_lost(tally: Tally, lost: Iterable[tuple[int, int]]) -> None:
    """Count in the replications without any row, not even a failed one: memory ran out, or their worker died."""
    for point, replication in lost:
        tally.failed[point] += 1
        tally.first_failed[point] = min(replication, tally.first_failed.get(point, replication))


def _explained(job: SweepJob, tally: Tally, known: Mapping[tuple[int, int], str]) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    for point, first in sorted(tally.first_failed.items()):
        # One that killed its worker would take this process along.
        error = known.get((point, first))
        if error is None and len(told) < MOST_EXPLAINED:
            try:
                list(job.replay(point, first))
            except Exception as problem:
                error = one_line(problem)
        seed = job.points.seed_of(point)
        lost = int(tally.failed[point])
        told.append({"point": point, "replications": lost, "first": first, "seed": seed, "error": error})
    return told


def write_tables(folder: Path, result: SweepTable) -> None:
    """Write ``design.csv``, ``sweep.csv``, ``sweep.parquet`` and ``summary.json``, each whole or not at all."""
    atomic_write_text(folder / "design.csv", result.design.to_frame().to_csv(index=False))
    atomic_write_text(folder / "sweep.csv", result.table.to_csv(index=False))
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pandas(result.table, preserve_index=False), sink, write_page_checksum=True)
    atomic_write_bytes(folder / "sweep.parquet", sink.getvalue().to_pybytes())
    atomic_write_text(folder / "summary.json", json.dumps(result.summary(), indent=1, allow_nan=False) + "\n")
