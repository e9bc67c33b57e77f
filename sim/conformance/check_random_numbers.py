"""Checks of common random numbers: everybody has their own, and a group has the same ones in every arm."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np

from sim.conformance.check_rows import RUN_TOTALS
from sim.conformance.report import USE_KEYED_NUMBERS, Problem
from sim.conformance.trial_runs import Case, EachMinute, Rows, Run, Trial, difference, own_values
from sim.model import BorderModel
from sim.scenario import Scenario
from sim.world import World

GENERATORS = (random.Random, np.random.Generator, np.random.RandomState)
BY_ARM = ("arm", "cost_usd")
GROUP_ATTRIBUTES = ("name", "kind", "size", "departure_min", "pace", "signature")
GROUP_COLUMNS = ("group", "kind", "size", "weather", "departed_min")
CHANGE_THE_SCENARIO = (
    "put what differs between arms into the scenario (arms.NAME.changes); to try a rule against none, run the same arm "
    "with two models"
)
SAME_GROUPS = (
    "let who a group is and when it sets out depend on self.model.run_key and its own entity alone, and not on posts, "
    "patrols or the arm"
)

IDLE = "idle"
NO_POWER_CUTS = {"power_cuts_per_day": 0.0}
BLIND = {"sensors": [], "range_km": 0.0, "responders": 0, "false_alarms_per_day": 0.0, **NO_POWER_CUTS}
"""A post that sees nothing and sends nobody."""


def check_streams(trial: Trial) -> Iterator[Problem]:
    """Draw more from each generator that is shared, then add an agent of each kind that does nothing."""
    yield from _more_draws(trial)
    yield from _idle_agents(trial)


def _more_draws(trial: Trial) -> Iterator[Problem]:
    named: dict[str, str] = {}
    for run, rows in trial.reference.items():
        if difference(rows, trial.rows(run, _drawing(None))):
            with trial.begun(run) as model:
                names = list(shared_generators(model))
            for name in names:
                found = difference(rows, trial.rows(run, _drawing(name)))
                if found:
                    named.setdefault(name, f"{found} ({trial.place(run)})")
    for name, found in named.items():
        yield Problem(
            f"agents draw in turn from {name}: when somebody draws one number more a minute, {found}",
            USE_KEYED_NUMBERS + "; self.random and self.rng begin alike in every replication, whatever the seed",
        )


def shared_generators(model: BorderModel) -> dict[str, Any]:
    """Generators that the model holds, or its classes and modules, or several of its agents; by where they are.

    A generator that one agent has for itself affects no other, and is not among them.
    """
    own = {f"{type(model).__name__}.{name}": value for name, value in vars(model).items()}
    found = {name: value for name, value in (*own.items(), *own_values(type(model))) if isinstance(value, GENERATORS)}
    attributes = [(agent, name, value) for agent in model.agents for name, value in vars(agent).items()]
    holders = Counter(id(value) for _, _, value in attributes if isinstance(value, GENERATORS))
    for agent, name, value in attributes:
        if holders[id(value)] > 1:
            found.setdefault(f"{type(agent).__name__}.{name}", value)
    return found


def _drawing(only: str | None) -> EachMinute:
    """Before each minute of one run, draw from all that is shared at its beginning, or from one of these."""
    found: dict[str, Any] = {}

    def draw(model: BorderModel) -> None:
        if not found:
            found.update(shared_generators(model))
        for name, generator in found.items():
            if only in (None, name):
                numpys = isinstance(generator, np.random.Generator)
                generator.bit_generator.random_raw() if numpys else generator.random()

    return draw


def _idle_agents(trial: Trial) -> Iterator[Problem]:
    """One more post, patrol and group, each alone, which see nothing, send nobody, and never set out."""
    for kind in ("post", "patrol", "group"):
        for number, case in enumerate(trial.cases):
            arm = len(case.worlds) - 1
            world = with_idle_agent(case, case.worlds[arm], kind)
            runs = [Run(number, arm, replication) for replication in range(trial.replications)]
            if found := _first_change(trial, runs, world, RUN_TOTALS):
                yield Problem(
                    f"one more {kind} that does nothing changes others: {found}",
                    f"{USE_KEYED_NUMBERS}; find agents by name, not by their place in a list; if your rule counts "
                    f"{kind}s on purpose, leave this check out: check_model(..., leave_out=['streams'])",
                )
                break


def _first_change(trial: Trial, runs: list[Run], world: World | None, ignored: tuple[str, ...]) -> str | None:
    """The first difference that another World, if there is any, makes to the rows, those of an idle group left out."""
    if world is None:
        return None

    def change(tried: Trial) -> str | None:
        def rows(run: Run) -> Rows:
            return [row for row in tried.rows(run, world=world) if row.get("group") != IDLE]

        return tried.first_difference(rows, runs, ignored)

    found = change(trial)
    # What it changes for the plain model too, it may change for anybody.
    return found if found and not change(trial.stock) else None


def _changes_for_idle(scenario: Scenario) -> dict[str, dict[str, Any]]:
    """What adds an agent that does nothing, first of its list, by kind; without the kinds that there can be none of."""
    here = scenario.reaction_force
    post = {"name": IDLE, "x_km": here.x_km, "y_km": here.y_km, **BLIND}
    changes = {"post": {"posts": [post, *_plain(scenario.posts)]}}
    patrols, groups = _plain(scenario.patrols), _plain(scenario.infiltrators.groups)
    if patrols:
        nothing = {"duty_share": 0.0, "range_km": 0.0, "responders": 0, "response_km": 0.0}
        changes["patrol"] = {"patrols": [{**patrols[0], "name": IDLE, **nothing}, *patrols]}
    if groups:
        late = scenario.horizon_min + 1
        leaving = {"depart_earliest_min": late, "depart_latest_min": late}
        changes["group"] = {"infiltrators.groups": [{**groups[0], "name": IDLE, **leaving}, *groups]}
    return changes


def _plain(sections: Any) -> list[dict[str, Any]]:
    return [section.model_dump(mode="json") for section in sections]


def with_idle_agent(case: Case, world: World, kind: str) -> World | None:
    """The World of an arm with one idle agent more; None where there can be none."""
    changes = _changes_for_idle(world.scenario).get(kind)
    return None if changes is None else case.changed(world, changes)


def with_blind_outpost(case: Case, world: World) -> World | None:
    """The World of an arm with the outpost, which can see nothing; None where it stands already."""
    if world.scenario.outpost.present:
        return None
    blind = case.changed(world, {f"outpost.{key}": value for key, value in {"present": True, **BLIND}.items()})
    return None if blind is None else replace(blind, arm="with_blind_outpost")


def check_pairing(trial: Trial) -> Iterator[Problem]:
    """Compare the groups of all arms; then give an arm another name, and an outpost that sees nothing."""
    for find in (_groups_that_differ, _another_name, _blind_outpost):
        yield from islice(find(trial), 1)


def _groups_that_differ(trial: Trial) -> Iterator[Problem]:
    for run in (run for run in trial.reference if run.arm > 0):
        base = run._replace(arm=0)
        one, other = trial.world(base).scenario, trial.world(run).scenario
        if one.infiltrators != other.infiltrators or one.light != other.light:
            continue
        found = difference(_groups_at_the_start(trial, base), _groups_at_the_start(trial, run)) or difference(
            _groups_in_rows(trial, base), _groups_in_rows(trial, run)
        )
        if found:
            where = f"{trial.place(run)}, against arm {trial.world(base).arm}"
            yield Problem(f"a group is not the same in both arms: {found} ({where})", SAME_GROUPS)


def _groups_at_the_start(trial: Trial, run: Run) -> list[dict[str, Any]]:
    """Of each group of a run who it is, with the random numbers that it has before it does anything."""
    with trial.begun(run) as model:
        who = [{name: getattr(group, name, None) for name in GROUP_ATTRIBUTES} for group in model.groups]
        kinds = [{"kind": group.settings.kind, "weather": model.weather} for group in model.groups]
    return [{"group": one["name"], **one, **kind} for one, kind in zip(who, kinds, strict=True)]


def _groups_in_rows(trial: Trial, run: Run) -> list[dict[str, Any]]:
    return [{name: row[name] for name in GROUP_COLUMNS} for row in trial.reference[run]]


def _another_name(trial: Trial) -> Iterator[Problem]:
    """The World of the first arm under the names of the others, and under one that nobody knows."""
    for run in (run for run in trial.reference if run.arm == 0):
        world = trial.world(run)
        for name in (*[other.arm for other in trial.cases[run.case].worlds[1:]], "an_arm_that_changes_nothing"):
            if found := _first_change(trial, [run], replace(world, arm=name), BY_ARM):
                what = f"an arm that changes nothing but its name, to {name}, gives other rows: {found}"
                yield Problem(what, CHANGE_THE_SCENARIO)


def _blind_outpost(trial: Trial) -> Iterator[Problem]:
    """The first arm with an outpost more, without sensors or men."""
    for number, case in enumerate(trial.cases):
        blind = with_blind_outpost(case, case.worlds[0])
        runs = [run for run in trial.reference if (run.case, run.arm) == (number, 0)]
        if found := _first_change(trial, runs, blind, BY_ARM):
            yield Problem(
                f"an outpost that can see nothing and sends nobody changes the rows: {found}",
                "let a post act by what it sees (hazards_from_posts, Post.look) and by the men it has (unit.men), "
                "not by being there; if your rule is that the mere sight of it deters, leave this check out: "
                "check_model(..., leave_out=['pairing'])",
            )
