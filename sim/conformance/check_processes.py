"""Whether other processes tell the same rows."""

from __future__ import annotations

from collections.abc import Iterator

from sim.conformance.advice import KEYED, STATE
from sim.conformance.differences import difference
from sim.conformance.elsewhere import ElsewhereError, rows_elsewhere
from sim.conformance.subject import Subject
from sim.conformance.verdict import Problem

GUARD = (
    "let the module of the model be imported without doing anything; a script calls check_model below "
    "if __name__ == '__main__', because new processes read the script again"
)
HASHES = (
    "sort sets before going through them, and use sim.rules.randomness.entity(name) in place of hash(name), which is "
    "another number in every process, as id() is"
)


def check_processes(subject: Subject) -> Iterator[Problem]:
    """Play all runs in two new processes, in reverse, with other orders of hashes."""
    try:
        others = rows_elsewhere(subject)
    except ElsewhereError as error:
        yield Problem(str(error), GUARD)
        return
    for rows_of_all in others:
        for run, rows in subject.reference.items():
            told = difference(rows, rows_of_all[run])
            if told:
                yield Problem(
                    f"another process tells other rows: {told} ({subject.place(run)})", f"{HASHES}; {STATE}; {KEYED}"
                )
                return
