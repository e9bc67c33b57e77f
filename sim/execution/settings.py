"""The settings of a run that never change its result."""

from __future__ import annotations

from typing import Literal

from sim.scenario.base import Section, choice, quantity

WAIT_SECONDS = 60.0
_NO_MATTER = "the machine at hand; the results are the same for any value"


class ExecutionSettings(Section):
    """On what the replications are run: keys ``execution.kind``, ``execution.workers``, ``execution.chunk_size``,
    ``execution.address``, ``execution.wait_s``.
    """

    kind: Literal["local", "serial", "dask", "mpi"] = choice(
        "local",
        "local: a pool of processes on this machine; serial: all in this process; dask: a Dask cluster; mpi: the "
        "processes that mpiexec started.",
        assumed=_NO_MATTER,
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
    address: str | None = choice(
        None,
        "dask: address of the scheduler, such as tcp://10.0.0.5:8786; null makes a cluster on this machine.",
        assumed=_NO_MATTER,
    )
    wait_s: float = quantity(
        WAIT_SECONDS,
        "dask: how long to wait for workers, at first and when all are gone, before the run ends.",
        unit="s",
        assumed=_NO_MATTER,
        ge=1,
        le=604_800,
    )
