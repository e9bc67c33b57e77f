"""Pursuit, minute by minute: men who were sent travel, wait, search, shadow, look for the lost, or follow tracks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.model.chase import Chase, Phase
from sim.rules import command as rules
from sim.rules.movement import is_within
from sim.rules.pursuit import is_called_off, is_led, makes_contact, search_step, step_onward, wait_is_over
from sim.rules.randomness import Purpose, threshold, uniform
from sim.rules.sensing import LYING_UP, hazard_units

if TYPE_CHECKING:
    from sim.model.group import Group
    from sim.model.model import BorderModel
    from sim.model.responder import Responder


def believed_route(model: BorderModel, observer: int, group: Group, step: int) -> int:
    """Position of the route on which a group is believed to be, by an observer who saw it at a step of its route."""
    own = group.route_number
    same, forks = zip(*model.world.forks(group.index, own).items(), strict=True)
    chance = model.scenario_in_force.command.route_guess_probability
    return same[rules.believed_route(model.run_key, observer, group.entity, chance, forks, same.index(own), step)]


def step_pursuit(unit: Responder, chase: Chase) -> None:
    """One minute of a chase."""
    group = chase.report.group
    if is_called_off(group.ended, group.is_inland, unit.model.minute, chase.deadline_min):
        unit.go_home()
    else:
        STEPS[chase.phase](unit, chase)


def _arrive(unit: Responder, chase: Chase) -> None:
    """Be under way, and look for the group on arrival."""
    if unit.model.minute >= chase.arrive_min:
        chase.phase, chase.step = Phase.WAIT, float(chase.meeting_step)
        _look_for(unit, chase)


def _is_led(unit: Responder, chase: Chase) -> bool:
    return is_led(chase.report.group.shadowed, unit.model.scenario_in_force.command.common_picture)


def _shadow(unit: Responder, chase: Chase) -> None:
    """Stay with the group until contact is lost; then look for it, or go home."""
    command, group = unit.model.scenario_in_force.command, chase.report.group
    chase.contact_hazard -= hazard_units(command.shadow_loss_per_hour)
    if chase.contact_hazard > 0:
        return
    if command.lost_search_min == 0:
        unit.go_home()
        return
    chase.losses += 1
    chase.phase, chase.until_min = Phase.LOST, unit.model.minute + command.lost_search_min
    chase.contact_hazard = threshold(unit.model.run_key, unit.with_group(group), Purpose.LOST_SEARCH, chase.losses)
    chase.route, chase.step = believed_route(unit.model, unit.entity, group, group.step_index), group.step_index
    group.see_who_shadows()


def _look_for_the_lost(unit: Responder, chase: Chase) -> None:
    """From its last known place along the route that it seems to have taken, at the pace expected of it."""
    if _is_led(unit, chase):
        _wait_or_search(unit, chase)
        return
    command, group = unit.model.scenario_in_force.command, chase.report.group
    chase.step = step_onward(chase.step, command.expected_pace, group.routes[chase.route].steps)
    if _is_near(unit, chase):
        chase.contact_hazard -= hazard_units(command.lost_find_per_hour)
    if chase.contact_hazard <= 0:
        unit.meet(chase)
    elif unit.model.minute >= chase.until_min:
        unit.go_home()


def _follow_tracks(unit: Responder, chase: Chase) -> None:
    """Along the group's own route from where its tracks were found, until they end at the group, or are lost."""
    strip, ahead = unit.model.scenario_in_force.control_strip, chase.report.group.step_index
    chase.contact_hazard -= hazard_units(strip.trail_loss_per_hour)
    chase.step = step_onward(chase.step, strip.trail_pace, ahead)
    if chase.contact_hazard <= 0:
        unit.go_home()
    elif chase.step >= ahead:
        unit.meet(chase)


def _wait_or_search(unit: Responder, chase: Chase) -> None:
    """Go to a group that others have in sight; else wait, then search back to where it was seen; look for it there."""
    group, report = chase.report.group, chase.report
    if _is_led(unit, chase):
        chase.phase = Phase.SEARCH
        _move_along(unit, chase, group.route_number, group.step_index)
    elif chase.phase is Phase.SEARCH:
        _move_along(unit, chase, report.route, report.step)
        if chase.step == report.step:
            unit.go_home()
            return
    elif wait_is_over(unit.model.minute, chase.arrive_min, unit.model.scenario_in_force.command.wait_min):
        chase.phase = Phase.SEARCH
    _look_for(unit, chase)


def _move_along(unit: Responder, chase: Chase, route: int, goal: int) -> None:
    """One minute of search towards a step of a route: back to where the ways part first, if it is another one."""
    parting = unit.model.world.forks(chase.report.group.index, chase.route)[route]
    pace = unit.model.scenario_in_force.command.search_pace
    chase.step, there = search_step(chase.step, chase.route == route, parting, goal, pace)
    chase.route = route if there else chase.route


def _is_near(unit: Responder, chase: Chase) -> bool:
    """Whether the group is abroad, and within the distance at which men meet it."""
    group, route, step = chase.report.group, chase.report.group.routes[chase.route], int(chase.step)
    near_km = unit.model.scenario_in_force.command.contact_km
    return group.is_abroad and is_within(route.x_km[step] - group.x_km, route.y_km[step] - group.y_km, near_km)


def _look_for(unit: Responder, chase: Chase) -> None:
    """Meet the group where it is near, unless it is overlooked."""
    command, group = unit.model.scenario_in_force.command, chase.report.group
    if _is_near(unit, chase):
        draw = uniform(unit.model.run_key, unit.with_group(group), Purpose.CONTACT)
        chances = command.contact_probability, command.hidden_contact_probability
        if makes_contact(_is_led(unit, chase), draw, group.posture == LYING_UP, *chances):
            unit.meet(chase)


STEPS: dict[Phase, Callable[[Responder, Chase], None]] = {
    Phase.TRAVEL: _arrive,
    Phase.WAIT: _wait_or_search,
    Phase.SEARCH: _wait_or_search,
    Phase.SHADOW: _shadow,
    Phase.LOST: _look_for_the_lost,
    Phase.TRAIL: _follow_tracks,
}
"""What men do in a minute of each phase."""
