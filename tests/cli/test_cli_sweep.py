"""`-m`: a design in one run, its table, its report, and going on with it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest

import sim
from sim.__main__ import main
from sim.cli.command import parse
from sim.execution.digest import rows_digest
from sim.execution.store import read_outcomes

RUN = ("experiment=small.yaml", "replications=6", "execution=serial")


@pytest.fixture
def sweep(place, monkeypatch):
    """Run a sweep of the small case in this process; returns its folder and its table."""

    def run(output, *arguments, flag="-m"):
        monkeypatch.chdir(place)
        assert main([flag, *RUN, f"output={output}", *arguments]) == 0
        return place / output, pd.read_csv(place / output / "sweep.csv")

    return run


def test_one_row_for_each_arm_and_point_of_lists_and_ranges(sweep, capsys):
    folder, table = sweep("grid", "outpost.range_km=0,4.5", "command.report_delay_min=range(10,40,20)")
    points = [(reach, delay, arm) for reach in (0, 4.5) for delay in (10, 30) for arm in ("without", "with_outpost")]
    columns = ["outpost.range_km", "command.report_delay_min", "arm"]
    assert list(table[columns].itertuples(index=False, name=None)) == points
    assert table["point"].tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    assert (table["replications"] == 6).all()
    assert table["interdiction"].between(0, 1).all()
    # The baseline has no effect on itself; every other arm has one, with its interval around it.
    base = table["arm"] == "without"
    assert table.loc[base, "interdiction_difference"].isna().all()
    arm = table[~base]
    assert (arm["interdiction_low"] <= arm["interdiction_difference"]).all()
    assert (arm["interdiction_difference"] <= arm["interdiction_high"]).all()
    summary = json.loads((folder / "summary.json").read_text())
    assert summary["study"] == "sweep"
    assert summary["points"] == 4
    assert len(summary["rows"]) == len(table)
    assert json.loads((folder / "manifest.json").read_text())["state"] == "complete"
    assert {path.name for path in folder.iterdir()} == {
        *("design.csv", "figures", "manifest.json", "outcomes", "points.json", "report.html"),
        *("summary.json", "sweep.csv", "sweep.parquet"),
    }
    assert [path.name for path in (folder / "figures").iterdir()] == ["heat.png"]
    out = capsys.readouterr().out
    assert "4 points" in out
    assert summary["digest"] in out


def test_a_point_is_the_comparison_with_its_values(sweep, place, no_report):
    folder, _ = sweep("single", "outpost.range_km=2.5,3.5")
    case = sim.load_scenario(str(place / "small.yaml"), ["outpost.range_km=3.5"])
    alone = sim.compare(case, 6, workers=1, quiet=True)
    rows = read_outcomes(folder)
    assert rows_digest([rows[rows["point"] == 1].drop(columns="point")]) == alone.digest


def test_python_finds_what_the_command_line_finds(sweep, place, no_report):
    folder, table = sweep("python", "outpost.range_km=2.5,6", "outpost.x_km=interval(5,9)", "sweep.samples=2")
    case = sim.load_scenario(str(place / "small.yaml"))
    over = {"outpost.range_km": [2.5, 6], "outpost.x_km": sim.interval(5, 9)}
    result = sim.sweep(case, over, 6, samples=2, workers=1, quiet=True)
    assert result.digest == json.loads((folder / "manifest.json").read_text())["digest"]
    pd.testing.assert_frame_equal(result.to_frame(), table, check_dtype=False)


def test_seeds_differ_and_the_same_seed_does_not(sweep, no_report):
    folder, _ = sweep("seeds", "seed=1,2,1")
    rows = read_outcomes(folder)
    one, two, again = (rows_digest([rows[rows["point"] == n].drop(columns="point")]) for n in range(3))
    assert one == again
    assert one != two


def test_again_resumes(sweep, no_report):
    folder, table = sweep("again", "outpost.range_km=1,2")
    parts = {path: path.stat().st_mtime_ns for path in (folder / "outcomes").iterdir()}
    assert parts
    _, same = sweep("again", "outpost.range_km=1,2")
    pd.testing.assert_frame_equal(same, table)
    assert {path: path.stat().st_mtime_ns for path in (folder / "outcomes").iterdir()} == parts


def test_another_design_is_refused_and_named(sweep, no_report, capsys):
    sweep("refused", "outpost.range_km=1,2")
    capsys.readouterr()
    assert main(["-m", *RUN, "output=refused", "outpost.range_km=1,3"]) == 2
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert "sweep.listed.outpost.range_km.1 2 -> 3" in message


def test_without_any_list_there_is_one_point(sweep):
    folder, table = sweep("one", "outpost.range_km=3")
    assert list(table["arm"]) == ["without", "with_outpost"]
    assert not list((folder / "figures").iterdir())


def test_the_study_may_be_named_instead_of_the_flag(sweep, no_report):
    _, table = sweep("named", "outpost.range_km=3,4", flag="study=sweep")
    assert table["outpost.range_km"].tolist() == [3, 3, 4, 4]


def test_arms_and_report_are_chosen_for_all_points(place, monkeypatch, capsys):
    monkeypatch.chdir(place)
    words = [*RUN, "output=few", "report=false", "+arms.same={}", "outpost.range_km=2,5"]
    assert main(["-m", *words, "only=[without,same]"]) == 0
    assert pd.read_csv(place / "few" / "sweep.csv")["arm"].tolist() == ["without", "same"] * 2
    assert not (place / "few" / "report.html").exists()
    assert not (place / "few" / "figures").exists()
    assert "Report:" not in capsys.readouterr().out
    assert main(["-m", *words, "only=[same]"]) == 2
    assert "only: is [same]; allowed: some of without, with_outpost, same; always the baseline without" in (
        capsys.readouterr().err
    )


@pytest.mark.parametrize("flag", ["-m", "study=sweep"])
def test_the_report_names_the_command_with_its_flag(flag):
    assert parse([flag, "a.b=1,2", "seed=3"]).command == f"python -m sim {flag} a.b=1,2 seed=3"


def test_other_studies_take_no_lists(place, monkeypatch, capsys):
    monkeypatch.chdir(place)
    assert main(["-m", *RUN, "study=season", "outpost.range_km=2,5"]) == 2
    assert capsys.readouterr().err == "border-sim: study: is 'season'; allowed with -m: compare, sweep\n"
    assert main(["-m", "experiment=small.yaml", "replications=auto", "outpost.range_km=2,5"]) == 2
    assert "replications: is auto; allowed with -m: a whole number" in capsys.readouterr().err


def test_files_are_chosen_as_points(place, monkeypatch, no_report):
    (place / "other.yaml").write_text((place / "small.yaml").read_text().replace("name: small", "name: other"))
    monkeypatch.chdir(place)
    words = ["experiment=small.yaml,other.yaml", *RUN[1:], "output=files", "outpost.range_km=2,5"]
    assert main(["-m", *words]) == 0
    table = pd.read_csv(place / "files" / "sweep.csv")
    assert table["experiment"].tolist() == ["small.yaml"] * 4 + ["other.yaml"] * 4
    assert table["outpost.range_km"].tolist() == [2, 2, 5, 5] * 2


def test_zip_pairs_lists(sweep, no_report):
    keys = "sweep.zip=[outpost.range_km,command.report_delay_min]"
    _, table = sweep("zip", "outpost.range_km=2,5", "command.report_delay_min=10,60", keys)
    assert table[["outpost.range_km", "command.report_delay_min"]].to_numpy().tolist() == [[2, 10]] * 2 + [[5, 60]] * 2


def test_what_fails_is_reported_and_the_exit_status_says_so(place, monkeypatch, capsys, no_report):
    monkeypatch.chdir(place)
    built = sim.study.sweep.job.build_worlds

    def build(scenario, arms, tables):
        if scenario.outpost.range_km == 2:
            raise sim.ScenarioError("infiltrators.groups.0", "no route leads anywhere")
        return built(scenario, arms, tables)

    monkeypatch.setattr(sim.study.sweep.job, "build_worlds", build)
    assert main(["-m", *RUN, "output=failing", "outpost.range_km=1,2"]) == 1
    printed = capsys.readouterr()
    assert printed.err.count("\n") == 1
    assert "point 1 (outpost.range_km=2): 6 replications failed" in printed.err
    assert "no route leads anywhere" in printed.err
    assert "to see it: python -m sim study=replay output=failing replay.replication=6\n" in printed.err
    table = pd.read_csv(place / "failing" / "sweep.csv")
    assert table["failed"].tolist() == [0, 0, 6, 6]


START = """
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
if __name__ == "__main__":
    runpy.run_module("sim", run_name="__main__", alter_sys=True)
"""


def test_ctrl_c_keeps_what_is_finished_and_the_sweep_goes_on(place, child_environment, monkeypatch, no_report):
    words = ["-m", "experiment=small.yaml", "replications=40", "output=broken", "outpost.range_km=1,2,3"]
    process = subprocess.Popen(
        [sys.executable, "-c", START, *words, "execution.workers=2", "execution.chunk_size=2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=place,
        env=child_environment,
        start_new_session=True,
    )
    end = time.monotonic() + 60
    while len(list((place / "broken" / "outcomes").glob("part-*"))) < 3 and process.poll() is None:
        assert time.monotonic() < end
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in out + err
    parts = {path: path.stat().st_mtime_ns for path in (place / "broken" / "outcomes").glob("part-*")}
    monkeypatch.chdir(place)
    assert main([*words, "execution=serial"]) == 0
    assert (
        parts.items() <= {path: path.stat().st_mtime_ns for path in (place / "broken" / "outcomes").iterdir()}.items()
    )
    case = sim.load_scenario("small.yaml")
    undisturbed = sim.sweep(case, {"outpost.range_km": [1, 2, 3]}, 40, workers=1, quiet=True)
    assert json.loads((place / "broken" / "manifest.json").read_text())["digest"] == undisturbed.digest
