"""Filling in the pages' templates: whatever comes from the user's files is escaped, and nothing may be left out."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


def fill_in(template: str, **values: Any) -> str:
    """The page that a template makes of values.

    Parameters
    ----------
    template:
        Name of a file in ``templates``.
    values:
        All that it names.
    """
    environment = Environment(
        loader=PackageLoader("sim.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(**values)
