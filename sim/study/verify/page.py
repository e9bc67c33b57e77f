"""What a verification found: in words, as lines for the terminal, as tables, and as one HTML page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.report.page import Checked, Figure, Table, study_page
from sim.report.words import number, plain, signed

Summary = Mapping[str, Any]

LIMITS = (
    "Agreement with theory shows that the model does what its rules say. It does not show that the rules are right for "
    "the case: the assumptions of the case are another matter.",
    "A link that agrees may still be wrong by less than its standard error shows; more replications make that smaller.",
    "Time goes in steps and rates are kept by the metre. What that costs is measured in experiments/verification.",
)


def verdict_in_words(summary: Summary) -> str:
    """One sentence: how many links, and whether any differs by more than chance allows.

    >>> one = {"z": 1.0, "passed": True, "replications": 100}
    >>> verdict_in_words({"cases": {"a": one}, "passed": True, "bound": 2.576})
    'The link agrees with its closed form (|z| 1.00; chance alone passes 2.58 once in a hundred times).'
    """
    cases, bound = summary["cases"], summary["bound"]
    failed = [plain(name) for name, one in cases.items() if not one["passed"]]
    if failed:
        return (
            f"{len(failed)} of {len(cases)} links differ from their closed forms by more than chance allows "
            f"(|z| above {bound:.2f}): {', '.join(failed)}. Do not rely on these results before that is explained."
        )
    largest = max((abs(one["z"]) for one in cases.values() if one["z"] is not None), default=0.0)
    by_chance = f"chance alone passes {bound:.2f} once in a hundred times)."
    if len(cases) == 1:
        return f"The link agrees with its closed form (|z| {largest:.2f}; {by_chance}"
    return (
        f"All {len(cases)} links agree with their closed forms (largest |z| {largest:.2f}; corrected for their number, "
        f"{by_chance}"
    )


def links_table(summary: Summary, agrees: str = "agrees") -> Table:
    """Every link: simulated, exact, and how far apart in standard errors; `agrees` is the verdict of those that do."""
    rows = [
        (
            plain(name),
            one["quantity"],
            with_unit(one, "simulated"),
            with_unit(one, "exact"),
            "differs" if one["z"] is None else signed(one["z"], 2),
            number(one["replications"], 0),
            agrees if one["passed"] else "DIFFERS",
        )
        for name, one in summary["cases"].items()
    ]
    return Table(("link", "what", "simulated", "exact", "z", "replications", "verdict"), tuple(rows))


def lines_of_links(summary: Summary) -> Iterator[str]:
    """The table for the terminal, one line a link."""
    table = links_table(summary, agrees="")
    rows = [(*table.head[:5], ""), *((*row[:5], row[6]) for row in table.rows)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def checked_of(summary: Summary) -> Checked:
    """The short form for the page of another study."""
    return Checked(verdict_in_words(summary), links_table(summary))


def with_unit(one: Summary, key: str) -> str:
    """A value of one link with its unit, to six significant digits.

    >>> with_unit({"exact": 0.5, "unit": "km"}, "exact")
    '0.5 km'
    """
    return f"{one[key]:.6g} {one['unit']}".rstrip()


def estimates_in_words(one: Summary) -> Iterator[str]:
    """What apprehensions alone would say of those who got through."""
    estimates, symbols = one.get("estimates"), one["laboratory"]
    if not estimates or estimates["apprehension_probability"] is None:
        return
    yield (
        f"{100 * estimates['reapprehended_fraction']:.1f} % of apprehensions were not the person's first. Who knows "
        f"that d = {symbols['d']:g} puts the apprehension probability at "
        f"{estimates['apprehension_probability']:.4f}; it is {symbols['p']:g}."
    )
    missed, true = estimates["got_away"], estimates["true_got_away"]
    if missed is not None and true is not None:
        yield f"Those who got through are put at {missed:,.0f}; the true p gives {true:,.0f}."


def render_page(summary: Summary, figures: Sequence[Figure], facts: Mapping[str, str]) -> str:
    """The whole page as text; whatever comes from the user's files is escaped."""
    return study_page(
        Path(__file__).with_name("page.html"),
        summary,
        figures,
        facts,
        run={},
        title="The model against theory",
        verdict=verdict_in_words(summary),
        table=links_table(summary),
        forms=forms_table(summary),
        repeated=[sentence for one in summary["cases"].values() for sentence in estimates_in_words(one)],
        limits=LIMITS,
    )


def forms_table(summary: Summary) -> Table:
    """The closed form of each link, its source, and the values of its symbols."""
    rows = []
    for name, one in summary["cases"].items():
        symbols = {key: value for key, value in one["laboratory"].items() if key != "case" and value is not None}
        shown = ", ".join(f"{key} = {_short(value)}" for key, value in symbols.items())
        rows.append((plain(name), one["formula"], one["source"], shown))
    return Table(("link", "closed form", "source", "symbols"), tuple(rows))


def _short(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
