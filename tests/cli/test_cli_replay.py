"""`study=replay`: one replication of an earlier run as a story, and what it was that failed."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pandas as pd
import pytest

from sim.__main__ import main
from sim.study.replay.story import StoryModel


@pytest.fixture(scope="module")
def earlier(command, place):
    """A comparison of three replications, run as a process of its own; its rows."""
    done = command("experiment=small.yaml", "replications=3", "seed=5", "execution=serial", "output=earlier")
    assert done.returncode == 0, done.stderr
    parts = sorted((place / "earlier" / "outcomes").glob("part-*.parquet"))
    return pd.concat([pd.read_parquet(part) for part in parts], ignore_index=True)


@pytest.fixture
def replay(earlier, place, monkeypatch, capsys):
    """Run `study=replay` on it; gives exit status, standard output and standard error."""
    monkeypatch.chdir(place)

    def run(*words):
        capsys.readouterr()
        status = main(["study=replay", "output=earlier", *words])
        return status, *capsys.readouterr()

    return run


def contents(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


def test_a_replication_is_told_in_every_arm_as_it_was(earlier, replay, place):
    before = contents(place)
    status, out, err = replay("replay.replication=2")
    assert (status, err) == (0, "")
    assert out.startswith("small: replication 2, seed 5\n")
    rows = earlier[earlier["replication"] == 2].set_index("arm")
    told = out.split("\nArm ")[1:]
    assert [arm.partition("\n")[0] for arm in told] == ["without", "with_outpost"]
    for arm in told:
        outcome = rows.loc[arm.partition("\n")[0], "outcome"]
        assert arm.splitlines()[-1] == f"  one: {outcome}"
        assert len(arm.splitlines()) > 3
    assert contents(place) == before


def test_events_carry_the_clock_of_their_minute(earlier, replay):
    """The run starts at 3 Nov 08:00; the row says in which minute the group set out and crossed."""
    _, out, _ = replay("replay.replication=2", "replay.arm=without")
    row = earlier[(earlier["replication"] == 2) & (earlier["arm"] == "without")].iloc[0]
    for column, words in (("departed_min", "sets out"), ("crossed_min", "puts to water")):
        when = datetime(2019, 11, 3, 8) + timedelta(minutes=int(row[column]))
        [line] = [line for line in out.splitlines() if words in line]
        assert line.startswith(f"  {when.day} Nov {when:%H:%M}  The group {words}")


def test_one_arm_alone(replay):
    status, out, _ = replay("replay.replication=0", "replay.arm=with_outpost")
    assert status == 0
    assert out.count("\nArm ") == out.count("\nArm with_outpost") == 1


def test_one_that_fails_is_shown_with_its_story_and_its_traceback(replay, monkeypatch):
    step = StoryModel.step

    def breaking(model):
        if model.arm == "with_outpost" and model.events:
            raise RuntimeError("no ford\nthere")
        step(model)

    monkeypatch.setattr(StoryModel, "step", breaking)
    status, out, err = replay("replay.replication=1")
    assert status == 1
    # The arm before it is whole, and of its own arm what happened until then.
    without, broken = out.split("\nArm ")[1:]
    assert without.splitlines()[-1].startswith("  one: ")
    assert broken.startswith("with_outpost\n  ")
    assert "  one: " not in broken
    assert err.startswith("Traceback")
    assert "in breaking" in err
    assert err.splitlines()[-1] == "border-sim: replication 1 failed: RuntimeError: no ford there"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["replay.replication=-1"], "replay.replication"),
        (["replay.replication=1.5"], "replay.replication"),
        (["replay.replication=two"], "replay.replication"),
        (["replay.replication=3"], "replay.replication: is 3; allowed: 0 to 2, the replications of earlier"),
        (["replay.arm=nobody"], "replay.arm: is 'nobody'; allowed: without, with_outpost"),
        (["output=nowhere"], "nowhere holds no manifest.json"),
        (["output=null"], "output: is not given"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_what_cannot_be_replayed_is_refused_in_one_line(replay, words, told):
    status, _, err = replay(*words)
    assert status == 2
    assert err.startswith("border-sim: ")
    assert err.count("\n") == 1
    assert told in err


def test_other_studies_cannot_be_replayed(replay, place):
    (place / "other").mkdir()
    manifest = json.loads((place / "earlier" / "manifest.json").read_text())
    (place / "other" / "manifest.json").write_text(json.dumps(manifest | {"study": "siting"}))
    status, out, err = replay("output=other")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "holds study=siting; allowed for study=replay: compare, season, sweep" in err


def endings(told):
    """How each arm of a replayed story ended."""
    return {arm.partition("\n")[0]: arm.splitlines()[-1] for arm in told.split("\nArm ")[1:]}


def rows_of(folder):
    parts = sorted((folder / "outcomes").glob("part-*.parquet"))
    return pd.concat([pd.read_parquet(part) for part in parts], ignore_index=True)


def test_a_replication_of_a_sweep_is_told_as_it_was_at_its_point(replay, place):
    words = ["experiment=small.yaml", "replications=3", "seed=5,6", "execution=serial", "output=swept"]
    # A file, a dictionary that is merged, a key, and the seed: all that a point can differ in.
    axes = ["light=november,november", "outpost={range_km:9},{responders:3}", "infiltrators.groups.0.size=4,30"]
    assert main(["-m", *words, *axes]) == 0
    rows, design = rows_of(place / "swept"), pd.read_csv(place / "swept" / "design.csv")
    for point, replication in [(0, 2), (6, 0), (13, 1)]:
        status, out, err = replay("output=swept", f"replay.replication={3 * point + replication}")
        assert (status, err) == (0, "")
        assert out.startswith(f"small: point {point} (seed={design['seed'][point]}, light=")
        assert f"replication {replication}, seed {design['seed'][point]}\n" in out
        mine = rows[(rows["point"] == point) & (rows["replication"] == replication)]
        assert endings(out) == {arm: f"  one: {ended}" for arm, ended in zip(mine["arm"], mine["outcome"], strict=True)}
    status, _, err = replay("output=swept", "replay.replication=48")
    assert status == 2
    assert "replay.replication: is 48; allowed: 0 to 47, the replications of swept" in err
    (place / "swept" / "points.json").unlink()
    status, _, err = replay("output=swept")
    assert (status, err.count("\n")) == (2, 1)
    assert "holds no points.json" in err


def test_a_replication_of_a_season_is_told_in_the_light_of_those_before(replay, place):
    words = ["experiment=small.yaml", "seed=5", "execution=serial", "output=seasons", "season.seasons=3"]
    assert main(["study=season", *words, "season.trials=40", "infiltrators.behaviour=learning"]) == 0
    rows = rows_of(place / "seasons")
    for number in (39, 119):
        status, out, err = replay("output=seasons", f"replay.replication={number}")
        assert (status, err) == (0, "")
        assert out.startswith(f"small: replication {number} (season {number // 40 + 1}), seed 5\n")
        mine = rows[rows["replication"] == number]
        assert endings(out) == {arm: f"  one: {ended}" for arm, ended in zip(mine["arm"], mine["outcome"], strict=True)}
