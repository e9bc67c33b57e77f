"""`-m`: every combination of the values, in one table."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.__main__ import main
from sim.cli.sweep import expand
from sim.scenario.problem import ScenarioError

RUN = ("experiment=small.yaml", "replications=6", "execution=serial")


@pytest.fixture
def sweep(place, monkeypatch):
    """Run a sweep of the small case in this process; returns its folder and its table."""

    def run(output, *arguments):
        monkeypatch.chdir(place)
        assert main(["-m", *RUN, f"output={output}", *arguments]) == 0
        return place / output, pd.read_csv(place / output / "sweep.csv")

    return run


def test_one_row_for_each_arm_and_point_of_lists_and_ranges(sweep, capsys):
    folder, table = sweep("grid", "outpost.range_km=0,4.5", "command.report_delay_min=range(10,40,20)")
    points = [(reach, delay, arm) for reach in (0, 4.5) for delay in (10, 30) for arm in ("without", "with_outpost")]
    columns = ["outpost.range_km", "command.report_delay_min", "arm"]
    assert list(table[columns].itertuples(index=False, name=None)) == points
    assert (table["replications"] == 6).all()
    assert table["interdiction"].between(0, 1).all()
    # The baseline has no effect on itself; every other arm has one, with its interval around it.
    base = table["arm"] == "without"
    assert table.loc[base, "interdiction_difference"].isna().all()
    arm = table[~base]
    assert (arm["interdiction_low"] <= arm["interdiction_difference"]).all()
    assert (arm["interdiction_difference"] <= arm["interdiction_high"]).all()
    told = json.loads((folder / "summary.json").read_text())
    assert told["study"] == "sweep"
    assert told["points"] == 4
    assert len(told["rows"]) == len(table)
    assert "4 points" in capsys.readouterr().out


def test_a_point_is_the_comparison_with_its_values(sweep, place):
    folder, table = sweep("single", "outpost.range_km=2.5,3.5")
    case = sim.load_scenario(str(place / "small.yaml"), ["outpost.range_km=3.5"])
    told = sim.compare(case, 6, workers=1, quiet=True)
    assert set(table.loc[table["outpost.range_km"] == 3.5, "digest"]) == {told.digest}
    summary = json.loads((folder / "0001" / "summary.json").read_text())
    assert summary == json.loads(json.dumps(told.summary()))


def test_seeds_differ_and_the_same_seed_does_not(sweep):
    _, table = sweep("seeds", "seed=1,2,1")
    one, two, again = (set(table["digest"][start : start + 2]) for start in (0, 2, 4))
    assert one == again
    assert one != two


def test_again_resumes(sweep):
    folder, table = sweep("again", "outpost.range_km=1,2")
    parts = {path: path.stat().st_mtime_ns for path in folder.rglob("*.parquet")}
    assert parts
    _, same = sweep("again", "outpost.range_km=1,2")
    pd.testing.assert_frame_equal(same, table)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*.parquet")} == parts


def test_without_any_list_there_is_one_point(sweep):
    _, table = sweep("one", "outpost.range_km=3")
    assert list(table["arm"]) == ["without", "with_outpost"]


@given(st.lists(st.integers(-99, 99), min_size=2, max_size=5), st.integers(-5, 5), st.integers(1, 6), st.integers(1, 3))
def test_expansion_is_the_product_in_the_order_given(values, start, count, step):
    words = [f"a.b={','.join(map(str, values))}", "fixed=[1,2]", f"c=range({start},{start + count * step},{step})"]
    points = expand(words)
    listed = [(str(a), str(c)) for a in values for c in range(start, start + count * step, step)]
    assert [(point["a.b"], point["c"]) for point, _ in points] == listed
    assert all(
        overrides == ["fixed=[1,2]", f"a.b={a}", f"c={c}"]
        for (_, overrides), (a, c) in zip(points, listed, strict=True)
    )


def test_expansion_keeps_lists_quotes_and_blanks_apart():
    points = expand(["outpost.sensors=[eye],[thermal,eye]", "title='a, b','c'"])
    assert [point["outpost.sensors"] for point, _ in points] == ["[eye]", "[eye]", "[thermal,eye]", "[thermal,eye]"]
    assert [point["title"] for point, _ in points] == ["'a, b'", "'c'", "'a, b'", "'c'"]


@pytest.mark.parametrize("word", ["a=1,", "a=(1", "a=interval(0,1)"])
def test_what_cannot_be_listed_is_refused(word):
    with pytest.raises(ScenarioError):
        expand([word])
