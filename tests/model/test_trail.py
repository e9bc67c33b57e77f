"""Men who follow tracks follow the group's own way, whatever way command believes in."""

from __future__ import annotations

from small_case import small_model

from sim.model.pursuit import Phase

WAYS = [{"name": "west", "x_km": 1.0, "y_km": 8.0}, {"name": "east", "x_km": 11.0, "y_km": 8.0}]
WRONG = {
    "control_strip.present": True,
    "control_strip.find_probability": 1.0,
    "control_strip.near_km": 0.5,
    "control_strip.trail_pace": 0.55,
    "control_strip.trail_loss_per_hour": 0.12,
    "command.route_guess_probability": 0.0,
    "command.pursuit_limit_min": 1000,
    "infiltrators.ways": WAYS,
    "infiltrators.detour_max_min": 2000,
    "infiltrators.spread_min": 600.0,
    "infiltrators.groups.0.lies_up": False,
    "patrols.0.duty_share": 1.0,
    "patrols.0.range_km": 0.0,
    "posts": [],
}


def test_a_trail_leads_along_the_groups_own_way_and_home_from_there() -> None:
    believed_wrongly = 0
    for replication in range(12):
        model = small_model("without", replication=replication, **WRONG)
        (group,) = model.groups
        while model.running:
            model.step()
            for unit in model.units:
                if unit.chase is not None and unit.chase.phase is Phase.TRAIL:
                    assert unit.chase.route == group.route_number
                    believed_wrongly += unit.chase.report.route != group.route_number
    assert believed_wrongly
