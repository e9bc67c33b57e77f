"""How groups choose their way, against the softmax and the least cost worked out beside the model.

Stochastic tests hold a thousand groups of one run against a closed form; each refuses a right model once in 1,000
seeds, and the seeds are fixed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats
from small_case import TWO_WAYS, flow, small_case, small_model

from sim.model import BorderModel
from sim.model.choice import known_posts
from sim.rules.randomness import Purpose, entity, pair, uniform
from sim.scenario import ScenarioError

AVERSION = 150.0
NAMES = ("old_post", "new_post")


def crowd(arm: str = "with_outpost", seed: int = 1, **changes: Any) -> BorderModel:
    """A thousand groups that have chosen their routes."""
    keys = {
        key if "." in key or key in ("posts", "patrols") else f"infiltrators.{key}": changes[key] for key in changes
    }
    return small_model(arm, seed, **{**flow(), "infiltrators.aversion": AVERSION, **keys})


def minutes(model: BorderModel) -> NDArray[np.float64]:
    return np.array([len(route.cell) - 1.0 for route in model.world.routes[0]])


def crossings(model: BorderModel) -> NDArray[np.int64]:
    return np.array([route.crossing for route in model.world.routes[0]])


def taken(model: BorderModel) -> NDArray[np.int64]:
    """How many groups took each route."""
    return np.bincount([group.route_number for group in model.groups], minlength=len(model.world.routes[0]))


def softmax(costs: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
    weight = np.exp(-(costs - costs.min()) / scale)
    return weight / weight.sum()


def fits(counts: NDArray[np.int64], shares: NDArray[np.float64]) -> bool:
    """Chi-square, cells of fewer than five expected put together."""
    expected = counts.sum() * shares
    rare = expected < 5
    if rare.any():
        counts = np.append(counts[~rare], counts[rare].sum())
        expected = np.append(expected[~rare], expected[rare].sum())
        if expected[-1] < 1:
            assert counts[-1] <= 8
            counts, expected = counts[:-1], expected[:-1] * counts[:-1].sum() / expected[:-1].sum()
    return bool(stats.chisquare(counts, expected).pvalue > 1e-3)


def weighed(model: BorderModel, standing: float, new: float) -> NDArray[np.float64]:
    """Minutes and danger of each route, each post by how well it is known."""
    return minutes(model) + AVERSION * model.world.exposures(0) @ np.array([standing, new])


# -- unaware, informed ---------------------------------------------------------------------------------------------


def test_the_unaware_choose_by_time_and_taste_alone() -> None:
    model = crowd(behaviour="unaware", awareness_new=1.0, danger={"c03": 1.0})
    assert fits(taken(model), softmax(minutes(model), 30.0))


def test_the_informed_choose_by_the_posts_that_they_know_of() -> None:
    """A mixture over what each may know: of the old post, of the new one, of both, of neither."""
    model = crowd(behaviour="informed", awareness_standing=0.7, awareness_new=0.4)
    shares = sum(
        (0.7 if old else 0.3) * (0.4 if new else 0.6) * softmax(weighed(model, old, new), 30.0)
        for old in (0, 1)
        for new in (0, 1)
    )
    assert isinstance(shares, np.ndarray)
    assert fits(taken(model), shares)
    assert not fits(taken(model), softmax(minutes(model), 30.0))


# -- quantal -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [15.0, 60.0])
def test_quantal_choice_is_a_logit_over_the_crossing_points(scale: float) -> None:
    """Each point is worth as much as its best way; posts weigh as far as they are known, `spread_min` not."""
    model = crowd(
        behaviour="quantal",
        quantal_min=scale,
        spread_min=500.0,
        awareness_standing=0.9,
        awareness_new=0.3,
        ways=TWO_WAYS,
    )
    costs, point = weighed(model, 0.9, 0.3), crossings(model)
    best = np.array([costs[point == one].min() for one in np.unique(point)])
    counts = np.array([taken(model)[point == one].sum() for one in np.unique(point)])
    assert fits(counts, softmax(best, scale))
    # Nobody takes any other way over a point than its best.
    for one in np.unique(point):
        assert taken(model)[(point == one) & (costs > costs[point == one].min())].sum() == 0


def test_quantal_choice_without_noise_is_the_least_cost() -> None:
    for known in (0.0, 1.0):
        model = crowd(behaviour="quantal", quantal_min=1e-6, awareness_standing=known, awareness_new=known)
        costs = weighed(model, known, known)
        assert {group.route_number for group in model.groups} <= set(np.flatnonzero(costs == costs.min()))
    away = crowd(behaviour="quantal", quantal_min=1e-6, awareness_standing=1, awareness_new=1, aversion=1000.0)
    assert taken(away)[int(minutes(away).argmin())] == 0


def test_quantal_choice_is_the_same_in_arms_that_differ_by_an_unknown_post() -> None:
    models = [crowd(arm, behaviour="quantal", awareness_new=0.0) for arm in ("without", "with_outpost")]
    assert [group.route_number for group in models[0].groups] == [group.route_number for group in models[1].groups]


# -- best response -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("aversion", [0.0, 40.0, 400.0, 5000.0])
@pytest.mark.parametrize("arm", ["without", "with_outpost"])
def test_the_best_response_is_the_least_of_minutes_and_true_danger(arm: str, aversion: float) -> None:
    """Nobody's awareness and nobody's taste count; posts and patrols detect apart, so that their misses multiply."""
    seeing = {"patrols.0.range_km": 2.0, "patrols.0.duty_share": 1.0, "patrols.0.sensor": "thermal"}
    model = crowd(
        arm,
        behaviour="best_response",
        aversion=aversion,
        awareness_standing=0,
        awareness_new=0,
        spread_min=900.0,
        **seeing,
    )
    chances = np.hstack([model.world.exposures(0), model.world.patrol_exposures(0)])
    assert chances.shape[1] == (3 if arm == "with_outpost" else 2)
    costs = minutes(model) + aversion * (1.0 - np.prod(1.0 - chances, axis=1))
    assert {group.route_number for group in model.groups} == {int(costs.argmin())}


def test_the_best_response_counts_a_detection_once() -> None:
    """Two posts and a patrol over the same ground: at some aversion the sum of their chances would choose otherwise."""
    near = {"posts.0.x_km": 5.5, "outpost.x_km": 6.5, "patrols.0.sensor": "thermal", "patrols.0.range_km": 2.0}
    near |= {"sensors.thermal.rate_per_hour": 8.0, "patrols.0.duty_share": 1.0, "behaviour": "best_response"}
    world = crowd(**near).world
    chances = np.hstack([world.exposures(0), world.patrol_exposures(0)])
    time = np.array([route.steps for route in world.routes[0]])

    def best(danger: NDArray[np.float64], aversion: float) -> int:
        return int((time + aversion * danger).argmin())

    once, summed = 1.0 - np.prod(1.0 - chances, axis=1), chances.sum(axis=1)
    apart = [a for a in np.arange(1.0, 3000.0, 5.0) if best(once, a) != best(summed, a)]
    assert apart
    model = crowd(**near, aversion=float(apart[len(apart) // 2]))
    assert model.groups[0].route_number == best(once, apart[len(apart) // 2])


def test_the_best_response_heeds_outpost_and_patrols() -> None:
    """With each of them, where it sees enough, the choice is another: so that the test above is able to fail."""
    east = {"patrols": [{"name": "bank", "track": [[5.0, 5.6], [7.0, 5.6]], "range_km": 3.0, "sensor": "radar"}]}
    east["patrols"][0] |= {"duty_share": 1.0}
    choice = {"behaviour": "best_response", "aversion": 400.0}
    alone = crowd("without", **choice, posts=[], patrols=[]).groups[0].route_number
    with_post = (
        crowd("with_outpost", **choice, **{"posts": [], "patrols": [], "outpost.x_km": 6.0}).groups[0].route_number
    )
    with_patrol = crowd("without", **choice, posts=[], **east).groups[0].route_number
    assert alone == 3
    assert with_post != alone
    assert with_patrol != alone


# -- learning ------------------------------------------------------------------------------------------------------


def test_learning_moves_away_from_where_others_were_stopped() -> None:
    danger = {"c03": 1.0, "c02": 0.25}
    model = crowd(behaviour="learning", danger=danger, awareness_standing=1.0)
    told = np.array([danger.get(f"c{one:02d}", 0.0) for one in crossings(model)])
    assert fits(taken(model), softmax(minutes(model) + AVERSION * told, 30.0))
    before = crowd(behaviour="learning", danger={})
    assert taken(model)[3] < 0.2 * taken(before)[3]


def test_who_has_learnt_nothing_is_unaware() -> None:
    new, old = crowd(behaviour="learning", danger={}), crowd(behaviour="unaware")
    assert [group.route_number for group in new.groups] == [group.route_number for group in old.groups]


def test_danger_is_told_of_crossing_points_that_there_are() -> None:
    with pytest.raises(ScenarioError, match=r"infiltrators\.danger\.c77: is 1, but there is no such crossing point"):
        crowd(behaviour="learning", danger={"c77": 1.0})


# -- what is known, and what is told -------------------------------------------------------------------------------


def test_a_group_knows_of_a_post_by_one_draw_of_its_own() -> None:
    """Looked up once more by the key: group and post, so that no other post and no arm can shift it."""
    model = crowd(behaviour="informed", awareness_standing=0.5, awareness_new=0.5)
    for group in model.groups[:100]:
        draws = [uniform(model.run_key, pair(entity(group.name), entity(name)), Purpose.AWARENESS) for name in NAMES]
        assert known_posts(model, group) == [number for number, draw in enumerate(draws) if draw < 0.5]


def test_a_group_can_be_told_its_way() -> None:
    case = small_case(**{"infiltrators.ways": TWO_WAYS})
    for wanted in (("c00", "quickest"), ("c06", "quickest"), ("c03", "east"), ("c02", "west")):
        for behaviour in ("unaware", "best_response", "quantal"):
            told = case.replace(**{"infiltrators.behaviour": behaviour})
            model = BorderModel(told, "without", 1, routes={"band": wanted})
            model.run()
            row = model.rows()[0]
            assert (row["crossing"], row["way"]) == wanted


def test_who_has_no_such_way_and_who_is_not_told_chooses_freely() -> None:
    free = BorderModel(small_case(), "without", 1).groups[0].route_number
    for routes in ({"band": ("c55", "quickest")}, {"band": ("c00", "moon")}, {"others": ("c00", "quickest")}, {}):
        assert BorderModel(small_case(), "without", 1, routes=routes).groups[0].route_number == free
