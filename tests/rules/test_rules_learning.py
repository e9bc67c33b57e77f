"""Learning and redeployment: updates by hand, what they can never do, and that duty is neither made nor lost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.learning import learn, redeploy, votes

SHARES = st.floats(0.0, 1.0)


def test_the_update_by_hand() -> None:
    """0.7 x 0.5 + 0.3 x 2/8; nobody stopped: 0.7 x 0.4; new: 0.3 x 3/3; no news: 0.9 x 0.6."""
    believed = learn(
        {"c01": 0.5, "c02": 0.4, "c09": 0.6},
        stopped={"c01": 2, "c03": 3},
        crossed={"c01": 8, "c02": 5, "c03": 3},
        weight=0.3,
        forgetting=0.1,
    )
    assert believed == pytest.approx({"c01": 0.425, "c02": 0.28, "c03": 0.3, "c09": 0.54})
    assert list(believed) == sorted(believed)


def test_a_full_weight_forgets_all_but_the_last_season() -> None:
    assert learn({"c00": 0.9}, {"c00": 1}, {"c00": 4}, weight=1.0, forgetting=0.0) == {"c00": 0.25}


def test_no_weight_learns_nothing() -> None:
    assert learn({"c00": 0.9}, {}, {"c00": 4}, weight=0.0, forgetting=0.0) == {"c00": 0.9}


def test_what_is_not_heard_of_again_fades_by_powers() -> None:
    danger = {"c00": 0.8}
    for _ in range(5):
        danger = learn(danger, {}, {}, weight=0.5, forgetting=0.2)
    assert danger["c00"] == pytest.approx(0.8 * 0.8**5)


def test_a_steady_share_is_learnt_in_the_end() -> None:
    """The error shrinks by (1 - weight) a season, as of any exponential smoothing."""
    danger: dict[str, float] = {}
    for season in range(1, 9):
        danger = learn(danger, {"c00": 3}, {"c00": 4}, weight=0.25, forgetting=0.5)
        assert 0.75 - danger["c00"] == pytest.approx(0.75 * 0.75**season)


@given(
    st.dictionaries(st.sampled_from("abcde"), SHARES),
    st.dictionaries(st.sampled_from("abcde"), st.tuples(st.integers(0, 50), st.integers(0, 50))),
    SHARES,
    SHARES,
)
def test_danger_stays_a_probability_between_what_was_believed_and_what_was_seen(danger, news, weight, forgetting):
    stopped = {name: min(counts) for name, counts in news.items()}
    crossed = {name: max(counts) for name, counts in news.items()}
    believed = learn(danger, stopped, crossed, weight, forgetting)
    assert set(believed) == set(danger) | set(crossed)
    for name, after in believed.items():
        before = danger.get(name, 0.0)
        seen = stopped[name] / crossed[name] if crossed.get(name) else 0.0
        assert 0.0 <= after <= 1.0
        assert min(before, seen) - 1e-12 <= after <= max(before, seen) + 1e-12


@given(
    st.lists(st.tuples(SHARES, st.floats(0.0, 5.0)), min_size=1, max_size=7).filter(
        lambda pairs: sum(weight for _, weight in pairs) > 1e-3
    ),
    SHARES,
)
def test_duty_is_reassigned_and_not_made(pairs, share) -> None:
    duty, weights = (np.array(part) for part in zip(*pairs, strict=True))
    duty_after = redeploy(duty, weights, share)
    assert duty_after.sum() == pytest.approx(duty.sum(), abs=1e-9)
    assert (duty_after >= 0).all()
    assert (duty_after <= 1).all()
    # Who has no vote gains only once all that have one are full.
    gained = (weights == 0) & (duty_after > duty * (1 - share) + 1e-9)
    if gained.any():
        assert (duty_after[weights > 0] >= 1 - 1e-9).all()


def test_duty_goes_by_the_votes() -> None:
    assert redeploy([0.4, 0.4, 0.4], [3, 1, 0], 0.25) == pytest.approx([0.3 + 0.225, 0.3 + 0.075, 0.3])
    assert redeploy([0.4, 0.6], [0, 1], 0.0) == pytest.approx([0.4, 0.6])
    # All to the second, which is full with 0.4 more: 0.1 of the 0.5 stay with the first.
    assert redeploy([0.5, 0.6], [0, 1], 1.0) == pytest.approx([0.1, 1.0])


def test_places_vote_for_the_nearest_stretch() -> None:
    assert votes([(0.0, 2.0), (5.0, 9.0)], [1.0, 3.0, 6.0, 20.0]) == pytest.approx([0.5, 0.5])
    assert votes([(0.0, 2.0), (4.0, 9.0)], [3.0]) == pytest.approx([0.5, 0.5])
    assert votes([(0.0, 9.0), (4.0, 5.0)], [4.5, 4.5, 8.0]) == pytest.approx([2 / 3, 1 / 3])
