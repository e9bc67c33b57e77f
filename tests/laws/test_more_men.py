"""More does not hurt: with more men, less notice, quicker reports or surer contact no fewer groups are stopped.

Groups are unaware, false alarms and noticing are switched off, so that nobody changes his way. Each test refuses a
model that keeps the law once in a thousand seeds, and the seeds are fixed (`law_cases`).
"""

from __future__ import annotations

import math
from typing import Any

import pytest
from law_cases import apart, bound, compared, default_case, drawn_case, played, share
from small_case import small_case

from sim.model import BorderModel
from sim.scenario import Scenario

DRAWN = range(8)


def unmoved(case: Scenario, **changes: Any) -> Scenario:
    """A case in which groups know of nobody and notice nobody, and no squad is out on a false alarm."""
    posts = [f"posts.{number}" for number in range(len(case.posts))] + ["outpost"]
    groups = [f"infiltrators.groups.{number}" for number in range(len(case.infiltrators.groups))]
    calm = dict.fromkeys([f"{post}.false_alarms_per_day" for post in posts], 0.0)
    calm |= dict.fromkeys([f"{group}.notice_km" for group in groups], 0.0)
    return case.replace(**{"infiltrators.behaviour": "unaware", **calm, **changes})


def squads(case: Scenario, men: int) -> dict[str, Any]:
    return {f"posts.{number}.responders": men for number in range(len(case.posts))} | {"outpost.responders": men}


def patrols(case: Scenario, men: int) -> dict[str, Any]:
    return {f"patrols.{number}.responders": men for number in range(len(case.patrols))}


def test_more_does_not_hurt_in_the_default_case() -> None:
    """All squads of 60 men once stopped 9 of 100 groups fewer, and a reaction force of 200 at once 4 fewer."""
    case = unmoved(default_case())
    more = {
        "large squads": squads(case, 60),
        "twice as many men": squads(case, 16) | patrols(case, 10) | {"reaction_force.responders": 50},
        "a large force at once": {"reaction_force.responders": 200, "reaction_force.notice_min": 0},
        "a larger force": {"reaction_force.responders": 60},
        "quick reports": {"command.report_delay_min": 5},
        "a higher rate of contact": {"command.contact_per_man_hour": 0.324},
    }
    gained = {name: compared(case.replace(**keys), case, "with_outpost", 2000).z for name, keys in more.items()}
    assert min(gained.values()) > -bound(len(more)), gained
    assert gained["large squads"] > 3


@pytest.mark.parametrize("number", DRAWN)
def test_more_does_not_hurt_in_drawn_cases(number: int) -> None:
    """One group: where several come, men who are quickly sent after one may be missed by another.

    And a command that aims for as many men as by default, or more: one that is content with few (`force_ratio` 1.85 in
    case 5) stops sending the sooner the larger its units are, and then 4 of 100 groups fewer are stopped.
    """
    case = drawn_case(number)
    aims = max(case.command.force_ratio, default_case().command.force_ratio)
    first = [case.infiltrators.groups[0].model_dump(mode="json")]
    case = unmoved(case.replace(**{"infiltrators.groups": first, "command.force_ratio": aims}))
    more = [
        squads(case, 40),
        {key: men + 5 for key, men in _men_of(case).items()},
        {"reaction_force.responders": 150, "reaction_force.notice_min": 0},
        {"command.report_delay_min": 2},
        {"command.contact_per_man_hour": 0.3},
    ]
    gained = [compared(case.replace(**keys), case, "with_outpost", 800).z for keys in more]
    assert min(gained) > -bound(len(DRAWN) * len(more)), gained


def _men_of(case: Scenario) -> dict[str, int]:
    posts = {f"posts.{number}.responders": post.responders for number, post in enumerate(case.posts)}
    walks = {f"patrols.{number}.responders": patrol.responders for number, patrol in enumerate(case.patrols)}
    force = case.reaction_force.responders
    return posts | walks | {"outpost.responders": case.outpost.responders, "reaction_force.responders": force}


PLACE = {"x_km": 6.0, "y_km": 9.0, "response_km": 50.0, "frontage_km": 100.0}
HALFWAY = {**PLACE, "vehicle": False, "notice_min": 0, "height_m": 10.0}
SURE = {"kind": "radar", "law": "definite_range", "range_km": 3.0, "night_factor": 1.0, "weather_sensitivity": 0.0}
CLEAR = {"start": "2019-11-03T17:00", "weather": [{"name": "clear", "probability": 1.0, "visibility": 1.0}]}
PASSING: dict[str, Any] = {
    "light": CLEAR,
    "sensors.radar": SURE,
    "patrols": [],
    "reaction_force.responders": 0,
    "command.report_delay_min": 0,
    "command.farthest_on_pace": 3.0,
    "command.contact_km": 1.0,
    "command.wait_min": 10_000,
    "command.pursuit_limit_min": 20_000,
    "command.force_ratio": 20.0,
    "infiltrators.spread_min": 0.0,
    "infiltrators.groups.0.lies_up": False,
    "infiltrators.groups.0.pace_low": 0.5,
    "infiltrators.groups.0.pace_high": 0.5,
    "infiltrators.groups.0.night_pace": 1.0,
    "infiltrators.groups.0.depart_latest_min": 10,
}
"""By night a group walks slowly past men who wait for it on its way: they are sent as soon as it is on the water,
to where even a quick group cannot have passed, on foot, so that they are there before it comes near."""


def passing(*squads: int, **changes: Any) -> Scenario:
    """The group, one who sees it coming, and squads on its way."""
    watch = {"name": "watch", **HALFWAY, "y_km": 6.5, "sensors": ["radar"], "range_km": 3.0, "responders": 0}
    blind = [
        {"name": f"squad_{number}", **HALFWAY, "sensors": ["radar"], "range_km": 0.0, "responders": men}
        for number, men in enumerate(squads)
    ]
    return small_case(**PASSING, **changes, posts=[watch, *blind])


def minutes_near(case: Scenario) -> int:
    """Minutes in which the group is near the men, were they never to find it."""
    model, near = BorderModel(case.replace(**{"command.contact_per_man_hour": 0.0}), "without", rng=1), 0
    unit, group = model.posts[1], model.groups[0]
    while model.running:
        model.step()
        if unit.chase is not None and model.minute >= unit.chase.arrive_min:
            place = group.routes[unit.chase.route]
            step = unit.chase.meeting_step
            near += math.hypot(place.x_km[step] - group.x_km, place.y_km[step] - group.y_km) <= 1.0
    return near


def test_men_whom_a_group_passes_meet_it_by_random_search() -> None:
    """1 - exp(-n c), where c is what one man adds: with p for one, 1 - (1 - p)^n for n."""
    minutes = minutes_near(passing(1))
    assert minutes == pytest.approx(60 * 2.0 / (0.5 * 3.022), abs=3)  # in whole steps of two minutes
    one = 0.108 / 60 * minutes
    for men in (1, 3, 8, 20):
        met = share(played(passing(men, **{"command.engage_ratio": 0.0}), "without", 8000, seed=men), "intercepted")
        exact = -math.expm1(-men * one)
        assert abs(met.value - exact) < bound(4, sides=2) * math.sqrt(exact * (1 - exact) / 8000), men


def test_one_squad_of_ten_is_two_of_five() -> None:
    """Sent together to the same place: who finds it first is strong enough once the others are led to him."""
    whole, halves = (played(passing(*men), "without", 8000, seed=len(men)) for men in ((10,), (5, 5)))
    assert 0.5 < share(whole).value < 0.9
    assert abs(apart(whole, halves).z) < bound(1, sides=2)
