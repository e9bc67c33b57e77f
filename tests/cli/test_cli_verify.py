"""`study=verify` from the command line: what lies in the folder, what is said, and going on."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from sim.__main__ import main

DUEL = ("study=verify", "experiment=verification/duel", "replications=2000", "execution=serial")
AT_THE_TOP = {"quantity", "unit", "formula", "source", "simulated", "exact", "standard_error", "z", "replications"}


def _json(path):
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def first(command, place):
    """One link, run as a process of its own; its folder and what it printed."""
    done = command(*DUEL, "output=results/duel")
    assert done.returncode == 0, done.stderr
    return place / "results" / "duel", done


@pytest.fixture
def verify(place, monkeypatch, capsys):
    """Run in this process in the same place; returns the exit status and what was printed."""

    def run(*words):
        monkeypatch.chdir(place)
        status = main(list(words))
        return status, capsys.readouterr()

    return run


def test_folder_holds_what_is_promised(first):
    folder, _ = first
    names = {path.name for path in folder.iterdir()}
    assert names == {"summary.json", "manifest.json", "outcomes", "report.html", "figures"}
    assert [path.name for path in (folder / "figures").iterdir()] == ["verification.png"]


def test_summary_of_one_link_has_it_at_the_top(first):
    summary = _json(first[0] / "summary.json")
    assert set(summary) >= AT_THE_TOP | {"study", "experiment", "seed", "digest", "bound", "passed", "cases"}
    assert (summary["study"], summary["experiment"], summary["replications"]) == ("verify", "duel", 2000)
    assert summary["exact"] == pytest.approx(0.775)
    # Four standard errors of a share of .775 in 2,000 trials.
    assert abs(summary["simulated"] - 0.775) < 4 * (0.775 * 0.225 / 2000) ** 0.5
    assert summary["z"] == pytest.approx((summary["simulated"] - 0.775) / (0.775 * 0.225 / 2000) ** 0.5)
    assert summary["laboratory"] == {"case": "duel", "x": 3, "y": 2, "law": "square", "r": 1.0, "p": 0.5}


def test_rows_are_the_counts_of_all_batches(first):
    rows = pd.concat([pd.read_parquet(part) for part in sorted((first[0] / "outcomes").glob("part-*.parquet"))])
    assert rows["trials"].tolist() == [1000, 1000]
    assert rows["total"].sum() / 2000 == _json(first[0] / "summary.json")["simulated"]


def test_manifest_and_summary_speak_of_the_same_run(first):
    manifest, summary = (_json(first[0] / name) for name in ("manifest.json", "summary.json"))
    assert (manifest["study"], manifest["state"]) == ("verify", "complete")
    assert manifest["digest"] == summary["digest"]


def test_terminal_gets_the_table_and_the_verdict(first):
    _, done = first
    assert "Traceback" not in done.stdout + done.stderr
    assert "1 to verify, 2,000 replications each" in done.stdout
    assert "The link agrees with its closed form" in done.stdout
    *_, report, digest = done.stdout.splitlines()
    assert report == "Report: results/duel/report.html"
    assert digest == f"Digest: {_json(first[0] / 'summary.json')['digest']}"


@pytest.mark.parametrize(
    "how", [("execution.chunk_size=1",), ("execution.chunk_size=2",), ("execution=local", "execution.workers=2")]
)
def test_digest_does_not_hang_on_how_it_is_run(how, first, verify):
    status, told = verify(*DUEL, *how, f"output=results/{how[-1].replace('=', '_')}")
    assert status == 0
    assert told.out.splitlines()[-1] == f"Digest: {_json(first[0] / 'summary.json')['digest']}"


def test_the_same_again_runs_nothing_and_tells_the_same(first, verify):
    before = {path: path.stat().st_mtime_ns for path in (first[0] / "outcomes").iterdir()}
    summary = _json(first[0] / "summary.json")
    status, _ = verify(*DUEL, "output=results/duel")
    assert status == 0
    assert _json(first[0] / "summary.json") == summary
    assert {path: path.stat().st_mtime_ns for path in (first[0] / "outcomes").iterdir()} == before


@pytest.mark.parametrize(
    ("word", "named"),
    [
        ("laboratory.r=2", "laboratories.duel.r 1 -> 2"),
        ("engagement.effectiveness=3", "scenarios.duel.engagement.effectiveness"),
        ("seed=2", "seed"),
    ],
)
def test_another_configuration_in_the_same_folder_is_refused(word, named, first, verify):
    summary = _json(first[0] / "summary.json")
    status, told = verify(*DUEL, "output=results/duel", word)
    assert status == 2
    assert named in told.err
    assert told.err.count("\n") == 1
    assert _json(first[0] / "summary.json") == summary


def test_a_model_that_is_wrong_gives_status_one_and_says_which(verify, place):
    status, told = verify(*DUEL, "engagement.effectiveness=1.5", "output=results/wrong")
    assert status == 1
    assert "DIFFERS" in told.out
    assert "1 of 1 links differ" in told.out
    summary = _json(place / "results" / "wrong" / "summary.json")
    assert summary["passed"] is False
    assert summary["exact"] == pytest.approx(0.775)
    assert "1 of 1 links differ" in (place / "results" / "wrong" / "report.html").read_text(encoding="utf-8")


def test_symbols_and_the_name_of_the_study_may_be_given_in_any_order(verify, place):
    words = ("laboratory.law=linear", "study.name=verify", "experiment=verification/duel")
    status, _ = verify(*words, "replications=500", "execution=serial", "output=results/linear")
    assert status == 0
    assert _json(place / "results" / "linear" / "summary.json")["exact"] == pytest.approx(0.6875)


def test_all_links(verify, place):
    """Few replications of each: a right program fails in none of them with probability .99, and this seed is fixed."""
    status, _ = verify("study=verify", "replications=200", "execution=serial", "output=results/all")
    assert status == 0
    summary = _json(place / "results" / "all" / "summary.json")
    assert summary["experiment"] == "verification"
    assert len(summary["cases"]) == 14
    assert all(set(one) >= AT_THE_TOP for one in summary["cases"].values())
    assert "simulated" not in summary
    assert summary["bound"] == pytest.approx(3.3828, abs=1e-3)


def test_a_laboratory_can_be_compared_like_any_case(verify, place, no_report):
    words = ("experiment=verification/definite_range", "replications=20", "execution=serial")
    status, _ = verify(*words, "output=results/as_a_case")
    assert status == 0
    assert 0 < _json(place / "results" / "as_a_case" / "summary.json")["arms"]["without"]["detection"] < 1


def test_help_names_the_study(capsys):
    assert main(["--help"]) == 0
    assert "verify" in capsys.readouterr().out
