"""Power cuts: the share of time without power by the closed form of M/G/infinity, and what is blind then.

Stochastic tests refuse a right model once in 1,000 seeds, and their seeds are fixed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hazard_table import hazards
from pandas.testing import assert_frame_equal
from scipy import stats
from small_case import small_rows, small_world

from sim.model import BorderModel

CUTS: dict[str, Any] = {"outpost.power_cuts_per_day": 6.0, "outpost.power_cut_hours": 2.0}
ALWAYS: dict[str, Any] = {"outpost.power_cuts_per_day": 100.0, "outpost.power_cut_hours": 3.0}
"""There is power for exp(-12.5) of the time: four minutes in a million."""


def posts(number: int, **changes: Any) -> list[Any]:
    world = small_world(**changes)
    return [BorderModel(rng=4, replication=replication, world=world).posts[1] for replication in range(number)]


@pytest.mark.parametrize("minute", [0, 1, 700, 1500])
def test_the_share_without_power_is_that_of_many_servers(minute: int) -> None:
    """Busy with probability 1 - exp(-rate x mean length) at any minute, the first too; binomial over 1,000 runs."""
    dark = sum(not post.has_power(minute) for post in posts(1000, **CUTS))
    low, high = stats.binom.ppf([0.0005, 0.9995], 1000, 1.0 - np.exp(-6.0 / 24 * 2.0))
    assert low <= dark <= high


def test_cuts_are_exponential_and_come_as_a_poisson_stream() -> None:
    cuts = [cut for post in posts(500, **CUTS) for cut in post.power_cuts]
    # Of the cuts that began before the run only those are kept that reach into it: the long ones.
    lengths = [end - start for start, end in cuts if start >= 0]
    assert stats.kstest(lengths, "expon", args=(0.0, 120.0)).pvalue > 1e-3
    begun = sum(0 <= start < 1440 for start, _ in cuts)
    low, high = stats.poisson.ppf([0.0005, 0.9995], 500 * 6.0)
    assert low <= begun <= high


def test_posts_lose_power_apart() -> None:
    """Two posts with the same keys are dark together in the product of their shares, 0.393^2."""
    both = {"posts.0.power_cuts_per_day": 6.0, "posts.0.power_cut_hours": 2.0, **CUTS}
    world = small_world(**both)
    models = [BorderModel(rng=4, replication=replication, world=world) for replication in range(1000)]
    together = sum(not any(post.has_power(700) for post in model.posts) for model in models)
    low, high = stats.binom.ppf([0.0005, 0.9995], 1000, (1.0 - np.exp(-0.5)) ** 2)
    assert low <= together <= high


def test_there_is_no_cut_without_a_rate() -> None:
    for post in posts(50, **{"outpost.power_cuts_per_day": 0.0, "outpost.power_cut_hours": 500.0}):
        assert post.power_cuts == []
        assert post.has_power(700)


def test_the_model_knows_minute_by_minute_which_posts_are_dark() -> None:
    """Against the moments of the cuts: from the first whole minute in a cut to the last."""
    keys = {"posts.0.power_cuts_per_day": 20.0, "posts.0.power_cut_hours": 0.3, **CUTS}
    world, seen = small_world(**keys), set()
    for replication in range(10):
        model = BorderModel(rng=1, replication=replication, world=world)
        while model.running:
            model.step()
            dark = tuple(
                post.index for post in model.posts if any(start <= model.minute < end for start, end in post.power_cuts)
            )
            assert model.dark_posts == dark
            seen.add(dark)
    assert seen == {(), (0,), (1,), (0, 1)}


def test_in_a_cut_only_what_needs_no_power_sees() -> None:
    """As a post that has the other sensors alone; and with power as if nothing needed any."""
    both = {"outpost.sensors": ["thermal", "radar"], "outpost.range_km": 3.0}
    powered = small_world(**both, **{"sensors.thermal.powered": True})
    plain = small_world(**both)
    alone = small_world(**both, **{"sensors.thermal.rate_per_hour": 0.0})
    for route in range(len(plain.routes[0])):
        for weather in (0, 1):
            told = hazards(powered, 0, route, weather, power=False)
            np.testing.assert_array_equal(told[..., 1], hazards(alone, 0, route, weather)[..., 1])
            np.testing.assert_array_equal(hazards(powered, 0, route, weather), hazards(plain, 0, route, weather))
            np.testing.assert_array_equal(
                hazards(plain, 0, route, weather, power=False), hazards(plain, 0, route, weather)
            )
    assert hazards(powered, 0, 3, 0, power=False)[..., 1].any()
    assert (hazards(powered, 0, 3, 0, power=False)[..., 1] < hazards(plain, 0, 3, 0)[..., 1]).any()


SEEING = {"posts": [], "outpost.range_km": 4.0, "sensors.thermal.rate_per_hour": 30.0, "patrols.0.duty_share": 1.0}


def by(**changes: Any) -> set[str]:
    return set(small_rows(("with_outpost",), 60, **{**SEEING, **changes})["detected_by"])


def test_a_post_that_is_always_dark_sees_nothing_and_a_patrol_does() -> None:
    assert "new_post" in by(**{"sensors.thermal.powered": True})
    assert "new_post" in by(**ALWAYS)
    assert by(**ALWAYS, **{"sensors.thermal.powered": True, "sensors.eye.powered": True}) == {"bank", ""}


def test_now_and_then_dark_sees_less_than_never_and_more_than_always() -> None:
    """In each run, the group is detected no earlier for the cuts: the same thresholds, less hazard."""
    never = 10**6
    keys = {**SEEING, "patrols": [], "sensors.thermal.powered": True}
    minutes = [
        small_rows(("with_outpost",), 80, **{**keys, **cuts})["detected_min"].replace(-1, never).to_numpy()
        for cuts in ({}, {"outpost.power_cuts_per_day": 8.0, "outpost.power_cut_hours": 1.0}, ALWAYS)
    ]
    assert (minutes[0] <= minutes[1]).all()
    assert (minutes[1] <= minutes[2]).all()
    assert (minutes[0] < minutes[1]).any()
    assert (minutes[1] < minutes[2]).any()
    assert (minutes[2] == never).all()


def test_cuts_blind_nothing_that_needs_no_power() -> None:
    assert_frame_equal(small_rows(("with_outpost",), 60), small_rows(("with_outpost",), 60, **ALWAYS))
