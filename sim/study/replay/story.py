"""A run that keeps a log of what happens: each minute is compared with the one before.

A minute's events come from the differences, and from what the model is asked to do: to detect, and to pass on a report.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.model import BorderModel, Group, Patrol, Post
from sim.model.command import Command
from sim.model.group import Stage
from sim.model.pursuit import Phase
from sim.report.words import capital, number, plain
from sim.rules.sensing import LYING_UP, NIGHT
from sim.study.replay.sentences import OUTCOME_WORDS, PHASE_WORDS, clock_of, hiding_words, named, unit_title

if TYPE_CHECKING:
    from sim.model.pursuit import Chase, Report
    from sim.model.responder import Responder

KINDS = (
    "light", "departed", "waiting", "crossed", "landed", "lying_up", "marching", "inland", "passed", "detected",
    "cued", "alert", "sent", "false_alarm", "arrived", "searching", "met", "intercepted", "shadowing", "returning",
    "ended",
)  # fmt: skip
"""What can happen, in the order in which it is logged within the same minute."""

PHASE_KINDS = {Phase.WAIT: "arrived", Phase.SHADOW: "shadowing"}
"""Kinds of the phases of a chase that are not `searching`."""


@dataclass(frozen=True)
class Event:
    """One line of the log: when it happened, one of `KINDS`, and a sentence."""

    minute: int
    kind: str
    text: str


class LoggingCommand(Command):
    """Command that also logs when a report is through."""

    def cue(self, report: Report) -> None:
        """Act on a report, and log whom it reached."""
        assert isinstance(self.model, StoryModel)
        reached = len(self.neighbours(report))
        super().cue(report)
        who = f"{reached} unit{'' if reached == 1 else 's'} informed" if reached else "nobody near to be informed"
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
        before = _State.of(self)
        super().step()
        if self.minute != before.minute:
            for kind, text in _changes(before, _State.of(self), self):
                self.log(kind, text)
        for unit, was in zip(self.units, before.units, strict=True):
            if unit.chase is not None and unit.chase is not was.chase:
                self.left_from[unit.name] = unit.place_km
        self.events += sorted(self._now, key=lambda event: KINDS.index(event.kind))
        self._now = []


class _GroupState(NamedTuple):
    group: Group
    stage: Stage
    at_bank: bool
    landed: bool
    lying: bool
    record: dict[str, Any]

    @classmethod
    def of(cls, group: Group) -> _GroupState:
        at_bank = group.stage is Stage.APPROACH and group.step_index >= group.route.raft_step
        landed = group.stage is Stage.ABROAD and group.step_index >= group.route.landing_step
        return cls(group, group.stage, at_bank, landed, group.posture == LYING_UP, dict(group.record))


class _UnitState(NamedTuple):
    unit: Responder
    chase: Chase | None
    phase: Phase | None
    busy_until: int


class _State(NamedTuple):
    """A minute of a run, as far as the log is concerned."""

    minute: int
    dark: bool
    groups: list[_GroupState]
    units: list[_UnitState]

    @classmethod
    def of(cls, model: BorderModel) -> _State:
        units = [_UnitState(u, u.chase, u.chase.phase if u.chase else None, u.busy_until) for u in model.units]
        return cls(model.minute, model.light == NIGHT, list(map(_GroupState.of, model.groups)), units)


Changes = Iterator[tuple[str, str]]
"""Kind and sentence of what has changed."""


def _changes(before: _State, after: _State, model: BorderModel) -> Changes:
    """Kind and sentence of each change between a minute and the next."""
    if after.dark != before.dark:
        yield "light", "Night falls" if after.dark else "First light"
    for was, now in zip(before.groups, after.groups, strict=True):
        yield from _march_changes(was, now)
        yield from _inland_changes(model, now)
        yield from _contact_changes(model, was, now)
    for group, alert in model.command.alerts.items():
        if alert.start_min == model.minute:
            yield "alert", f"The interior is on alert about {named(group)} until {clock_of(model, alert.end_min)}"
    for of_unit in zip(before.units, after.units, strict=True):
        yield from _unit_changes(model, *of_unit)
    for group in model.groups:
        if not model.running and not group.ended:
            yield "ended", f"The run ends here: {named(group)} is still at large"


def _march_changes(was: _GroupState, now: _GroupState) -> Changes:
    group, name = now.group, capital(named(now.group))
    if was.stage is Stage.AT_HOME and now.stage is not Stage.AT_HOME:
        yield "departed", f"{name} sets out"
    if now.at_bank and not was.at_bank:
        yield "waiting", f"{name} is at the bank and waits for the dark"
    if now.record["crossed_min"] != was.record["crossed_min"]:
        crossing = plain(group.model.world.crossings[group.route.crossing].name)
        yield "crossed", f"{name} puts to water at crossing {crossing}" if _has_water(group) else f"{name} crosses"
    if now.landed and not was.landed and _has_water(group):
        yield "landed", f"{name} lands"
    if was.stage is now.stage is Stage.ABROAD and now.lying != was.lying:
        yield ("lying_up", f"{name} is {hiding_words(group)}") if now.lying else ("marching", f"{name} marches on")


def _inland_changes(model: BorderModel, now: _GroupState) -> Changes:
    leg, name = now.group.inland, capital(named(now.group))
    if leg is None:
        return
    if leg.start_min == model.minute:
        yield "inland", f"{name} leaves the map by the road inland"
    if model.minute in leg.checkpoint_min and now.record["intercepted_min"] != model.minute:
        yield "passed", f"{name} gets past checkpoint {leg.checkpoint_min.index(model.minute) + 1}"


def _contact_changes(model: BorderModel, was: _GroupState, now: _GroupState) -> Changes:
    group, name, record = now.group, named(now.group), now.record
    lost = now.record["own_killed"] - was.record["own_killed"]
    killed = now.record["killed"] - was.record["killed"]
    # Who does not resist is taken without a shot; an inconclusive fight costs somebody a man.
    if record.get("fights", 0) > was.record.get("fights", 0) and (killed or lost):
        yield "met", f"Fight with {name}: {killed} of the group killed, {lost} of those who met it"
    if now.record["intercepted_min"] != was.record["intercepted_min"]:
        yield "intercepted", f"{capital(unit_title(model, record['intercepted_by']))} intercepts {name}{_where(record)}"
    if group.ended and was.stage is not Stage.ENDED:
        toll = f"; {record['killed']} killed, {record['captured']} captured of {group.size}"
        yield "ended", f"{capital(name)} {OUTCOME_WORDS[record['outcome']]}{toll}"


def _where(record: dict[str, Any]) -> str:
    """How deep, and by which mechanism, a group was intercepted."""
    why = {"own": ", on an own detection", "cued": f", on a cue from {plain(record['cued_from'])}"}
    return f", {number(record['depth_km'])} km beyond the border{why.get(record['mechanism'], '')}"


def _unit_changes(model: BorderModel, was: _UnitState, now: _UnitState) -> Changes:
    who = capital(unit_title(model, now.unit.name))
    if now.chase is None:
        if was.chase is not None:
            yield "returning", f"{who}: its men go home, back at {clock_of(model, now.busy_until)}"
        elif now.busy_until > max(was.busy_until, model.minute):
            yield "false_alarm", f"{who}: out on a false alarm until {clock_of(model, now.busy_until)}"
    elif now.chase is not was.chase:
        leave, meet = clock_of(model, now.chase.leave_min), clock_of(model, now.chase.arrive_min)
        found, sent = "finds the tracks of a group and follows them", f"{now.chase.men} men sent; leave at {leave}"
        yield "sent", f"{who}: {found if now.phase is Phase.TRAIL else f'{sent}, at the meeting place at {meet}'}"
    elif now.phase is not was.phase and now.phase is not None:
        yield PHASE_KINDS.get(now.phase, "searching"), f"{who}: {PHASE_WORDS[now.phase]}"


def _has_water(group: Group) -> bool:
    return group.route.raft_step != group.route.landing_step
