"""A run to be watched: opened from a choice, stepped to and fro in time, and shown frame by frame, also as HTML."""

from __future__ import annotations

import base64
import html
import threading
from collections.abc import Iterable
from dataclasses import dataclass

from sim.report.figure_moment import PICTURE_DPI, draw_base, draw_now
from sim.report.map_layers import unit_names
from sim.report.style import png_bytes
from sim.report.words import capital
from sim.scenario import Scenario, ScenarioError
from sim.study.replay.sentences import clock_of, group_line, group_title, moment_line, unit_line, unit_title
from sim.study.replay.story import Event, StoryModel
from sim.world import Tables, World, build_world

EVENT_STYLES = {
    kind: f"color: {colour}; font-weight: 600"
    for kind, colour in {"detected": "#b34700", "intercepted": "#0072b2", "ended": "#1a1a1a"}.items()
}
"""Events that stand out in the log."""


@dataclass(frozen=True)
class Choice:
    """What a viewer may choose: the arm, the seed and replication, and four numbers of the scenario."""

    arm: str
    seed: int
    replication: int
    outpost_x_km: float
    outpost_y_km: float
    outpost_range_km: float
    report_delay_min: int


@dataclass(frozen=True)
class Frame:
    """One minute of a run as it is shown: in words, as a log with the latest first, and as a sheet over the map.

    `groups` and `units` say who does what: a name and a sentence for each group, and for each unit that is not at its
    daily duty.
    """

    minute: int
    line: str
    groups: tuple[tuple[str, str], ...]
    units: tuple[tuple[str, str], ...]
    log: tuple[tuple[str, Event], ...]
    sheet_png: bytes
    over: bool


def first_choice(case: Scenario) -> Choice:
    """The case as it stands, with the outpost if there is such an arm, under seed 1, replication 0."""
    arm = "with_outpost" if "with_outpost" in case.arms else case.baseline
    post = case.outpost
    return Choice(arm, 1, 0, post.x_km, post.y_km, post.range_km, case.command.report_delay_min)


class Show:
    """One replication of one arm, and the minute at which it stands. Safe to be called from several threads.

    `case` is the scenario before the viewer's choice, `tables` the memory of what other choices have built already.
    Raises `ScenarioError` for a choice that cannot be simulated.

    >>> from sim.scenario import load_scenario
    >>> case = load_scenario()
    >>> show = Show(case, first_choice(case), Tables())
    >>> show.seek(60).line
    'Minute 60 · 3 Nov 09:00 · day · weather: clear'
    """

    def __init__(self, case: Scenario, choice: Choice, tables: Tables) -> None:
        for key, value in (("seed", choice.seed), ("replication", choice.replication)):
            if value < 0:
                raise ScenarioError(key, f"is {value}; allowed: 0 or more")
        asked = case.replace(
            **{
                "outpost.x_km": choice.outpost_x_km,
                "outpost.y_km": choice.outpost_y_km,
                "outpost.range_km": choice.outpost_range_km,
                "command.report_delay_min": choice.report_delay_min,
            }
        )
        self.choice = choice
        self.world: World = build_world(asked, choice.arm, tables)
        self.new = unit_names(self.world.scenario) - unit_names(asked.for_arm(asked.baseline))
        self.base_png = png_bytes(draw_base(self.world, self.new), PICTURE_DPI)
        self._lock = threading.Lock()
        self._model = self._fresh()

    @property
    def horizon_min(self) -> int:
        """The minute at which the run ends at the latest."""
        return self.world.scenario.horizon_min

    def remarks(self) -> list[str]:
        """What the viewer should know of the choice: that the arm overrules it, or that there is no outpost."""
        here = self.world.scenario
        found = [] if here.outpost.present else ["The outpost does not stand in this arm; its numbers change nothing."]
        delay = here.command.report_delay_min
        if delay != self.choice.report_delay_min:
            found.append(f"This arm sets the report delay itself: {delay} min.")
        if here.outpost.present and here.outpost.range_km != self.choice.outpost_range_km:
            found.append(f"This arm sets the outpost's range itself: {here.outpost.range_km:g} km.")
        return found

    def seek(self, minute: int) -> Frame:
        """Go to a minute, back or forth; a run that ends earlier stands at its end."""
        with self._lock:
            self._go_to(minute)
            return self._frame()

    def advance(self, minutes: int) -> Frame:
        """Go on by some minutes."""
        with self._lock:
            self._go_to(self._model.minute + minutes)
            return self._frame()

    def next_event(self) -> Frame:
        """Go on to the next minute in which something happens, or to the end."""
        with self._lock:
            before = len(self._model.events)
            while self._model.running and len(self._model.events) == before:
                self._model.step()
            return self._frame()

    def close(self) -> None:
        """Let go of the run, so that its memory is freed."""
        with self._lock:
            self._model.release()

    def _go_to(self, minute: int) -> None:
        if minute < self._model.minute:
            self._model.release()
            self._model = self._fresh()
        while self._model.running and self._model.minute < minute:
            self._model.step()

    def _fresh(self) -> StoryModel:
        choice = self.choice
        return StoryModel(world=self.world, rng=choice.seed, replication=choice.replication)

    def _frame(self) -> Frame:
        model = self._model
        lines = ((capital(unit_title(model, unit.name)), unit_line(model, unit)) for unit in model.units)
        return Frame(
            minute=model.minute,
            line=moment_line(model),
            groups=tuple((group_title(group), group_line(model, group)) for group in model.groups),
            units=tuple((name, line) for name, line in lines if line),
            log=tuple((clock_of(model, event.minute), event) for event in reversed(model.events)),
            sheet_png=png_bytes(draw_now(model, model.left_from), PICTURE_DPI),
            over=not model.running,
        )


def words_markup(frame: Frame, remarks: Iterable[str] = ()) -> str:
    """The minute in words, what each group does, and remarks on the choice."""
    lines = [f"<b>{escaped(frame.line)}</b>"]
    lines += [f"<b>{escaped(name)}</b>: {escaped(text)}." for name, text in frame.groups]
    lines += [f"<i>{escaped(text)}</i>" for text in remarks]
    return "<br>".join(lines)


def log_markup(frame: Frame) -> str:
    """Who is out now, and what has happened, the latest first."""
    out = "".join(f"<li><b>{escaped(name)}</b>: {escaped(text)}</li>" for name, text in frame.units)
    events = "".join(
        f'<div style="margin-bottom: 4px"><span style="color: #555">{escaped(clock)}</span> '
        f'<span style="{EVENT_STYLES.get(event.kind, "")}">{escaped(event.text)}</span></div>'
        for clock, event in frame.log
    )
    return (
        f"<b>Out now</b><ul>{out or '<li>nobody</li>'}</ul>"
        f'<div style="margin-top: 8px"><b>What happened</b></div>{events or "<div>nothing yet</div>"}'
    )


def image_markup(png: bytes, words: str, style: str = "") -> str:
    """A PNG file as an image that is as wide as there is room, with `words` for those who cannot see it."""
    data = base64.b64encode(png).decode()
    return f'<img alt="{escaped(words)}" style="width: 100%; {style}" src="data:image/png;base64,{data}">'


def escaped(text: str) -> str:
    """Text that stays text in HTML.

    >>> escaped('<b>"A & B"</b>')
    '&lt;b&gt;&quot;A &amp; B&quot;&lt;/b&gt;'
    """
    return html.escape(text)
