"""The report of a sweep: one HTML page that loads nothing from outside, and its figures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.cache.atomic import atomic_write_bytes, atomic_write_text
from sim.report.tables import Table
from sim.report.templating import fill_in
from sim.report.words import interval, money, number, percent, plain, points
from sim.study.assumption_tables import assumption_tables
from sim.study.compare.write import FIGURES_NAME, PAGE_NAME
from sim.study.sweep.figures.all import take_sweep_pictures
from sim.study.sweep.run import SweepTable
from sim.study.sweep.sentences import LIMITS, sweep_in_words, sweep_main_arm, tipping_in_words
from sim.study.verify.short import checked_of

MOST_ROWS = 400
"""A longer table stays in the file sweep.csv."""


def write_sweep_report(
    result: SweepTable, folder: Path, *, facts: Mapping[str, str], checked: dict[str, Any] | None = None
) -> Path:
    """Write ``figures/*.png`` and, last, ``report.html``; each file is there whole or not at all.

    Parameters
    ----------
    facts:
        Rows for the page's "How this was made".
    checked:
        Summary of a verification, of which the short form is told.

    Returns
    -------
    Path of the page.
    """
    figures = folder / FIGURES_NAME
    figures.mkdir(parents=True, exist_ok=True)
    shots = []
    for shot in take_sweep_pictures(result):
        atomic_write_bytes(figures / f"{shot.name}.png", shot.png)
        shots.append(shot)
    page = folder / PAGE_NAME
    atomic_write_text(page, render_sweep(result, shots, facts, checked))
    return page


def render_sweep(
    result: SweepTable, shots: list[Any], facts: Mapping[str, str], checked: dict[str, Any] | None = None
) -> str:
    """The whole page as text; whatever comes from the user's files is escaped."""
    arm = sweep_main_arm(result)
    tipping = [one for one in result.tipping_points() if one["arm"] == arm] if arm else []
    return fill_in(
        Path(__file__).with_name("page.html"),
        title=result.scenario.title or plain(result.scenario.name),
        keys=result.keys,
        answer=sweep_in_words(result),
        pictures=shots,
        varied=_varied(result),
        table=_table(result),
        rows=len(result.table),
        most_rows=MOST_ROWS,
        tipping=[tipping_in_words(one) for one in tipping],
        failures=result.failures,
        arms=_arms(result),
        held=_held(result),
        doubts=result.scenario.doubts,
        limits=LIMITS,
        checked=checked_of(checked),
        made=_made(result, facts),
    )


def _held(result: SweepTable) -> list[Table]:
    """The tables of all values, without the keys that vary; a key may stand for all that is below it."""

    def varies(key: str) -> bool:
        return any(key == one or key.startswith(f"{one}.") for one in result.keys)

    tables = assumption_tables(result.scenario)
    kept = [Table(t.head, tuple(row for row in t.rows if not varies(row[0])), t.title) for t in tables]
    return [table for table in kept if table.rows]


def _varied(result: SweepTable) -> Table:
    described = result.design.described()
    zipped = {key: ", together with " + ", ".join(k for k in keys if k != key)
              for keys in described.get("zip", []) for key in keys}  # fmt: skip
    rows = []
    for key in result.keys:
        if key in described["listed"]:
            values = [str(value) for value in described["listed"][key]]
            shown = ", ".join(values[:12]) + (f" ... ({len(values)} values)" if len(values) > 12 else "")
            rows.append((key, shown + zipped.get(key, "")))
        else:
            low, high = described["sampled"][key]
            method = {"sobol": "a scrambled Sobol sequence", "lhs": "a Latin hypercube"}[described["method"]]
            rows.append(
                (key, f"{low:g} to {high:g}: {described['samples']} points of {method}, seed {described['seed']}")
            )
    return Table(("key", "values"), tuple(rows))


def _table(result: SweepTable) -> Table:
    head = (*result.keys, "arm", "stopped", "difference", "95 % interval", "detected", "replications")
    rows = []
    for row in result.table.head(MOST_ROWS).to_dict("records"):
        rival = row["interdiction_difference"] == row["interdiction_difference"]
        ends = [row["interdiction_low"], row["interdiction_high"]]
        rows.append((
            *(f"{row[key]:.5g}" if isinstance(row[key], float) else str(row[key]) for key in result.keys),
            plain(row["arm"]),
            percent(_known(row["interdiction"])),
            points(row["interdiction_difference"]) if rival else "",
            interval(ends, 100, sign=True) if rival else "",
            percent(_known(row["detection"])),
            number(row["replications"], 0),
        ))  # fmt: skip
    return Table(head, tuple(rows))


def _known(value: float) -> float | None:
    return value if value == value else None


def _arms(result: SweepTable) -> Table:
    arms = result.scenario.arms
    told = [name for name in result.table["arm"].unique() if name in arms]
    rows = tuple((plain(name), arms[name].description, money(arms[name].cost_usd)) for name in told)
    return Table(("arm", "what it is", "cost"), rows)


def _made(result: SweepTable, facts: Mapping[str, str]) -> Table:
    rows = {
        "study": "sweep",
        "experiment": result.scenario.name,
        "points": number(len(result.design.points), 0),
        "seed": str(result.seed),
        "digest of the outcome rows (SHA-256)": result.digest,
        **{str(key): str(value) for key, value in facts.items()},
    }
    return Table(("", ""), tuple(rows.items()))
