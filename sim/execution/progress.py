"""How far the work is: a bar on a terminal, a line now and then elsewhere, or nothing."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TextIO

from tqdm.std import tqdm

QUIET_SECONDS = 2.0
"""Work that takes no longer shows nothing."""

LINE_SECONDS = 10.0


class Progress:
    """What `run_job` reports as it goes; the methods of this base class show nothing."""

    def start(self, total: int, done: int) -> None:
        """`total` replications are wanted, of which `done` are there already."""

    def advance(self, replications: int) -> None:
        """So many more are done."""

    def note(self, text: str) -> None:
        """Something happened that the user may want to know."""

    def close(self) -> None:
        """Nothing more will come."""


def make_progress(
    label: str = "", *, silent: bool = False, stream: TextIO | None = None, unit: str = "replications"
) -> Progress:
    """The display that fits a stream, by default standard error; `label` says what is under way, `unit` what counts."""
    stream = stream or sys.stderr
    if silent:
        return Progress()
    return Bar(label, stream, unit) if stream.isatty() else Lines(label, stream, unit=unit)


class Bar(Progress):
    """A bar with the time left, for terminals."""

    def __init__(self, label: str, stream: TextIO, unit: str = "replications") -> None:
        self._label, self._stream, self._unit = label, stream, unit
        self._bar = tqdm(disable=True)

    def start(self, total: int, done: int) -> None:
        """Begin the bar; it stays hidden for the first two seconds."""
        self._bar = tqdm(
            total=total,
            initial=done,
            desc=self._label or None,
            unit=f" {self._unit}",
            file=self._stream,
            delay=QUIET_SECONDS,
            dynamic_ncols=True,
        )

    def advance(self, replications: int) -> None:
        """Lengthen the bar."""
        self._bar.update(replications)

    def note(self, text: str) -> None:
        """Print a line above the bar."""
        tqdm.write(text, file=self._stream)

    def close(self) -> None:
        """Leave the bar as it is."""
        self._bar.close()


class Lines(Progress):
    """A line about every ten seconds, for logs and pipes."""

    def __init__(
        self, label: str, stream: TextIO, clock: Callable[[], float] = time.monotonic, unit: str = "replications"
    ) -> None:
        self._label, self._unit = f"{label}: " if label else "", unit
        self._stream, self._clock = stream, clock
        self._total = self._done = self._before = 0
        self._started = self._due = clock()
        self._shown = -1

    def start(self, total: int, done: int) -> None:
        """Begin to count; the first line comes after two seconds."""
        self._total, self._done, self._before = total, done, done
        self._started = self._clock()
        self._due = self._started + QUIET_SECONDS

    def advance(self, replications: int) -> None:
        """Count on, and print a line if it is time for one."""
        self._done += replications
        now = self._clock()
        if now >= self._due:
            self._due = now + LINE_SECONDS
            self._show(now)

    def note(self, text: str) -> None:
        """Print a line at once."""
        print(f"{self._label}{text}", file=self._stream, flush=True)

    def close(self) -> None:
        """Print how far it came, if the work took long enough."""
        now = self._clock()
        if now - self._started >= QUIET_SECONDS and self._shown != self._done:
            self._show(now)

    def _show(self, now: float) -> None:
        self._shown = self._done
        spent = now - self._started
        speed = (self._done - self._before) / spent if spent > 0 else 0.0
        left = f", {duration((self._total - self._done) / speed)} left" if speed and self._done < self._total else ""
        share = 100 * self._done // self._total if self._total else 100
        self.note(f"{self._done:,} of {self._total:,} {self._unit} ({share} %), {duration(spent)} spent{left}")


def duration(seconds: float) -> str:
    """A duration for people.

    >>> duration(8.4), duration(200), duration(7300)
    ('8 s', '3 min 20 s', '2 h 1 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
