"""Fighting in compiled code: what becomes of a group that men have met, and of the men."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engine.codes import (
    ADMITTED,
    CAPTURED,
    CUED,
    ENDED,
    FIGHTERS,
    INLAND,
    KILLED,
    MIGRANTS,
    NOBODY,
    OWN,
    REACHED,
    TURNED_BACK,
    UNPROMPTED,
)
from sim.engine.compiling import part
from sim.engine.sending import is_shadowing
from sim.rules.engagement import gives_up, group_loses_next, left_of
from sim.rules.randomness import DRAWS_PER_FIGHT, Purpose, uniform
from sim.rules.road import road_share


@part
def fight(chart: Any, run: Any, g: int, men: int) -> tuple[bool, int]:
    """Let men take on a group; whether the group is beaten, and how many of the men were lost."""
    group = run.groups[g]
    number = group.fights
    group.fights += 1
    will = chart.parties[group.party].will
    if men <= 0 or will <= 0.0 or uniform(run.now[0].key, group.entity, Purpose.WILL, number) >= will:
        return men > 0, 0
    left, persons, won = _duel(chart, run, g, men, number * DRAWS_PER_FIGHT)
    group.killed += group.persons - persons
    group.persons = persons
    return won, men - left


@part
def _duel(chart: Any, run: Any, g: int, men: int, counter: int) -> tuple[int, int, bool]:
    """Men and persons left when the group gives up or the men break off; whether the men won."""
    case, group = chart.case[0], run.groups[g]
    x, y = men, group.persons
    surrender_below, break_off_below = left_of(group.size, case.surrender_at), left_of(men, case.break_off_at)
    while True:
        if y <= surrender_below:
            return x, y, True
        if x <= break_off_below:
            return x, y, False
        draw = uniform(run.now[0].key, group.entity, Purpose.DUEL, counter)
        if draw < group_loses_next(x, y, case.effectiveness, case.square_law):
            y -= 1
        else:
            x -= 1
        counter += 1


@part
def engage(chart: Any, run: Any, g: int, u: int) -> None:
    """A unit takes on a group on the grid, with those who shadow it."""
    group, unit = run.groups[g], run.units[u]
    first_contact = group.intercepted_by == NOBODY
    beaten, lost = fight(chart, run, g, men_present(run, g, u))
    _share_losses(run, g, u, lost)
    group.own_killed += lost
    if beaten or first_contact or _gives_up(chart, run, g):
        own = unit.sentinel == u
        group.mechanism = OWN if own else CUED
        _note_interception(run, g, u + 1, NOBODY if own else unit.sentinel + 1)
        group.met_x_km, group.met_y_km, group.road_share = group.x_km, group.y_km, np.nan
        group.depth_step = group.step
    _settle(chart, run, g, beaten)


@part
def men_present(run: Any, g: int, u: int) -> int:
    """Men of a unit, and of all others who have the group in sight."""
    men = run.units[u].men
    for place in range(run.now[0].chases):
        other = run.chasers[place]
        if other != u and is_shadowing(run, other, g):
            men += run.units[other].men
    return men


@part
def _share_losses(run: Any, g: int, u: int, lost: int) -> None:
    """Take the men lost from the units present, the last to arrive first: it made the contact."""
    taken = min(run.units[u].men, lost)
    run.units[u].men -= taken
    lost -= taken
    for other in range(len(run.units) - 1, -1, -1):
        if other != u and is_shadowing(run, other, g):
            taken = min(run.units[other].men, lost)
            run.units[other].men -= taken
            lost -= taken


@part
def engage_inland(chart: Any, run: Any, g: int, stopped_by: int, cued_from: int) -> None:
    """The interior takes on a group on the road."""
    group = run.groups[g]
    first_contact = group.intercepted_by == NOBODY
    beaten, lost = fight(chart, run, g, chart.case[0].inland_responders)
    group.own_killed += lost
    if beaten or first_contact or _gives_up(chart, run, g):
        group.mechanism = UNPROMPTED if cued_from == NOBODY else CUED
        _note_interception(run, g, stopped_by, cued_from)
        group.met_x_km = group.met_y_km = np.nan
        group.road_share = road_share(run.now[0].minute, group.road_start_min, group.road_end_min)
        group.depth_step = chart.routes[group.route].steps
    _settle(chart, run, g, beaten)


@part
def _note_interception(run: Any, g: int, by: int, cued_from: int) -> None:
    group = run.groups[g]
    group.intercepted_by, group.cued_from, group.intercepted_min = by, cued_from, run.now[0].minute


@part
def _settle(chart: Any, run: Any, g: int, beaten: bool) -> None:
    if beaten:
        _take_prisoners(chart, run, g)
        end(run, g, _outcome_of(chart, run, g))
    elif _gives_up(chart, run, g):
        end(run, g, TURNED_BACK)


@part
def _gives_up(chart: Any, run: Any, g: int) -> bool:
    group = run.groups[g]
    return gives_up(group.persons, group.size, chart.case[0].abandon_at)


@part
def _take_prisoners(chart: Any, run: Any, g: int) -> None:
    """Capture those of a beaten group who do not slip away."""
    group, probability = run.groups[g], chart.case[0].capture_probability
    for person in range(group.persons):
        group.captured += uniform(run.now[0].key, group.entity, Purpose.CAPTURE, person) < probability


@part
def _outcome_of(chart: Any, run: Any, g: int) -> int:
    """What a beaten group is called by what became of most of its persons; migrants are not punished."""
    group = run.groups[g]
    party = chart.parties[group.party]
    if party.kind == MIGRANTS:
        return ADMITTED if uniform(run.now[0].key, group.entity, Purpose.ADMITTED) < party.admitted else TURNED_BACK
    if group.killed + group.captured == 0:
        return TURNED_BACK
    return KILLED if group.killed >= group.captured else CAPTURED


@part
def reach_target(chart: Any, run: Any, g: int) -> None:
    """The group is where it wanted to go; fighters attack those who stand there."""
    group = run.groups[g]
    if group.stage == INLAND and chart.parties[group.party].kind == FIGHTERS:
        beaten, lost = fight(chart, run, g, chart.case[0].defenders)
        group.own_killed += lost
        if beaten:
            _take_prisoners(chart, run, g)
    end(run, g, REACHED)


@part
def end(run: Any, g: int, outcome: int) -> None:
    """The story of a group is over."""
    group = run.groups[g]
    group.stage, group.outcome, group.ended_min = ENDED, outcome, run.now[0].minute
