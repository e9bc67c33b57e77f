"""Fixed routes: what is run again, that forcing one's own route changes nothing, and net against naive."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from silent_context import silent_context
from small_case import flow, small_case

import sim
from sim.execution.executor import ExecutionSettings
from sim.execution.manifest import ManifestHead
from sim.execution.rows import Rows
from sim.execution.store import open_store
from sim.model import BorderModel
from sim.model.choice import label_of
from sim.outcomes import in_words, to_frame
from sim.scenario import Scenario
from sim.study.compare.displacement import adaptation, with_fixed_routes
from sim.study.compare.fixed_routes import FIXED_ROUTES, FixedRoutes, fixed_routes_job, run_with_fixed_routes
from sim.study.compare.run import CompareRun
from sim.study.pairs import Pairs, pair_up
from sim.study.replications import Replications, build_worlds
from sim.study.running import run_in
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


def job_of(worlds: tuple[World, ...], replications: int, engine: str = "compiled") -> FixedRoutes:
    job = fixed_routes_job(worlds, Rows.of(in_words(Replications(worlds, 1).run(0, replications))), 1, engine)
    assert job is not None
    return job


def test_forcing_ones_own_route_changes_nothing(worlds: tuple[World, ...]) -> None:
    """So that replications in which no route changes need not be run again."""
    free, forced = [], []
    for replication in range(12):
        for rows, routes in ((free, None), (forced, chosen(worlds[2], replication))):
            model = BorderModel(rng=1, replication=replication, world=worlds[2], routes=routes)
            model.run()
            rows += model.rows()
    assert_frame_equal(to_frame(free), to_frame(forced))


@pytest.mark.parametrize("engine", ["compiled", "mesa"])
def test_only_what_changes_is_run_again(worlds: tuple[World, ...], engine: str) -> None:
    rows = in_words(job_of(worlds, 25, engine).run(0, 25))
    changed = [number for number in range(25) if chosen(worlds[0], number) != chosen(worlds[2], number)]
    assert 0 < len(changed) < 25
    assert rows["replication"].tolist() == changed
    assert set(rows["arm"]) == {"with_outpost"}
    for row in rows.to_dict("records"):
        assert (row["crossing"], row["way"]) == chosen(worlds[0], row["replication"])["band"]


def test_a_job_is_small_for_its_way_to_the_workers(worlds: tuple[World, ...]) -> None:
    for routes in job_of(worlds, 25).routes:
        assert routes["replication"].is_monotonic_increasing
        assert (routes[["group", "crossing", "way"]].dtypes == "category").all()


def test_of_any_replications_those_are_run_again_that_have_to_be(worlds: tuple[World, ...]) -> None:
    job, some = job_of(worlds, 25), np.array([2, 3, 7, 11, 12, 19, 24])
    rows = in_words(job.run(0, 25))
    some_rows = rows[rows["replication"].isin(some)].reset_index(drop=True)
    assert 0 < len(some_rows) < len(rows)
    assert_frame_equal(in_words(job.run_these(some)), some_rows)


def test_outcomes_of_what_was_run_again_take_the_place_of_the_others() -> None:
    """Two groups a replication, and categories that neither agree nor are in the order of the strings."""
    row = pd.DataFrame({"replication": [0, 0, 1, 1, 2, 2], "arm": "new", "group": ["band", "zebra"] * 3})
    arm = row.assign(outcome=["reached", "killed"] * 3)
    again = row[3:1:-1].assign(outcome=["at_large", "captured"])
    kinds = {"group": pd.CategoricalDtype(["zebra", "band"]), "outcome": pd.CategoricalDtype(["reached", "killed"])}
    others = {
        "group": pd.CategoricalDtype(["x", "zebra", "band"]),
        "outcome": pd.CategoricalDtype(["captured", "at_large"]),
    }
    stopped = np.array([False, True] * 3)
    for pairs, fixed in ((Pairs(arm, arm), again), (Pairs(arm.astype(kinds), arm), again.astype(others))):
        assert with_fixed_routes(stopped, pairs, fixed).tolist() == [False, True, True, False, False, True]
    assert stopped.tolist() == [False, True] * 3


def test_no_route_changes_where_time_alone_counts() -> None:
    worlds = build_worlds(small_case(**{"infiltrators.behaviour": "unaware"}), ARMS)
    assert fixed_routes_job(worlds, Rows.of(in_words(Replications(worlds, 1).run(0, 5))), 1) is None


def test_the_store_copes_with_nothing_to_run_again(tmp_path: Path, worlds: tuple[World, ...]) -> None:
    head = ManifestHead("naive", "small", 1, 6, {})
    with open_store(tmp_path / "naive", head) as store:
        rows = run_with_fixed_routes(job_of(worlds[:2], 6), store, 6, ExecutionSettings(kind="serial", chunk_size=2))
        assert store.manifest["state"] == "complete"
    assert not len(rows)
    with open_store(tmp_path / "naive", head) as store:
        assert store.begin(6) == []


def test_chunks_and_workers_change_nothing(tmp_path: Path, worlds: tuple[World, ...]) -> None:
    job, frames = job_of(worlds, 20), []
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
        once = run_with_fixed_routes(job_of(worlds, 20), store, 20, how)
        digest = store.manifest["digest"]
    with (
        pytest.raises(KeyboardInterrupt),
        open_store(tmp_path / "again", ManifestHead("naive", "small", 1, 14, {})) as store,
    ):
        run_with_fixed_routes(Impatient(**vars(job_of(worlds, 14))), store, 14, how)
    assert store.manifest["state"] == "interrupted"
    for asked in (14, 20):
        with open_store(tmp_path / "again", ManifestHead("naive", "small", 1, asked, {})) as store:
            again = run_with_fixed_routes(job_of(worlds, asked), store, asked, how)
    assert store.manifest["digest"] == digest
    assert_frame_equal(again, once)


def test_net_and_naive_by_hand() -> None:
    """Ten pairs: the arm stops four more on the baseline's routes; two of these go round it."""
    blank = {"group": "g", "kind": "fighters", "detected": False, "intercepted": False, "sector": "", "size": 1}

    def row(arm: str, number: int, stopped: bool) -> dict[str, object]:
        return {**blank, "replication": number, "arm": arm, "outcome": "killed" if stopped else "reached"}

    base = [row("old", number, number < 2) for number in range(10)]
    net = [row("new", number, number < 4) for number in range(10)]
    again = [row("new", number, True) for number in (4, 5)]
    pairs = pair_up(pd.DataFrame(base + net), "new", "old")
    found = adaptation(pairs, pd.DataFrame(again))
    assert found["net"]["difference"] == pytest.approx(0.2)
    assert found["naive"]["difference"] == pytest.approx(0.4)
    assert found["adaptation"]["difference"] == pytest.approx(-0.2)
    assert found["replayed"] == 2
    assert adaptation(pairs, None)["naive"] == found["net"]


