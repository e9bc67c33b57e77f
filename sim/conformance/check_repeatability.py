"""Checks that the same seed and replication give the same rows in this process, whatever was run before."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import chain, islice
from typing import Any, NamedTuple

import numpy as np

from sim.conformance.report import KEEP_STATE_IN_ATTRIBUTES, USE_KEYED_NUMBERS, Problem
from sim.conformance.trial_runs import Run, Trial, difference, own_classes
from sim.model import BorderModel

ANOTHER_STATE = 20191106
"""A seed that no process has by chance."""


class GlobalGenerator(NamedTuple):
    """The random number generator that a module shares among all who call its functions, and access to its state."""

    name: str
    module: Any
    get: Callable[[], Any]
    set: Callable[[Any], None]
    seed: Callable[[int], None]

    def fingerprint(self) -> str:
        """The state as text: equal if and only if nothing was drawn in between."""
        return repr(self.get()) if self.module is random else repr([np.asarray(part).tolist() for part in self.get()])

    def functions(self) -> list[tuple[str, Callable[..., Any]]]:
        """The module's functions that draw from the generator, by name: they are bound to the same object as `get`."""
        source = self.get.__self__  # type: ignore[attr-defined]
        bound = [(name, value) for name, value in vars(self.module).items() if not name.startswith("_")]
        return [(name, value) for name, value in bound if getattr(value, "__self__", None) is source]


GLOBAL_GENERATORS = (
    GlobalGenerator("random", random, random.getstate, random.setstate, random.seed),
    GlobalGenerator("numpy.random", np.random, np.random.get_state, np.random.set_state, np.random.seed),
)


def check_global_random(trial: Trial) -> Iterator[Problem]:
    """Run everything from another state of the global generators: same state afterwards, and the same rows."""
    drawn: dict[GlobalGenerator, Run] = {}
    changed = None
    with ExitStack() as restored:
        for generator in GLOBAL_GENERATORS:
            restored.callback(generator.set, generator.get())
        for run in trial.reference:
            for generator in GLOBAL_GENERATORS:
                generator.seed(ANOTHER_STATE)
            before = [generator.fingerprint() for generator in GLOBAL_GENERATORS]
            found = trial.first_difference(trial.rows, [run])
            changed = changed or found
            for generator, state in zip(GLOBAL_GENERATORS, before, strict=True):
                if generator.fingerprint() != state:
                    drawn.setdefault(generator, run)
        for generator, run in drawn.items():
            effect = f"; when it is seeded otherwise, {changed}" if changed else ""
            yield Problem(f"{_who_draws(trial, generator, run)}{effect}", USE_KEYED_NUMBERS)
    if changed and not drawn:
        yield Problem(f"the rows change from one run to the next: {changed}", USE_KEYED_NUMBERS)


def _who_draws(trial: Trial, generator: GlobalGenerator, run: Run) -> str:
    """Who first draws from a module's global generator, as far as its functions are called by name.

    Functions that were imported by themselves before (``from random import random``) are not replaced.
    """
    callers: list[str] = []
    with ExitStack() as restored:
        for name, function in generator.functions():
            restored.callback(setattr, generator.module, name, function)
            setattr(generator.module, name, _recording(function, f"{generator.name}.{name}()", callers))
        trial.rows(run)
    if callers:
        return callers[0]
    own = ", ".join(kind.__name__ for kind in own_classes(trial.model)) or trial.model.__name__
    return f"something that {own} call draws from the common state of {generator.name} (or seeds it)"


def _recording(function: Callable[..., Any], name: str, callers: list[str]) -> Callable[..., Any]:
    def recording_function(*args: Any, **kwargs: Any) -> Any:
        method = sys._getframe(1).f_code.co_qualname.rpartition("<locals>.")[2]
        callers.append(f"{method} draws from {name}")
        return function(*args, **kwargs)

    return recording_function


def check_seeds(trial: Trial) -> Iterator[Problem]:
    """Run everything twice more in another order, then two models at a time; another seed must differ."""
    yield from islice(chain(_run_again(trial), _run_two_at_a_time(trial)), 1)
    yield from _seed_without_effect(trial)


def _run_again(trial: Trial) -> Iterator[Problem]:
    """From the last run to the first, with a run of another seed before each; and at once a second time."""
    for run, rows in reversed(trial.reference.items()):
        trial.another_seed.rows(run)
        after = trial.rows(run)
        if found := difference(rows, after):
            what = "the same seed and replication give other rows each time"
            if difference(after, trial.rows(run)) is None:
                what = "the rows depend on what was run before"
            cure = f"{KEEP_STATE_IN_ATTRIBUTES}; and where it is chance, {USE_KEYED_NUMBERS}"
            yield Problem(f"{what}: {found} ({trial.place(run)})", cure)


def _run_two_at_a_time(trial: Trial) -> Iterator[Problem]:
    """Two runs of a case, a minute of each in turn."""
    if trial.model.run is not BorderModel.run:
        return
    for number, case in enumerate(trial.cases):
        run = Run(number, len(case.worlds) - 1, 0)
        with trial.begun(run) as one, trial.another_seed.begun(run) as two:
            for _ in range(trial.world(run).scenario.horizon_min + 2):
                for model in (one, two):
                    if model.running:
                        model.step()
            found = difference(trial.reference[run], list(one.rows()))
        if found:
            yield Problem(
                f"a second model that runs at the same time changes the first: {found} ({trial.place(run)})",
                KEEP_STATE_IN_ATTRIBUTES,
            )


def _seed_without_effect(trial: Trial) -> Iterator[Problem]:
    """Another seed gives other rows, where it does so for the plain model."""
    if not _seeds_differ(trial) and _seeds_differ(trial.stock):
        yield Problem(
            "every seed gives the same rows: there is no chance left in the model",
            "leave self.run_key as BorderModel.__init__ sets it: it is the seed and the replication in one number",
        )


def _seeds_differ(trial: Trial) -> bool:
    runs = [Run(case, 0, 0) for case in range(len(trial.cases))]
    others = [replace(trial, seed=trial.seed + more) for more in range(1, 5)]
    return any(difference(trial.rows(run), other.rows(run)) for run in runs for other in others)
