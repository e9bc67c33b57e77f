"""Memory that is free in this process, given back to the machine."""

from __future__ import annotations

import contextlib
import ctypes

import pyarrow as pa


def give_back() -> None:
    """Let go of what was freed: allocators keep it otherwise, and thousands of pieces hold it as if it were in use."""
    pa.default_memory_pool().release_unused()
    # Only the C library of GNU has it.
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
