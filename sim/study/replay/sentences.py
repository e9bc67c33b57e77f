"""A minute of a run in words: the clock, the light, and how far each group and each unit has come."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sim.model import BorderModel, Group, Patrol, Post
from sim.model.group import Stage
from sim.model.pursuit import Phase
from sim.report.words import capital, number, plain
from sim.rules.sensing import DAY, LYING_UP, NIGHT, TWILIGHT

if TYPE_CHECKING:
    from sim.model.responder import Responder

LIGHT_WORDS = {DAY: "day", TWILIGHT: "twilight", NIGHT: "night"}
OUTCOME_WORDS = {
    "killed": "was stopped, most of them killed",
    "captured": "was stopped, most of them captured",
    "turned_back": "was stopped and turned back",
    "admitted": "was stopped and admitted to procedure",
    "repelled": "was beaten in its attack on the target",
    "reached": "reached its target",
    "at_large": "was still at large when the run ended",
}
PHASE_WORDS = {
    Phase.TRAVEL: "under way to the meeting place",
    Phase.WAIT: "waits at the meeting place",
    Phase.SEARCH: "searches along the expected route",
    Phase.SHADOW: "follows the group, too few to stop it",
    Phase.LOST: "has lost the group and searches for it",
    Phase.TRAIL: "follows the group's tracks",
}


def local_clock(start: str, minute: float) -> str:
    """Local day and clock time at a minute of a run that starts at `start` ("YYYY-MM-DDTHH:MM").

    >>> local_clock("2019-11-03T08:00", 60 * 17)
    '4 Nov 01:00'
    """
    moment = datetime.strptime(start, "%Y-%m-%dT%H:%M") + timedelta(minutes=int(minute))
    return f"{moment.day} {moment:%b %H:%M}"


def clock_of(model: BorderModel, minute: float | None = None) -> str:
    """Local day and clock time of a run, at its present minute or at another one."""
    return local_clock(model.scenario_in_force.light.start, model.minute if minute is None else minute)


def moment_line(model: BorderModel) -> str:
    """The present minute: its number, the local clock, the light, and the run's weather."""
    weather = plain(model.scenario_in_force.light.weather[model.weather].name)
    return f"Minute {number(model.minute, 0)} · {clock_of(model)} · {LIGHT_WORDS[model.light]} · weather: {weather}"


def group_line(model: BorderModel, group: Group) -> str:
    """Where a group stands in its story, as a sentence without its name."""
    if group.stage is Stage.AT_HOME:
        return f"waiting at the start; sets out at {clock_of(model, group.departure_min)}"
    if group.stage is Stage.APPROACH:
        if group.step_index >= group.route.raft_step:
            hiding = group.evasion.hiding
            return "hiding from a patrol near the bank" if hiding else "waiting at the bank for the dark"
        return "marching to the river"
    if group.stage is Stage.INLAND:
        return _inland_line(model, group)
    if group.ended:
        return f"{OUTCOME_WORDS[group.record['outcome']]}{_losses(group)}"
    return _abroad_line(model, group)


def _abroad_line(model: BorderModel, group: Group) -> str:
    if group.step_index < group.route.landing_step:
        return "on the water"
    depth = float(model.world.depth_km(group.index, group.route_number)[group.step_index])
    doing = hiding_words(group) if group.posture == LYING_UP else "marching"
    watched = ", followed by men who have it in sight" if group.shadowed else ""
    return f"{doing}, {number(depth)} km from the border{watched}"


def hiding_words(group: Group) -> str:
    """Why a group does not march on just now."""
    return "hiding from a patrol" if group.evasion.hiding else "lying up for the day"


def _inland_line(model: BorderModel, group: Group) -> str:
    share = group.inland.share if group.inland is not None else 0.0
    source = model.command.alert_at(group, model.minute)
    alert = "not on alert" if source is None else f"on alert about it since a report by {unit_title(model, source)}"
    return f"inland, {number(100 * share, 0)} % of the time to the target behind it; the interior is {alert}"


def _losses(group: Group) -> str:
    killed, captured = group.record["killed"], group.record["captured"]
    return f" ({killed} killed, {captured} captured of {group.size})" if killed + captured else ""


def unit_line(model: BorderModel, unit: Responder) -> str:
    """What a unit does now, as a sentence without its name; empty where it just does its daily duty."""
    if unit.chase is not None:
        if model.minute < unit.chase.leave_min:
            return f"gets ready, leaves at {clock_of(model, unit.chase.leave_min)}"
        return PHASE_WORDS[unit.chase.phase]
    if model.minute < unit.busy_until:
        return f"not free before {clock_of(model, unit.busy_until)}"
    return ""


def unit_title(model: BorderModel, name: str) -> str:
    """What a post, a patrol or a stop inland is called in a sentence."""
    unit = next((unit for unit in model.units if unit.name == name), None)
    words = plain(name)
    if isinstance(unit, Post):
        return f"{capital(words)} post"
    if isinstance(unit, Patrol):
        return f"patrol {words}"
    return "the interior force" if name == "interior" else words


def named(group: Group) -> str:
    """What a group is called within a sentence: its name is needed only where there are several."""
    return "the group" if len(group.model.groups) == 1 else f"group {plain(group.name)}"


def group_title(group: Group) -> str:
    """A group's name with a capital, its kind and its size."""
    return f"{capital(named(group))} ({group.size} {group.settings.kind})"
