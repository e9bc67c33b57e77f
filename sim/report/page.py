"""What a report's page is made of: tables and figures, and its template filled in."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined


@dataclass(frozen=True)
class Table:
    """A table of text; the first column names the row."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""


@dataclass(frozen=True)
class Figure:
    """A drawn figure: its name, the PNG, and what it shows for those who cannot see it."""

    name: str
    png: bytes
    caption: str

    @property
    def data_uri(self) -> str:
        """The PNG as an address that holds the picture itself."""
        return "data:image/png;base64," + base64.b64encode(self.png).decode("ascii")


def fill_in(template: Path, **values: Any) -> str:
    """The page that a template makes of values.

    Parameters
    ----------
    template:
        A file; it may extend and import those in ``sim/report/templates``.
    values:
        All that it names.
    """
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(template.parent), PackageLoader("sim.report")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template.name).render(**values)
