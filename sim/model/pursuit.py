"""Pursuit: the report and plan that a chase begins with, where its men stand in it, and what they do in a minute."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from sim.rules import command as rules
from sim.rules.engagement import attack_hazard, is_attacked
from sim.rules.movement import EXPECTED, afloat_min, expected_share, is_within, share_of_pace
from sim.rules.pursuit import (
    contact_hazard,
    is_led,
    search_is_over,
    search_step,
    search_until,
    step_onward,
    steps_near,
    wait_is_over,
)
from sim.rules.randomness import Purpose, threshold
from sim.rules.response import expected_step
from sim.rules.sensing import detects, hazard_units

if TYPE_CHECKING:
    from sim.model.group import Group
    from sim.model.model import BorderModel
    from sim.model.responder import Responder


@dataclass(frozen=True, eq=False)
class Report:
    """A detection as it goes up to command.

    Attributes
    ----------
    observer:
        Who detected the group or keeps it in sight.
    route:
        The route that command takes the group to be on.
    step:
        Step of its route at which it was seen, or left its tracks.
    minute:
        When it was seen.
    place_km:
        Where the report was made, if not from the observer's own place: those who are near hear of it.
    """

    observer: Responder
    group: Group
    route: int
    step: int
    minute: int
    place_km: tuple[float, float] | None = None

    def expected_at(self, minute: int, pace: float) -> float:
        """The step of that route at which a group of such a pace by day is at a minute, as command reckons."""
        model, route = self.group.model, self.group.routes[self.route]
        afloat = afloat_min(self.step, route.raft_step, route.landing_step)
        landed = self.minute + afloat
        walked = model.gone(EXPECTED, max(minute, landed)) - model.gone(EXPECTED, landed)
        return expected_step(minute, self.step, self.minute, afloat, walked, pace)


@dataclass(frozen=True)
class Plan:
    """Where and when a unit could meet a group, and how many of its men are to go; all of them where None."""

    responder: Responder
    meeting_step: int
    arrive_min: int
    travel_min: int
    men: int | None = None


class Phase(Enum):
    """Where a chase stands."""

    TRAVEL = "travel"
    WAIT = "wait"
    SEARCH = "search"
    SHADOW = "shadow"
    LOST = "look for a lost group"
    TRAIL = "follow tracks"


@dataclass
class Chase:
    """One dispatch: the report that caused it, the meeting place, and how far it has come.

    Attributes
    ----------
    route, step:
        Where the men are, once they have arrived: on which of the group's routes, and at which step of it. It is the
        route that command believes in, and need not be the one that the group takes.
    contact_hazard:
        Hazard left until they lose the group or its tracks, in units of 2^-32.
    men:
        Who were sent and are left; the others of the unit stay where they are, and are not sent elsewhere meanwhile.
    until_min:
        When a search for a lost group ends.
    passed_min:
        When men who wait reckon that the group has passed them.
    """

    report: Report
    route: int
    meeting_step: int
    leave_min: int
    arrive_min: int
    deadline_min: int
    phase: Phase = Phase.TRAVEL
    step: float = 0.0
    contact_hazard: int = 0
    until_min: int = 0
    passed_min: int = 0
    men: int = field(kw_only=True)

    @property
    def men_are_at(self) -> tuple[int, int]:
        """Route and step at which the men are once they have arrived: with the group while they have it in sight."""
        group = self.report.group
        return (group.route_number, group.step_index) if self.phase is Phase.SHADOW else (self.route, int(self.step))


class HazardLeft:
    """The hazard left until an observer has detected, or met, each group: it is used up a minute at a time."""

    def __init__(self) -> None:
        self._left: dict[str, int] = {}

    def drawn(self, group: Group) -> int:
        """The threshold of a group, before anything is spent."""
        raise NotImplementedError

    def add(self, group: Group, hazard: int) -> bool:
        """Add the hazard of one minute; True in the minute in which it is used up, never again afterwards."""
        left = self._left.get(group.name)
        left = self.drawn(group) if left is None else left
        self._left[group.name] = left - hazard
        return detects(left, hazard)


class Effort(HazardLeft):
    """What one unit has spent on the search for each group: it is kept from one search, and one dispatch, to the next.

    Attributes
    ----------
    contacts:
        How often the unit has met each group, by the group's name.
    """

    def __init__(self, unit: Responder) -> None:
        super().__init__()
        self._unit = unit
        self.contacts: Counter[str] = Counter()

    def drawn(self, group: Group) -> int:
        """One threshold a contact."""
        who = self._unit.model.run_key, self._unit.with_group(group)
        return threshold(*who, Purpose.CONTACT, self.contacts[group.name])

    def begin_anew(self, group: Group) -> None:
        """The unit has met the group: what it has spent is used up."""
        self.contacts[group.name] += 1
        self._left.pop(group.name, None)


def believed_route(model: BorderModel, observer: int, group: Group, step: int) -> int:
    """Position of the route on which a group is believed to be, by an observer who saw it at a step of its route."""
    own = group.route_number
    same, forks = zip(*model.world.forks(group.index, own).items(), strict=True)
    chance = model.scenario_in_force.command.route_guess_probability
    return same[rules.believed_route(model.run_key, observer, group.entity, chance, forks, same.index(own), step)]


def _arrive(unit: Responder, chase: Chase) -> None:
    """Be under way, and look for the group on arrival."""
    if unit.model.minute >= chase.arrive_min:
        chase.phase, chase.step, chase.passed_min = Phase.WAIT, float(chase.meeting_step), _passed_min(unit, chase)
        _look_for(unit, chase)


def _passed_min(unit: Responder, chase: Chase) -> int:
    """When men who wait from now on reckon that the group has passed them; after their time where it may not."""
    command, minute = unit.model.scenario_in_force.command, unit.model.minute
    passed = chase.meeting_step + steps_near(command.contact_km)
    while minute <= chase.deadline_min and chase.report.expected_at(minute, command.expected_pace) < passed:
        minute += 1
    return minute


def _is_led(unit: Responder, chase: Chase) -> bool:
    return is_led(chase.report.group.shadowed, unit.model.scenario_in_force.command.common_picture)


def _shadow(unit: Responder, chase: Chase) -> None:
    """Stay with the group until it attacks, or contact is lost; then look for it, or go home."""
    command, group = unit.model.scenario_in_force.command, chase.report.group
    lost, attacked = hazard_units(command.shadow_loss_per_hour), _attack_hazard(chase)
    chase.contact_hazard -= lost + attacked
    if chase.contact_hazard <= 0 and _is_attacked(unit, group, lost, attacked):
        unit.fight([*(other for other in group.shadowers if other is not unit), unit], chase.report, attacked=True)
        return
    until = search_until(unit.model.minute, command.lost_search_min)
    if chase.contact_hazard <= 0 and until < 0:
        unit.go_home()
    elif chase.contact_hazard <= 0:
        chase.phase, chase.until_min = Phase.LOST, until
        chase.route, chase.step = believed_route(unit.model, unit.entity, group, group.step_index), group.step_index


def _attack_hazard(chase: Chase) -> int:
    """Hazard of a minute that the group turns on the men who shadow it."""
    group, here = chase.report.group, chase.report.group.model.scenario_in_force.engagement
    men, units = sum(unit.men_out for unit in group.shadowers), hazard_units(here.attacks_per_hour)
    return attack_hazard(group.settings.is_fighters, group.persons, men, here.attack_ratio, units)


def _is_attacked(unit: Responder, group: Group, lost: int, attacked: int) -> bool:
    return is_attacked(unit.model.run_key, unit.with_group(group), unit.model.minute, lost, attacked)


def _look_for_the_lost(unit: Responder, chase: Chase) -> None:
    """From its last known place along the route that it seems to have taken, at the pace expected of it."""
    command, last = unit.model.scenario_in_force.command, chase.report.group.routes[chase.route].steps
    share = expected_share(unit.model.light, command.night_pace, command.expects_day_halts)
    chase.step = step_onward(chase.step, command.expected_pace * share, last)
    _look_for(unit, chase)
    if chase.phase is Phase.LOST and search_is_over(unit.model.minute, chase.until_min):
        unit.go_home()


def _follow_tracks(unit: Responder, chase: Chase) -> None:
    """Along the group's own route from where its tracks were found, until they end at the group, or are lost."""
    strip, ahead = unit.model.scenario_in_force.control_strip, chase.report.group.step_index
    chase.contact_hazard -= hazard_units(strip.trail_loss_per_hour)
    chase.step = step_onward(chase.step, _on_foot(unit, strip.trail_pace), ahead)
    if chase.contact_hazard <= 0:
        unit.go_home()
    elif chase.step >= ahead:
        unit.meet(chase)


