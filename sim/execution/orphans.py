"""Processes that end when the one that started them has gone, however it went."""

from __future__ import annotations

import os
import threading
import time

SECONDS = 1.0
"""Between two looks."""


def end_with(parent: int) -> None:
    """End this process soon after its parent has ended.

    Parameters
    ----------
    parent:
        Process id of the parent. It is told, as the parent may have gone before it could be asked for.
    """
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    # Orphans are given to another process: a killed parent shows in the parent's id alone.
    while os.getppid() == parent:
        time.sleep(SECONDS)
    os._exit(1)
