"""What must happen when one thing changes: shorter ranges see less, longer delays stop fewer, and draws are shared.

With common random numbers each replication is its own control: thresholds, departures, phases and tastes stay as they
were, so that a group is lost to detection only by the change. On the small case, where nobody leaves a post's reach by
learning of it, detection by posts is even monotone replication by replication; on the default case the shares are
compared, and 60 replications tell an order that independent runs would need many hundreds for.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
import pytest
from small_case import default_case, default_tables, small_case

from sim.outcomes import interdicted
from sim.scenario import Scenario
from sim.study.replications import Replications
from sim.world import Tables, build_world

RANGES_KM = (0.0, 1.0, 2.0, 3.0, 4.5)
DELAYS_MIN = (0, 30, 60, 120, 240)
SMALL: dict[str, Any] = {"infiltrators.behaviour": "unaware", "infiltrators.groups.0.kind": "smugglers"}


def rows_of(
    scenario: Scenario, tables: Tables, replications: int, arm: str = "with_outpost", seed: int = 1
) -> pd.DataFrame:
    return Replications((build_world(scenario, arm, tables),), seed).run(0, replications)


def small(
    replications: int = 100, tables: Tables | None = None, arm: str = "with_outpost", **changes: Any
) -> pd.DataFrame:
    return rows_of(small_case(**SMALL).replace(**changes), tables or Tables(), replications, arm)


def test_detection_falls_with_a_shorter_range() -> None:
    watchers = {"patrols": [], "command.cue_interior": False}
    found = [small(**watchers, **{"outpost.range_km": reach})["detected"].to_numpy() for reach in RANGES_KM]
    for shorter, longer in itertools.pairwise(found):
        assert (shorter <= longer).all()  # in every replication: same group, same thresholds
    assert found[-1].mean() > found[0].mean() + 0.2
    assert len({share.mean() for share in found}) == len(RANGES_KM)


def test_a_longer_range_detects_no_later() -> None:
    never = 10**6
    minutes = [
        small(patrols=[], **{"outpost.range_km": reach})["detected_min"].replace(-1, never).to_numpy()
        for reach in RANGES_KM
    ]
    for shorter, longer in itertools.pairwise(minutes):
        assert (longer <= shorter).all()


def test_interception_falls_with_a_longer_report_delay() -> None:
    """Over the five values; step by step within one replication a later cue can also be the better one."""
    slow = {"posts.0.responders": 0, "outpost.responders": 0, "patrols.0.responders": 0, "reaction_force.notice_min": 0}
    shares = [small(120, **slow, **{"command.report_delay_min": delay})["intercepted"].mean() for delay in DELAYS_MIN]
    assert all(later <= earlier + 0.02 for earlier, later in itertools.pairwise(shares))
    assert shares[0] > shares[-1] + 0.2


def test_detection_does_not_hang_on_the_report_delay() -> None:
    alone = {"patrols": []}  # a patrol that is called away no longer watches
    found = [small(60, **alone, **{"command.report_delay_min": delay})["detected_min"].to_numpy() for delay in (0, 240)]
    np.testing.assert_array_equal(*found)


RIGHT_WAY = [
    ("readiness", {"outpost.days_open": 0.0, "outpost.readiness_at_opening": 0.1}, {"outpost.days_open": 100.0}),
    ("staffing", {"outpost.staffing": 0.1}, {"outpost.staffing": 1.0}),
    (
        "weather",
        {"light.weather": [{"name": "fog", "probability": 1.0, "visibility": 0.2}]},
        {"light.weather": [{"name": "clear", "probability": 1.0, "visibility": 1.0}]},
    ),
    ("night", {"sensors.thermal.night_factor": 0.2}, {"sensors.thermal.night_factor": 1.0}),
    ("concealment", {"terrain.cover.open.concealment": 0.9}, {"terrain.cover.open.concealment": 0.0}),
    ("signature", {"infiltrators.groups.0.signature": 0.1}, {"infiltrators.groups.0.signature": 2.0}),
    ("rate", {"sensors.thermal.rate_per_hour": 0.2}, {"sensors.thermal.rate_per_hour": 10.0}),
    (
        "more sensors",
        {"outpost.range_km": 1.0, "outpost.sensors": ["thermal"]},
        {"outpost.range_km": 1.0, "outpost.sensors": ["thermal", "radar"]},
    ),
]


@pytest.mark.parametrize(("worse", "better"), [case[1:] for case in RIGHT_WAY], ids=[case[0] for case in RIGHT_WAY])
def test_what_helps_to_see_moves_detection_up(worse: dict[str, Any], better: dict[str, Any]) -> None:
    """Posts alone watch, so that each replication can only gain; at least some of 60 do."""
    low, high = (small(60, patrols=[], **changes)["detected"].to_numpy() for changes in (worse, better))
    assert (low <= high).all()
    assert high.sum() > low.sum()


def test_a_sensor_that_needs_light_sees_more_by_day() -> None:
    """The same march once in the dark and once, by people who do not hide and have nothing to cross, at noon."""
    eyes = {
        "outpost.sensors": ["eye"],
        "outpost.range_km": 3.0,
        "sensors.eye.night_factor": 0.2,
        "terrain.lines": [],
        "posts": [],
        "patrols": [],
        "infiltrators.groups.0.lies_up": False,
    }
    night = small(60, **eyes, **{"light.start": "2019-11-03T19:00"})["detected"].mean()
    day = small(60, **eyes, **{"light.start": "2019-11-03T09:00"})["detected"].mean()
    assert day > night + 0.2


def test_those_who_lie_up_are_seen_less() -> None:
    late = {
        "light.start": "2019-11-03T05:00",
        "patrols": [],
        "infiltrators.groups.0.depart_earliest_min": 0,
        "infiltrators.groups.0.start_y_km": 4.6,
        "infiltrators.groups.0.depart_latest_min": 20,
    }
    hidden, seen = (
        small(80, **late, **{"infiltrators.groups.0.lying_up_factor": factor})["detected"] for factor in (0.0, 1.0)
    )
    assert (hidden.to_numpy() <= seen.to_numpy()).all()
    assert seen.sum() > hidden.sum()


def test_sharing_and_a_reserve_stop_more() -> None:
    deaf = small(150, **{"command.sharing_radius_km": 0, "command.cue_interior": False})
    told = small(150)
    assert interdicted(told).mean() > interdicted(deaf).mean() + 0.05
    assert not (deaf["mechanism"] == "cued").any()


def test_those_who_know_of_the_outpost_avoid_it() -> None:
    known = {"infiltrators.behaviour": "informed", "infiltrators.aversion": 600.0}
    away, there = (
        small(100, **known, **{"infiltrators.awareness_new": chance})["crossing_x_km"].sub(4.5).abs().mean()
        for chance in (1, 0)
    )
    assert away > there


def test_arms_differ_only_by_what_the_outpost_did() -> None:
    """Where the posts alone watch, a group's detection changes only if the outpost made it: no noise is added."""
    base, arm = (small(200, patrols=[], arm=name)["detected"].to_numpy() for name in ("without", "with_outpost"))
    by = small(200, patrols=[])["detected_by"].to_numpy()
    assert (by[base != arm] == "new_post").all()
    assert (base <= arm).all()


