"""A report: who saw which group, where, and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.model.group import Group
    from sim.model.responder import Responder


@dataclass(frozen=True, eq=False)
class Report:
    """A detection as it goes up to command.

    Attributes
    ----------
    sentinel:
        Who detected the group or keeps it in sight.
    group:
        The group.
    route:
        The route that command takes it to be on.
    step:
        Step of its route at which it was seen, or left its tracks.
    minute:
        When it was seen.
    """

    sentinel: Responder
    group: Group
    route: int
    step: int
    minute: int
