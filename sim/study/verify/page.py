"""The page of a verification: one HTML file with its picture in it, and the same as lines for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.cache.atomic import atomic_write_bytes, atomic_write_text
from sim.report.style import png_bytes
from sim.report.tables import Table
from sim.report.templating import fill_in
from sim.report.words import plain, signed
from sim.study.compare.figures.all import Shot
from sim.study.compare.write import FIGURES_NAME, PAGE_NAME
from sim.study.verify.figures import draw_verification, told
from sim.study.verify.short_section import checked_in_words, checked_table

Summary = dict[str, Any]

CAPTION = (
    "Each link of the chain is a small scenario of its own, run by the same model as every other. The mark is the "
    "distance of the simulated value from the exact one, in standard errors. Within the grey band chance explains it."
)
LIMITS = (
    "Agreement with theory shows that the model does what its rules say. It does not show that the rules are right for "
    "the case: the assumptions of the case are another matter.",
    "A link that agrees may still be wrong by less than its standard error shows; more replications make that smaller.",
    "Time goes in steps and rates are kept by the metre. What that costs is measured in experiments/verification.",
)


def write_verify_report(summary: Summary, folder: Path, *, facts: Mapping[str, str]) -> Path:
    """Write ``figures/verification.png`` and, last, ``report.html``; each file is there whole or not at all.

    Raises
    ------
    OSError
        When the folder cannot be written.
    """
    shot = Shot("verification", png_bytes(draw_verification(summary)), CAPTION)
    (folder / FIGURES_NAME).mkdir(parents=True, exist_ok=True)
    atomic_write_bytes(folder / FIGURES_NAME / f"{shot.name}.png", shot.png)
    page = folder / PAGE_NAME
    atomic_write_text(page, render_verify_page(summary, shot, facts))
    return page


def render_verify_page(summary: Summary, shot: Shot, facts: Mapping[str, str]) -> str:
    """The whole page as text; whatever comes from the user's files is escaped."""
    return fill_in(
        Path(__file__).with_name("page.html"),
        title="The model against theory",
        verdict=verdict_in_words(summary),
        answer=[],
        shot=shot,
        table=checked_table(summary),
        forms=forms_table(summary),
        repeated=[sentence for one in summary["cases"].values() for sentence in _repeated(one)],
        checked=None,
        doubts=(),
        limits=LIMITS,
        made=_made(summary, facts),
    )


def verdict_in_words(summary: Summary) -> str:
    """The verdict in a sentence."""
    return checked_in_words(summary)


def verify_in_words(summary: Summary) -> Iterator[str]:
    """The table for the terminal, one line a link."""
    head = ("link", "what", "simulated", "exact", "z", "")
    rows = [head]
    for name, one in summary["cases"].items():
        z = "-" if one["z"] is None else signed(one["z"], 2)
        word = "" if one["passed"] else "DIFFERS"
        rows.append((plain(name), one["quantity"], told(one, "simulated"), told(one, "exact"), z, word))
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def forms_table(summary: Summary) -> Table:
    """The closed form of each link, its source, and the values of its symbols."""
    rows = []
    for name, one in summary["cases"].items():
        symbols = {key: value for key, value in one["laboratory"].items() if key != "case" and value is not None}
        shown = ", ".join(f"{key} = {_plain(value)}" for key, value in symbols.items())
        rows.append((plain(name), one["formula"], one["source"], shown))
    return Table(("link", "closed form", "source", "symbols"), tuple(rows))


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _repeated(one: Summary) -> Iterator[str]:
    """What apprehensions alone would say of those who got through."""
    estimates = one.get("estimates")
    if not estimates or estimates["apprehension_probability"] is None:
        return
    told_share, missed, truth = estimates["apprehension_probability"], estimates["got_away"], one["laboratory"]
    yield (
        f"{100 * estimates['reapprehended_fraction']:.1f} % of apprehensions were not the person's first. Who knows "
        f"that d = {truth['d']:g} puts the apprehension probability at {told_share:.4f}; it is {truth['p']:g}."
    )
    if missed is not None and estimates["true_got_away"] is not None:
        yield f"Those who got through are put at {missed:,.0f}; the true p gives {estimates['true_got_away']:,.0f}."


def _made(summary: Summary, facts: Mapping[str, str]) -> Table:
    rows = {"seed": str(summary["seed"]), "digest of the counts (SHA-256)": str(summary["digest"]), **facts}
    return Table(("", ""), tuple(rows.items()))
