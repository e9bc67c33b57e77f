"""Pursuit, minute by minute: men who were sent travel, wait, search, shadow, look for the lost, or follow tracks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.belief import believed_route
from sim.model.chase import Chase, Phase
from sim.rules.movement import gap_km, step_towards
from sim.rules.randomness import Purpose, threshold, uniform
from sim.rules.sensing import LYING_UP, hazard_units

if TYPE_CHECKING:
    from sim.model.group import Group
    from sim.model.responder import Responder


def go_on(unit: Responder, chase: Chase) -> None:
    """One minute of a chase."""
    minute, group = unit.model.minute, chase.report.group
    if group.ended or group.is_inland or minute > chase.deadline_min:
        unit.go_home()
    elif chase.phase is Phase.TRAVEL:
        if minute >= chase.arrive_min:
            chase.phase, chase.step = Phase.WAIT, float(chase.meeting_step)
            _look_for(unit, chase)
    elif chase.phase is Phase.SHADOW:
        _shadow(unit, chase)
    elif chase.phase is Phase.TRAIL:
        _follow_tracks(unit, chase)
    elif chase.phase is Phase.LOST and not _is_led_to(unit, group):
        _look_for_the_lost(unit, chase)
    else:
        _wait_or_search(unit, chase)
        if unit.chase is not None:
            _look_for(unit, chase)


def _is_led_to(unit: Responder, group: Group) -> bool:
    """Whether others have the group in sight and can lead this unit to it."""
    return group.shadowed and unit.model.scenario_in_force.command.common_picture


def _shadow(unit: Responder, chase: Chase) -> None:
    """Stay with the group until the grip is lost; then look for it, or go home."""
    command, group = unit.model.scenario_in_force.command, chase.report.group
    chase.grip -= hazard_units(command.shadow_loss_per_hour)
    if chase.grip > 0:
        return
    if command.lost_search_min == 0:
        unit.go_home()
        return
    chase.losses += 1
    chase.phase, chase.until_min = Phase.LOST, unit.model.minute + command.lost_search_min
    chase.grip = threshold(unit.model.run_key, unit.with_group(group), Purpose.LOST_SEARCH, chase.losses)
    chase.route, chase.step = believed_route(unit.model, unit.entity, group, group.step_index), group.step_index
    group.shadowed = any(other.is_shadowing(group) for other in unit.model.units)


def _look_for_the_lost(unit: Responder, chase: Chase) -> None:
    """From its last known place along the way that it seems to have taken, at the pace expected of it."""
    command, group = unit.model.scenario_in_force.command, chase.report.group
    chase.step = min(chase.step + command.expected_pace, group.routes[chase.route].steps)
    if _is_near(unit, chase):
        chase.grip -= hazard_units(command.lost_find_per_hour)
    if chase.grip <= 0:
        unit.meet(chase)
    elif unit.model.minute >= chase.until_min:
        unit.go_home()


def _follow_tracks(unit: Responder, chase: Chase) -> None:
    """Along the group's own way from where its tracks were found, until they end at the group, or are lost."""
    strip, group = unit.model.scenario_in_force.control_strip, chase.report.group
    chase.grip -= hazard_units(strip.trail_loss_per_hour)
    chase.step = min(chase.step + strip.trail_pace, group.step_index)
    if chase.grip <= 0:
        unit.go_home()
    elif chase.step >= group.step_index:
        unit.meet(chase)


def _wait_or_search(unit: Responder, chase: Chase) -> None:
    command, group = unit.model.scenario_in_force.command, chase.report.group
    if _is_led_to(unit, group):
        chase.phase = Phase.SEARCH
        _move_along(unit, chase, group.route_number, group.step_index)
    elif chase.phase is Phase.SEARCH:
        _move_along(unit, chase, chase.report.route, chase.report.step)
        if chase.step == chase.report.step:
            unit.go_home()
    elif unit.model.minute >= chase.arrive_min + command.wait_min:
        chase.phase = Phase.SEARCH


def _move_along(unit: Responder, chase: Chase, route: int, goal: int) -> None:
    """One minute of search towards a step of a route: back to where the ways part first, if it is another one."""
    pace = unit.model.scenario_in_force.command.search_pace
    if chase.route != route:
        parting = unit.model.world.fork(chase.report.group.index, chase.route, route)
        if chase.step > parting:
            chase.step = max(chase.step - pace, parting)
            return
        chase.route = route
    chase.step = step_towards(chase.step, goal, pace)


def _is_near(unit: Responder, chase: Chase) -> bool:
    """Whether the group is abroad, and within the distance at which men meet it."""
    group, route = chase.report.group, chase.report.group.routes[chase.route]
    x, y = route.x_km[int(chase.step)], route.y_km[int(chase.step)]
    near_km = unit.model.scenario_in_force.command.contact_km
    return group.is_abroad and gap_km(x - group.x_km, y - group.y_km) <= near_km


def _look_for(unit: Responder, chase: Chase) -> None:
    command, group = unit.model.scenario_in_force.command, chase.report.group
    if _is_near(unit, chase):
        hidden = group.posture == LYING_UP
        chance = command.hidden_contact_probability if hidden else command.contact_probability
        # One draw for each unit and group: who overlooks a group once goes on overlooking it, but stays on the
        # task, and is led to it by those who have it in sight.
        if _is_led_to(unit, group) or uniform(unit.model.run_key, unit.with_group(group), Purpose.CONTACT) < chance:
            unit.meet(chase)
