"""The outcome rows of one run: who each group was, what became of it, and what the whole run cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.model.group import Group
    from sim.model.model import BorderModel


def outcome_rows(model: BorderModel) -> list[dict[str, Any]]:
    """One row a group, with the columns of `sim.outcomes.COLUMNS`."""
    totals = _totals(model)
    return [{**_identity(model, group), **_story(group), **totals} for group in model.groups]


def _identity(model: BorderModel, group: Group) -> dict[str, Any]:
    scenario, crossing = model.scenario_in_force, model.world.crossings[group.route.crossing]
    return {
        "replication": model.replication,
        "arm": model.arm,
        "group": group.name,
        "kind": group.settings.kind,
        "size": group.size,
        "crossing": crossing.name,
        "crossing_x_km": crossing.x_km,
        "crossing_y_km": crossing.y_km,
        "sector": scenario.sector_of(crossing.x_km),
        "way": model.world.way_name(group.route.way),
        "weather": scenario.light.weather[model.weather].name,
    }


def _story(group: Group) -> dict[str, Any]:
    record = {key: value for key, value in group.record.items() if key != "fights"}
    record["escaped"] = group.size - record["killed"] - record["captured"]
    return record


def _totals(model: BorderModel) -> dict[str, Any]:
    horizon = model.scenario_in_force.horizon_min
    return {
        "false_alarms": sum(len(post.false_alarms) for post in model.posts),
        "dispatches": model.dispatches,
        "patrol_hours": sum(patrol.duty_minutes(horizon) for patrol in model.patrols) / 60.0,
        "cost_usd": model.world.cost_usd,
    }
