"""Work that a process of its own does beside this one."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from multiprocessing import get_context

from sim.execution.orphans import end_with
from sim.execution.pool import interrupts_held


@contextlib.contextmanager
def beside(work: Callable[[], object]) -> Iterator[None]:
    """While the caller is at something else, have another process do some work; left when both are done.

    All that comes of the work is what it leaves on disk. Where it fails, or no process can be started, whoever needs
    it does it himself, and tells of what is wrong. Left by an exception, a KeyboardInterrupt among them, the process
    is killed; it ends by itself when this one is.

    Parameters
    ----------
    work:
        Can be pickled, and does no harm when it is killed at any moment.
    """
    process = get_context("spawn").Process(target=_do, args=(work, os.getpid()), daemon=True)
    try:
        with interrupts_held():
            process.start()
    except OSError:
        yield
        return
    try:
        yield
        process.join()
    finally:
        process.kill()
        process.join()


def _do(work: Callable[[], object], parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with(parent)
    with contextlib.suppress(Exception):
        work()
