"""The short form of a verification, which stands in every report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.report.tables import Table
from sim.report.words import number, plain, signed
from sim.study.verify.figures import told

Summary = Mapping[str, Any]


@dataclass(frozen=True)
class Checked:
    """What a page says of how the model was held against theory."""

    sentence: str
    table: Table


def checked_in_words(summary: Summary) -> str:
    """One sentence: how many links, and whether any differs by more than chance allows.

    >>> one = {"z": 1.0, "passed": True, "replications": 100}
    >>> checked_in_words({"cases": {"a": one}, "passed": True, "bound": 2.576})[:44]
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


def checked_table(summary: Summary) -> Table:
    """Every link: simulated, exact, and how far apart in standard errors."""
    rows = [
        (
            plain(name),
            one["quantity"],
            told(one, "simulated"),
            told(one, "exact"),
            "differs" if one["z"] is None else signed(one["z"], 2),
            number(one["replications"], 0),
            "agrees" if one["passed"] else "DIFFERS",
        )
        for name, one in summary["cases"].items()
    ]
    return Table(("link", "what", "simulated", "exact", "z", "replications", "verdict"), tuple(rows))


def checked_of(summary: Summary | None) -> Checked | None:
    """The short form for a page; None where none was made."""
    return None if summary is None else Checked(checked_in_words(summary), checked_table(summary))
