"""What a verification found, in words and lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sim.report.page import Checked, Table
from sim.report.words import number, plain, signed

Summary = Mapping[str, Any]


def verdict_in_words(summary: Summary) -> str:
    """One sentence: how many links, and whether any differs by more than chance allows.

    >>> one = {"z": 1.0, "passed": True, "replications": 100}
    >>> verdict_in_words({"cases": {"a": one}, "passed": True, "bound": 2.576})[:44]
    'All 1 links agree with their closed forms (l'
    """
    cases, bound = summary["cases"], summary["bound"]
    failed = [plain(name) for name, one in cases.items() if not one["passed"]]
    if failed:
        return (
            f"{len(failed)} of {len(cases)} links differ from their closed forms by more than chance allows "
            f"(|z| above {bound:.2f}): {', '.join(failed)}. Do not rely on these results before that is explained."
        )
    largest = max((abs(one["z"]) for one in cases.values() if one["z"] is not None), default=0.0)
    return (
        f"All {len(cases)} links agree with their closed forms (largest |z| {largest:.2f}; corrected for their number, "
        f"chance alone passes {bound:.2f} once in a hundred times)."
    )


def links_table(summary: Summary) -> Table:
    """Every link: simulated, exact, and how far apart in standard errors."""
    rows = [
        (
            plain(name),
            one["quantity"],
            with_unit(one, "simulated"),
            with_unit(one, "exact"),
            "differs" if one["z"] is None else signed(one["z"], 2),
            number(one["replications"], 0),
            "agrees" if one["passed"] else "DIFFERS",
        )
        for name, one in summary["cases"].items()
    ]
    return Table(("link", "what", "simulated", "exact", "z", "replications", "verdict"), tuple(rows))


def lines_of_links(summary: Summary) -> Iterator[str]:
    """The table for the terminal, one line a link."""
    table = links_table(summary)
    rows = [(*table.head[:5], ""), *((*row[:5], row[6].replace("agrees", "")) for row in table.rows)]
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
