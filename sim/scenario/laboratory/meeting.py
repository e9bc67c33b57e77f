"""What laboratories share in which men must meet a group for certain."""

from __future__ import annotations

from sim.scenario.laboratory.bench import WALKS_KMH, Data, at_once, bench, post, sensor

HEIGHT_KM = 12.0
WATCH_KM = 3.0
"""From the southern edge to the post."""

RANGE_KM = 0.5
STEP_KM = 0.05
GLIMPSES = 20
"""Minutes that a walker spends within range: the post's southing lies half a step off the steps, so that no rounding
can make it one more or less."""

STEADY = {
    "contact_km": 1.0,
    "contact_probability": 1.0,
    "hidden_contact_probability": 1.0,
    "shadow_loss_per_hour": 0.0,
    "engage_ratio": 0.0,
    "common_picture": True,
    "route_guess_probability": 1.0,
    "pursuit_limit_min": 10_000,
    "wait_min": 10_000,
}
"""Command under which nobody who is followed is lost."""


def glimpsed(width_km: float, height_km: float = HEIGHT_KM) -> Data:
    """Ground on which a walker takes steps of `STEP_KM`, whatever the laboratory's speeds."""
    return bench(width_km, height_km, 60 * STEP_KM)


def watch(name: str, x_km: float, y_km: float, **more: object) -> Data:
    """A post on the way that has a walker in range for `GLIMPSES` minutes; `y_km` is a multiple of the step."""
    return post(x_km, y_km + STEP_KM / 2, RANGE_KM, name=name, height_m=30.0, **more)


def meeting(men: int, group: Data) -> Data:
    """A post whose men, so many, go out to every group that it has detected, and meet it before it is gone."""
    data = glimpsed(6.0)
    data["command"] |= STEADY
    squad = {"responders": men, "notice_min": 0, "response_km": 50.0, "frontage_km": 100.0, "vehicle": True}
    data["posts"] = [watch("watch", 3.0, WATCH_KM, **squad)]
    data["sensors"] = {"laboratory": sensor("definite_range")}
    parties = at_once(HEIGHT_KM, HEIGHT_KM / STEP_KM, **group)
    data["horizon_min"] = parties.pop("horizon_min")
    data["infiltrators"] |= parties
    data["infiltrators"]["front"] = {"west_km": 2.0, "east_km": 4.0, "lanes": 1}
    return data


assert 60 * STEP_KM <= 1.5 * WALKS_KMH, "people walk no faster"
