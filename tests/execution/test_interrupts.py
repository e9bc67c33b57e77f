"""A Ctrl-C that Python forgets is raised again; all others are raised at once."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator

import pytest
from lost_interrupt import Closing

from sim.execution.interrupts import interrupts_noted

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals")


@pytest.fixture(autouse=True)
def _listening() -> Iterator[None]:
    """As in a program that was started on a terminal."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


class Failing:
    """Cannot be thrown away in order."""

    def __del__(self) -> None:
        raise ValueError("no ford")


def test_one_that_is_lost_is_raised_again_and_not_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda lost: told.append(lost.exc_type))
    with interrupts_noted() as raise_again:
        Failing()
        raise_again()
        Closing()
        with pytest.raises(KeyboardInterrupt):
            raise_again()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert told == [ValueError]


def test_one_that_is_heard_is_raised_at_once() -> None:
    def run() -> None:
        with interrupts_noted():
            os.kill(os.getpid(), signal.SIGINT)
            for _ in range(1000):
                pass
            pytest.fail("it went on")

    with pytest.raises(KeyboardInterrupt):
        run()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.parametrize("handler", [signal.SIG_IGN, lambda *_: None])
def test_handlers_of_somebody_elses_stay(handler: object) -> None:
    signal.signal(signal.SIGINT, handler)  # type: ignore[arg-type]
    with interrupts_noted() as raise_again:
        assert signal.getsignal(signal.SIGINT) is handler
        os.kill(os.getpid(), signal.SIGINT)
        raise_again()


def test_in_a_thread_nothing_is_changed() -> None:
    seen: list[object] = []

    def run() -> None:
        with interrupts_noted():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert seen == [signal.default_int_handler]
