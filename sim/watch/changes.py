"""What one minute changed in a run, told by comparing it with what was noted before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.model import BorderModel, Group
from sim.model.chase import Phase
from sim.model.group import Stage
from sim.report.words import number, plain
from sim.rules.sensing import LYING_UP, NIGHT
from sim.watch.words import OUTCOME_WORDS, capital, clock_of, named, unit_title

if TYPE_CHECKING:
    from sim.model.chase import Chase
    from sim.model.responder import Responder


@dataclass(frozen=True)
class _GroupNote:
    stage: Stage
    waiting: bool
    landed: bool
    hiding: bool
    fights: int
    record: dict[str, Any]


@dataclass(frozen=True)
class _UnitNote:
    chase: Chase | None
    phase: Phase | None
    busy_until: int


@dataclass(frozen=True)
class Notes:
    """A minute of a run, as far as the log is concerned."""

    minute: int
    dark: bool
    running: bool
    groups: dict[str, _GroupNote]
    units: dict[str, _UnitNote]


def notes(model: BorderModel) -> Notes:
    """What `changes` needs to remember of a minute."""
    groups = {group.name: _note_of(group) for group in model.groups}
    units = {
        unit.name: _UnitNote(unit.chase, unit.chase.phase if unit.chase else None, unit.busy_until)
        for unit in model.units
    }
    return Notes(model.minute, model.light == NIGHT, model.running, groups, units)


def _note_of(group: Group) -> _GroupNote:
    at_bank = group.stage is Stage.APPROACH and group.step_index >= group.route.raft_step
    landed = group.stage is Stage.ABROAD and group.step_index >= group.route.landing_step
    record = dict(group.record)
    return _GroupNote(group.stage, at_bank, landed, group.posture == LYING_UP, record.get("fights", 0), record)


Told = Iterator[tuple[str, str]]


def changes(before: Notes, model: BorderModel) -> Told:
    """Kind and sentence of each change between a noted minute and the present one."""
    if model.minute == before.minute:
        return
    after = notes(model)
    if after.dark != before.dark:
        yield "light", "Night falls" if after.dark else "First light"
    for group in model.groups:
        was, now = before.groups[group.name], after.groups[group.name]
        yield from _marching(group, was, now)
        yield from _on_the_road(model, group, now)
        yield from _meetings(model, group, was, now)
    for alert in model.command.alerts:
        if alert.start_min == model.minute:
            yield "alert", f"The interior is on alert until {clock_of(model, alert.end_min)}"
    for unit in model.units:
        yield from _errands(model, unit, before.units[unit.name], after.units[unit.name])
    if not model.running:
        for group in model.groups:
            if not group.ended:
                yield "ended", f"The run ends here: {named(group)} is still at large"


def _marching(group: Group, was: _GroupNote, now: _GroupNote) -> Told:
    name = named(group)
    if was.stage is Stage.AT_HOME and now.stage is not Stage.AT_HOME:
        yield "departed", f"{capital(name)} sets out"
    if now.waiting and not was.waiting:
        yield "waiting", f"{capital(name)} is at the bank and waits for the dark"
    if now.record["crossed_min"] != was.record["crossed_min"]:
        yield "crossed", f"{capital(name)} {_crosses(group)}"
    if now.landed and not was.landed and _has_water(group):
        yield "landed", f"{capital(name)} lands on the far bank"
    if now.stage is Stage.ABROAD and now.hiding != was.hiding:
        why = "hides from a patrol" if group.evasion.hiding else "lies up for the day"
        yield ("lying_up", f"{capital(name)} {why}") if now.hiding else ("marching", f"{capital(name)} marches on")


def _on_the_road(model: BorderModel, group: Group, now: _GroupNote) -> Told:
    leg = group.inland
    if leg is None:
        return
    if leg.start_min == model.minute:
        yield "inland", f"{capital(named(group))} leaves the map by the road inland"
    if model.minute in leg.checkpoint_min and now.record["intercepted_min"] != model.minute:
        which = leg.checkpoint_min.index(model.minute) + 1
        yield "passed", f"{capital(named(group))} gets past checkpoint {which}"


def _meetings(model: BorderModel, group: Group, was: _GroupNote, now: _GroupNote) -> Told:
    name, record, lost = named(group), now.record, now.record["own_killed"] - was.record["own_killed"]
    killed = now.record["killed"] - was.record["killed"]
    # Who does not resist is taken without a shot; an inconclusive fight costs somebody a man.
    if now.fights > was.fights and (killed or lost):
        yield "met", f"Fight with {name}: {killed} of the group killed, {lost} of those who met it"
    if now.record["intercepted_min"] != was.record["intercepted_min"]:
        yield "intercepted", f"{capital(unit_title(model, record['intercepted_by']))} intercepts {name}{_where(group)}"
    if group.ended and was.stage is not Stage.ENDED:
        toll = f"; {record['killed']} killed, {record['captured']} captured of {group.size}"
        yield "ended", f"{capital(name)} {OUTCOME_WORDS[record['outcome']]}{toll}"


def _where(group: Group) -> str:
    """How deep, and by which mechanism, a group was intercepted."""
    source, depth = group.record["cued_from"], number(group.record["depth_km"])
    why = {"own": ", on an own detection", "cued": f", on a cue from {plain(source)}"}
    return f", {depth} km beyond the border{why.get(group.record['mechanism'], '')}"


def _errands(model: BorderModel, unit: Responder, was: _UnitNote, now: _UnitNote) -> Told:
    who = capital(unit_title(model, unit.name))
    if now.chase is None:
        if was.chase is not None:
            yield "returning", f"{who}: its men go home, back at {clock_of(model, now.busy_until)}"
        elif now.busy_until > max(was.busy_until, model.minute):
            yield "false_alarm", f"{who}: out on a false alarm until {clock_of(model, now.busy_until)}"
    elif now.chase is not was.chase:
        if now.phase is Phase.TRAIL:
            yield "sent", f"{who}: finds the tracks of a group and follows them"
            return
        leave, meet = clock_of(model, now.chase.leave_min), clock_of(model, now.chase.arrive_min)
        yield "sent", f"{who}: {unit.men} men sent; leave at {leave}, at the meeting place at {meet}"
    elif now.phase is not was.phase and now.phase is not None:
        kind, words = {
            "wait": ("arrived", "at the meeting place, waiting"),
            "search": ("searching", "nobody came; searches back along the way"),
            "shadow": ("shadowing", "has found the group, is too weak, and follows it"),
            "look for a lost group": ("searching", "has lost the group and looks for it"),
            "follow tracks": ("searching", "follows tracks"),
        }[now.phase.value]
        yield kind, f"{who}: {words}"


def _has_water(group: Group) -> bool:
    return group.route.raft_step != group.route.landing_step


def _crosses(group: Group) -> str:
    if not _has_water(group):
        return "crosses"
    return f"puts to water at crossing {plain(group.model.world.crossings[group.route.crossing].name)}"
