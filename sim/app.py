"""The page in the browser: one run of the Mesa model, watched minute by minute. Start it with ``make app``.

It needs the extra ``app``. ``BORDER_SIM_EXPERIMENT`` names another experiment, or a YAML file of one's own.
"""

from __future__ import annotations

import base64
import html
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import solara

from sim.report.words import plain
from sim.scenario import Scenario, ScenarioError, load_scenario
from sim.watch.show import Choice, Frame, Show, first_choice
from sim.world import Tables

EXPERIMENT = "BORDER_SIM_EXPERIMENT"
PACES = {"1 minute": 1, "10 minutes": 10, "30 minutes": 30, "60 minutes": 60}
PAUSE_S = 0.4
"""Seconds between two steps while the run plays."""
NUMBERS: tuple[tuple[str, str, type], ...] = (
    ("seed", "Seed", int),
    ("replication", "Replication", int),
    ("outpost_range_km", "Outpost's range (km)", float),
    ("report_delay_min", "Report delay (min)", int),
    ("outpost_x_km", "Outpost, km east", float),
    ("outpost_y_km", "Outpost, km north", float),
)
EVENT_COLOURS = {"detected": "#d55e00", "intercepted": "#0072b2", "ended": "#1a1a1a"}


@solara.component
def Page() -> None:
    """The whole page: the case, or why it cannot be loaded."""
    solara.Title("border-sim: one run, minute by minute")
    case, problem = solara.use_memo(_load_case, [])
    if case is None:
        solara.Error(problem)
    else:
        Watch(case)


def _load_case() -> tuple[Scenario | None, str]:
    name = os.environ.get(EXPERIMENT)
    try:
        return (load_scenario(name) if name else load_scenario()), ""
    except ScenarioError as problem:
        return None, str(problem)


@solara.component
def Watch(case: Scenario) -> None:
    """One case: settings at the side, the run beside them. A choice that is refused leaves the last run standing."""
    choice = solara.use_reactive(first_choice(case))
    show: solara.Reactive[Show | None] = solara.use_reactive(None)
    problem = solara.use_reactive("")
    tables = solara.use_memo(Tables, [])
    building = solara.use_memo(threading.Lock, [])

    def build(cancel: threading.Event) -> None:
        with building:
            if cancel.is_set():
                return
            try:
                opened = Show(case, choice.value, tables)
            except ScenarioError as refused:
                if not cancel.is_set():
                    problem.set(str(refused))
                return
            problem.set("")
            show.set(opened)

    state = solara.use_thread(build, dependencies=[choice.value], intrusive_cancel=False)
    with solara.Sidebar():
        Settings(case, choice.value, choice.set)
    with solara.Column(gap="4px", style={"padding": "0 16px"}):
        solara.HTML("div", _escaped(case.title or plain(case.name)), style="font-size: 20px; font-weight: 600")
        if problem.value:
            solara.Error(f"{problem.value}. The run below is still the last good one." if show.value else problem.value)
        if state.state == solara.ResultState.ERROR:
            solara.Error(f"This should not have happened: {state.error}")
        solara.ProgressLinear(state.state == solara.ResultState.RUNNING)
        if show.value is None:
            solara.Text("" if problem.value else "Laying out the ground: a few seconds, once …")
        else:
            Player(show.value).key(f"show-{id(show.value)}")


@solara.component
def Settings(case: Scenario, choice: Choice, on_choice: Callable[[Choice], None]) -> None:
    """Fields for the arm, the luck and the numbers; a change builds the run anew."""
    solara.HTML("div", "What is played", style="font-weight: 600")
    solara.Select(
        "Arm", values=list(case.arms), value=choice.arm, on_value=lambda arm: on_choice(replace(choice, arm=arm))
    )
    solara.HTML("div", _escaped(case.arms[choice.arm].description), style="font-size: 13px; color: #555")
    for key, label, kind in NUMBERS:

        def put(value: Any, key: str = key) -> None:
            on_choice(replace(choice, **{key: value}))

        field = solara.InputInt if kind is int else solara.InputFloat
        field(label, value=getattr(choice, key), on_value=put)
    solara.HTML(
        "div",
        "Seed and replication together are the luck of a run: the same in every arm. One run shows how it can go, "
        "not how often.",
        style="font-size: 13px; color: #555",
    )


