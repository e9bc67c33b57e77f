"""`study=season` from the command line: what lies in the folder, what is said, and going on."""

from __future__ import annotations

import json

import pandas as pd
import pytest
import yaml

import sim
from sim.__main__ import main
from sim.outcomes import COLUMNS

SHORT = ("study=season", "experiment=small.yaml", "season.seasons=3", "season.trials=4", "execution=serial")


@pytest.fixture(scope="module")
def first(command, place):
    """Three seasons of four, run as a process of its own; its folder and what it printed."""
    done = command(*SHORT, "output=results/seasons", "season.redeploy_share=0.3", "replications=9")
    assert done.returncode == 0, done.stderr
    return place / "results" / "seasons", done


def test_folder_holds_what_is_promised(first):
    folder, _ = first
    names = {path.name for path in folder.iterdir()}
    assert names == {"summary.json", "manifest.json", "outcomes", "report.html", "figures"}
    figures = {path.name for path in (folder / "figures").iterdir()}
    assert figures == {"season_shares.png", "season_effects.png", "season_crossings.png"}


def test_rows_are_those_of_all_seasons(first):
    parts = sorted((first[0] / "outcomes").glob("part-*.parquet"))
    rows = pd.concat([pd.read_parquet(part) for part in parts], ignore_index=True)
    assert list(rows.columns) == list(COLUMNS)
    assert sorted(set(rows["replication"])) == list(range(12))


def test_manifest_and_summary_speak_of_the_same_run(first):
    manifest, summary = (json.loads((first[0] / name).read_text()) for name in ("manifest.json", "summary.json"))
    assert (manifest["study"], manifest["state"], manifest["replications"]) == ("season", "complete", 12)
    assert summary["digest"] == manifest["digest"]
    assert summary["study"] == "season"
    assert [one["season"] for one in summary["arms"]["with_outpost"]["seasons"]] == [1, 2, 3]
    assert summary["redeploy_share"] == 0.3


def test_terminal_gets_an_answer_in_words(first):
    _, done = first
    assert "Traceback" not in done.stdout + done.stderr
    assert "seasons: 3, replications of each: 4, arms: 2" in done.stdout
    assert "replications= has no part in study=season" in done.stdout
    assert "95 %" in done.stdout
    assert done.stdout.splitlines()[-2] == "Report: results/seasons/report.html"


def test_the_same_again_gives_the_same_digest(first, place, monkeypatch, capsys):
    monkeypatch.chdir(place)
    assert main([*SHORT, "season.redeploy_share=0.3", "output=results/seasons"]) == 0
    digest = json.loads((first[0] / "manifest.json").read_text())["digest"]
    assert capsys.readouterr().out.splitlines()[-1] == f"Digest: {digest}"


def test_one_arm_alone_and_no_report(first, place, monkeypatch, capsys):
    monkeypatch.chdir(place)
    words = [*SHORT, "season.redeploy_share=0.3", "report=false", "only=[without]"]
    assert main([*words, "output=results/alone"]) == 0
    told, folder = capsys.readouterr().out, place / "results" / "alone"
    assert "seasons: 3, replications of each: 4, arms: 1" in told
    assert "Report:" not in told
    assert {path.name for path in folder.iterdir()} == {"summary.json", "manifest.json", "outcomes"}
    alone, both = (json.loads((path / "summary.json").read_text()) for path in (folder, first[0]))
    assert alone["arms"] == {"without": both["arms"]["without"]}
    assert alone["effects"] == {}


def test_other_seasons_in_the_same_folder_are_refused(first, place, monkeypatch, capsys):
    monkeypatch.chdir(place)
    assert main([*SHORT, "season.redeploy_share=0.1", "output=results/seasons"]) == 2
    told = capsys.readouterr()
    assert "season.redeploy_share 0.3 -> 0.1" in told.err
    assert told.err.count("\n") == 1


def test_the_study_chooses_an_adversary_that_learns(capsys):
    assert main(["study=season", "--cfg", "job"]) == 0
    config = yaml.safe_load(capsys.readouterr().out)
    assert config["infiltrators"]["behaviour"] == "learning"
    assert config["season"] == sim.load_scenario().season.model_dump()


def test_a_comparison_of_learners_says_so_and_is_what_python_gets(place, monkeypatch, capsys, no_report):
    monkeypatch.chdir(place)
    words = ["infiltrators.behaviour=learning", "season.seasons=2", "season.trials=3"]
    assert main(["experiment=small.yaml", "replications=5", "execution=serial", "output=learnt", *words]) == 0
    assert "the adversary learns from 2 seasons of 3 replications in each of 2 arms" in capsys.readouterr().err
    rows = pd.concat(map(pd.read_parquet, sorted((place / "learnt" / "outcomes").iterdir())), ignore_index=True)
    case = sim.load_scenario(str(place / "small.yaml"), words)
    alone = sim.run(case, "with_outpost", 5)
    pd.testing.assert_frame_equal(rows[rows["arm"] == "with_outpost"].reset_index(drop=True), alone, check_dtype=False)
    together = sim.compare(case, 5, workers=1, quiet=True)
    assert together.digest == json.loads((place / "learnt" / "manifest.json").read_text())["digest"]
