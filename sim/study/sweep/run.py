"""Running a sweep: the comparison at every point of a design, in one run with one store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.execution.errors import one_line
from sim.execution.manifest import ManifestHead
from sim.execution.store import Store
from sim.scenario import Scenario, ScenarioError
from sim.scenario.overrides import Axis, Interval, Listed, interval_axis
from sim.study.base import Earlier, Request
from sim.study.replications import check_replications
from sim.study.running import Run, RunContext, background_compilation, python_context, run_in_memory
from sim.study.settings import run_settings
from sim.study.sweep.job import SweepJob
from sim.study.sweep.points import TABLES_MB, Points, check_points, points_of, read_points, write_points
from sim.study.sweep.result import SweepResult
from sim.study.sweep.study import SweepRequest
from sim.study.sweep.summary import Tally
from sim.world import Tables
from sim.world.tables import take_cached

CHUNK_SECONDS = 5.0
"""Longer than for other studies: what a part costs to write and to read is then shared by many points."""

MOST_EXPLAINED = 20
"""For so many failed points the error is found out by running the first failed replication once more."""


def interval(low: float, high: float) -> Interval:
    """A range to be sampled by `sweep`, as ``interval(low,high)`` is on the command line.

    >>> interval(2, 8)
    Interval(key='', low=2, high=8, sign='')
    """
    return Interval("", low, high)


def sweep(
    scenario: Scenario,
    over: Mapping[str, Any],
    replications: int,
    seed: int = 1,
    *,
    samples: int = 256,
    method: str = "sobol",
    zip: Sequence[str] | Sequence[Sequence[str]] = (),  # noqa: A002  (the name it has on the command line)
    workers: int | None = None,
    quiet: bool = False,
    engine: str = "compiled",
) -> SweepResult:
    """The same replications in every arm at every point of a design.

    Parameters
    ----------
    scenario:
        The case.
    over:
        Dotted keys, each with a list of values or an `interval`. Lists are crossed; all intervals make one sample.
    replications, seed, workers, quiet, engine:
        See `sim.study.running`; the seed is the same at every point, and the sample's too.
    samples, method, zip:
        See `sim.study.sweep.settings.SweepSettings`.

    Returns
    -------
    SweepResult
        With `.to_frame()`, `.plot()`, `.summary()`, `.tipping_points()`, and a rich display in a notebook.

    Raises
    ------
    ScenarioError
        For a key, a value or a point that cannot be simulated; nothing has been run then.

    Examples
    --------
    >>> import sim
    >>> result = sim.sweep(sim.load_scenario(), {"outpost.range_km": [2, 9]}, replications=2, workers=1, quiet=True)
    >>> result.to_frame().query("arm == 'with_outpost'")["outpost.range_km"].tolist()
    [2, 9]
    """
    context = python_context(workers=workers, quiet=quiet, engine=engine)
    check_replications(replications)
    settings = run_settings({"sweep": {"samples": samples, "method": method, "zip": zip}}).of("sweep")
    axes = [_axis(key, values) for key, values in over.items()]
    points = points_of({(): scenario.model_dump(mode="json")}, axes, settings, seed)
    return run_in_memory(checked_run(points, replications, context), context)


def _axis(key: str, values: Any) -> Axis:
    if isinstance(values, Interval):
        return interval_axis(key, values.low, values.high)
    if isinstance(values, (str, Mapping)) or not isinstance(values, Iterable):
        raise ScenarioError(key, f"is {values!r}; allowed: a list of values, or sim.interval(low, high)")
    return Listed(key, tuple(value.item() if hasattr(value, "item") else value for value in values))


def prepare(request: Request, context: RunContext) -> SweepRun:
    """Check every point, while another process compiles the engine if need be."""
    assert isinstance(request, SweepRequest)
    points, settings = request.read
    if settings.study.name not in ("compare", "sweep"):
        raise ScenarioError("study", f"is '{settings.study.name}'; allowed with -m: compare, sweep")
    if not isinstance(settings.replications, int):
        raise ScenarioError("replications", "is auto; allowed with -m: a whole number, the same at every point")
    return checked_run(points, settings.replications, context)


def replayed(folder: Path, manifest: Mapping[str, Any], number: int) -> Earlier:
    """One replication at its point; they are numbered through all points."""
    each = int(manifest["configuration"]["sweep"]["replications_each"])
    points, (point, replication) = read_points(folder), divmod(number, each)
    in_words = f"point {point} ({points.design.in_words(point, ', ')}), replication {replication}"
    return Earlier(points.scenario(point), points.seed_of(point), replication, in_words)


def checked_run(points: Points, replications: int, context: RunContext) -> SweepRun:
    """A run of points of which `check_points` has refused none."""
    progress, tables = context.progress("checking", "points"), Tables(limit_mb=TABLES_MB)
    with background_compilation(context):
        if context.own_process:
            take_cached(tables, points.scenario(0).terrain)
        return SweepRun(points, check_points(points, progress, tables), replications)


@dataclass(frozen=True)
class SweepRun(Run[SweepResult]):
    """A sweep of checked points: the arms of each, as `check_points` gives them, and replications of each arm."""

    points: Points
    arms: Sequence[tuple[str, ...]]
    replications: int

    @property
    def head(self) -> ManifestHead:
        """What the manifest says of it.

        Replications are numbered by point and replication, so their number at a point belongs to the configuration.
        """
        scenario, points = self.points.scenario(0), self.points
        configuration = scenario.model_dump(mode="json")
        configuration["sweep"] = {**points.design.described(), "replications_each": self.replications}
        return ManifestHead("sweep", scenario.name, points.seed, len(points) * self.replications, configuration)

    @property
    def opening(self) -> Sequence[str]:
        """How much there is to run."""
        return (f"{self._count}, {self.replications} replications of every arm each",)

    @property
    def _count(self) -> str:
        return f"{len(self.points):,} point{'' if len(self.points) == 1 else 's'}"

    def execute(self, store: Store, context: RunContext) -> SweepResult:
        """All points' replications, counted part by part.

        A point whose Worlds or replications raise an exception stops nothing: it is in `SweepResult.failures`.
        """
        write_points(store.folder, self.points)
        progress = context.begin(self._count)
        job, tally = SweepJob(self.points, self.replications, context.engine), Tally(self.arms)
        job.check()
        units = len(self.points) * self.replications
        digest = context.run_job(job, store, units, progress, each=tally.add, chunk_seconds=CHUNK_SECONDS)
        # Those without any row, not even a failed one: memory ran out, or their worker died.
        lost = {divmod(unit, self.replications): failure.error for unit, failure in store.failures.items()}
        for point, replication in lost:
            tally.add_failure(point, replication)
        points, table = self.points, tally.table(self.points.design, self.replications)
        failures = tuple(_explained(job, tally, lost))
        return SweepResult(points.scenario(0), points.design, table, self.replications, points.seed, digest, failures)


def _explained(job: SweepJob, tally: Tally, known: Mapping[tuple[int, int], str]) -> Iterator[dict[str, Any]]:
    """What `SweepResult.failures` holds of each point that lost replications."""
    for number, (point, first) in enumerate(sorted(tally.first_failed.items())):
        # One that killed its worker would take this process along.
        error = known.get((point, first))
        if error is None and number < MOST_EXPLAINED:
            try:
                job.replay(point, first)
            except Exception as problem:
                error = one_line(problem)
        lost, seed = int(tally.failed[point]), job.points.seed_of(point)
        yield {"point": point, "replications": lost, "first": first, "seed": seed, "error": error}
