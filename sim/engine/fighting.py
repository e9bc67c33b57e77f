"""Fighting in compiled code: what becomes of a group that men have met, and of the men."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engine.compiling import inlined, kernel
from sim.engine.layout import CUED, ENDED, INLAND, NOBODY, OWN, UNPROMPTED
from sim.engine.sending import is_shadowing
from sim.rules import engagement as rules
from sim.rules.road import road_share


@kernel
def _encounter(tables: Any, run: Any, g: int, men: int, attacked: bool) -> tuple[int, int]:
    """Let men take on a group, or be attacked by it; how many of them were killed, and the outcome, if there is one."""
    group, key = run.groups[g], run.now[0].key
    party, number, persons = tables.parties[group.party], group.fights, group.persons
    will, law = 1.0 if attacked else party.will_to_fight, _law(tables)
    manner = rules.Manner(will, party.is_migrants, party.admitted_probability)
    ended = rules.encounter(key, group.entity, number, men, persons, group.size, group.killed, manner, law)
    _count_losses(run, g, ended)
    return ended.own_killed, ended.outcome


@kernel
def _law(tables: Any) -> rules.Law:
    case = tables.case[0]
    return rules.Law(
        case.effectiveness,
        case.square_law,
        case.surrender_at,
        case.break_off_at,
        case.abandon_at,
        case.capture_probability,
    )


@kernel
def _count_losses(run: Any, g: int, ended: rules.Encounter) -> None:
    """Note what a fight has cost either side."""
    group = run.groups[g]
    group.fights += 1
    group.killed += group.persons - ended.persons
    group.captured += ended.captured
    group.own_killed += ended.own_killed
    group.persons = ended.persons


@kernel
def engage(tables: Any, run: Any, g: int, u: int, attacked: bool) -> None:
    """A unit takes on a group on the grid, or is attacked by it, with those who shadow it."""
    group, unit = run.groups[g], run.units[u]
    lost, outcome = _encounter(tables, run, g, men_present(run, g, u), attacked)
    _share_losses(run, g, u, lost)
    if rules.is_interception(group.intercepted_by == NOBODY, outcome):
        own = unit.observer == u
        group.mechanism, group.cued_from = (OWN, NOBODY) if own else (CUED, unit.observer + 1)
        group.intercepted_by, group.intercepted_min = u + 1, run.now[0].minute
        group.met_x_km, group.met_y_km, group.road_share = group.x_km, group.y_km, np.nan
        group.depth_step = group.step
    _end(run, g, outcome)


@kernel
def men_present(run: Any, g: int, u: int) -> int:
    """Men of a unit who are there, and of all others who have the group in sight."""
    men = run.units[u].men_out
    for place in range(run.now[0].chases):
        other = run.chasers[place]
        if other != u and is_shadowing(run, other, g):
            men += run.units[other].men_out
    return men


@kernel
def _share_losses(run: Any, g: int, u: int, lost: int) -> None:
    """Take the men lost from the unit that made the contact first, then from the others, the last of them first."""
    lost -= _bear(run, u, lost)
    for other in range(len(run.units) - 1, -1, -1):
        if other != u and is_shadowing(run, other, g):
            lost -= _bear(run, other, lost)


@inlined
def _bear(run: Any, u: int, lost: int) -> int:
    """Bear losses with the men of a unit who are on its task; how many."""
    unit = run.units[u]
    taken = rules.loss_of(unit.men_out, lost)
    unit.men_out, unit.men = unit.men_out - taken, unit.men - taken
    return taken


@kernel
def engage_inland(tables: Any, run: Any, g: int, stopped_by: int, cued_from: int) -> None:
    """The interior takes on a group on the road."""
    group = run.groups[g]
    _, outcome = _encounter(tables, run, g, tables.case[0].responders, False)
    if rules.is_interception(group.intercepted_by == NOBODY, outcome):
        group.mechanism, group.cued_from = UNPROMPTED if cued_from == NOBODY else CUED, cued_from
        group.intercepted_by, group.intercepted_min = stopped_by, run.now[0].minute
        group.met_x_km = group.met_y_km = np.nan
        group.road_share = road_share(run.now[0].minute, group.road_start_min, group.road_end_min)
        group.depth_step = tables.routes[group.route].steps
    _end(run, g, outcome)


@kernel
def reach_target(tables: Any, run: Any, g: int, warned: bool) -> None:
    """The group is where it wanted to go; fighters attack those who stand there, and may be beaten."""
    group, outcome = run.groups[g], rules.REACHED
    if rules.attacks_target(group.stage == INLAND, tables.parties[group.party].is_fighters):
        outcome = _attack(tables, run, g, warned)
    _end(run, g, outcome)


@kernel
def _attack(tables: Any, run: Any, g: int, warned: bool) -> int:
    """Let a group attack those who stand at its target; more of them are ready if they were warned."""
    case, group, key = tables.case[0], run.groups[g], run.now[0].key
    group.warned = warned
    men = rules.men_at_target(warned, case.defenders, case.warned_defenders)
    law = rules.law_of_defence(_law(tables), warned, case.warned_advantage)
    ended = rules.attack(key, group.entity, group.fights, men, group.persons, group.size, law)
    _count_losses(run, g, ended)
    return ended.outcome


@kernel
def _end(run: Any, g: int, outcome: int) -> None:
    """The story of a group is over, if it has an outcome."""
    group = run.groups[g]
    if outcome != rules.GOES_ON:
        group.stage, group.outcome, group.ended_min = ENDED, outcome, run.now[0].minute
