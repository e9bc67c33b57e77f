"""`only=` and `report=`: some arms alone, and nothing drawn; keys that no study reads are refused."""

from __future__ import annotations

import json

import pytest

from sim.__main__ import main


@pytest.fixture
def run(place, monkeypatch, capsys):
    """Run the small case in this process; returns the exit status and what went to stderr."""

    def command(*words):
        monkeypatch.chdir(place)
        status = main(["experiment=small.yaml", "execution=serial", *words])
        return status, capsys.readouterr().err

    return command


def test_only_plays_these_arms_and_report_false_draws_nothing(run, place):
    # Where the engine was not compiled before, one line on stderr says so.
    assert run("replications=3", "only=[without]", "report=false", "output=alone")[0] == 0
    summary = json.loads((place / "alone" / "summary.json").read_text(encoding="utf-8"))
    assert list(summary["arms"]) == ["without"]
    assert {path.name for path in (place / "alone").iterdir()} == {"summary.json", "manifest.json", "outcomes"}


def test_a_case_that_leaves_the_baseline_to_its_default_has_one(place, monkeypatch):
    monkeypatch.chdir(place)
    text = (place / "small.yaml").read_text(encoding="utf-8").replace("baseline: without\n", "")
    (place / "bare.yaml").write_text(text, encoding="utf-8")
    words = ["experiment=bare.yaml", "execution=serial", "replications=2", "report=false"]
    assert main([*words, "only=[without]", "output=bare"]) == 0


@pytest.mark.parametrize(
    ("words", "key"),
    [
        (["only=[with_outpost]"], "only"),
        (["only=[without,nobody]"], "only"),
        (["only=without"], "only"),
        (["report=maybe"], "report"),
        (["+compare=1"], "compare"),
        (["+verify={a: 1}"], "verify"),
        (["study=replay", "outpost.range_km=-1"], "outpost.range_km"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line_and_nothing_is_written(run, place, words, key):
    status, told = run("replications=2", "output=never", *words)
    assert status == 2
    assert told.startswith(f"border-sim: {key}")
    assert told.count("\n") == 1
    assert not (place / "never").exists()


def test_only_is_refused_where_all_links_are_meant(capsys):
    assert main(["study=verify", "only=[duel]"]) == 2
    assert capsys.readouterr().err.startswith("border-sim: only: belongs to one case")
