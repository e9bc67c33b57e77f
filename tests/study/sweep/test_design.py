"""The design table of a sweep: crossing, zipping, sampling, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import qmc
from small_case import small_case

from sim.scenario.base import ScenarioError
from sim.scenario.keys import takes_whole_numbers
from sim.scenario.overrides import MOST_POINTS, Interval, Listed, expand
from sim.study.sweep.design import make_design, unit_points
from sim.study.sweep.settings import SweepSettings

METHODS = ("sobol", "lhs")


def designed(*words, seed=1, whole=lambda key: False, **how):
    fixed, axes = expand(words)
    assert fixed == []
    return make_design(axes, SweepSettings(**how), seed, whole)


@given(st.lists(st.integers(-99, 99), min_size=2, max_size=5), st.integers(-5, 5), st.integers(1, 6), st.integers(1, 3))
def test_lists_and_ranges_are_crossed_in_the_order_given(values, start, count, step):
    fixed, axes = expand(
        [f"a.b={','.join(map(str, values))}", "fixed=[1,2]", f"c=range({start},{start + count * step},{step})"]
    )
    assert fixed == ["fixed=[1,2]"]
    expected = tuple((a, c) for a in values for c in range(start, start + count * step, step))
    assert make_design(axes, SweepSettings(), 1).points == expected


def test_values_are_plain_data_without_quotes():
    design = designed(
        "sensors=[eye],[thermal,'r a']", "title='a, b','c'", "x={y:1},null", "on=true,false", "t=12:30,a\\,b"
    )
    assert design.points[0] == (["eye"], "a, b", {"y": 1}, True, "12:30")
    assert design.points[-1] == (["thermal", "r a"], "c", None, False, "a,b")
    frame = design.to_frame()
    assert list(frame.columns) == ["point", "sensors", "title", "x", "on", "t"]
    assert frame["sensors"][0] == '["eye"]'
    assert set(frame["x"]) == {'{"y":1}', "null"}


def test_mixed_columns_become_text():
    assert designed("a=1,null,x").to_frame()["a"].tolist() == ["1", "null", "x"]


@pytest.mark.parametrize("method", METHODS)
@given(seed=st.integers(0, 2**63 - 1), samples=st.integers(1, 40), low=st.floats(-50, 50), width=st.floats(0.001, 99))
@settings(max_examples=40, deadline=None)
def test_sampled_points_lie_within_their_intervals(method, seed, samples, low, width):
    axes = [Interval("a", low, low + width), Interval("n", low, low + width + 1)]
    points = make_design(axes, SweepSettings(samples=samples, method=method), seed, lambda key: key == "n").points
    assert len(points) == samples
    for a, n in points:
        assert low <= a <= low + width
        assert isinstance(n, int)
        assert low <= n <= low + width + 1


def test_whole_numbers_from_end_to_end_are_equally_likely():
    values = [n for (n,) in make_design([Interval("n", 1, 4)], SweepSettings(samples=1024), 1, lambda key: True).points]
    assert np.bincount(values).tolist() == [0, 256, 256, 256, 256]


def test_sobol_points_are_spread_more_evenly_than_random_ones_and_than_a_hypercube():
    found = {}
    for seed in range(5):
        points = {
            "sobol": unit_points(4, SweepSettings(samples=256), seed),
            "lhs": unit_points(4, SweepSettings(samples=256, method="lhs"), seed),
            "random": np.random.default_rng(seed).random((256, 4)),
        }
        for name, some in points.items():
            found.setdefault(name, []).append(qmc.discrepancy(some))
    worst, best = {name: max(some) for name, some in found.items()}, {name: min(some) for name, some in found.items()}
    assert worst["sobol"] < best["lhs"]
    assert worst["lhs"] < best["random"]


@pytest.mark.parametrize(("method", "samples"), [("lhs", 50), ("lhs", 37), ("sobol", 64)])
def test_every_key_has_one_point_in_each_stratum(method, samples):
    points = unit_points(5, SweepSettings(samples=samples, method=method), 3)
    for column in (points * samples).astype(int).T:
        assert sorted(column) == list(range(samples))


@pytest.mark.parametrize("method", METHODS)
def test_the_sample_hangs_on_the_seed_alone(method):
    words = ("a=interval(0,1)", "b=interval(5,6)")
    first = designed(*words, samples=8, method=method)
    assert designed(*words, samples=8, method=method).points == first.points
    assert designed(*words, samples=8, method=method, seed=2).points != first.points
    # The sample's own seed goes before the run's.
    assert (
        designed(*words, samples=8, method=method, seed=9).points
        == designed(*words, samples=8, method=method, seed=9).points
    )
    own = make_design(expand(words)[1], SweepSettings(samples=8, method=method, seed=1), 77)
    assert own.points == first.points
    assert own.seed == 1


def test_a_sample_is_crossed_with_lists():
    design = designed("b=x,y", "a=interval(0,1)", "c=1,2", "d=interval(0,1)", samples=4)
    sample = designed("a=interval(0,1)", "d=interval(0,1)", samples=4).points
    expected = [(b, a, c, d) for b in ("x", "y") for a, d in sample for c in (1, 2)]
    assert list(design.points) == expected


def test_zipped_lists_are_paired():
    design = designed("a=1,2,3", "b=x,y", "c=4,5,6", zip=["a", "c"])
    assert list(design.points) == [(a, b, c) for a, c in ((1, 4), (2, 5), (3, 6)) for b in ("x", "y")]
    two = designed("a=1,2", "b=x,y", "c=4,5", "d=7,8", zip=[["a", "c"], ["d", "b"]])
    assert list(two.points) == [(a, b, c, d) for a, c in ((1, 4), (2, 5)) for b, d in (("x", 7), ("y", 8))]


def test_paired_lists_count_once_towards_the_most_points():
    many = f"range(0,{MOST_POINTS // 2})"
    assert len(designed(f"a={many}", f"b={many}", "c=1,2", zip=["b", "a"]).points) == MOST_POINTS


@pytest.mark.parametrize(
    ("words", "how", "message"),
    [
        (["a=1,2", "b=1,2,3"], {"zip": ["a", "b"]}, ["sweep.zip", "a has 2", "b has 3", "equal"]),
        (["a=1,2", "b=interval(1,2)"], {"zip": ["a", "b"]}, ["sweep.zip", "'b'", "not listed", "a"]),
        (["a=1,2", "b=1,2"], {"zip": ["a", "nope"]}, ["sweep.zip", "'nope'", "a, b"]),
        (["a=1,2", "b=1,2"], {"zip": ["a", "a"]}, ["sweep.zip", "'a' twice"]),
        (["a=range(3,1)"], {}, ["0 points"]),
        ([f"a=range(0,{MOST_POINTS + 1})"], {}, [f"{MOST_POINTS + 1} points", f"{MOST_POINTS}"]),
        (["a=range(0,400)", "b=interval(0,1)"], {}, ["102400 points"]),
    ],
    ids=str,
)
def test_designs_that_cannot_be_are_refused(words, how, message):
    with pytest.raises(ScenarioError) as refusal:
        designed(*words, **how)
    assert all(word in str(refusal.value) for word in message), refusal.value


def test_an_interval_without_a_whole_number_is_refused():
    with pytest.raises(ScenarioError, match=r"n: is interval\(1.2,1.8\); allowed: .* whole number"):
        make_design([Interval("n", 1.2, 1.8)], SweepSettings(), 1, lambda key: True)


@pytest.mark.parametrize(
    "word", ["a=1,", "a=(1", "a=glob(*)", "a=shuffle(1,2,3)", "a=interval(3,1)", "a=interval(1,1)"]
)
def test_what_cannot_be_listed_is_refused(word):
    with pytest.raises(ScenarioError, match=r"^a: "):
        expand([word])


def test_a_key_varies_once():
    with pytest.raises(ScenarioError, match=r"a\.b: is swept twice"):
        expand(["a.b=1,2", "a.b=interval(0,1)"])


def test_the_description_distinguishes_designs():
    description = designed("a=1,2", "b=interval(0,1)", samples=4).described()
    assert description == {
        "keys": ["a", "b"],
        "points": 8,
        "listed": {"a": [1, 2]},
        "sampled": {"b": [0.0, 1.0]},
        "samples": 4,
        "method": "sobol",
        "seed": 1,
    }
    assert "samples" not in designed("a=1,2").described()


def test_without_any_axis_there_is_one_point():
    assert make_design([], SweepSettings(), 1).points == ((),)


def test_numbers_that_are_made_text_stay_text():
    assert expand(["name=str(1,2)"])[1] == [Listed("name", ("1", "2"))]


def test_added_keys_keep_their_sign():
    assert expand(["+arms.new.changes.outpost.range_km=1,2"])[1] == [
        Listed("arms.new.changes.outpost.range_km", (1, 2), "+")
    ]


@pytest.mark.parametrize(
    ("key", "whole"),
    [
        ("outpost.responders", True),
        ("posts.0.responders", True),
        ("outpost.range_km", False),
        ("patrols.0.duty_share", False),
        ("horizon_min", True),
        ("outpost.present", False),
        ("infiltrators.groups.0.size", True),
        ("arms.with_outpost.changes.outpost.responders", True),
        ("arms.with_outpost.cost_usd", False),
        ("outpost.nothing", False),
        ("posts.99.responders", False),
    ],
)
def test_keys_of_whole_numbers_are_known_by_the_schema(key, whole):
    assert takes_whole_numbers(small_case(), key) is whole
