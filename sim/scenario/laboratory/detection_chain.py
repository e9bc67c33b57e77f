"""The whole chain of detection in the experiment itself, where it can be added up without chance.

This laboratory builds nothing: it stands on the case at hand, in which a group must be watched by posts and patrols
that know nothing of one another. What is missing to that is said when it is verified.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sim.scenario.base import Name
from sim.scenario.laboratory.bench import Case, Data, word


class DetectionChain(Case):
    """First detection of one group: 1 - mean over way and departure of exp(-H posts) x means over patrols' phases."""

    case: Literal["detection_chain"] = word("which laboratory")
    arm: Name = Field("with_outpost", description="arm that is played", json_schema_extra={"assumed": "either"})

    def expand(self) -> Data:
        """Nothing but what the case has."""
        return {}