@solara.component
def Player(show: Show) -> None:
    """One run: the buttons, the minute in words, the map and the log."""
    frame = solara.use_reactive(solara.use_memo(lambda: show.seek(0), []))
    playing, pace = solara.use_reactive(False), solara.use_reactive("10 minutes")
    solara.use_effect(lambda: show.close, [])

    def play(cancel: threading.Event) -> None:
        while playing.value and not cancel.is_set():
            frame.set(show.advance(PACES[pace.value]))
            if frame.value.over:
                playing.set(False)
            cancel.wait(PAUSE_S)

    solara.use_thread(play, dependencies=[playing.value, pace.value], intrusive_cancel=False)
    Buttons(show, frame, playing, pace)
    solara.SliderInt(
        "Minute", value=frame.value.minute, min=0, max=show.horizon_min, on_value=lambda at: frame.set(show.seek(at))
    )
    Words(show, frame.value)
    with solara.Columns([7, 4], gutters=False):
        Map(show.base_png, frame.value)
        Log(frame.value)


@solara.component
def Buttons(
    show: Show, frame: solara.Reactive[Frame], playing: solara.Reactive[bool], pace: solara.Reactive[str]
) -> None:
    """Play, step, go to the next event, go to the end, start again."""
    over = frame.value.over
    with solara.Row(gap="8px", style={"align-items": "center", "flex-wrap": "wrap"}):
        solara.Button(
            "Pause" if playing.value else "Play",
            icon_name="mdi-pause" if playing.value else "mdi-play",
            color="primary",
            disabled=over,
            on_click=lambda: playing.set(not playing.value),
        )
        solara.Button("Step", disabled=over, on_click=lambda: frame.set(show.advance(PACES[pace.value])))
        solara.Button("Next event", disabled=over, on_click=lambda: frame.set(show.next_event()))
        solara.Button("To the end", disabled=over, on_click=lambda: frame.set(show.seek(show.horizon_min)))

        def reset() -> None:
            playing.set(False)
            frame.set(show.seek(0))

        solara.Button("Reset", on_click=reset)
        with solara.Div(style={"width": "140px"}):
            solara.Select("A step is", values=list(PACES), value=pace)


@solara.component
def Words(show: Show, frame: Frame) -> None:
    """The minute in words, each group's story so far, and what the choice means."""
    lines = [f"<b>{_escaped(frame.line)}</b>"]
    lines += [f"<b>{_escaped(name)}</b>: {_escaped(text)}." for name, text in frame.groups]
    lines += [f"<i>{_escaped(text)}</i>" for text in show.remarks()]
    solara.HTML("div", "<br>".join(lines), style="font-size: 16px; line-height: 1.5")


@solara.component
def Map(base_png: bytes, frame: Frame) -> None:
    """The map and the sheet of this minute over it; the map itself is sent once."""
    with solara.Div(style={"position": "relative", "max-width": "920px"}):
        solara.HTML("div", _image(base_png, "map of the ground and the forces", ""))
        solara.HTML("div", _image(frame.sheet_png, frame.line, "position: absolute; left: 0; top: 0;"))


@solara.component
def Log(frame: Frame) -> None:
    """Who is out now, and what has happened, the latest first."""
    out = "".join(f"<li><b>{_escaped(name)}</b>: {_escaped(text)}</li>" for name, text in frame.units)
    told = "".join(
        f'<div style="margin-bottom: 4px"><span style="color: #555">{clock}</span> '
        f'<span style="{_event_style(event.kind)}">{_escaped(event.text)}</span></div>'
        for clock, event in frame.log
    )
    body = f"<b>Out now</b><ul>{out or '<li>nobody</li>'}</ul><b>What happened</b>{told or '<div>nothing yet</div>'}"
    solara.HTML("div", body, style="font-size: 14px; line-height: 1.4; max-height: 860px; overflow-y: auto")


def _event_style(kind: str) -> str:
    return f"color: {EVENT_COLOURS[kind]}; font-weight: 600" if kind in EVENT_COLOURS else ""


def _image(png: bytes, words: str, style: str) -> str:
    data = base64.b64encode(png).decode()
    return f'<img alt="{_escaped(words)}" style="width: 100%; {style}" src="data:image/png;base64,{data}">'


def _escaped(text: str) -> str:
    return html.escape(text)
