"""A chase: the report and the plan that it begins with, and where the men who were sent stand in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.model.group import Group
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
    """

    observer: Responder
    group: Group
    route: int
    step: int
    minute: int


@dataclass(frozen=True)
class Plan:
    """Where and when a unit could meet a group."""

    responder: Responder
    meeting_step: int
    arrive_min: int
    travel_min: int


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
        Hazard left until they lose the group or its tracks, or until they find it again, in units of 2^-32.
    losses:
        How often they have lost the group.
    until_min:
        When a search for a lost group ends.
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
    losses: int = 0
    until_min: int = 0

    @property
    def men_are_at(self) -> tuple[int, int]:
        """Route and step at which the men are once they have arrived: with the group while they have it in sight."""
        group = self.report.group
        return (group.route_number, group.step_index) if self.phase is Phase.SHADOW else (self.route, int(self.step))