def test_a_wary_adversary_takes_some_of_the_effect_away() -> None:
    """Sixty pairs in which the outpost is strong and may be known: the answer costs the state some of the effect."""
    found = sim.compare(wary().replace(**{"outpost.range_km": 4.5}), replications=60, workers=1, quiet=True).summary()
    arm = found["displacement"]["with_outpost"]
    assert arm["replayed"] > 5
    assert arm["net"]["difference"] < arm["naive"]["difference"]
    assert arm["adaptation"]["difference"] == pytest.approx(arm["net"]["difference"] - arm["naive"]["difference"])
    assert arm["moved"] > 0
    assert found["displacement"]["same"]["replayed"] == 0


def test_a_route_is_known_by_its_place_and_not_by_its_name() -> None:
    """With crossing points further apart, names stand for other places: c02 is the place of the baseline's c03."""
    case = wary().replace(**{"arms.sparse": {"changes": {"infiltrators.crossing_spacing_km": 2.8}}})
    base, sparse = build_worlds(case, ("without", "sparse"))
    where = {world.arm: {one.name: one.x_km for one in world.crossings} for world in (base, sparse)}
    rows = job_of((base, sparse), 25).run(0, 25)
    places = [where["without"][chosen(base, number)["band"][0]] for number in rows["replication"]]
    assert len(places) > 0
    assert places == pytest.approx([where["sparse"]["c02"]] * len(places))
    assert rows["crossing_x_km"].tolist() == pytest.approx(places)


def test_another_taste_changes_routes_where_time_alone_counts() -> None:
    case = small_case(
        **{
            "infiltrators.behaviour": "unaware",
            "arms.fickle": {"changes": {"infiltrators.spread_min": 500.0}},
        }
    )
    assert len(job_of(build_worlds(case, ("without", "fickle")), 12).run(0, 12)) > 0


def test_nobody_is_sent_where_nobody_came() -> None:
    """A stream that brings a group now and then: runs without one have nothing to run again."""
    case = wary().replace(**flow(per_day=0.5))
    worlds = build_worlds(case, ARMS)
    rows = in_words(Replications(worlds, 1).run(0, 20))
    again = in_words(job_of(worlds, 20).run(0, 20))
    assert 0 < rows["replication"].nunique() < 20
    assert again["replication"].nunique() > 0
    key = ["replication", "group"]
    base = rows[rows["arm"] == "without"].set_index(key)["crossing"]
    assert again.set_index(key)["crossing"].equals(base.loc[pd.MultiIndex.from_frame(again[key])])


class Short(BorderModel):
    """Memory runs out in the one replication that is numbered."""

    short_of_memory: int | None = None

    def run(self) -> None:
        if self.replication == self.short_of_memory:
            raise MemoryError
        super().run()


def test_what_failed_is_run_again_with_fixed_routes_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A replication without rows counts in neither store, so that the next run does all of it."""
    worlds, context = build_worlds(wary(), ARMS), silent_context(engine="mesa")
    [number, *_] = [one for one in range(8) if chosen(worlds[0], one) != chosen(worlds[2], one)]
    asked = CompareRun(wary(), worlds, 1, 8)
    once, _ = run_in(tmp_path / "once", asked, context)
    monkeypatch.setattr("sim.study.replications.model_of", lambda _model: Short)
    for short_of_memory, problems in ((number, 1), (None, 0)):
        monkeypatch.setattr(Short, "short_of_memory", short_of_memory)
        again, _ = run_in(tmp_path / "again", asked, context)
        assert len(again.problems(tmp_path / "again")) == problems
        manifest = json.loads((tmp_path / "again" / FIXED_ROUTES / "manifest.json").read_text(encoding="utf-8"))
        assert manifest["state"] == ("incomplete" if problems else "complete")
    assert again.summary() == once.summary()
