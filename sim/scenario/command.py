"""Command: how long a report takes, who hears of it, and how long a chase lasts."""

from __future__ import annotations

from typing import Literal

from sim.scenario.base import Part, choice, quantity


class Command(Part):
    """What happens between a detection and the men who are sent."""

    report_delay_min: int = quantity(
        30, "mean time from a detection to the cue that others receive", unit="min", assumed=(5, 120), ge=0, le=10_080
    )
    report_delay_law: Literal["fixed", "exponential", "erlang"] = choice(
        "fixed",
        "how the report delay varies about its mean: not at all; memoryless; a sum of several such stages",
        assumed="reports pass several hands",
    )
    report_delay_stages: int = quantity(
        3, "erlang: number of stages, each with the same mean", assumed=(2, 6), ge=1, le=50
    )
    false_alarm_check: bool = choice(
        False, "whether alarms are checked before men leave: later, but with fewer false errands", assumed="either"
    )
    check_min: int = quantity(15, "how long the check takes", unit="min", assumed=(5, 60), ge=0, le=1440)
    check_catches: float = quantity(0.7, "that a check recognises a false alarm", assumed=(0.3, 0.95), ge=0, le=1)
    common_picture: bool = choice(
        True,
        "whether reports of one group are put together, men under way are counted, and those who search are led by "
        "those who have it in sight",
        assumed="either",
    )
    route_guess_probability: float = quantity(
        1.0,
        "that command guesses right which way a group will take where several still lie open",
        assumed=(0.4, 1.0),
        ge=0,
        le=1,
    )
    lost_search_min: int = quantity(
        0,
        "how long men who lost a group search for it from its last known place; 0: they go home",
        unit="min",
        assumed=(0, 180),
        ge=0,
        le=10_080,
    )
    lost_find_per_hour: float = quantity(
        1.0, "rate at which such a search finds a group that is near", unit="1/h", assumed=(0.2, 3.0), ge=0, le=1000
    )
    sharing_radius_km: float = quantity(
        25.0, "posts and patrols within it are cued; 0 for no sharing", unit="km", assumed=(0.0, 60.0), ge=0, le=1000
    )
    cue_interior: bool = choice(True, "whether reports reach the interior as well", assumed="true or false")
    interior_delay_min: int = quantity(
        60, "from the cue to the alert of the interior", unit="min", assumed=(15, 360), ge=0, le=10_080
    )
    alert_hours: float = quantity(
        60.0, "how long an alert of the interior lasts", unit="h", assumed=(12.0, 96.0), ge=0, le=2000
    )
    expected_pace: float = quantity(
        0.6, "pace that command expects of a group, over plain Tobler going", assumed=(0.4, 1.0), gt=0, le=3
    )
    pursuit_limit_min: int = quantity(
        360, "a chase ends that long after the men were sent", unit="min", assumed=(120, 720), ge=0, le=20_000
    )
    wait_min: int = quantity(
        120,
        "how long men wait at the meeting place before they search back",
        unit="min",
        assumed=(30, 240),
        ge=0,
        le=20_000,
    )
    search_pace: float = quantity(
        1.0, "pace of men who search along a route, over plain Tobler going", assumed=(0.5, 1.5), gt=0, le=10
    )
    contact_km: float = quantity(0.5, "distance at which men meet a group", unit="km", assumed=(0.2, 1.0), gt=0, le=20)
    contact_probability: float = quantity(
        0.35, "that men who come so close to a marching group find it", assumed=(0.1, 0.9), ge=0, le=1
    )
    hidden_contact_probability: float = quantity(
        0.15, "the same while the group lies up", assumed=(0.05, 0.5), ge=0, le=1
    )
    shadow_loss_per_hour: float = quantity(
        0.7, "rate at which men who shadow a group lose it", unit="1/h", assumed=(0.1, 3.0), ge=0, le=1000
    )
    engage_ratio: float = quantity(
        1.2,
        "men present over the group's size from which they engage; weaker ones shadow it",
        assumed=(0.5, 2.0),
        ge=0,
        le=20,
    )
    force_ratio: float = quantity(
        3.0, "men sent over the group's size that command aims for", assumed=(0.5, 4.0), ge=0, le=20
    )
    false_alarm_min: int = quantity(
        180, "how long a false alarm keeps a squad away", unit="min", assumed=(60, 360), ge=0, le=10_080
    )
