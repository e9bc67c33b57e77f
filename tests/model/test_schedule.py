"""A patrol's schedule: which track in which turn, and the walk from one random point to the next."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from scipy import stats
from small_case import small_case, small_model

from sim.model import BorderModel

TRACKS = [[[3.0, 8.0], [5.0, 8.0]], [[6.0, 9.0], [6.0, 10.0]]]


def patrol(**changes: Any) -> dict[str, Any]:
    base: dict[str, Any] = {"name": "bank", "track": [[2.0, 5.6], [10.0, 5.6]], "cycle_min": 100, "duty_share": 0.5}
    return {**base, **changes}


def model_of(seed: int = 1, horizon: int = 1500, **changes: Any) -> BorderModel:
    return small_model("without", seed, horizon_min=horizon, patrols=[patrol(**changes)])


def alternatives(*shares: float) -> list[dict[str, Any]]:
    return [{"track": track, "probability": share} for track, share in zip(TRACKS, shares, strict=False)]


@pytest.mark.parametrize("shares", [(0.3, 0.2), (0.0, 0.5), (0.7, 0.3)])
def test_tracks_are_walked_in_their_shares(shares: tuple[float, float]) -> None:
    """3,000 turns of duty; what the others leave is the main track's. Chi-square, 1 in 1,000 (seed fixed)."""
    model = model_of(alternatives=alternatives(*shares))
    schedule = model.patrols[0].schedule
    counts = np.bincount([schedule.track_of(turn) for turn in range(3000)], minlength=3)
    expected = 3000 * np.array([1 - sum(shares), *shares])
    used = expected > 1e-6
    assert counts[~used].sum() == 0
    assert stats.chisquare(counts[used], expected[used]).pvalue > 1e-3


def test_a_turn_is_walked_on_one_track_and_that_track_is_drawn_once() -> None:
    model = model_of(alternatives=alternatives(0.4, 0.4))
    here = model.patrols[0]
    numbers: dict[int, set[int]] = {}
    while model.minute < 1500:
        model.running = True
        model.step()
        turn = (model.minute + here.duty_phase_min) // 100
        numbers.setdefault(turn, set()).add(here.track_number)
        x, y = here.place_km
        track = here.track
        assert min(np.hypot(track.x_km - x, track.y_km - y)) <= 0.126
    assert all(len(found) == 1 for found in numbers.values())
    assert len(set().union(*numbers.values())) == 3


def test_who_has_no_alternatives_keeps_to_its_track() -> None:
    schedule = model_of().patrols[0].schedule
    assert {schedule.track_of(turn) for turn in range(200)} == {0}


def test_one_probability_of_one_leaves_the_main_track_alone() -> None:
    schedule = model_of(alternatives=alternatives(0.0, 1.0)).patrols[0].schedule
    assert {schedule.track_of(turn) for turn in range(200)} == {2}


def test_a_random_patrol_keeps_to_its_track_and_to_its_speed_and_turns_in_the_middle() -> None:
    here = model_of(mode="random", speed_kmh=5.0).patrols[0]
    places = [here.where(minute) for minute in range(1500)]
    assert all(0.0 <= place <= 8.0 for place in places)
    moves = np.diff(places)
    assert (np.abs(moves) <= 5.0 / 60 + 1e-9).all()
    turns = [place for place, (one, two) in zip(places[1:], itertools.pairwise(moves), strict=False) if one * two < 0]
    assert any(1.0 < place < 7.0 for place in turns)


def test_a_random_patrol_is_in_the_middle_as_often_as_random_walks_are() -> None:
    """Half of the track nearest the middle holds 11/16 of the time: 3/4^2 x 3 - 2 (3/4)^3 - (3/16 - 2/64) = 0.6875.

    One place late in each of 600 runs; binomial, 1 in 1,000 (seeds fixed). To and fro it would be 1/2.
    """
    told = {}
    for mode in ("random", "back_and_forth"):
        case = small_case(patrols=[patrol(mode=mode, speed_kmh=20.0)])
        world = BorderModel(case, "without").world
        inside = 0
        for replication in range(600):
            model = BorderModel(rng=3, replication=replication, world=world)
            inside += 2.0 <= model.patrols[0].where(1400) <= 6.0
            model.release()
        told[mode] = inside
    for mode, share in (("random", 0.6875), ("back_and_forth", 0.5)):
        low, high = stats.binom.ppf([0.0005, 0.9995], 600, share)
        assert low <= told[mode] <= high, mode


def test_patrols_walk_apart() -> None:
    here = small_model("without", patrols=[patrol(mode="random"), patrol(name="other", mode="random")]).patrols
    assert [here[0].where(m) for m in range(50)] != [here[1].where(m) for m in range(50)]
