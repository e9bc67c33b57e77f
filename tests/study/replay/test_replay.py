"""A replication of an earlier run: the rows that its output folder holds come again, with what was believed then."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from silent_context import silent_context
from small_case import small_case

from sim.execution.store import read_outcomes
from sim.model import BorderModel
from sim.outcomes import in_words, to_frame
from sim.scenario import Scenario, ScenarioError
from sim.study.compare.fixed_routes import FIXED_ROUTES
from sim.study.compare.run import CompareRun
from sim.study.replay.replay import earlier_run
from sim.study.replications import arms_in_order, build_worlds
from sim.study.running import run_in
from sim.study.season.run import SeasonRun

SEED, SEASONS, TRIALS = 5, 3, 6
LEARNING = {
    "infiltrators.behaviour": "learning",
    "infiltrators.aversion": 240.0,
    "season.seasons": SEASONS,
    "season.trials": TRIALS,
    "season.redeploy_share": 0.2,
}


def compared(folder: Path, case: Scenario, replications: int) -> None:
    run_in(folder, CompareRun(case, build_worlds(case, arms_in_order(case)), SEED, replications), silent_context())


def run_again(folder: Path, number: int, arm: str | None = None) -> pd.DataFrame:
    """Outcome rows of an earlier replication, run by the agents."""
    rows = []
    for model in earlier_run(folder, number).models(arm, BorderModel):
        model.run()
        rows += model.rows()
    return to_frame(rows)


def kept(folder: Path, number: int) -> pd.DataFrame:
    """Its rows as they were written."""
    rows = in_words(read_outcomes(folder))
    return rows[rows["replication"] == number].reset_index(drop=True)


@pytest.fixture(scope="module")
def seasons(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, case = tmp_path_factory.mktemp("seasons") / "run", small_case(**LEARNING)
    run_in(folder, SeasonRun(case, build_worlds(case, arms_in_order(case)), SEED), silent_context())
    return folder


@pytest.mark.parametrize("number", [0, TRIALS - 1, TRIALS, SEASONS * TRIALS - 1])
def test_a_replication_of_a_season_comes_again(seasons: Path, number: int) -> None:
    assert_frame_equal(run_again(seasons, number), kept(seasons, number), check_dtype=False)


def test_each_season_is_replayed_with_what_was_believed_in_it(seasons: Path) -> None:
    told = json.loads((seasons / "summary.json").read_text(encoding="utf-8"))["arms"]
    for season in range(SEASONS):
        earlier = earlier_run(seasons, season * TRIALS + 2)
        assert earlier.label == f"replication {season * TRIALS + 2} (season {season + 1})"
        for world in earlier.worlds(("without", "with_outpost")):
            now = told[world.arm]["seasons"][season]
            assert world.scenario.infiltrators.danger == pytest.approx(now["danger"])
            assert {patrol.name: patrol.duty_share for patrol in world.scenario.patrols} == pytest.approx(now["duty"])


def test_a_comparison_of_adversaries_that_have_learnt_comes_again(tmp_path: Path) -> None:
    compared(tmp_path / "run", small_case(**LEARNING), 4)
    assert any(world.scenario.infiltrators.danger for world in earlier_run(tmp_path / "run", 3).worlds(("without",)))
    for number in range(4):
        assert_frame_equal(run_again(tmp_path / "run", number), kept(tmp_path / "run", number), check_dtype=False)


def test_the_part_with_fixed_routes_comes_again_with_the_routes_of_the_baseline(tmp_path: Path) -> None:
    """Groups that know the new post in half of the runs and avoid it: some are run again as if they did not."""
    compared(tmp_path / "run", small_case(**{"infiltrators.awareness_new": 0.5, "infiltrators.aversion": 900.0}), 10)
    fixed = in_words(read_outcomes(tmp_path / "run" / FIXED_ROUTES)).set_index("replication")
    differs = 0
    for number in fixed.index[fixed["arm"] == "with_outpost"].tolist():
        row, free = fixed[fixed["arm"] == "with_outpost"].loc[number], kept(tmp_path / "run", number).set_index("arm")
        [again] = run_again(tmp_path / "run" / FIXED_ROUTES, number, "with_outpost").to_dict("records")
        assert (again["crossing"], again["outcome"]) == (row["crossing"], row["outcome"])
        assert again["crossing"] == free.loc["without", "crossing"]
        differs += again["crossing"] != free.loc["with_outpost", "crossing"]
    assert differs


def test_the_routes_of_the_baseline_are_known_without_running_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared(tmp_path / "run", small_case(**{"infiltrators.awareness_new": 0.5, "infiltrators.aversion": 900.0}), 10)
    number = int(read_outcomes(tmp_path / "run" / FIXED_ROUTES)["replication"].iloc[0])
    monkeypatch.setattr(BorderModel, "step", lambda _model: pytest.fail("a minute was run"))
    [model] = earlier_run(tmp_path / "run" / FIXED_ROUTES, number).models("with_outpost", BorderModel)
    free = kept(tmp_path / "run", number).set_index("arm")
    assert model.forced_routes == {"band": (free.loc["without", "crossing"], free.loc["without", "way"])}


def test_an_arm_is_run_alone_when_it_is_named(seasons: Path) -> None:
    for arm in ("without", "with_outpost"):
        assert [model.arm for model in earlier_run(seasons, 7).models(arm, BorderModel)] == [arm]
    with pytest.raises(ScenarioError, match="is 'nobody'; allowed: without, same, with_outpost"):
        next(earlier_run(seasons, 7).models("nobody", BorderModel))


def test_a_study_without_earlier_replications_is_refused(seasons: Path, tmp_path: Path) -> None:
    manifest = json.loads((seasons / "manifest.json").read_text(encoding="utf-8"))
    for study in ("verify", "describe", "siting"):
        (tmp_path / "manifest.json").write_text(json.dumps(manifest | {"study": study}), encoding="utf-8")
        with pytest.raises(ScenarioError, match=f"holds study={study}; allowed for study=replay: compare, season"):
            earlier_run(tmp_path, 0)