def test_common_random_numbers_shrinks_the_variance() -> None:
    """A weak outpost beside a standing post: a small effect, which independent runs would drown."""
    weak = small_case(**SMALL).replace(**{"outpost.staffing": 0.1, "patrols": []})
    tables = Tables()
    base, arm, other = (
        rows_of(weak, tables, 200, name, seed)["detected"].astype(float).to_numpy()
        for name, seed in (("without", 1), ("with_outpost", 1), ("without", 99))
    )
    assert np.var(arm - base) < (np.var(arm) + np.var(other)) / 2


# -- the default case ---------------------------------------------------------------------------------------------


@pytest.mark.long
def test_detection_falls_with_a_shorter_range_on_the_default_case() -> None:
    shares = [
        rows_of(default_case().replace(**{"outpost.range_km": reach}), default_tables(), 80)["detected"].mean()
        for reach in (1.0, 4.0, 6.7, 10.0, 20.0)
    ]
    assert shares == sorted(shares)
    assert shares[-1] > shares[0]


@pytest.mark.long
def test_interception_falls_with_a_longer_delay_on_the_default_case() -> None:
    shares = [
        interdicted(
            rows_of(default_case().replace(**{"command.report_delay_min": delay}), default_tables(), 100)
        ).mean()
        for delay in (0, 60, 240, 720, 2880)
    ]
    assert all(later <= earlier + 0.02 for earlier, later in itertools.pairwise(shares))
    assert shares[-1] < shares[0]


@pytest.mark.long
@pytest.mark.parametrize("metric", ["detected", "interdicted"])
def test_common_random_numbers_shrinks_the_variance_on_the_default_case(metric: str) -> None:
    def of(arm: str, seed: int) -> np.ndarray:
        rows = rows_of(default_case(), default_tables(), 200, arm, seed)
        return (interdicted(rows) if metric == "interdicted" else rows["detected"]).astype(float).to_numpy()

    arm, base, other = of("with_outpost", 1), of("without", 1), of("without", 99)
    assert np.var(arm - base) < (np.var(arm) + np.var(other)) / 4
