"""Running a job until its store holds all replications: one call for serial, local, Dask and MPI; its settings."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Literal, get_args

from sim.execution.chunks import CHUNK_SECONDS, Chunk, ChunkPlan
from sim.execution.dispatch import Accept, Pool, run_in_pool
from sim.execution.errors import ExecutionError, Failure
from sim.execution.local_processes import interrupts_recorded, usable_cores, worker_pool
from sim.execution.manifest import code_version
from sim.execution.progress import Progress
from sim.execution.store import Store
from sim.execution.worker import ChunkResult, Job, PackedJob, compute
from sim.scenario.base import Section, choice, quantity

if TYPE_CHECKING:
    import pandas as pd

WAIT_SECONDS = 60.0
MANY = 20
"""If the first so many replications all fail, the rest would hardly do better."""

TOO_MANY = 100
"""From so many failures on, more than half of all that was tried end the run."""

_ALONE_SECONDS = 1.0
_POOL_WORTH_SECONDS = 4.0
_NO_MATTER = "the machine at hand; the results are the same for any value"

Kind = Literal["local", "serial", "dask", "mpi"]


class ExecutionSettings(Section):
    """On what the replications are run: keys ``execution.kind``, ``execution.workers``, ``execution.chunk_size``,
    ``execution.address``, ``execution.wait_s``.
    """

    kind: Kind = choice(
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


Advice = Callable[[Failure], str]


def run_job(
    job: Job,
    store: Store,
    replications: int,
    *,
    kind: str = "local",
    workers: int | None = None,
    chunk_size: int | None = None,
    progress: Progress | None = None,
    each: Callable[[pd.DataFrame], None] | None = None,
    chunk_seconds: float = CHUNK_SECONDS,
    stage: int | None = None,
    address: str | None = None,
    wait_s: float = WAIT_SECONDS,
    close: bool = True,
    advice: Advice = lambda _failure: "",
) -> str:
    """Run what the store lacks of replications 0 to `replications` - 1, and complete the store.

    A replication that raises an exception, or whose worker process dies again and again, is recorded in
    ``store.failures`` and left out. Any settings give the same digest. Without `chunk_size` the first second's work is
    done in this process: short jobs then need no others, and for long ones the speed is known.

    Parameters
    ----------
    kind, workers, chunk_size, address, wait_s:
        As in `ExecutionSettings`.
    chunk_seconds:
        How long a chunk should take, without `chunk_size`.
    each:
        Called with all rows, part by part and in order, when they are read back at the end.
    stage:
        Replications of a stage, where the job reads the rows of earlier ones from the store: none of a stage is run
        before all rows of the stages before it are written. It is run on this machine, whatever `kind`.
    close:
        Read everything back, and take the digest. Without it, more is to come: call ``store.complete`` after the last.
    advice:
        What the message of a run that fails says besides of the first failure.

    Returns
    -------
    str
        The digest of all rows (`rows_digest`), which is then in the manifest too; empty without `close`.

    Raises
    ------
    ExecutionError
        When the cluster is gone, workers die whatever they run, the first twenty replications all failed, more than
        half of all and at least a hundred did, or any did of a job in stages. The state is then ``failed``; after a
        KeyboardInterrupt it is ``interrupted``. What was written is kept in every case.
    MissingExtraError, StoreError
        When `kind` needs what is not installed; when the rows cannot be written or read back.
    """
    if kind not in get_args(Kind):
        raise ValueError(f"kind must be one of {', '.join(get_args(Kind))}, not {kind!r}")
    if stage is not None:
        # Such a job reads a folder of this machine, which other machines need not see.
        kind = {"dask": "local", "mpi": "serial"}.get(kind, kind)
    missing = store.begin(replications)
    progress = progress or Progress()
    share = 1 if kind == "serial" else workers or usable_cores()
    plan = ChunkPlan(missing, chunk_size, share, chunk_seconds, stage=stage)

    def open_pool(packed: PackedJob, useful: int) -> AbstractContextManager[Pool]:
        if kind == "local":
            return worker_pool(packed, useful)
        from sim.execution.cluster_pools import dask_pool, mpi_pool

        return mpi_pool(packed) if kind == "mpi" else dask_pool(packed, address, workers, wait_s)

    try:
        progress.start(replications, replications - plan.remaining)
        _run_plan(job, store, plan, kind, open_pool, progress, advice)
        return store.complete(each) if close else ""
    except BaseException as error:
        store.stop(error)
        raise
    finally:
        progress.close()


def _run_plan(
    job: Job,
    store: Store,
    plan: ChunkPlan,
    kind: str,
    open_pool: Callable[[PackedJob, int], AbstractContextManager[Pool]],
    progress: Progress,
    advice: Advice,
) -> None:
    def accept(chunk: Chunk, result: ChunkResult) -> None:
        if result.error is not None:
            raise ExecutionError(f"{chunk}: {result.error}", result.traceback_text)
        for stretch, part in result.parts:
            store.write(stretch, part)
        if result.failures:
            _record_failures(store, result, plan, progress, advice)
        if result.seconds:
            plan.observe(chunk.stop - chunk.start, result.seconds)
        progress.advance(chunk.stop - chunk.start)
        raise_again()

    on_this_machine = kind in ("local", "serial")
    with interrupts_recorded() as raise_again:
        if on_this_machine and (plan.fixed_size is None or min(plan.workers, plan.chunks_left()) <= 1):
            enough = _ALONE_SECONDS if plan.workers > 1 else float("inf")
            _run_here(job, store.run, plan, accept, enough)
        if plan.remaining:
            packed = PackedJob(job, store.run, None if on_this_machine else code_version())
            useful = min(plan.workers, plan.chunks_left())
            run_in_pool(lambda alone: open_pool(packed, 1 if alone else useful), plan, accept, progress.note)
    if store.failures and not store.written:
        raise ExecutionError(_failed(store, f"the {len(store.failures)} replications all", advice))


def _run_here(job: Job, run: str, plan: ChunkPlan, accept: Accept, enough_seconds: float) -> None:
    """Run chunks in this process: all, or until it is clear that what is left is worth a pool."""
    began, chunks = time.monotonic(), 0
    while (chunk := plan.take()) is not None:
        accept(chunk, compute(job, chunk, run))
        chunks += 1
        # The first chunk may have spent its time on loading and compiling, and says nothing of the speed.
        spent = time.monotonic() - began
        if chunks > 1 and spent > enough_seconds and plan.seconds_left() > _POOL_WORTH_SECONDS:
            return


def _record_failures(store: Store, result: ChunkResult, plan: ChunkPlan, progress: Progress, advice: Advice) -> None:
    """Record what failed, and give up where going on is pointless."""
    store.note_failures(result.failures)
    failed, last = len(store.failures), result.failures[-1]
    if plan.stage is not None:
        # Later stages read the rows of earlier ones, all of them.
        raise ExecutionError(f"replication {last.replication}: {last.error}", result.traceback_text)
    if not store.written and failed >= MANY:
        raise ExecutionError(_failed(store, f"the first {failed} replications all", advice), result.traceback_text)
    if failed >= TOO_MANY and failed > store.finished:
        most = f"{failed} of the {failed + store.finished} replications so far"
        raise ExecutionError(_failed(store, most, advice), result.traceback_text)
    if failed == len(result.failures):
        progress.note(f"replication {last.replication} failed ({last.error}); going on")


def _failed(store: Store, which: str, advice: Advice) -> str:
    first = store.failures[min(store.failures)]
    return f"{which} failed, {first.replication} with {first.error}{advice(first)}"
