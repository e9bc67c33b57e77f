"""A run that keeps a log of what happens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.model import BorderModel, Group, Patrol, Post
from sim.model.command import Command
from sim.watch.changes import changes, notes
from sim.watch.words import capital, clock_of, named, unit_title

if TYPE_CHECKING:
    from sim.model.chase import Report

KINDS = (
    "light", "departed", "waiting", "crossed", "landed", "lying_up", "marching", "inland", "passed", "detected",
    "cued", "alert", "sent", "false_alarm", "arrived", "searching", "met", "intercepted", "shadowing", "returning",
    "ended",
)  # fmt: skip
"""What can happen, in the order in which it is told when it happens within the same minute."""


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


class TellingCommand(Command):
    """Command that also tells when a report is through."""

    def cue(self, report: Report) -> None:
        """Act on a report, and tell whom it reached."""
        assert isinstance(self.model, StoryModel)
        told = len(self.neighbours(report.observer))
        super().cue(report)
        who = f"{told} unit{'' if told == 1 else 's'} told" if told else "nobody near to tell"
        self.model.tell("cued", f"The report by {unit_title(self.model, report.observer.name)} is through: {who}")


class StoryModel(BorderModel):
    """A border model that keeps a log of what happens; the run itself is the same, minute by minute."""

    command_class = TellingCommand

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.events: list[Event] = []
        self.left_from: dict[str, tuple[float, float]] = {}
        self._now: list[Event] = []

    def tell(self, kind: str, text: str) -> None:
        """Put a line into the log of this minute."""
        self._now.append(Event(self.minute, kind, text))

    def detect(self, observer: Post | Patrol, group: Group) -> None:
        """Let an observer's detection take its course, and tell of it."""
        through = clock_of(self, self.minute + self.command.settings.report_delay_min)
        who = unit_title(self, observer.name)
        self.tell("detected", f"{capital(who)} detects {named(group)}; the report is through at {through}")
        super().detect(observer, group)

    def step(self) -> None:
        """One minute, and what happened in it."""
        before = notes(self)
        super().step()
        for kind, text in changes(before, self):
            self.tell(kind, text)
        for unit in self.units:
            if unit.chase is not None and unit.chase is not before.units[unit.name].chase:
                self.left_from[unit.name] = unit.place_km
        self.events += sorted(self._now, key=lambda event: KINDS.index(event.kind))
        self._now = []
