"""The settings of a run that never change its result."""

from __future__ import annotations

from typing import Literal

from sim.scenario.base import Part, choice, quantity

_NO_MATTER = "the machine at hand; the results are the same for any value"


class ExecutionSettings(Part):
    """On what the replications are run: keys ``execution.kind``, ``execution.workers``, ``execution.chunk_size``."""

    kind: Literal["local", "serial"] = choice(
        "local", "local: a pool of processes on this machine; serial: all in this process.", assumed=_NO_MATTER
    )
    workers: int | None = quantity(
        None,
        "Number of worker processes; null takes every core that this process may use.",
        unit="processes",
        assumed=_NO_MATTER,
        ge=1,
        le=256,
    )
    chunk_size: int | None = quantity(
        None,
        "Replications handed to a worker at a time; null measures the speed and aims at two seconds.",
        unit="replications",
        assumed=_NO_MATTER,
        ge=1,
    )
