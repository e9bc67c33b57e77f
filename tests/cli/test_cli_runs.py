"""Whole comparisons from the command line: what lies in the folder, what repeats, what goes on."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pandas as pd
import pytest

import sim
from sim.__main__ import main
from sim.outcomes import COLUMNS, INTERDICTED

ARMS = ("without", "with_outpost")
EFFECT = {"difference", "ci95", "risk_ratio", "risk_ratio_ci95", "mcnemar_p"}


def _rows(folder):
    """The rows of all parts in order of their names, which is that of the replications."""
    parts = sorted((folder / "outcomes").glob("part-*.parquet"))
    return pd.concat([pd.read_parquet(part) for part in parts], ignore_index=True)


def _json(path):
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def compare(place, monkeypatch, no_report):
    """Run the comparison of the small case in this process, without pictures, and return its output folder."""

    def run(output, *arguments):
        monkeypatch.chdir(place)
        assert main(["experiment=small.yaml", f"output={output}", *arguments]) == 0
        return place / output

    return run


@pytest.fixture(scope="module")
def first(command, place):
    """Twelve replications, run as a process of its own; its folder and what it printed."""
    done = command("experiment=small.yaml", "replications=12", "execution=serial", "output=results/first")
    assert done.returncode == 0, done.stderr
    return place / "results" / "first", done


def test_folder_holds_what_is_promised(first):
    folder, _ = first
    assert {path.name for path in folder.iterdir()} == {
        "summary.json",
        "manifest.json",
        "outcomes",
        "report.html",
        "figures",
        "mature",
        "naive",
    }
    assert {path.suffix for path in (folder / "outcomes").iterdir()} == {".parquet"}
    assert not [path for path in folder.rglob("*") if path.name.startswith(".")]


def test_terminal_gets_answer_report_and_digest(first):
    folder, done = first
    assert "Traceback" not in done.stdout + done.stderr
    last, digest = done.stdout.splitlines()[-2:]
    assert last == "Report: results/first/report.html"
    assert digest == f"Digest: {_json(folder / 'manifest.json')['digest']}"
    assert "95 %" in done.stdout


def test_rows_can_be_read_by_pandas_alone(first):
    rows = _rows(first[0])
    assert list(rows.columns) == list(COLUMNS)
    assert len(rows) == 12 * len(ARMS)
    assert rows.groupby("arm")["replication"].apply(list).to_dict() == {arm: list(range(12)) for arm in ARMS}
    assert rows["replication"].is_monotonic_increasing
    assert (rows["group"] == "one").all()


def test_rows_are_those_that_python_gets(first, place):
    case = sim.load_scenario(str(place / "small.yaml"))
    rows = _rows(first[0])
    for arm in ARMS:
        told = rows[rows["arm"] == arm].reset_index(drop=True)
        pd.testing.assert_frame_equal(told, sim.run(case, arm, 12), check_dtype=False)


def test_manifest_is_complete(first):
    manifest = _json(first[0] / "manifest.json")
    assert manifest["state"] == "complete"
    assert manifest["problem"] is None
    assert manifest["study"] == "compare"
    assert manifest["experiment"] == "small"
    assert (manifest["seed"], manifest["replications"]) == (1, 12)
    assert manifest["started"] <= manifest["ended"]
    assert len(bytes.fromhex(manifest["digest"])) == hashlib.sha256().digest_size
    assert len(bytes.fromhex(manifest["configuration_hash"])) == hashlib.sha256().digest_size
    assert {"python", "numpy", "mesa"} <= {name.lower() for name in manifest["versions"]}
    assert "commit" in manifest
    assert isinstance(manifest["schema_version"], int)


def test_manifest_holds_the_full_configuration(first, place):
    from sim.scenario.load import scenario_of

    configuration = _json(first[0] / "manifest.json")["configuration"]
    assert scenario_of(configuration) == sim.load_scenario(str(place / "small.yaml"))


def test_summary_has_the_promised_keys(first):
    summary = _json(first[0] / "summary.json")
    assert summary["study"] == "compare"
    assert summary["experiment"] == "small"
    assert (summary["seed"], summary["replications"], summary["baseline"]) == (1, 12, "without")
    assert set(summary["arms"]) == set(ARMS)
    assert all({"interdiction", "detection"} <= set(facts) for facts in summary["arms"].values())
    effect = summary["effects"]["with_outpost"]
    assert set(effect["interdiction"]) >= EFFECT
    assert set(effect["detection"]) >= EFFECT
    assert set(summary["ledger"]["with_outpost"]) == {"both", "only_with", "only_without", "neither"}
    assert set(summary["causation"]["with_outpost"]) >= {"pn", "pn_ci95", "pn_bounds", "ps", "pns"}
    assert set(summary["mechanism"]["with_outpost"]) >= {"own", "cued"}
    assert "with_outpost" in summary["displacement"]
    assert summary["digest"] == _json(first[0] / "manifest.json")["digest"]


def test_summary_counts_what_the_rows_say(first):
    # Counted anew from the parquet parts, with nothing of the project but the names of the outcomes.
    rows, summary = _rows(first[0]), _json(first[0] / "summary.json")
    stopped = {arm: rows.loc[rows["arm"] == arm, "outcome"].isin(INTERDICTED).to_numpy() for arm in ARMS}
    arm, base = stopped["with_outpost"], stopped["without"]
    for name in ARMS:
        assert summary["arms"][name]["interdiction"] == pytest.approx(stopped[name].mean())
        assert summary["arms"][name]["detection"] == pytest.approx(rows.loc[rows["arm"] == name, "detected"].mean())
    assert summary["ledger"]["with_outpost"] == {
        "both": int(np.sum(arm & base)),
        "only_with": int(np.sum(arm & ~base)),
        "only_without": int(np.sum(~arm & base)),
        "neither": int(np.sum(~arm & ~base)),
    }
    effect = summary["effects"]["with_outpost"]["interdiction"]
    assert effect["difference"] == pytest.approx(arm.mean() - base.mean())
    low, high = effect["ci95"]
    assert -1 <= low <= effect["difference"] <= high <= 1


def test_report_and_figures_are_there(first):
    folder, _ = first
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert page.lstrip().lower().startswith("<!doctype html")
    assert page.rstrip().endswith("</html>")
    assert "A small case" in page
    pictures = list((folder / "figures").iterdir())
    assert {path.suffix for path in pictures} == {".png"}
    assert len(pictures) >= 4
    for picture in pictures:
        data = picture.read_bytes()
        assert data.startswith(b"\x89PNG\r\n\x1a\n")
        # The last chunk of a PNG file that was written to its end.
        assert data.endswith(b"IEND\xaeB`\x82")


def test_again_resumes_extends_and_gives_the_digest_of_one_run(first, compare):
    folder, _ = first
    digest, rows = _json(folder / "manifest.json")["digest"], _rows(folder)
    parts = {path: path.stat().st_mtime_ns for path in (folder / "outcomes").iterdir()}
    again = compare("results/first", "replications=12", "execution=serial")
    assert _json(again / "manifest.json")["digest"] == digest
    assert {path: path.stat().st_mtime_ns for path in (folder / "outcomes").iterdir()} == parts

    more = compare("results/first", "replications=20", "execution=serial", "execution.chunk_size=3")
    assert _json(more / "summary.json")["replications"] == 20
    pd.testing.assert_frame_equal(_rows(more).iloc[: len(rows)], rows)
    assert parts.items() <= {path: path.stat().st_mtime_ns for path in (folder / "outcomes").iterdir()}.items()

    other = compare("results/other", "replications=20", "execution.workers=2", "execution.chunk_size=7")
    assert _json(other / "manifest.json")["digest"] == _json(more / "manifest.json")["digest"] != digest
    assert _json(other / "summary.json") == _json(more / "summary.json")


def test_without_an_output_a_new_folder_is_named_by_study_and_experiment(place, monkeypatch):
    monkeypatch.chdir(place)
    for count in (1, 2):
        assert main(["-m", "experiment=small.yaml", "replications=1", "execution=serial", "seed=1"]) == 0
        assert len(list((place / "outputs" / "sweep" / "small").iterdir())) == count
