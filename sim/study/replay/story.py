"""A run that keeps a log of what happens: each minute is compared with the one before.

A minute's events come from the differences, and from what the model is asked to do: to detect, and to pass on a report.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.model import BorderModel, Group, Patrol, Post
from sim.model.chase import Phase
from sim.model.command import Command
from sim.model.group import Stage
from sim.report.words import capital, number, plain
from sim.rules.sensing import LYING_UP, NIGHT
from sim.study.replay.sentences import OUTCOME_WORDS, clock_of, named, unit_title

if TYPE_CHECKING:
    from sim.model.chase import Chase, Report
    from sim.model.responder import Responder

KINDS = (
    "light", "departed", "waiting", "crossed", "landed", "lying_up", "marching", "inland", "passed", "detected",
    "cued", "alert", "sent", "false_alarm", "arrived", "searching", "met", "intercepted", "shadowing", "returning",
    "ended",
)  # fmt: skip
"""What can happen, in the order in which it is logged within the same minute."""


@dataclass(frozen=True)
class Event:
    """One line of the log.

    Attributes
    ----------
    minute:
        When it happened.
    kind:
        One of `KINDS`.
    text:
        A sentence.
    """

    minute: int
    kind: str
    text: str


class LoggingCommand(Command):
    """Command that also logs when a report is through."""

    def cue(self, report: Report) -> None:
        """Act on a report, and log whom it reached."""
        assert isinstance(self.model, StoryModel)
        reached = len(self.neighbours(report.observer))
        super().cue(report)
        who = f"{reached} unit{'' if reached == 1 else 's'} told" if reached else "nobody near to tell"
        self.model.log("cued", f"The report by {unit_title(self.model, report.observer.name)} is through: {who}")


class StoryModel(BorderModel):
    """A border model that keeps a log of what happens; the run itself is the same, minute by minute."""

    command_class = LoggingCommand

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.events: list[Event] = []
        self.left_from: dict[str, tuple[float, float]] = {}
        self._now: list[Event] = []

    def log(self, kind: str, text: str) -> None:
        """Put a line into the log of this minute."""
        self._now.append(Event(self.minute, kind, text))

    def detect(self, observer: Post | Patrol, group: Group) -> None:
        """Act on an observer's detection, and log it."""
        who, place = unit_title(self, observer.name), len(self._now)
        super().detect(observer, group)
        # How long the report takes is drawn when command hears of it.
        through = clock_of(self, self.command.waiting[-1][0])
        text = f"{capital(who)} detects {named(group)}; the report is through at {through}"
        self._now.insert(place, Event(self.minute, "detected", text))

    def step(self) -> None:
        """One minute, and what happened in it."""
        before = _state_of(self)
        super().step()
        for kind, text in _changes(before, self):
            self.log(kind, text)
        for unit in self.units:
            if unit.chase is not None and unit.chase is not before.units[unit.name].chase:
                self.left_from[unit.name] = unit.place_km
        self.events += sorted(self._now, key=lambda event: KINDS.index(event.kind))
        self._now = []


@dataclass(frozen=True)
class _GroupState:
    stage: Stage
    waiting: bool
    landed: bool
    hiding: bool
    record: dict[str, Any]


@dataclass(frozen=True)
class _UnitState:
    chase: Chase | None
    phase: Phase | None
    busy_until: int


@dataclass(frozen=True)
class _MinuteState:
    """A minute of a run, as far as the log is concerned."""

    minute: int
    dark: bool
    running: bool
    groups: dict[str, _GroupState]
    units: dict[str, _UnitState]


def _state_of(model: BorderModel) -> _MinuteState:
    """The state of a minute."""
    groups = {group.name: _group_state(group) for group in model.groups}
    units = {
        unit.name: _UnitState(unit.chase, unit.chase.phase if unit.chase else None, unit.busy_until)
        for unit in model.units
    }
    return _MinuteState(model.minute, model.light == NIGHT, model.running, groups, units)


def _group_state(group: Group) -> _GroupState:
    at_bank = group.stage is Stage.APPROACH and group.step_index >= group.route.raft_step
    landed = group.stage is Stage.ABROAD and group.step_index >= group.route.landing_step
    return _GroupState(group.stage, at_bank, landed, group.posture == LYING_UP, dict(group.record))


Changes = Iterator[tuple[str, str]]
"""Kind and sentence of what has changed."""


def _changes(before: _MinuteState, model: BorderModel) -> Changes:
    """Kind and sentence of each change between a minute and the present one."""
    if model.minute == before.minute:
        return
    after = _state_of(model)
    if after.dark != before.dark:
        yield "light", "Night falls" if after.dark else "First light"
    for group in model.groups:
        was, now = before.groups[group.name], after.groups[group.name]
        yield from _march_changes(group, was, now)
        yield from _inland_changes(model, group, now)
        yield from _contact_changes(model, group, was, now)
    for alert in model.command.alerts:
        if alert.start_min == model.minute:
            yield "alert", f"The interior is on alert until {clock_of(model, alert.end_min)}"
    for unit in model.units:
        yield from _unit_changes(model, unit, before.units[unit.name], after.units[unit.name])
    if not model.running:
        for group in model.groups:
            if not group.ended:
                yield "ended", f"The run ends here: {named(group)} is still at large"


def _march_changes(group: Group, was: _GroupState, now: _GroupState) -> Changes:
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


def _inland_changes(model: BorderModel, group: Group, now: _GroupState) -> Changes:
    leg = group.inland
    if leg is None:
        return
    if leg.start_min == model.minute:
        yield "inland", f"{capital(named(group))} leaves the map by the road inland"
    if model.minute in leg.checkpoint_min and now.record["intercepted_min"] != model.minute:
        which = leg.checkpoint_min.index(model.minute) + 1
        yield "passed", f"{capital(named(group))} gets past checkpoint {which}"


def _contact_changes(model: BorderModel, group: Group, was: _GroupState, now: _GroupState) -> Changes:
    name, record, lost = named(group), now.record, now.record["own_killed"] - was.record["own_killed"]
    killed = now.record["killed"] - was.record["killed"]
    # Who does not resist is taken without a shot; an inconclusive fight costs somebody a man.
    if record.get("fights", 0) > was.record.get("fights", 0) and (killed or lost):
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


def _unit_changes(model: BorderModel, unit: Responder, was: _UnitState, now: _UnitState) -> Changes:
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
