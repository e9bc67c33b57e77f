"""The summary of a verification with one link that agrees and one that differs, for pages that tell its short form."""

from __future__ import annotations

from typing import Any


def checked_summary(name: str = "barrier_ends") -> dict[str, Any]:
    """One link that agrees, and another, called so, five standard errors off."""
    shared = {"unit": "km", "simulated": 2.0123, "exact": 2.0, "replications": 10_000}
    cases = {
        "definite_range": {**shared, "quantity": "sweep width", "z": 1.23, "passed": True},
        name: {**shared, "quantity": name, "z": -5.0, "passed": False},
    }
    return {"passed": False, "bound": 2.806, "seed": 1, "cases": cases}


def assert_tells_the_check(page: str) -> None:
    """The section with its sentence and both rows is there."""
    assert "The model against theory" in page
    for words in ("1 of 2 links differ", "barrier ends", "2.0123 km", "+1.23", "DIFFERS"):
        assert words in page
