"""The same runs in new processes, which know nothing of what was run here and order their sets otherwise."""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from multiprocessing import get_context

from sim.conformance.errors import last_line
from sim.conformance.playing import Rows
from sim.conformance.subject import Run, Subject
from sim.world import Tables

HASHES = "PYTHONHASHSEED"


class ElsewhereError(Exception):
    """A new process could not play the runs; the message says why."""


def rows_elsewhere(subject: Subject, processes: int = 2) -> list[dict[Run, Rows]]:
    """Rows of all runs from each of some processes, every one with another order of hashes.

    Raises
    ------
    ElsewhereError
        When one of them has none to tell.
    """
    # Tables are for building Worlds, and the longest part.
    bare = replace(subject, scenes=tuple(replace(scene, tables=Tables()) for scene in subject.scenes))
    payload = pickle.dumps(bare, protocol=pickle.HIGHEST_PROTOCOL)
    seeds = [seed for seed in map(str, range(1, processes + 2)) if seed != os.environ.get(HASHES)][:processes]
    with ExitStack() as stack:
        futures = [_started(stack, payload, seed) for seed in seeds]
        return [_told(future) for future in futures]


def play_packed(payload: bytes) -> dict[Run, Rows] | str:
    """In the new process: unpack and play from the last run to the first; an error travels as text."""
    try:
        subject: Subject = pickle.loads(payload)
        return {run: subject.rows(run) for run in reversed(list(subject.runs()))}
    except (Exception, SystemExit) as error:
        return last_line(error)


def _started(stack: ExitStack, payload: bytes, hash_seed: str) -> Future[dict[Run, Rows] | str]:
    pool = stack.enter_context(ProcessPoolExecutor(1, mp_context=get_context("spawn")))
    # The first call starts the process, and it is then that the environment counts.
    with _hashes(hash_seed):
        return pool.submit(play_packed, payload)


@contextmanager
def _hashes(seed: str) -> Iterator[None]:
    before = os.environ.get(HASHES)
    os.environ[HASHES] = seed
    try:
        yield
    finally:
        if before is None:
            del os.environ[HASHES]
        else:
            os.environ[HASHES] = before


def _told(future: Future[dict[Run, Rows] | str]) -> dict[Run, Rows]:
    try:
        told = future.result()
    except BrokenProcessPool:
        raise ElsewhereError("the new process ended before it told anything") from None
    except Exception as error:
        raise ElsewhereError(last_line(error)) from error
    if isinstance(told, str):
        raise ElsewhereError(told)
    return told
