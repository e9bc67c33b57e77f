"""Streams of groups: Poisson numbers, even departures, even sizes, and the same arrivals in every arm.

Stochastic tests refuse a right model once in 1,000 seeds, and their seeds are fixed.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy import stats
from small_case import FLOW, flow, small_case, small_rows, small_world

from sim.model import BorderModel
from sim.outcomes import COLUMNS
from sim.study.replications import Replications, build_worlds

NUMBER = 800


@cache
def arrived(low: int = 3, high: int = 7, seed: int = 1) -> list[list[Any]]:
    """Groups of many runs of a stream of two a day, on the mean, between minutes 300 and 1,020."""
    stream = flow(per_day=4.0, from_min=300, until_min=1020, size=low, size_high=high)
    world = small_world("without", **stream)
    return [BorderModel(rng=seed, replication=replication, world=world).groups for replication in range(NUMBER)]


def test_the_number_of_arrivals_is_poisson() -> None:
    counts = np.bincount([min(len(groups), 6) for groups in arrived()], minlength=7)
    shares = stats.poisson.pmf(np.arange(6), 2.0)
    assert stats.chisquare(counts, NUMBER * np.append(shares, 1.0 - shares.sum())).pvalue > 1e-3


def test_departures_lie_evenly_between_their_bounds() -> None:
    minutes = np.array([group.departure_min for groups in arrived() for group in groups])
    assert minutes.min() >= 300
    assert minutes.max() <= 1019
    counts, _ = np.histogram(minutes, bins=np.arange(300, 1021, 72))
    assert stats.chisquare(counts).pvalue > 1e-3


def test_sizes_are_even_from_size_to_size_high() -> None:
    sizes = [group.size for groups in arrived() for group in groups]
    assert set(sizes) == {3, 4, 5, 6, 7}
    assert stats.chisquare(np.bincount(sizes)[3:]).pvalue > 1e-3


def test_who_states_one_size_or_none_has_one_size() -> None:
    for said, size in (({"size": 5}, 5), ({"size": None, "kind": "smugglers"}, 4), ({"size": 6, "size_high": 6}, 6)):
        model = BorderModel(small_case(**flow(per_day=50.0, **said)), "without")
        assert {group.size for group in model.groups} == {size}
        assert len(model.groups) > 20


def test_groups_are_numbered_in_the_order_of_departure() -> None:
    for groups in arrived()[:50]:
        assert [group.name for group in groups] == [f"flow_{number}" for number in range(1, len(groups) + 1)]
        departures = [group.departure_min for group in groups]
        assert departures == sorted(departures)


def test_both_arms_have_the_same_arrivals() -> None:
    case = small_case(**flow(per_day=3.0, size=2, size_high=9))
    rows = Replications(build_worlds(case, ("without", "with_outpost")), 1).run(0, 40)
    sides = [rows[rows["arm"] == arm].reset_index(drop=True) for arm in ("without", "with_outpost")]
    columns = ["replication", "group", "size", "departed_min", "weather"]
    assert sides[0][columns].equals(sides[1][columns])
    assert sides[0]["replication"].value_counts().nunique() > 3
    assert not sides[0]["detected"].equals(sides[1]["detected"])


def test_runs_without_arrivals_give_no_rows_and_end_at_once() -> None:
    rows = small_rows(("without",), 40, **flow(per_day=1.0))
    present = set(rows["replication"])
    assert 5 < 40 - len(present) < 30
    none = small_rows(("without",), 5, **flow(per_day=0.0))
    assert len(none) == 0
    assert list(none.columns) == list(COLUMNS)
    model = BorderModel(small_case(**flow(per_day=0.0)), "without")
    model.run()
    assert (model.minute, model.rows()) == (1, [])


def test_a_stream_beside_a_group_shifts_not_the_groups_draws() -> None:
    alone = small_rows(("without",), 20, patrols=[], posts=[])
    both = small_rows(
        ("without",), 20, **{"patrols": [], "posts": [], "infiltrators.streams": [{**FLOW, "per_day": 5.0}]}
    )
    band = both[both["group"] == "band"].reset_index(drop=True)
    assert band.equals(alone)
    assert (both["group"] != "band").sum() > 40


def test_two_streams_arrive_apart() -> None:
    one, two = ({**FLOW, "name": name, "per_day": 30.0} for name in ("one", "two"))
    model = BorderModel(small_case(**{"infiltrators.groups": [], "infiltrators.streams": [one, two]}), "without")
    departures = {name: [g.departure_min for g in model.groups if g.name.startswith(name)] for name in ("one", "two")}
    assert departures["one"][:5] != departures["two"][:5]
    assert {group.index for group in model.groups} == {0, 1}


def test_each_group_of_a_stream_has_draws_of_its_own() -> None:
    model = BorderModel(small_case(**flow(per_day=60.0)), "without")
    assert len({group.pace for group in model.groups}) == len(model.groups)
    assert len({group.route_number for group in model.groups}) > 1


@pytest.mark.parametrize("until", [200, 20_000])
def test_who_departs_after_the_horizon_stays_at_home(until: int) -> None:
    rows = small_rows(("without",), 3, **flow(per_day=20.0, from_min=100, until_min=until), horizon_min=300)
    late = rows["departed_min"] < 0
    assert late.any() == (until > 300)
    assert (rows.loc[late, "outcome"] == "at_large").all()
    assert (rows.loc[late, "crossed_min"] == -1).all()
