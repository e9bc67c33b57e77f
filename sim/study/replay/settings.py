"""Keys of the study `replay`."""

from __future__ import annotations

from sim.scenario.base import Section, choice, quantity


class ReplaySettings(Section):
    """Which replication of an earlier run to see again."""

    replication: int = quantity(0, "study=replay: number of the replication", assumed="the user's choice", ge=0)
    arm: str | None = choice(
        None, "study=replay: name of the arm; null takes the first that raises an error", assumed="the user's choice"
    )


SETTINGS = ReplaySettings
