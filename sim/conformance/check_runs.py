"""Whether the model can be built as studies build it, and plays every run to its end."""

from __future__ import annotations

from collections.abc import Iterator

from sim.conformance.errors import problem_of
from sim.conformance.playing import NeverEndsError
from sim.conformance.subject import Subject
from sim.conformance.verdict import Problem


def check_runs(subject: Subject) -> Iterator[Problem]:
    """Play all runs once; the first error is told."""
    try:
        runs = subject.reference
    except NeverEndsError as error:
        yield Problem(
            f"{error}, {'; '.join(error.__notes__)}",
            "let `step` call super().step(), which counts the minutes and sets `running` to False at the horizon",
        )
        return
    except TypeError as error:
        yield problem_of(error, subject.name)
        if "__init__" in str(error):
            yield Problem(
                "studies build it as Model(rng=..., replication=..., world=...)",
                "let its __init__ take *args and **kwargs, and hand them to super().__init__ unchanged",
            )
        return
    # Where groups arrive by chance, none may have come.
    if not any(runs.values()) and any(subject.stock.reference.values()):
        yield Problem("no run tells any row", "let `rows` return one row a group: return super().rows()")
