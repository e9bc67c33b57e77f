"""`sim.sweep`: the comparison over values of some keys, from Python, with a result that can show itself."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup
from matplotlib.figure import Figure
from pydantic import ValidationError

from sim.execution.open_store import open_store
from sim.execution.progress import make_progress
from sim.execution.settings import ExecutionSettings
from sim.report.style import png_bytes
from sim.scenario import Scenario, ScenarioError
from sim.scenario.expand import Axis, Interval, Listed, interval_axis
from sim.scenario.scenario import problem_of
from sim.study.compare.figures.all import Shot
from sim.study.replications import check_engine, check_replications
from sim.study.sweep.figures.all import main_picture
from sim.study.sweep.page import write_sweep_report
from sim.study.sweep.points import check_points, points_of
from sim.study.sweep.run import SweepTable, play_sweep, sweep_head, write_tables
from sim.study.sweep.sampling import SweepSettings
from sim.study.sweep.sentences import sweep_in_words
from sim.study.verify.short import short_check


class SweepResult(SweepTable):
    """The result of `sim.sweep`: a tidy table, what it says, and how it looks.

    See `SweepTable` for the attributes, `summary`, `to_frame` and `tipping_points`.
    """

    def plot(self) -> Figure:
        """Curves for one key, a map for two, panels or parallel coordinates for more.

        Raises
        ------
        ScenarioError
            When there is nothing to draw: no key took two values, or several did and only the baseline was run.
        """
        picture = main_picture(self)
        if picture is None:
            raise ScenarioError("sweep", "has nothing to draw; allowed: two values of a key at least, and a second arm")
        return picture

    def report(self, folder: str | Path, facts: Mapping[str, str] | None = None) -> Path:
        """Write tables, figures and the HTML page into a folder; returns the page's path."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        write_tables(folder, self)
        return write_sweep_report(self, folder, facts=facts or {}, checked=short_check())

    def _repr_html_(self) -> str:
        parts = [Markup("<p>{}</p>").format(sentence) for sentence in sweep_in_words(self)]
        if (picture := main_picture(self)) is not None:
            shot = Shot("sweep", png_bytes(picture, dpi=100), "the effect over the keys that vary")
            parts.append(Markup('<img alt="{}" style="max-width:100%" src="{}">').format(shot.caption, shot.data_uri))
        shown = self.table.head(20).to_html(index=False, float_format="{:.3f}".format)
        return str(Markup("<div>{}</div>").format(Markup("\n").join([*parts, Markup(shown)])))


def interval(low: float, high: float) -> tuple[str, float, float]:
    """A range to be sampled by `sweep`, as ``interval(low,high)`` is on the command line.

    >>> interval(2, 8)
    ('interval', 2, 8)
    """
    return ("interval", low, high)


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
    replications:
        Of every arm at each point.
    seed:
        Of the keyed streams, the same at every point; of the sample, too.
    samples, method:
        Of the intervals: how many points, and ``"sobol"`` or ``"lhs"``.
    zip:
        Keys whose lists are walked together instead of crossed.
    workers:
        Processes to use; all usable cores by default, and none beside this one for short runs.
    quiet:
        Show no progress.
    engine:
        ``"compiled"``, or ``"mesa"`` for the readable model; both give the same rows.

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
    >>> told = sim.sweep(sim.load_scenario(), {"outpost.range_km": [2, 9]}, replications=2, workers=1, quiet=True)
    >>> told.to_frame().query("arm == 'with_outpost'")["outpost.range_km"].tolist()
    [2, 9]
    """
    check_engine(engine)
    check_replications(replications)
    settings = _settings(samples=samples, method=method, zip=zip)
    points = points_of(scenario, [_axis(key, values) for key, values in over.items()], settings, seed)
    arms = check_points(points)
    execution = ExecutionSettings(kind="serial" if workers == 1 else "local", workers=workers)
    head = sweep_head(points, points.scenario(0), replications)
    with tempfile.TemporaryDirectory(prefix="border-sim-") as folder, open_store(Path(folder) / "run", head) as store:
        told = play_sweep(
            points,
            arms,
            store,
            replications=replications,
            execution=execution,
            progress=make_progress(f"{len(points)} points", silent=quiet),
            engine=engine,
        )
    return SweepResult(**vars(told))


def _axis(key: str, values: Any) -> Axis:
    if isinstance(values, Interval):
        return interval_axis(key, values.low, values.high)
    if isinstance(values, tuple) and len(values) == 3 and values[0] == "interval":
        return interval_axis(key, *values[1:])
    if isinstance(values, (str, Mapping)) or not isinstance(values, Iterable):
        raise ScenarioError(key, f"is {values!r}; allowed: a list of values, or sim.interval(low, high)")
    return Listed(key, tuple(value.item() if hasattr(value, "item") else value for value in values))


def _settings(**given: Any) -> SweepSettings:
    try:
        return SweepSettings.model_validate(given)
    except ValidationError as error:
        problem = problem_of(error)
        raise ScenarioError(f"sweep.{problem.key}", str(problem).partition(": ")[2]) from None
