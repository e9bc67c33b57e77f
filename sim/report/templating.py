"""Filling in a page's template: whatever comes from the user's files is escaped, and nothing may be left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined


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
