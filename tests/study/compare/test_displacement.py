"""Displacement by hand, and its interval."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import wasserstein_distance

from sim.study.compare import displacement as module
from sim.study.compare.displacement import displacement, earth_mover_interval
from sim.study.pairs import pair_up

ALONG = {"c00": 0.0, "c01": 2.5, "c02": 5.0}


def rows_of(crossed: list[tuple[str, str]]) -> pd.DataFrame:
    """Pairs (arm, baseline) of crossing points; c02 lies in the sector `low`, the others in `high`."""
    return pd.DataFrame(
        [
            {
                "replication": number,
                "arm": arm,
                "group": "g",
                "crossing": pair[side],
                "sector": "low" if pair[side] == "c02" else "high",
            }
            for number, pair in enumerate(crossed)
            for side, arm in enumerate(("new", "old"))
        ]
    )


def test_distribution_and_load() -> None:
    found = displacement(
        pair_up(rows_of([("c02", "c00"), ("c02", "c01"), ("c02", "c02"), ("c00", "c00")]), "new", "old"),
        ALONG,
        ALONG,
        {"high": None, "low": 3.5},
    )
    assert found["crossings"] == {
        "c00": {"baseline": 0.5, "arm": 0.25},
        "c01": {"baseline": 0.25, "arm": 0.0},
        "c02": {"baseline": 0.25, "arm": 0.75},
    }
    assert (found["load"]["low"]["baseline"], found["load"]["low"]["arm"]) == (0.25, 0.75)
    assert found["load"]["low"]["difference"] == pytest.approx(0.5)
    assert found["load"]["high"]["difference"] == pytest.approx(-0.5)
    assert (found["load"]["low"]["post_km"], found["load"]["high"]["post_km"]) == (3.5, None)
    assert found["gained_most"] == "low"
    # One group walks 5 km, one 2.5 km, two stay.
    assert found["earth_mover_km"] == pytest.approx(7.5 / 4)


def test_nothing_is_displaced() -> None:
    found = displacement(
        pair_up(rows_of([("c00", "c00"), ("c02", "c02")]), "new", "old"), ALONG, ALONG, {"high": None, "low": None}
    )
    assert found["gained_most"] is None
    assert found["earth_mover_ci95"] == [0.0, 0.0]


def test_the_interval_agrees_with_resampling_by_scipy() -> None:
    """Another implementation of the distance, over another 400 resamplings: ends within a tenth of the width."""
    rng = np.random.default_rng(4)
    base = rng.choice([0.0, 2.5, 5.0, 7.5], size=150)
    arm = np.where(rng.random(150) < 0.4, 7.5, base)
    low, high = earth_mover_interval(arm, base, np.arange(150))
    distances = []
    for _ in range(400):
        some = rng.integers(0, 150, 150)
        distances.append(wasserstein_distance(arm[some], base[some]))
    assert [low, high] == pytest.approx(list(np.quantile(distances, [0.025, 0.975])), abs=0.1 * (high - low) + 0.05)


def test_groups_of_one_replication_stay_together() -> None:
    """Twenty groups that all move together are one observation: the interval is wider."""
    moves = np.repeat(np.arange(20) % 2 == 0, 20)
    base = np.zeros(400)
    arm = np.where(moves, 5.0, 0.0)
    together = earth_mover_interval(arm, base, np.repeat(np.arange(20), 20))
    apart = earth_mover_interval(arm, base, np.arange(400))
    assert together[1] - together[0] > 2.5 * (apart[1] - apart[0])


def test_one_replication_gives_no_interval() -> None:
    assert earth_mover_interval(np.array([1.0]), np.array([0.0]), np.array([3])) == [None, None]


def one_by_one(arm: np.ndarray, base: np.ndarray, clusters: np.ndarray) -> list[float]:
    """The interval as it was written first: all replications drawn by themselves, at once."""
    runs, index = np.unique(clusters, return_inverse=True)
    places = np.unique(np.concatenate([arm, base]))
    change = np.zeros((len(runs), len(places)))
    np.add.at(change, (index, np.searchsorted(places, arm)), 1.0)
    np.add.at(change, (index, np.searchsorted(places, base)), -1.0)
    draws = np.random.default_rng(module.RESAMPLING_SEED)
    drawn = draws.multinomial(len(runs), np.full(len(runs), 1.0 / len(runs)), size=module.RESAMPLES)
    changes = np.abs(np.cumsum(drawn @ change, axis=1)[:, :-1]) @ np.diff(places)
    return [float(end) for end in np.quantile(changes / (drawn @ np.bincount(index).astype(float)), [0.025, 0.975])]


def drawn_groups(number: int, replications: int) -> tuple[np.ndarray, ...]:
    draws = np.random.default_rng(number)
    clusters = np.sort(draws.integers(0, replications, number))
    base = draws.choice([0.0, 1.5, 4.25, 9.0], number)
    return np.where(draws.random(number) < 0.2, draws.choice([0.0, 1.5, 7.0], number), base), base, clusters


@pytest.mark.parametrize("replications", [40, 3000])
def test_in_parts_the_interval_is_the_same_number(replications, monkeypatch):
    groups = drawn_groups(3000, replications)
    monkeypatch.setattr(module, "_DRAWN_AT_ONCE", 7 * replications)
    assert earth_mover_interval(*groups) == one_by_one(*groups)


@pytest.mark.parametrize("replications", [400, 30_000])
def test_drawn_by_kind_the_interval_is_nearly_the_same(replications, monkeypatch):
    groups = drawn_groups(3000, replications)
    monkeypatch.setattr(module, "EACH_DRAWN", 10)
    assert earth_mover_interval(*groups) == pytest.approx(one_by_one(*groups), rel=0.05)


def test_drawn_by_kind_nobody_is_displaced():
    clusters = np.arange(30_000)
    assert earth_mover_interval(np.ones(30_000), np.ones(30_000), clusters) == [0.0, 0.0]


def test_the_distance_of_many_groups_is_that_of_their_counts(monkeypatch):
    arm, base, _ = drawn_groups(3000, 400)
    plain = module._earth_mover_km(arm, base)
    monkeypatch.setattr(module, "EACH_DRAWN", 10)
    assert module._earth_mover_km(arm, base) == pytest.approx(plain, rel=1e-12)
