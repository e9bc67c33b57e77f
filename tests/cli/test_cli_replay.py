"""`study=replay`: one replication of an earlier run as a story, and what it was that failed."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from sim.__main__ import main
from sim.watch.story import StoryModel


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
    (place / "season").mkdir()
    manifest = json.loads((place / "earlier" / "manifest.json").read_text())
    (place / "season" / "manifest.json").write_text(json.dumps(manifest | {"study": "season"}))
    status, out, err = replay("output=season")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "holds study=season; allowed for study=replay: compare" in err