def _wait_or_search(unit: Responder, chase: Chase) -> None:
    """Go to a group that others have in sight; else wait, go ahead of it or search back to where it was seen."""
    group, report = chase.report.group, chase.report
    if _is_led(unit, chase):
        chase.phase = Phase.SEARCH
        _move_along(unit, chase, group.route_number, group.step_index)
    elif chase.phase is Phase.SEARCH:
        _move_along(unit, chase, report.route, report.step)
        if chase.step == report.step:
            unit.go_home()
            return
    elif unit.model.minute == chase.passed_min and unit.go_ahead(chase):
        return
    elif wait_is_over(unit.model.minute, chase.arrive_min, unit.model.scenario_in_force.command.wait_min):
        chase.phase = Phase.SEARCH
    _look_for(unit, chase)


def _move_along(unit: Responder, chase: Chase, route: int, goal: int) -> None:
    """One minute of search towards a step of a route: back to where the ways part first, if it is another one."""
    parting = unit.model.world.forks(chase.report.group.index, chase.route)[route]
    pace = _on_foot(unit, unit.model.scenario_in_force.command.search_pace)
    chase.step, there = search_step(chase.step, chase.route == route, parting, goal, pace)
    chase.route = route if there else chase.route


def _on_foot(unit: Responder, pace: float) -> float:
    """What is left of a pace on foot in the light of this minute."""
    return pace * share_of_pace(unit.model.light, unit.model.scenario_in_force.command.night_pace)


def _look_for(unit: Responder, chase: Chase) -> None:
    """Meet the group where it is near: at once if led to it, else by search, in proportion to the men."""
    command, group = unit.model.scenario_in_force.command, chase.report.group
    route, step = group.routes[chase.route], int(chase.step)
    gap = route.x_km[step] - group.x_km, route.y_km[step] - group.y_km
    if not group.is_abroad or not is_within(*gap, command.contact_km):
        return
    pace = command.contact_per_man_hour, command.contact_day_factor
    danger = contact_hazard(chase.men, *pace, unit.model.light, group.exposure)
    if _is_led(unit, chase) or unit.effort.add(group, danger):
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
