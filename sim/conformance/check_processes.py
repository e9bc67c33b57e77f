"""Checks that a model can be sent to other processes, and gives the same rows there."""

from __future__ import annotations

import importlib
import os
import pickle
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from sim.conformance.report import KEEP_STATE_IN_ATTRIBUTES, USE_KEYED_NUMBERS, Problem, last_line
from sim.conformance.trial_runs import Rows, Run, Trial, own_classes
from sim.execution.local_processes import process_pool
from sim.world import Tables

HASH_SEED = "PYTHONHASHSEED"
TO_MODULE = "move it to the top level of a module of its own (a file such as my_model.py), and import it from there"
GUARD = (
    "let the module of the model be imported without doing anything; a script calls check_model below "
    "if __name__ == '__main__', because new processes read the script again"
)
HASHES = (
    "sort sets before going through them, and use sim.rules.randomness.entity(name) in place of hash(name), which is "
    "another number in every process, as id() is"
)


def check_pickling(trial: Trial) -> Iterator[Problem]:
    """Look for the class and those of its agents where other processes will look for them, and pickle the model."""
    for kind in dict.fromkeys((trial.model, *own_classes(trial.model))):
        what = _unreachable(kind)
        if what:
            yield Problem(what, TO_MODULE)
            return
    try:
        back = pickle.loads(pickle.dumps(trial.model))
    except Exception as error:
        yield Problem(f"{trial.model.__name__} cannot be pickled: {last_line(error)}", TO_MODULE)
        return
    if back is not trial.model:
        yield Problem(f"what is unpickled is not {trial.model.__name__} but {back!r}", TO_MODULE)


def _unreachable(kind: type) -> str | None:
    """Why another process cannot find a class; None when it can."""
    if "<locals>" in kind.__qualname__:
        return f"{kind.__name__} is defined in a function ({kind.__qualname__}), where no other process can find it"
    if kind.__module__ == "__main__" and not getattr(sys.modules["__main__"], "__file__", None):
        return f"{kind.__name__} is defined in a notebook or at the prompt, where no other process can find it"
    try:
        found: Any = importlib.import_module(kind.__module__)
        for part in kind.__qualname__.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError) as error:
        return f"{kind.__name__} is not found at {kind.__module__}.{kind.__qualname__}: {last_line(error)}"
    if found is not kind:
        return f"{kind.__module__}.{kind.__qualname__} is another class than {kind.__name__} that was given"
    return None


def check_processes(trial: Trial) -> Iterator[Problem]:
    """Run everything in two new processes, in reverse, with other orders of hashes."""
    for rows_of_all in rows_of_new_processes(trial):
        if isinstance(rows_of_all, str):
            yield Problem(rows_of_all, GUARD)
            return
        found = trial.first_difference(rows_of_all.__getitem__)
        if found:
            cure = f"{HASHES}; {KEEP_STATE_IN_ATTRIBUTES}; {USE_KEYED_NUMBERS}"
            yield Problem(f"another process gives other rows: {found}", cure)
            return


def rows_of_new_processes(trial: Trial, processes: int = 2) -> list[dict[Run, Rows] | str]:
    """Rows of all runs from each of some new processes, every one with another order of hashes; or why it has none."""
    # Tables are for building Worlds, and the longest part.
    bare = replace(trial, cases=tuple(replace(case, tables=Tables()) for case in trial.cases))
    payload = pickle.dumps(bare, protocol=pickle.HIGHEST_PROTOCOL)
    seeds = [seed for seed in map(str, range(1, processes + 2)) if seed != os.environ.get(HASH_SEED)][:processes]
    with ExitStack() as stack:
        pools = [stack.enter_context(process_pool(1, {HASH_SEED: seed})) for seed in seeds]
        return [_result(future) for future in [submit(run_packed, payload) for submit in pools]]


def run_packed(payload: bytes) -> dict[Run, Rows] | str:
    """In the new process: unpickle and run from the last run to the first; an error travels as text."""
    try:
        trial: Trial = pickle.loads(payload)
        return {run: trial.rows(run) for run in reversed(list(trial.runs()))}
    except (Exception, SystemExit) as error:
        return last_line(error)


def _result(future: Future[dict[Run, Rows] | str]) -> dict[Run, Rows] | str:
    try:
        return future.result()
    except BrokenProcessPool:
        return "the new process ended before it returned anything"
    except Exception as error:
        return last_line(error)
