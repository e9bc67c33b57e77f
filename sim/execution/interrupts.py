"""Ctrl-C that is not lost."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any


@contextlib.contextmanager
def interrupts_noted() -> Iterator[Callable[[], None]]:
    """While a long run is under way: give a function that raises a Ctrl-C again which led to nothing.

    Python tells of a Ctrl-C by raising KeyboardInterrupt wherever it is just then. In a ``__del__``, or in what C calls
    back, that is printed and forgotten, and the run would go on; here it is not printed either. Elsewhere it is raised
    as ever. Handlers of somebody else's, and threads, are left alone.
    """
    noted: list[int] = []

    def note(number: int, _: object) -> None:
        noted.append(number)
        raise KeyboardInterrupt

    def raise_again() -> None:
        if noted:
            raise KeyboardInterrupt

    in_main = threading.current_thread() is threading.main_thread()
    if not in_main or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield raise_again
        return
    tell = sys.unraisablehook

    def tell_of_others(lost: Any) -> None:
        if not issubclass(lost.exc_type, KeyboardInterrupt):
            tell(lost)

    signal.signal(signal.SIGINT, note)
    sys.unraisablehook = tell_of_others
    try:
        yield raise_again
    finally:
        sys.unraisablehook = tell
        signal.signal(signal.SIGINT, signal.default_int_handler)
