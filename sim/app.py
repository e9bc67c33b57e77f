"""The page in the browser: one run of the Mesa model, watched minute by minute. Start it with ``make app``.

It needs the extra ``app``. ``BORDER_SIM_EXPERIMENT`` names another experiment, or a YAML file of one's own.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import solara

from sim.report.words import plain
from sim.scenario import Scenario, ScenarioError
from sim.study.settings import load_scenario
from sim.watch.show import Choice, Frame, Show, escaped, first_choice, image_markup, log_markup, words_markup
from sim.world import Tables

EXPERIMENT = "BORDER_SIM_EXPERIMENT"
PACES = {"1 minute": 1, "10 minutes": 10, "30 minutes": 30, "60 minutes": 60}
TABLES_MB = 300.0  # of what earlier choices have built: the page stays open for hours
LOG_STYLE = "font-size: 14px; line-height: 1.4; max-height: 860px; overflow-y: auto"
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


@solara.component
def Layout(children: list[Any] | None = None) -> None:
    """Nothing around the page: the map needs the room."""
    solara.Column(children=children or [])


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
    """One case: settings at the side, the run next to them. A choice that is refused leaves the last run standing."""
    choice = solara.use_reactive(first_choice(case))
    show: solara.Reactive[Show | None] = solara.use_reactive(None)
    problem = solara.use_reactive("")
    tables = solara.use_memo(lambda: Tables(limit_mb=TABLES_MB), [])
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
    busy = state.state == solara.ResultState.RUNNING
    with solara.Div(style={"display": "flex", "gap": "24px", "padding": "8px 16px"}):
        with solara.Div(style={"flex": "0 0 190px"}):
            Settings(case, choice.value, choice.set)
        with solara.Div(style={"flex": "1 1 0", "min-width": "0"}):
            solara.HTML("div", escaped(case.title or plain(case.name)), style="font-size: 20px; font-weight: 600")
            solara.ProgressLinear(busy)
            if problem.value:
                kept = " The run below is the last good one." if show.value else ""
                solara.Error(f"{problem.value}.{kept}", dense=True)
            if state.state == solara.ResultState.ERROR:
                solara.Error(f"This should not have happened: {state.error}")
            if show.value is not None:
                Player(show.value).key(f"show-{id(show.value)}")
            elif busy:
                solara.Text("Laying out the ground: a few seconds, once …")


@solara.component
def Settings(case: Scenario, choice: Choice, on_choice: Callable[[Choice], None]) -> None:
    """Fields for the arm, the seed and the numbers; a change builds the run anew."""
    solara.HTML("div", "What is run", style="font-weight: 600")
    solara.Select(
        "Arm", values=list(case.arms), value=choice.arm, on_value=lambda arm: on_choice(replace(choice, arm=arm))
    )
    solara.HTML("div", escaped(case.arms[choice.arm].description), style="font-size: 13px; color: #555")
    for key, label, kind in NUMBERS:

        def put(value: Any, key: str = key) -> None:
            on_choice(replace(choice, **{key: value}))

        field = solara.InputInt if kind is int else solara.InputFloat
        field(label, value=getattr(choice, key), on_value=put)
    solara.HTML(
        "div",
        "Seed and replication together fix the random numbers of a run: the same in every arm. One run shows how it "
        "can go, not how often.",
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
    solara.HTML("div", words_markup(frame.value, show.remarks()), style="font-size: 16px; line-height: 1.5")
    with solara.Columns([7, 4], gutters=False):
        Map(show.base_png, frame.value)
        solara.HTML("div", log_markup(frame.value), style=LOG_STYLE)


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
def Map(base_png: bytes, frame: Frame) -> None:
    """The map and the sheet of this minute over it; the map itself is sent once."""
    with solara.Div(style={"position": "relative", "max-width": "920px"}):
        solara.HTML("div", image_markup(base_png, "map of the ground and the forces"))
        solara.HTML("div", image_markup(frame.sheet_png, frame.line, "position: absolute; left: 0; top: 0;"))
