"""The checks in their order, and `check_model`, which makes them."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, NamedTuple

from sim.conformance.check_memory import check_memory
from sim.conformance.check_processes import check_pickling, check_processes
from sim.conformance.check_random_numbers import check_pairing, check_streams
from sim.conformance.check_repeatability import check_global_random, check_seeds
from sim.conformance.check_rows import check_conservation, check_runs, check_schema
from sim.conformance.report import Conformance, Finding, Problem
from sim.conformance.trial_runs import Case, Trial, default_cases
from sim.model import BorderModel
from sim.scenario import Scenario, ScenarioError
from sim.study.replications import check_replications

ROWS = ("runs", "schema")
REPEATED = (*ROWS, "global_random", "seeds")
"""What a check needs that runs things twice: where a run gives other rows each time, any difference is chance."""


class Check(NamedTuple):
    """A check: what a model that passes keeps, how to find problems, and which checks must have passed before."""

    promise: str
    find: Callable[[Trial], Iterator[Problem]]
    needs: tuple[str, ...] = ROWS


CHECKS: dict[str, Check] = {
    "runs": Check("can be built as studies build it, and runs to the end", check_runs, ()),
    "schema": Check("returns rows with the columns and types of sim.outcomes.COLUMNS", check_schema, ("runs",)),
    "conservation": Check("loses and makes nobody: persons, men, outcomes and minutes add up", check_conservation),
    "global_random": Check("leaves the random numbers of `random` and `numpy.random` alone", check_global_random),
    "seeds": Check(
        "gives the same rows for a seed and a replication, whatever was run before", check_seeds, REPEATED[:-1]
    ),
    "streams": Check("gives everybody random numbers of their own, whoever else draws", check_streams, REPEATED),
    "pairing": Check("brings the same groups with the same random numbers in every arm", check_pairing, REPEATED),
    "pickling": Check("can be found by worker processes", check_pickling, ("runs",)),
    "processes": Check("gives the same rows in other processes", check_processes, (*REPEATED, "pickling")),
    "memory": Check("leaves nothing in memory after a replication", check_memory),
}
"""All checks by name, in the order in which they are made."""


def check_model(
    model: type[BorderModel],
    scenario: Scenario | None = None,
    arms: Sequence[str] | None = None,
    replications: int = 3,
    seed: int = 1,
    *,
    leave_out: Collection[str] = (),
) -> Conformance:
    """Check whether a model of one's own keeps what every study relies on, by running it on small cases.

    An error that the model raises is a failure of the check in which it was raised, and no error of `check_model`.

    Parameters
    ----------
    model:
        An agent of one's own is tried by naming it in a subclass of `BorderModel` (``patrol_class = Ambush``).
    scenario:
        A case to try it on; by default an invented valley (``conformance``) and the default case on coarse ground. An
        adversary that learns is taken as it is before it has learnt.
    arms:
        Arms of that case, the one that others are compared with first; by default all, the baseline first.
    replications:
        Of each arm, at least 1; more find rarer faults.
    leave_out:
        Names of checks (`sim.conformance.CHECKS`) that are not made, such as ``["pickling", "processes"]`` for a class
        that is written in a notebook.

    Raises
    ------
    TypeError
        If `model` is no subclass of `BorderModel`, or `scenario` no scenario.
    ScenarioError
        For arms, a number of replications or names of checks that there are not.
    RuntimeError
        When a new process reads a script that does not guard its call by ``if __name__ == "__main__"``.

    Examples
    --------
    >>> import sim
    >>> valley = sim.load_scenario("conformance")
    >>> check_model(sim.BorderModel, valley, leave_out=["processes", "memory"])
    <Conformance of BorderModel: 8 of 8 checks passed>
    """
    _check_arguments(model, scenario, arms, leave_out)
    check_replications(replications)
    cases = default_cases() if scenario is None else (Case.of(scenario.name, scenario, arms),)
    return report_on(Trial(model, cases, replications, seed), leave_out)


def report_on(trial: Trial, leave_out: Collection[str] = ()) -> Conformance:
    """Make all checks but those that are left out."""
    findings: dict[str, Finding] = {}
    for name, check in CHECKS.items():
        if name not in leave_out:
            findings[name] = _finding(trial, name, check, findings)
    return Conformance(trial.model.__name__, tuple(findings.values()))


def _finding(trial: Trial, name: str, check: Check, before: dict[str, Finding]) -> Finding:
    wanting = [need for need in check.needs if need in before and before[need].status != "passed"]
    if wanting:
        return Finding(name, check.promise, not_tried=f"it can be tried when {' and '.join(wanting)} passed")
    problems: list[Problem] = []
    try:
        problems.extend(check.find(trial))
    except (Exception, SystemExit) as error:
        problems.append(Problem.of(error, trial.model.__name__))
    return Finding(name, check.promise, tuple(problems))


def _check_arguments(model: Any, scenario: Any, arms: Sequence[str] | None, leave_out: Collection[str]) -> None:
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        raise RuntimeError("a new process reads this script again: call check_model below if __name__ == '__main__'")
    if not (isinstance(model, type) and issubclass(model, BorderModel)):
        raise TypeError(f"check_model takes a subclass of sim.BorderModel, not {_named(model)}")
    if scenario is not None and not isinstance(scenario, Scenario):
        raise TypeError(f"scenario is {scenario!r}; allowed: a Scenario, as sim.load_scenario gives it, or None")
    if scenario is None and arms is not None:
        raise ScenarioError("arms", f"is {list(arms)}; allowed: with a scenario of your own only")
    if isinstance(arms, str) or (arms is not None and not arms):
        raise ScenarioError("arms", f"is {arms!r}; allowed: a list of at least one name")
    if isinstance(leave_out, str) or (unknown := [name for name in leave_out if name not in CHECKS]):
        given = repr(leave_out) if isinstance(leave_out, str) else ", ".join(map(repr, unknown))
        raise ScenarioError("leave_out", f"has {given}; allowed: a list of {', '.join(CHECKS)}")


def _named(model: Any) -> str:
    """What was given in place of a model, and what to do with it."""
    if isinstance(model, BorderModel):
        return f"an instance: pass the class, check_model({type(model).__name__})"
    for attribute in ("post_class", "patrol_class", "reaction_force_class", "group_class", "command_class"):
        if isinstance(model, type) and issubclass(model, getattr(BorderModel, attribute)):
            return f"an agent: name {model.__name__} in one, as its {attribute}"
    return repr(model)
