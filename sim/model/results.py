"""The outcome rows of one run: who each group was, what became of it, and what the whole run cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.model.model import BorderModel


def outcome_rows(model: BorderModel) -> list[dict[str, Any]]:
    """One row a group, with the columns of `sim.outcomes.COLUMNS`."""
    world, here = model.world, model.scenario_in_force
    totals = {
        "false_alarms": sum(len(post.false_alarms) for post in model.posts),
        "dispatches": model.dispatches,
        "patrol_hours": sum(patrol.duty_minutes(here.horizon_min) for patrol in model.patrols) / 60.0,
        "cost_usd": world.cost_usd,
        "weather": here.light.weather[model.weather].name,
    }
    rows = []
    for group in model.groups:
        record, crossing = group.record, world.crossings[group.route.crossing]
        identity = {
            "replication": model.replication,
            "arm": model.arm,
            "group": group.name,
            "kind": group.settings.kind,
            "size": group.size,
            "crossing": crossing.name,
            "crossing_x_km": crossing.x_km,
            "crossing_y_km": crossing.y_km,
            "sector": here.sector_of(crossing.x_km),
            "way": world.way_name(group.route.way),
        }
        story = {key: value for key, value in record.items() if key != "fights"}
        escaped = group.size - record["killed"] - record["captured"]
        rows.append({**identity, **story, **totals, "escaped": escaped})
    return rows
