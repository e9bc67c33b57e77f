"""Command: how long a report takes, who hears of it, how long a chase lasts; and the engagement at its end."""

from __future__ import annotations

from typing import Literal

from sim.scenario.base import Section, choice, fraction, kilometres, minutes, pace, quantity


class Command(Section):
    """What happens between a detection and the men who are sent."""

    report_delay_min: int = minutes(30, "mean time from a detection to the cue that others receive", assumed=(5, 120))
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
    check_min: int = minutes(15, "how long the check takes", assumed=(5, 60), le=1440)
    check_catches: float = fraction(0.7, "that a check recognises a false alarm", assumed=(0.3, 0.95))
    common_picture: bool = choice(
        True,
        "whether reports of one group are put together, men under way are counted, and those who search are led by "
        "those who have it in sight",
        assumed="either",
    )
    route_guess_probability: float = fraction(
        1.0, "that command guesses right which way a group will take where several still lie open", assumed=(0.4, 1)
    )
    lost_search_min: int = minutes(
        0, "how long men who lost a group search for it from its last known place; 0: they go home", assumed=(0, 180)
    )
    watches_far_bank: bool = choice(
        True,
        "whether posts and patrols look out for groups on the far bank too; men are sent once they put to water",
        assumed="either",
    )
    sharing_radius_km: float = kilometres(
        25.0, "posts and patrols within it are cued; 0 for no sharing", assumed=(0, 60), le=1000
    )
    cue_interior: bool = choice(True, "whether reports reach the interior as well", assumed="true or false")
    interior_delay_min: int = minutes(60, "from the cue to the alert of the interior", assumed=(15, 360))
    alert_hours: float = quantity(60.0, "how long an alert of the interior lasts", "h", assumed=(12, 96), ge=0, le=2000)
    farthest_on_pace: float = pace(
        1.0,
        "pace by day that command takes no group to exceed, over plain Tobler going: men are sent to where such a one "
        "cannot have passed yet",
        assumed=(0.9, 1.2),
    )
    expected_pace: float = pace(
        0.6,
        "pace by day, over plain Tobler going, by which men reckon that a group has passed, and look for a lost one",
        assumed=(0.4, 1),
    )
    expects_day_halts: bool = choice(
        True, "whether command expects groups to lie up by day", assumed="crossings and marches by night are reported"
    )
    night_pace: float = quantity(
        0.67,
        "pace on foot by night over that by day, of men who are sent, and as command expects it of groups",
        source="marching tables: 1.6 against 2.4 km/h cross-country",
        gt=0,
        le=1,
    )
    vehicle_night_pace: float = quantity(
        0.75, "speed of vehicles by night over that by day", assumed=(0.5, 1), gt=0, le=1
    )
    pursuit_limit_min: int = minutes(
        360, "a chase ends that long after the men were sent", assumed=(120, 720), le=20_000
    )
    wait_min: int = minutes(
        120, "how long men wait at the meeting place before they search back", assumed=(30, 240), le=20_000
    )
    search_pace: float = pace(
        1.0, "pace of men who search along a route, over plain Tobler going", assumed=(0.5, 1.5), le=10
    )
    contact_km: float = quantity(0.5, "distance at which men meet a group", "km", assumed=(0.2, 1), gt=0, le=20)
    contact_per_man_hour: float = quantity(
        0.108,
        "rate at which a man so near meets a group by night, in the open, at standard visibility (8 men meet one that "
        "walks through at 2 km/h with 0.35)",
        "1/h",
        assumed=(0.026, 0.58),
        ge=0,
        le=1000,
    )
    contact_day_factor: float = quantity(2.0, "how much quicker by day", assumed=(1, 5), ge=1, le=100)
    shadow_loss_per_hour: float = quantity(
        0.7, "rate at which men who shadow a group lose it", "1/h", assumed=(0.1, 3), ge=0, le=1000
    )
    engage_ratio: float = quantity(
        1.2,
        "men present over the group's size from which they engage; weaker ones shadow it",
        assumed=(0.5, 2),
        ge=0,
        le=20,
    )
    force_ratio: float = quantity(
        3.0, "men sent over the group's size that command aims for", assumed=(0.5, 4), ge=0, le=20
    )
    false_alarm_min: int = minutes(180, "how long a false alarm keeps a squad away", assumed=(60, 360))

    @property
    def delay_stages(self) -> int:
        """Stages of the report delay as `sim.rules.command.report_delay` takes them: none where it is fixed."""
        return {"fixed": 0, "exponential": 1, "erlang": self.report_delay_stages}[self.report_delay_law]

    @property
    def night_march_pace(self) -> float:
        """Pace that command expects of a group by night, over plain Tobler going."""
        return self.expected_pace * self.night_pace

    @property
    def alert_min(self) -> float:
        """Minutes that an alert of the interior lasts."""
        return 60.0 * self.alert_hours


class Engagement(Section):
    """How an engagement runs once men have met a group."""

    law: Literal["square", "linear"] = choice(
        "square", "aimed fire (square) or area fire (linear)", source="Lanchester 1916; Brown 1963"
    )
    effectiveness: float = quantity(
        1.5, "of one responder over one fighter (surprise, cover, weapons)", assumed=(0.5, 4), gt=0, le=1000
    )
    surrender_at: float = fraction(
        0.75,
        "share of its men lost at which a group gives up",
        source="about 15 of 20 killed, 4-5 captured, official account",
    )
    abandon_at: float = fraction(
        0.5, "share of its men lost at which a group that got away gives up its plan", assumed=(0.3, 1)
    )
    attacks_per_hour: float = quantity(
        0.0,
        "rate at which fighters notice men who shadow them and attack them; 0: they never do",
        "1/h",
        assumed=(0, 0.5),
        ge=0,
        le=1000,
    )
    attack_ratio: float = quantity(
        2.0, "persons of the group over men who shadow it from which it attacks them", assumed=(1, 4), ge=0, le=20
    )
    break_off_at: float = fraction(0.3, "share of their men lost at which responders break off", assumed=(0.1, 0.6))
    capture_probability: float = fraction(
        0.8, "that a person of a beaten group is captured; the others slip away", assumed=(0.4, 1)
    )
