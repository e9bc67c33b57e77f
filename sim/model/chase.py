"""A chase: where men who were sent stand in it, and the plan that it began with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from sim.model.report import Report

if TYPE_CHECKING:
    from sim.model.responder import Responder


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
    """One sending-out: the report that caused it, the meeting place, and how far it has come.

    Attributes
    ----------
    route, step:
        Where the men are, once they have arrived: on which of the group's routes, and at which step of it. It is the
        route that command believes in, and need not be the one that the group takes.
    grip:
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
    grip: int = 0
    losses: int = 0
    until_min: int = 0


@dataclass(frozen=True)
class Plan:
    """Where and when a unit could meet a group."""

    responder: Responder
    meeting_step: int
    arrive_min: int
    travel_min: int
