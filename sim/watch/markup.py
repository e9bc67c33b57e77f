"""Frames of a run as pieces of HTML; whatever a configuration names is escaped."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable

from sim.watch.show import Frame

EVENT_COLOURS = {"detected": "#b34700", "intercepted": "#0072b2", "ended": "#1a1a1a"}
"""Events that stand out in the log, in bold as well."""


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
        f'<span style="{_event_style(event.kind)}">{escaped(event.text)}</span></div>'
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


def _event_style(kind: str) -> str:
    return f"color: {EVENT_COLOURS[kind]}; font-weight: 600" if kind in EVENT_COLOURS else ""
