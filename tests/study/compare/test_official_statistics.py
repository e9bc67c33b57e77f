"""Official figures and the truth: by hand, against the closed forms, and where nothing is defined."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from agency_rows import BY_HAND, frame_of
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import theory
from sim.outcomes import OUTCOMES
from sim.statistics import wilson
from sim.study.compare.official_statistics import effect_by_either, official
from sim.study.pairs import Pairs
from sim.study.result import finite

FATES = st.tuples(st.sampled_from(OUTCOMES), st.booleans(), st.booleans(), st.integers(0, 2), st.integers(0, 2))


def attempts(caught: np.ndarray) -> pd.DataFrame:
    """Rows of groups that are captured or get through unseen; `caught` has a row a replication, a column a group."""
    replications, groups = caught.shape
    return pd.DataFrame(
        {
            "replication": np.repeat(np.arange(replications), groups),
            "group": np.tile([f"g{number}" for number in range(groups)], replications),
            "outcome": np.where(caught.ravel(), "captured", "reached"),
            "detected": caught.ravel(),
            "intercepted": caught.ravel(),
            "captured": 4 * caught.ravel(),
            "escaped": 4 * ~caught.ravel(),
        }
    )


def test_by_hand() -> None:
    found = official(frame_of(BY_HAND), deterred_share=0.1)
    assert (found["stopped"], found["known_got_aways"], found["unknown"]) == (6, 4, 1)
    assert found["observed"] == pytest.approx(6 / 10)
    assert found["true"] == pytest.approx(6 / 11)
    assert found["bias"] == pytest.approx(6 / 10 - 6 / 11)
    assert found["observed"] == pytest.approx(theory.observed_effectiveness(4, 2, 4))
    again = found["repeat_trial"]
    assert (again["retried"], again["again"]) == (3, 1)
    assert again["apprehended"] == pytest.approx(4 / 11)
    assert again["reapprehended"] == pytest.approx(0.9 / 3)
    assert again["estimate"] == pytest.approx(1 / 3)
    assert again["bias"] == pytest.approx(1 / 3 - 4 / 11)


def test_like_groups_give_the_closed_form() -> None:
    """N = 1000, p = .4, d = .1: r = .36, and the estimate is p; within four standard errors."""
    caught = np.random.default_rng(3).random((60, 1000)) < 0.4
    found = official(attempts(caught), deterred_share=0.1)["repeat_trial"]
    error = math.sqrt(0.4 * 0.6 / found["retried"])
    assert found["estimate"] == pytest.approx(0.4, abs=4 * error)
    assert found["reapprehended"] == pytest.approx(0.36, abs=4 * 0.9 * error)
    assert found["apprehended"] == pytest.approx(0.4, abs=4 * math.sqrt(0.24 / caught.size))
    assert found["bias_ci95"][0] < 0 < found["bias_ci95"][1]


def test_unlike_groups_are_overstated() -> None:
    """Of those caught more are easy to catch: sum p^2 / sum p = .625, while .4 are apprehended."""
    chance = np.tile([0.1, 0.7], 20)
    caught = np.random.default_rng(4).random((400, 40)) < chance
    found = official(attempts(caught), deterred_share=0.0)["repeat_trial"]
    assert found["estimate"] == pytest.approx(0.625, abs=0.03)
    assert found["apprehended"] == pytest.approx(0.4, abs=0.02)
    assert found["bias_ci95"][0] > 0.15


def test_repeat_trial_intervals_are_as_wide_as_estimates_differ() -> None:
    """Unlike groups, whose neighbouring replications depend on each other: half-width over 1.96 standard deviations.

    Of 300 experiments that ratio has a standard error of 4 %, and is allowed four of them. Ignoring the neighbours
    makes it some 1.5 for the bias.
    """
    chance, rng = np.array([0.05, 0.5, 0.95]), np.random.default_rng(6)
    found = [official(attempts(rng.random((60, 3)) < chance), deterred_share=0.0)["repeat_trial"] for _ in range(300)]
    for name in ("estimate", "bias"):
        low, high = np.array([one[f"{name}_ci95"] for one in found]).T
        values = np.array([one[name] for one in found])
        assert np.mean(high - low) / 2 / (1.96 * values.std()) == pytest.approx(1.0, abs=0.16)


@settings(max_examples=50)
@given(st.lists(FATES, min_size=1, max_size=12))
def test_observed_is_never_below_true_and_equal_where_all_are_known(fates: list[tuple[Any, ...]]) -> None:
    rows = frame_of([(number, "a", *fate) for number, fate in enumerate(fates)])
    found = official(rows, deterred_share=0.0)
    if math.isnan(found["observed"]):
        assert found["true"] == 0
    else:
        assert found["observed"] >= found["true"]
        assert found["bias"] == pytest.approx(found["observed"] - found["true"])
        assert 0 <= found["bias_ci95"][0] <= found["bias"] + 1e-12
        assert found["bias"] <= found["bias_ci95"][1] + 1e-12
    seen = official(rows.assign(detected=True), deterred_share=0.0)
    assert seen["observed"] == seen["true"]
    assert (seen["bias"], seen["unknown"]) == (0, 0)
    assert seen["observed_ci95"] == pytest.approx(wilson(seen["stopped"], len(rows)))


def test_nobody_was_seen() -> None:
    rows = attempts(np.zeros((5, 2), dtype=bool))
    found = finite(official(rows, deterred_share=0.2))
    assert found["observed"] is found["bias"] is None
    assert found["observed_ci95"] == found["bias_ci95"] == [None, None]
    assert found["true"] == 0
    again = found["repeat_trial"]
    assert again["estimate"] is again["reapprehended"] is again["bias"] is None
    assert (again["retried"], again["apprehended"]) == (0, 0)
    either = finite(effect_by_either(Pairs(rows, rows), {"difference": 0.0, "ci95": [-0.1, 0.1]}))
    assert either["observed"] == {"difference": None, "ci95": [None, None]}
    assert either["opposed"] is False
    json.dumps([found, either], allow_nan=False)


def test_one_replication() -> None:
    found = finite(official(frame_of(BY_HAND[:2]), deterred_share=0.0))
    assert (found["observed"], found["true"]) == (0.5, 0.5)
    assert found["observed_ci95"] == [None, None]
    json.dumps(found, allow_nan=False)


def test_better_detection_can_lower_the_measure_while_more_are_stopped() -> None:
    """Without: 10 of 100 stopped, 10 more known. With: 20 stopped, 60 more known: 50 % falls to 25 %."""
    fate = np.arange(100)
    rows = attempts(fate[:, None] < 10).assign(detected=fate < 20)
    more = attempts(fate[:, None] < 20).assign(detected=fate < 80)
    found = effect_by_either(Pairs(more, rows), {"difference": 0.1, "ci95": [0.05, 0.17]})
    assert found["observed"]["difference"] == pytest.approx(-0.25)
    low, high = found["observed"]["ci95"]
    assert low < -0.25 < high < 0
    assert found["opposed"] is True
    assert found["true"] == {"difference": 0.1, "ci95": [0.05, 0.17]}
