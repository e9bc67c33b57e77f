"""Ways kept: what is played again, that forcing one's own way changes nothing, and net against naive."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from small_case import flow, small_case

import sim
from sim.execution.executor import ExecutionSettings
from sim.execution.manifest import ManifestHead
from sim.execution.store import open_store
from sim.model import BorderModel
from sim.model.choice import label_of
from sim.outcomes import in_words, to_frame
from sim.scenario import Scenario
from sim.study.compare.displacement import adaptation
from sim.study.compare.fixed_routes import (
    FixedRoutes,
    fixed_routes_job,
    may_change_routes,
    run_with_fixed_routes,
    with_routes_kept,
)
from sim.study.pairs import pair_up
from sim.study.replications import Replications, build_worlds
from sim.world import World

ARMS = ("without", "same", "with_outpost")


def wary() -> Scenario:
    """The small case with a group that knows the new post in half of the runs, and goes far to avoid a post."""
    return small_case(**{"infiltrators.awareness_new": 0.5, "infiltrators.aversion": 900.0})


def chosen(world: World, replication: int) -> dict[str, tuple[str, str]]:
    model = BorderModel(rng=1, replication=replication, world=world)
    return {group.name: label_of(model, group.route) for group in model.groups}


@pytest.fixture(scope="module")
def worlds() -> tuple[World, ...]:
    return build_worlds(wary(), ARMS)


def test_to_be_told_ones_own_way_changes_nothing(worlds: tuple[World, ...]) -> None:
    """So that replications in which nobody would move need not be played again."""
    free, told = [], []
    for replication in range(12):
        for rows, routes in ((free, None), (told, chosen(worlds[2], replication))):
            model = BorderModel(rng=1, replication=replication, world=worlds[2], routes=routes)
            model.run()
            rows += model.rows()
    assert_frame_equal(to_frame(free), to_frame(told))


def test_only_what_moves_is_played_again(worlds: tuple[World, ...]) -> None:
    rows = FixedRoutes(worlds[0], worlds[1:], 1).run(0, 25)
    moved = [number for number in range(25) if chosen(worlds[0], number) != chosen(worlds[2], number)]
    assert 0 < len(moved) < 25
    assert rows["replication"].tolist() == moved
    assert set(rows["arm"]) == {"with_outpost"}
    for row in rows.to_dict("records"):
        assert (row["crossing"], row["way"]) == chosen(worlds[0], row["replication"])["band"]


def test_rows_played_again_take_the_place_of_the_others(worlds: tuple[World, ...]) -> None:
    played = in_words(Replications(worlds[2:], 1).run(0, 25))
    again = in_words(FixedRoutes(worlds[0], worlds[2:], 1).run(0, 25))
    kept = with_routes_kept(played, again)
    assert len(kept) == len(played)
    base = Replications(worlds[:1], 1).run(0, 25)
    assert kept["crossing"].tolist() == base["crossing"].tolist()
    still = ~kept["replication"].isin(again["replication"])
    assert_frame_equal(kept[still], played[~played["replication"].isin(again["replication"])])


def test_ways_are_kept_in_categories_as_in_strings() -> None:
    """Two groups a replication, and categories that neither agree nor are in the order of the strings."""
    row = pd.DataFrame({"replication": [0, 0, 1, 1, 2, 2], "arm": "new", "group": ["zebra", "band"] * 3})
    played, again = row.assign(outcome=["killed", "reached"] * 3), row[2:4].assign(outcome=["at_large", ""])
    kinds = {"group": pd.CategoricalDtype(["zebra", "band"]), "outcome": pd.CategoricalDtype(["reached", "killed"])}
    others = {"group": pd.CategoricalDtype(["band", "x", "zebra"]), "outcome": pd.CategoricalDtype(["", "at_large"])}
    plain = with_routes_kept(played, again)
    coded = with_routes_kept(played.astype(kinds), again.astype(others))
    assert all(coded[name].dtype == "category" for name in kinds)
    assert plain["outcome"].tolist() == ["reached", "killed", "", "at_large", "reached", "killed"]
    assert_frame_equal(coded.astype("str"), plain.astype("str"))


def test_nobody_moves_who_looks_at_time_alone() -> None:
    worlds = build_worlds(small_case(**{"infiltrators.behaviour": "unaware"}), ARMS)
    assert fixed_routes_job(worlds, 1) is None
    elsewhere = small_case(
        **{
            "infiltrators.behaviour": "unaware",
            "arms.ford": {"changes": {"infiltrators.crossing_spacing_km": 3.0}},
        }
    )
    base, ford = build_worlds(elsewhere, ("without", "ford"))
    assert may_change_routes(ford, base)


def test_the_store_copes_with_nothing_to_play_again(tmp_path: Path, worlds: tuple[World, ...]) -> None:
    head = ManifestHead("naive", "small", 1, 6, {})
    with open_store(tmp_path / "naive", head) as store:
        rows = run_with_fixed_routes(
            FixedRoutes(worlds[0], worlds[1:2], 1), store, 6, ExecutionSettings(kind="serial", chunk_size=2)
        )
        assert store.manifest["state"] == "complete"
    assert not len(rows)
    with open_store(tmp_path / "naive", head) as store:
        assert store.begin(6) == []


def test_chunks_and_workers_change_nothing(tmp_path: Path, worlds: tuple[World, ...]) -> None:
    job, frames = FixedRoutes(worlds[0], worlds[1:], 1), []
    for number, how in enumerate(
        ({"kind": "serial"}, {"kind": "serial", "chunk_size": 3}, {"workers": 2, "chunk_size": 5})
    ):
        with open_store(tmp_path / str(number), ManifestHead("naive", "small", 1, 20, {})) as store:
            frames.append(run_with_fixed_routes(job, store, 20, ExecutionSettings(**how)))
    assert_frame_equal(frames[0], frames[1])
    assert_frame_equal(frames[0], frames[2])


class Impatient(FixedRoutes):
    """Ctrl-C comes in the chunk that holds replication 9."""

    def run(self, start: int, stop: int) -> pd.DataFrame:
        if start <= 9 < stop:
            raise KeyboardInterrupt
        return super().run(start, stop)


def test_interrupted_resumed_and_extended_it_is_the_same(tmp_path: Path, worlds: tuple[World, ...]) -> None:
    how = ExecutionSettings(kind="serial", chunk_size=3)
    with open_store(tmp_path / "once", ManifestHead("naive", "small", 1, 20, {})) as store:
        once = run_with_fixed_routes(FixedRoutes(worlds[0], worlds[1:], 1), store, 20, how)
        digest = store.manifest["digest"]
    with (
        pytest.raises(KeyboardInterrupt),
        open_store(tmp_path / "again", ManifestHead("naive", "small", 1, 14, {})) as store,
    ):
        run_with_fixed_routes(Impatient(worlds[0], worlds[1:], 1), store, 14, how)
    assert store.manifest["state"] == "interrupted"
    for asked in (14, 20):
        with open_store(tmp_path / "again", ManifestHead("naive", "small", 1, asked, {})) as store:
            again = run_with_fixed_routes(FixedRoutes(worlds[0], worlds[1:], 1), store, asked, how)
    assert store.manifest["digest"] == digest
    assert_frame_equal(again, once)


def test_net_and_naive_by_hand() -> None:
    """Ten pairs: the arm stops four more if ways are kept; two of these go round it."""
    blank = {"group": "g", "kind": "fighters", "detected": False, "intercepted": False, "sector": "", "size": 1}

    def row(arm: str, number: int, stopped: bool) -> dict[str, object]:
        return {**blank, "replication": number, "arm": arm, "outcome": "killed" if stopped else "reached"}

    base = [row("old", number, number < 2) for number in range(10)]
    net = [row("new", number, number < 4) for number in range(10)]
    again = [row("new", number, True) for number in (4, 5)]
    pairs = pair_up(pd.DataFrame(base + net), "new", "old")
    told = adaptation(pairs, pd.DataFrame(again))
    assert told["net"]["difference"] == pytest.approx(0.2)
    assert told["naive"]["difference"] == pytest.approx(0.4)
    assert told["adaptation"]["difference"] == pytest.approx(-0.2)
    assert told["replayed"] == 2
    assert adaptation(pairs, None)["naive"] == told["net"]


def test_a_wary_adversary_takes_some_of_the_effect_away() -> None:
    """Sixty pairs in which the outpost is strong and may be known: the answer costs the state some of the effect."""
    told = sim.compare(wary().replace(**{"outpost.range_km": 4.5}), replications=60, workers=1, quiet=True).summary()
    moved = told["displacement"]["with_outpost"]
    assert moved["replayed"] > 5
    assert moved["net"]["difference"] < moved["naive"]["difference"]
    assert moved["adaptation"]["difference"] == pytest.approx(moved["net"]["difference"] - moved["naive"]["difference"])
    assert moved["moved"] > 0
    assert told["displacement"]["same"]["replayed"] == 0


def test_a_way_is_kept_by_its_place_and_not_by_its_name() -> None:
    """With crossing points further apart, names stand for other places: c02 is the place of the baseline's c03."""
    case = wary().replace(**{"arms.sparse": {"changes": {"infiltrators.crossing_spacing_km": 2.8}}})
    base, sparse = build_worlds(case, ("without", "sparse"))
    where = {world.arm: {one.name: one.x_km for one in world.crossings} for world in (base, sparse)}
    rows = FixedRoutes(base, (sparse,), 1).run(0, 25)
    places = [where["without"][chosen(base, number)["band"][0]] for number in rows["replication"]]
    assert len(places) > 0
    assert places == pytest.approx([where["sparse"]["c02"]] * len(places))
    assert rows["crossing_x_km"].tolist() == pytest.approx(places)


def test_another_taste_moves_those_who_look_at_time_alone() -> None:
    case = small_case(
        **{
            "infiltrators.behaviour": "unaware",
            "arms.fickle": {"changes": {"infiltrators.spread_min": 500.0}},
        }
    )
    base, fickle = build_worlds(case, ("without", "fickle"))
    assert may_change_routes(fickle, base)
    assert len(FixedRoutes(base, (fickle,), 1).run(0, 12)) > 0


def test_nobody_is_sent_where_nobody_came() -> None:
    """A stream that brings a group now and then: runs without one have nothing to play again."""
    case = wary().replace(**flow(per_day=0.5))
    worlds = build_worlds(case, ARMS)
    rows = Replications(worlds, 1).run(0, 20)
    again = FixedRoutes(worlds[0], worlds[1:], 1).run(0, 20)
    assert 0 < rows["replication"].nunique() < 20
    assert set(again["replication"]) <= set(rows["replication"])
    kept = with_routes_kept(rows[rows["arm"] == "with_outpost"], again)
    base = rows[rows["arm"] == "without"].reset_index(drop=True)
    assert kept[["replication", "group", "crossing"]].equals(base[["replication", "group", "crossing"]])
