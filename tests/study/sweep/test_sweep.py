"""The study `sweep` from end to end: each point is its comparison, however the whole is run, cut, resumed or broken."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from small_case import small_case

import sim.study.sweep.job
from sim.engine.engine import Engine
from sim.execution.digest import rows_digest
from sim.execution.errors import StoreError
from sim.execution.executor import ExecutionSettings, run_job
from sim.execution.store import open_store, read_outcomes
from sim.outcomes import COLUMNS
from sim.scenario.base import ScenarioError
from sim.scenario.keys import assign
from sim.scenario.overrides import expand
from sim.scenario.scenario import validate
from sim.study.compare.effects import effect
from sim.study.compare.result import Comparison
from sim.study.pairs import METRICS
from sim.study.replications import Replications, arms_in_order, build_worlds
from sim.study.result import write_tables
from sim.study.running import python_context, run_in
from sim.study.sweep.job import SweepJob
from sim.study.sweep.points import Points, check_points, points_from_words, points_of, read_points, write_points
from sim.study.sweep.result import SweepResult
from sim.study.sweep.run import SweepRun, replayed
from sim.study.sweep.settings import SweepSettings
from sim.study.sweep.summary import Tally, tipping_points

REPLICATIONS = 7
WORDS = ("outpost.range_km=0.5,6", "command.report_delay_min=5,60")
GROUP = small_case().infiltrators.groups[0].model_dump(mode="json")
TWO = {"infiltrators.groups": [GROUP, {**GROUP, "name": "second", "size": 3}]}


def pointed(*words: str, seed: int = 1, **changes: Any) -> Points:
    bases = {(): small_case(**changes).model_dump(mode="json")}
    return points_of(bases, expand(words or WORDS)[1], SweepSettings(samples=4), seed)


def swept(
    folder: Path, points: Points, kind: str = "serial", replications: int = REPLICATIONS, **how: Any
) -> SweepResult:
    context = python_context(workers=1, quiet=True, engine="compiled")
    context = replace(context, execution=ExecutionSettings(kind=kind, **how))
    return run_in(folder, SweepRun(points, check_points(points), replications), context)[0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sweep") / "run"


@pytest.fixture(scope="module")
def result(folder: Path) -> SweepResult:
    return swept(folder, pointed())


def test_rows_of_each_point_are_those_of_its_comparison(result: SweepResult, folder: Path) -> None:
    rows = read_outcomes(folder)
    assert list(rows.columns) == ["point", *COLUMNS]
    assert rows["point"].is_monotonic_increasing
    for point in range(4):
        case = small_case(**result.design.values(point))
        alone = Replications(build_worlds(case, arms_in_order(case)), 1).run(0, REPLICATIONS)
        mine = rows[rows["point"] == point].drop(columns="point")
        assert rows_digest([mine]) == rows_digest([alone])


@pytest.mark.parametrize("changes", [{}, TWO], ids=["one group", "two groups"])
def test_the_table_says_what_comparisons_say(changes: dict[str, Any], tmp_path: Path) -> None:
    points = pointed(**changes)
    result = swept(tmp_path / "run", points)
    for point, rows in result.table.groupby("point"):
        case = points.scenario(point)
        worlds = build_worlds(case, arms_in_order(case))
        frame = Replications(worlds, 1).run(0, REPLICATIONS)
        alone = Comparison(case, worlds, frame, 1, "")
        assert rows["arm"].tolist() == list(arms_in_order(case))
        for row in rows.to_dict("records"):
            alone_in_arm = alone.of_arm(row["arm"])
            assert row["groups"] == len(alone_in_arm)
            assert row["replications"] == REPLICATIONS
            assert row["detection"] == pytest.approx(alone_in_arm["detected"].mean())
            if row["arm"] == case.baseline:
                assert np.isnan(row["interdiction_difference"])
                continue
            pairs = alone.pairs(row["arm"])
            for metric in METRICS:
                found = effect(pairs, metric)
                mine = [row[f"{metric}_{name}"] for name in ("difference", "low", "high")]
                assert mine == pytest.approx([found["difference"], *found["ci95"]], abs=1e-9)
            assert alone.ledger().loc[row["arm"]].to_dict() == {name: row[name] for name in alone.ledger().columns}


@pytest.mark.parametrize(
    "how",
    [
        {"chunk_size": 1},
        {"chunk_size": 5},
        {"chunk_size": 100},
        {"kind": "local", "workers": 2, "chunk_size": 3},
    ],
    ids=str,
)
def test_the_digest_and_the_table_are_the_same_however_it_is_run(
    result: SweepResult, tmp_path: Path, how: dict[str, Any]
) -> None:
    other = swept(tmp_path / "run", pointed(), **how)
    assert other.digest == result.digest
    pd.testing.assert_frame_equal(other.table, result.table)


def test_a_sweep_goes_on_where_it_stopped(result: SweepResult, tmp_path: Path) -> None:
    swept(tmp_path / "run", pointed(), chunk_size=5)
    parts = sorted((tmp_path / "run" / "outcomes").iterdir())
    kept = {path: path.stat().st_mtime_ns for path in parts[::2]}
    for path in parts[1::2]:
        path.unlink()
    again = swept(tmp_path / "run", pointed(), chunk_size=3)
    assert again.digest == result.digest
    assert {path: path.stat().st_mtime_ns for path in kept} == kept


@pytest.mark.parametrize(
    ("points", "replications", "message"),
    [
        (pointed("outpost.range_km=0.5,6", "command.report_delay_min=5,61"), REPLICATIONS, "60 -> 61"),
        (pointed("outpost.range_km=0.5,6"), REPLICATIONS, "sweep.listed.command.report_delay_min"),
        (pointed(), REPLICATIONS + 1, f"sweep.replications_each {REPLICATIONS} -> {REPLICATIONS + 1}"),
        (pointed(seed=2), REPLICATIONS, "seed 1 -> 2"),
        (pointed(**{"posts.0.responders": 3}), REPLICATIONS, "posts.0.responders"),
    ],
    ids=["values", "points", "replications", "seed", "case"],
)
def test_another_sweep_is_refused(
    result: SweepResult, folder: Path, points: Points, replications: int, message: str
) -> None:
    with pytest.raises(StoreError, match="holds another run") as refusal:
        swept(folder, points, replications=replications)
    assert message in str(refusal.value)


def test_a_learning_adversary_learns_at_each_point_as_in_a_comparison(tmp_path: Path) -> None:
    from sim.study.learning import learn_in_arms

    learning = {"infiltrators.behaviour": "learning", "season.seasons": 2, "season.trials": 3}
    points = pointed("outpost.range_km=0.5,6", "seed=1,2", **learning)
    swept(tmp_path / "run", points)
    rows = read_outcomes(tmp_path / "run")
    for point, seed in ((2, 1), (3, 2)):
        case = points.scenario(point)
        worlds = learn_in_arms(build_worlds(case, arms_in_order(case)), seed, ExecutionSettings(kind="serial"))
        alone = Replications(worlds, seed).run(0, REPLICATIONS)
        assert rows_digest([rows[rows["point"] == point].drop(columns="point")]) == rows_digest([alone])


def test_points_have_common_random_numbers_and_seeds_may_vary(tmp_path: Path) -> None:
    swept(tmp_path / "run", pointed("seed=1,2,1"))
    rows = read_outcomes(tmp_path / "run")
    one, two, again = (rows_digest([rows[rows["point"] == n].drop(columns="point")]) for n in range(3))
    assert one == again != two


def test_integers_of_a_sample_stay_within_the_bounds_of_their_key() -> None:
    points = pointed("outpost.responders=interval(1,3)")
    assert {points.scenario(n).outpost.responders for n in range(4)} <= {1, 2, 3}
    check_points(points)


@pytest.mark.parametrize(
    "words",
    [
        WORDS,
        ("infiltrators.groups.0.size=2,3", "season.seasons=2,4", "seed=1,2"),
        (
            "light.weather=[{name:fair,probability:1.0,visibility:0.5}],[{name:foul,probability:1.0,visibility:0.2}]",
            "horizon_min=600,700",
        ),
        ("outpost={range_km:1.0},{responders:4}",),
        ("terrain.cell_m=250,500", "sensors.eye.range_km=1,2"),
    ],
)
def test_a_point_is_the_case_with_its_values_set(words: tuple[str, ...]) -> None:
    points = pointed(*words)
    # Backwards as well: what is set at one point must not stay for the next.
    for point in [*range(len(points)), *reversed(range(len(points)))]:
        data = small_case().model_dump(mode="json")
        for axis, value in zip(points.design.axes, points.design.points[point], strict=True):
            if axis.key != "seed":
                assign(data, axis.key, value)
        assert points.scenario(point) == validate(data)
        assert points.scenario(point).digest() == validate(data).digest()


def test_rows_are_the_same_in_whatever_blocks_they_are_run(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = SweepJob(pointed(**TWO), REPLICATIONS).run(3, 24)
    monkeypatch.setattr("sim.engine.engine.BLOCK", 3)
    assert rows_digest([SweepJob(pointed(**TWO), REPLICATIONS).run(3, 24)]) == rows_digest([whole])
    assert (whole["point"] * REPLICATIONS + whole["replication"]).drop_duplicates().tolist() == list(range(3, 24))
    assert whole["arm"][:6].tolist() == ["without"] * 2 + ["same"] * 2 + ["with_outpost"] * 2


def test_points_that_the_engine_cannot_play_stand_in_their_place(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = SweepJob(pointed(**TWO), REPLICATIONS).run(0, 28)
    run = Engine.run

    def breaking(engine: Engine, seed: int, numbers: Any, forced: Any = None) -> Any:
        if engine.world.scenario.command.report_delay_min == 60 and engine.world.arm == "same":
            raise ValueError("no room in the engine")
        return run(engine, seed, numbers, forced)

    monkeypatch.setattr(Engine, "run", breaking)
    by_agents = SweepJob(pointed(**TWO), REPLICATIONS).run(0, 28)
    assert set(by_agents["point"]) == {0, 1, 2, 3}
    assert rows_digest([by_agents]) == rows_digest([whole])


def test_no_replications_are_no_rows() -> None:
    assert list(SweepJob(pointed(), REPLICATIONS).run(0, 0).columns) == ["point", *COLUMNS]


def test_every_point_is_checked_before_the_first() -> None:
    with pytest.raises(ScenarioError, match=r"outpost.range_km: .*-1"):
        check_points(pointed("outpost.range_km=1,2,-1"))
    with pytest.raises(ScenarioError, match=r"off the grid"):
        check_points(pointed("outpost.x_km=8,99"))
    with pytest.raises(ScenarioError, match=r"no such key"):
        check_points(pointed("outpost.nothing=1,2"))


@pytest.mark.parametrize(("key", "value"), [("replications", "1,2"), ("output", "a,b"), ("execution.workers", "1,2")])
def test_how_to_run_cannot_be_swept(key: str, value: str) -> None:
    with pytest.raises(ScenarioError, match=rf"{key}: cannot be swept"):
        pointed(f"{key}={value}")


class _Breaking:
    """A model that cannot run some replications."""

    def __init__(self, rng: int, replication: int, world: Any) -> None:
        self.model = sim.BorderModel(rng=rng, replication=replication, world=world)
        self.bad = world.scenario.outpost.range_km > 5 and world.arm == "with_outpost" and replication in (2, 4)

    def run(self) -> None:
        if self.bad:
            raise RuntimeError("no ford")
        self.model.run()

    def rows(self) -> list[dict[str, Any]]:
        return self.model.rows()

    def release(self) -> None:
        self.model.release()


def test_what_fails_is_listed_and_stops_nothing(
    result: SweepResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sim.study.replications, "model_of", lambda _: _Breaking)
    monkeypatch.setattr(sim.study.sweep.job, "is_compiled", lambda _: False)
    broken = swept(tmp_path / "run", pointed(), chunk_size=3)
    assert [failure["point"] for failure in broken.failures] == [2, 3]
    assert broken.failures[0] == {
        "point": 2,
        "replications": 2,
        "first": 2,
        "seed": 1,
        "error": "RuntimeError: no ford",
    }
    assert broken.table["failed"].tolist() == [0] * 6 + [2] * 6
    assert set(broken.table["replications"][6:]) == {REPLICATIONS - 2}
    pd.testing.assert_frame_equal(broken.table[:6], result.table[:6])
    rows = read_outcomes(tmp_path / "run")
    lost = rows[rows["outcome"] == "failed"]
    assert set(lost["replication"]) == {2, 4}
    assert set(lost["arm"]) == {"without", "same", "with_outpost"}
    assert "no ford" in json.dumps(broken.summary(), allow_nan=False)


def test_a_failure_is_listed_with_the_seed_of_its_point_and_the_command_that_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sim.study.replications, "model_of", lambda _: _Breaking)
    monkeypatch.setattr(sim.study.sweep.job, "is_compiled", lambda _: False)
    broken = swept(tmp_path / "run", pointed("seed=3,4,5", "outpost.range_km=6,7"), replications=3)
    assert [failure["seed"] for failure in broken.failures] == [3, 3, 4, 4, 5, 5]
    lines = broken.problems(tmp_path / "run")
    assert len(lines) == 6
    assert lines[4].startswith(
        "point 4 (seed=5 outpost.range_km=6): 1 replications failed, the first of them 2: Runtime"
    )
    assert lines[4].endswith("replay.replication=14")
    assert lines[5] == "1 more points failed; see summary.json"


def test_replications_without_any_row_are_counted_and_not_run_again(
    result: SweepResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times: list[int] = []

    class Starving(_Breaking):
        def run(self) -> None:
            if self.bad:
                times.append(1)
                raise MemoryError("no room")
            self.model.run()

    monkeypatch.setattr(sim.study.replications, "model_of", lambda _: Starving)
    monkeypatch.setattr(sim.study.sweep.job, "is_compiled", lambda _: False)
    broken = swept(tmp_path / "run", pointed(), chunk_size=1)
    # Once with its chunk and once alone; whoever was killed for it must not be tried a third time, in this process.
    assert len(times) == 2 * len(json.loads((tmp_path / "run" / "failed.json").read_text())) == 8
    listed = [(one["point"], one["replications"], one["first"], one["error"]) for one in broken.failures]
    assert listed == [(2, 2, 2, "MemoryError: no room"), (3, 2, 2, "MemoryError: no room")]
    assert broken.table["failed"].tolist() == [0] * 6 + [2] * 6
    pd.testing.assert_frame_equal(broken.table[:6], result.table[:6])


def test_a_point_without_a_world_loses_all_and_the_others_nothing(
    result: SweepResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = sim.study.sweep.job.build_worlds

    def build(scenario: Any, arms: Any, tables: Any) -> Any:
        if scenario.command.report_delay_min == 60:
            raise ScenarioError("infiltrators.groups.0", "no route leads anywhere")
        return built(scenario, arms, tables)

    monkeypatch.setattr(sim.study.sweep.job, "build_worlds", build)
    broken = swept(tmp_path / "run", pointed())
    assert [(one["point"], one["replications"]) for one in broken.failures] == [(1, 7), (3, 7)]
    assert "no route leads anywhere" in broken.failures[0]["error"]
    assert np.isnan(broken.table.loc[broken.table["point"] == 1, "interdiction"]).all()
    whole = broken.table["point"].isin([0, 2])
    pd.testing.assert_frame_equal(broken.table[whole], result.table[whole])


def test_points_of_a_folder_are_those_of_the_run_for_a_replay(tmp_path: Path) -> None:
    points = pointed("outpost.range_km=0.5,6", "seed=4,5")
    write_points(tmp_path, points)
    manifest = {"configuration": {"sweep": {"replications_each": REPLICATIONS}}}
    earlier = replayed(tmp_path, manifest, 2 * REPLICATIONS + 3)
    assert earlier.scenario == points.scenario(2) != points.scenario(0)
    assert (earlier.seed, earlier.replication) == (4, 3)
    assert "point 2 (outpost.range_km=6, seed=4), replication 3" in vars(earlier).values()


def test_arms_that_are_left_out_are_left_out_at_every_point(tmp_path: Path) -> None:
    words = ("terrain.cell_m=1000", "replications=5", "only=[without,new]", "outpost.range_km=5,9")
    points, settings = points_from_words(*expand([*words, "+arms.new.changes.outpost.present=true,false"]))
    assert settings.replications == 5
    assert check_points(points) == [("without", "new")] * 4
    write_points(tmp_path, points)
    again = read_points(tmp_path)
    assert [list(again.scenario(point).arms) for point in range(4)] == [["without", "new"]] * 4
    assert again.scenario(3) == points.scenario(3)
    with pytest.raises(ScenarioError, match=r"only: is \[without,nobody\]; allowed: some of "):
        check_points(points_from_words(*expand(["only=[without,nobody]", "outpost.range_km=5,9"]))[0])


def test_a_job_travels_with_its_points_and_without_worlds() -> None:
    import pickle

    job = SweepJob(pointed(), REPLICATIONS)
    before = len(pickle.dumps(job))
    job.run(0, 2)
    assert len(pickle.dumps(job)) == before < 60_000
    again = pickle.loads(pickle.dumps(job))
    pd.testing.assert_frame_equal(again.run(6, 9), job.run(6, 9))


@pytest.mark.parametrize(
    ("replications", "engine", "built"), [(10, "compiled", 0), (10**6, "mesa", 0), (10**6, "compiled", 1)]
)
def test_worlds_are_built_for_the_check_of_a_large_compiled_sweep_alone(
    replications: int, engine: str, built: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    points: list[int] = []
    monkeypatch.setattr(SweepJob, "_at_point", lambda self, point: points.append(point))
    monkeypatch.setattr(sim.study.sweep.job, "check_sample", lambda *_: 0)
    SweepJob(pointed(), replications, engine).check()
    assert len(points) == built


def test_the_tally_takes_the_rows_in_any_pieces(result: SweepResult, folder: Path) -> None:
    rows, arms = read_outcomes(folder), check_points(pointed())
    tally = Tally(arms)
    for _, some in rows.groupby(["point", "replication"]):
        tally.add(some)
    for row in result.table.to_dict("records"):
        assert tally.share(row["point"], row["arm"], "interdiction") == row["interdiction"]
        if row["arm"] != "without":
            difference = tally.pairs(row["point"], row["arm"], "detection").difference()
            assert difference[0] == row["detection_difference"]


def test_a_group_that_is_missing_in_an_arm_is_noticed(folder: Path, result: SweepResult) -> None:
    rows = read_outcomes(folder)
    with pytest.raises(ValueError, match="not of the same groups"):
        Tally(check_points(pointed())).add(rows[1:].reset_index(drop=True))


def test_written_tables_are_what_was_found(result: SweepResult, tmp_path: Path) -> None:
    write_tables(tmp_path, result)
    design = pd.read_csv(tmp_path / "design.csv")
    assert list(design.columns) == ["point", "outpost.range_km", "command.report_delay_min"]
    assert design.to_numpy().tolist() == [[0, 0.5, 5], [1, 0.5, 60], [2, 6, 5], [3, 6, 60]]
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "sweep.parquet"), result.table, check_dtype=False)
    assert len(pd.read_csv(tmp_path / "sweep.csv")) == 12
    summary = json.loads((tmp_path / "summary.json").read_text())
    assert (summary["study"], summary["points"], summary["replications"], summary["digest"]) == (
        "sweep",
        4,
        7,
        result.digest,
    )
    assert len(summary["rows"]) == 12
    assert summary["rows"][0]["interdiction_difference"] is summary["rows"][0]["both"] is None
    assert isinstance(summary["rows"][1]["both"], int)


def _line(values: list[tuple[float, float, float]], key: str = "k") -> pd.DataFrame:
    rows = [{key: x, "arm": "a", "interdiction_low": low, "interdiction_high": high} for x, low, high in values]
    return pd.DataFrame(rows)


def test_tipping_points_lie_where_a_straight_line_crosses_zero() -> None:
    [one] = tipping_points(_line([(0, -0.1, 0.3), (10, 0.3, 0.5)]), ["k"])
    assert one["at"] == pytest.approx(2.5)
    assert (one["before"], one["after"], one["between"]) == ("open", "positive", [0.0, 10.0])
    # In whatever order the points come; two crossings where the sign turns between neighbours.
    first, second = tipping_points(_line([(4, -0.6, -0.4), (0, 0.2, 0.4)]), ["k"])
    assert (first["at"], first["before"], first["after"]) == (pytest.approx(1.0), "positive", "open")
    assert (second["at"], second["before"], second["after"]) == (pytest.approx(2.0), "open", "negative")
    assert tipping_points(_line([(0, 0.1, 0.2), (1, 0.1, 0.3), (2, 0.2, 0.3)]), ["k"]) == []


def test_tipping_points_keep_the_other_keys_apart() -> None:
    near, far = _line([(0, -0.1, 0.1), (1, 0.1, 0.2)]), _line([(0, -0.2, 0.1), (1, -0.1, 0.2)])
    table = pd.concat([near.assign(other="near"), far.assign(other="far")], ignore_index=True)
    [one] = tipping_points(table, ["k", "other"])
    assert one["others"] == {"other": "near"}
    assert one["at"] == pytest.approx(0.5)


def test_memory_of_tables_keeps_to_its_bounds() -> None:
    from sim.world import Tables

    tables = Tables(limit_mb=1.0)
    for number in range(10):
        tables.by_content("block", (number,), lambda: np.zeros(50_000))
    assert len(tables._kept) == 2
    tables.by_content("block", (9,), lambda: pytest.fail("it was kept"))


def test_run_job_shows_every_row_once(tmp_path: Path) -> None:
    points, seen = pointed(), []
    with open_store(tmp_path / "run", SweepRun(points, check_points(points), 2).head) as store:
        run_job(SweepJob(points, 2), store, 8, kind="serial", chunk_size=3, each=lambda rows: seen.append(len(rows)))
    assert sum(seen) == len(read_outcomes(tmp_path / "run"))


def test_a_sample_of_several_keys_has_no_tipping_points() -> None:
    table = pd.DataFrame(np.random.default_rng(1).random((200, 4)) - 0.5, columns=["a", "b", "interdiction_low", "w"])
    table = table.assign(arm="x", interdiction_high=table["interdiction_low"] + 0.1)
    assert tipping_points(table, ["a", "b"]) == []
    assert tipping_points(table.assign(b=1.0), ["a", "b"])
