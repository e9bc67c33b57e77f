"""A way: a place that a group may choose to pass on its march, such as a pass."""

from __future__ import annotations

from sim.scenario.base import Name, Part, choice, quantity


class Way(Part):
    """A route over this place is offered for each crossing point, beside the quickest one."""

    name: Name = choice(..., "what it is called", assumed="a label")
    title: str = choice("", "how reports call it", assumed="a label")
    x_km: float = quantity(..., "kilometres east in the local frame", unit="km", source="gazetteer")
    y_km: float = quantity(..., "kilometres north in the local frame", unit="km", source="gazetteer")
