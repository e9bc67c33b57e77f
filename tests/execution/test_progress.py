"""Progress on a terminal, in a log, and silenced, with a clock of the test's own."""

from __future__ import annotations

import io

import pytest

from sim.execution import progress
from sim.execution.progress import Bar, Lines, Progress, make_progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


class Clock:
    seconds = 0.0

    def __call__(self):
        return self.seconds


def use_all(display):
    display.start(100, 20)
    display.advance(30)
    display.note("a worker process died")
    display.advance(50)
    display.close()


def test_the_display_fits_the_place():
    assert isinstance(make_progress(stream=Terminal()), Bar)
    assert isinstance(make_progress(stream=io.StringIO()), Lines)
    assert type(make_progress(silent=True, stream=Terminal())) is Progress


def test_lines_come_at_their_time():
    stream, clock = io.StringIO(), Clock()
    lines = Lines("compare", stream, clock)
    lines.start(1000, 200)
    for second in range(1, 26):
        clock.seconds = second
        lines.advance(20)
    lines.close()
    # First after 2 s, then every 10 s, then the end; 20 a second.
    assert stream.getvalue().splitlines() == [
        "compare: 240 of 1,000 replications (24 %), 2 s spent, 38 s left",
        "compare: 440 of 1,000 replications (44 %), 12 s spent, 28 s left",
        "compare: 640 of 1,000 replications (64 %), 22 s spent, 18 s left",
        "compare: 700 of 1,000 replications (70 %), 25 s spent, 15 s left",
    ]


def test_short_work_prints_no_line():
    stream, clock = io.StringIO(), Clock()
    lines = Lines("", stream, clock)
    lines.start(10, 0)
    clock.seconds = 1.9
    lines.advance(10)
    lines.close()
    assert stream.getvalue() == ""


def test_nothing_to_do_is_all_of_it():
    stream, clock = io.StringIO(), Clock()
    lines = Lines("", stream, clock)
    lines.start(0, 0)
    clock.seconds = 3.0
    lines.close()
    assert stream.getvalue() == "0 of 0 replications (100 %), 3 s spent\n"


def test_short_work_shows_no_bar():
    terminal = Terminal()
    bar = Bar("compare", terminal)
    bar.start(100, 20)
    bar.advance(80)
    bar.close()
    assert terminal.getvalue().strip() == ""


def test_the_bar_shows_share_and_label(monkeypatch):
    monkeypatch.setattr(progress, "QUIET_SECONDS", 0.0)
    terminal = Terminal()
    use_all(Bar("compare", terminal))
    shown = terminal.getvalue()
    assert "compare" in shown
    assert "100/100" in shown
    assert "a worker process died\n" in shown


def test_silence(capfd):
    use_all(make_progress(silent=True))
    assert capfd.readouterr() == ("", "")


def test_closing_before_the_start_prints_nothing(capfd):
    terminal, stream = Terminal(), io.StringIO()
    for display in (Bar("", terminal), Lines("", stream), Progress()):
        display.close()
    assert (terminal.getvalue(), stream.getvalue(), *capfd.readouterr()) == ("", "", "", "")


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (3599, "59 min 59 s"), (3600, "1 h 0 min")]
)
def test_durations(seconds, text):
    assert progress.duration(seconds) == text
