"""Stopping by precision: when to look, when to stop, and that interruption and workers change nothing."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from small_case import small_case
from widths import half_width, widest

import sim
from sim.execution.executor import ExecutionSettings
from sim.execution.manifest import ManifestHead
from sim.execution.progress import Progress
from sim.execution.store import open_store
from sim.scenario import Scenario, ScenarioError
from sim.study.compare.result import Comparison
from sim.study.compare.run import CompareRun
from sim.study.replications import Replications, arms_in_order, build_worlds
from sim.study.running import RunContext
from sim.study.stopping import StoppingRule

SERIAL = ExecutionSettings(kind="serial")


def quick() -> Scenario:
    """The small case over within two hours and a half, so that hundreds of replications take seconds."""
    return small_case(
        **{
            "infiltrators.groups.0.start_y_km": 4.2,
            "infiltrators.groups.0.depart_latest_min": 20,
            "infiltrators.groups.0.kind": "smugglers",
            "infiltrators.groups.0.size": 4,
            "horizon_min": 160,
            "patrols": [],
            "outpost.range_km": 6.0,
            "sensors.thermal.rate_per_hour": 10.0,
            "command.report_delay_min": 5,
            "command.contact_per_man_hour": 1000.0,
            "arms": {"without": {}, "with_outpost": {"changes": {"outpost": {"present": True}}}},
        }
    )


def run_to_end(folder: Path, replications: int | StoppingRule, execution: ExecutionSettings = SERIAL) -> Comparison:
    case = quick()
    worlds = build_worlds(case, arms_in_order(case))
    head = ManifestHead("compare", case.name, 1, 10_000, case.model_dump(mode="json"))
    with open_store(folder, head) as store:
        context = RunContext(execution, "compiled", lambda label, unit: Progress(), lambda line: None)
        return CompareRun(case, worlds, 1, replications).execute(store, context)


def test_it_stops_at_the_first_look_that_is_narrow_enough(tmp_path: Path) -> None:
    result = run_to_end(tmp_path / "run", StoppingRule(0.05))
    rule = StoppingRule(0.05)
    assert result.replications % 100 == 0
    assert result.replications >= 200
    arms = ("without", "with_outpost")
    assert widest(rule, result.rows, arms, "without") <= 0.05
    assert result.replications > 200
    assert widest(rule, result.rows[result.rows["replication"] < 200], arms, "without") > 0.05


def test_the_rows_are_those_of_so_many_replications(tmp_path: Path) -> None:
    ruled = run_to_end(tmp_path / "ruled", StoppingRule(0.06))
    counted = run_to_end(tmp_path / "counted", ruled.replications)
    assert ruled.digest == counted.digest


def test_an_interrupted_run_comes_to_the_same_end(tmp_path: Path) -> None:
    whole = run_to_end(tmp_path / "whole", StoppingRule(0.05))
    run_to_end(tmp_path / "halves", 230)
    again = run_to_end(tmp_path / "halves", StoppingRule(0.05), ExecutionSettings(kind="serial", chunk_size=17))
    assert (again.digest, again.replications) == (whole.digest, whole.replications)


def test_a_coarser_precision_afterwards_keeps_what_is_there(tmp_path: Path) -> None:
    fine = run_to_end(tmp_path / "run", StoppingRule(0.05))
    coarse = run_to_end(tmp_path / "run", StoppingRule(0.2))
    assert coarse.digest == fine.digest


def test_it_stops_at_the_most(tmp_path: Path) -> None:
    result = run_to_end(tmp_path / "run", StoppingRule(0.0001, most=250))
    assert result.replications == 250
    found = result.summary()["stopping"]
    assert found["reached"] is False
    assert max(found["half_width"].values()) > 0.0001


def test_a_strict_rule_takes_longer(tmp_path: Path) -> None:
    case = quick()
    rows = Replications(build_worlds(case, ("without", "with_outpost")), 1).run(0, 300)
    strict, usual = (half_width(StoppingRule(0.1, strict), rows, "with_outpost", "without") for strict in (True, False))
    assert strict > 1.3 * usual


def test_an_arm_that_changes_nothing_is_narrow_but_not_of_no_width() -> None:
    case = quick().replace(arms={"without": {}, "same": {}})
    rows = Replications(build_worlds(case, ("without", "same")), 1).run(0, 200)
    assert 0 < half_width(StoppingRule(0.1), rows, "same", "without") < 0.011


@pytest.mark.parametrize(("run_so_far", "widest", "following"), [(200, 0.019, 0), (200, 0.04, 600), (250, 0.021, 300)])
def test_looks_are_multiples_of_a_hundred(run_so_far: int, widest: float, following: int) -> None:
    """From 200 at 0.04 to 0.02 the forecast is 800: 70 % of the way lies at 620, rounded down to 600."""
    assert StoppingRule(0.02).next_look(run_so_far, widest) == following


def test_several_groups_a_replication_are_judged_by_clusters() -> None:
    """Both share the weather, in half of which nobody sees far, and there are men enough for both."""
    group = quick().infiltrators.groups[0].model_dump(mode="json")
    clear = {"name": "clear", "probability": 0.5, "visibility": 1.0}
    fog = {"name": "fog", "probability": 0.5, "visibility": 0.02}
    twins = quick().replace(
        **{
            "infiltrators.groups": [group, {**group, "name": "twin"}],
            "light.weather": [clear, fog],
            "posts": [],
            "outpost.responders": 60,
        }
    )
    rows = Replications(build_worlds(twins, ("without", "with_outpost")), 1).run(0, 60)
    alone = rows[rows["group"] == "band"].reset_index(drop=True)
    rule = StoppingRule(0.1)
    both, one = (half_width(rule, frame, "with_outpost", "without") for frame in (rows, alone))
    assert both > 1.2 * one / 2**0.5


def test_a_strict_rule_is_refused_with_streams() -> None:
    stream = {
        "name": "trickle",
        "per_day": 2.0,
        "start_x_km": 6.0,
        "start_y_km": 2.0,
        "target_x_km": 6.0,
        "target_y_km": 11.5,
    }
    with pytest.raises(ScenarioError, match=r"^strict: is true.*allowed: false"):
        StoppingRule(0.1, strict=True).check(quick().replace(**{"infiltrators.streams": [stream]}))


def test_from_python() -> None:
    found = sim.compare(quick(), "auto", precision=0.06, workers=1, quiet=True)
    assert found.replications >= 200
    assert found.summary()["stopping"]["reached"] is True
    counted = sim.compare(quick(), found.replications, workers=1, quiet=True)
    assert_frame_equal(found.to_frame(), counted.to_frame())
    assert counted.summary()["stopping"] is None
    assert isinstance(found.to_frame(), pd.DataFrame)
