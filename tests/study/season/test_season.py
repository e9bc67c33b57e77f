"""The study `season` on the small case: what the learner does, and the same rows however it is run."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from scipy.stats import wasserstein_distance
from silent_context import silent_context
from small_case import small_case, small_data

from sim.execution.digest import rows_digest
from sim.execution.errors import ExecutionError, StoreError
from sim.execution.executor import ExecutionSettings
from sim.outcomes import in_words
from sim.rules.learning import learn
from sim.scenario import Scenario, ScenarioError
from sim.scenario.scenario import validate
from sim.statistics import wilson
from sim.study.learning import learn_in_arms, tally
from sim.study.replications import Replications, arms_in_order, build_worlds
from sim.study.running import run, run_in
from sim.study.season.result import SeasonResult
from sim.study.season.run import SeasonRun, check_seasons

SEASONS, TRIALS = 4, 15
LEARNING = {
    "infiltrators.behaviour": "learning",
    "infiltrators.aversion": 240.0,
    "season.seasons": SEASONS,
    "season.trials": TRIALS,
    "season.redeploy_share": 0.2,
}


def played(folder: Path, case: Scenario, kind: str = "serial", **how: Any) -> SeasonResult:
    run = SeasonRun(case, build_worlds(case, arms_in_order(case)), seed=1)
    return run_in(folder, run, silent_context(kind=kind, **how))[0]


def rows_of(result: SeasonResult) -> pd.DataFrame:
    """The rows of all seasons."""
    frames = map(result.of, range(result.seasons))
    return pd.concat([frame for frame in frames if len(frame)], ignore_index=True)


@pytest.fixture(scope="module")
def case() -> Scenario:
    return small_case(**LEARNING)


@pytest.fixture(scope="module")
def result(case: Scenario, tmp_path_factory: pytest.TempPathFactory) -> SeasonResult:
    return played(tmp_path_factory.mktemp("season") / "run", case)


@pytest.mark.parametrize("module", ["running", "learning"])
def test_all_settings_of_the_execution_are_handed_on(
    case: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    """Both when seasons are played, and when the adversary first learns before a comparison."""
    wanted = {"kind": "serial", "workers": 3, "chunk_size": 7, "address": "tcp://here:1", "wait_s": 2.5}
    asked: dict[str, Any] = {}

    def note(*_: object, **how: Any) -> None:
        asked.update(how)
        raise ExecutionError("enough")

    def begin() -> None:
        if module == "learning":
            learn_in_arms(build_worlds(case, ("without",)), 1, ExecutionSettings(**wanted))
        else:
            played(tmp_path / "run", case, **wanted)

    monkeypatch.setattr(f"sim.study.{module}.run_job", note)
    with pytest.raises(ExecutionError, match="enough"):
        begin()
    assert wanted.items() <= asked.items()


def test_all_seasons_are_kept_with_numbers_of_their_own(result: SeasonResult) -> None:
    numbers = rows_of(result)["replication"].to_numpy()
    assert numbers.tolist() == np.repeat(np.arange(SEASONS * TRIALS), 3).tolist()
    assert set(result.of(2)["replication"]) == set(range(2 * TRIALS, 3 * TRIALS))
    assert result.arms == ("without", "same", "with_outpost")


def test_the_first_season_is_that_of_the_unaware(result: SeasonResult, case: Scenario) -> None:
    unaware = case.replace(**{"infiltrators.behaviour": "unaware"})
    for arm in result.arms:
        assert_frame_equal(result.of(0, arm), run(unaware, arm, TRIALS), check_dtype=False)


def test_every_season_is_played_with_what_was_learnt_before(result: SeasonResult, case: Scenario) -> None:
    """Worked anew from the rows: a chain of beliefs, and each season played alone with them."""
    danger: dict[str, float] = {}
    for season in range(SEASONS):
        world = result.world(season, "with_outpost")
        assert world.scenario.infiltrators.danger == danger
        alone = in_words(Replications((world,), 1).run(season * TRIALS, (season + 1) * TRIALS))
        assert_frame_equal(result.of(season, "with_outpost"), alone, check_dtype=False)
        danger = learn(danger, *tally(alone), case.season.weight, case.season.forgetting)
    assert result.summary()["arms"]["with_outpost"]["danger_after"] == danger


def test_an_arm_that_changes_nothing_changes_nothing_in_any_season(result: SeasonResult) -> None:
    told = result.summary()
    assert [one["difference"] for one in told["effects"]["same"]["seasons"]] == [0.0] * SEASONS
    assert told["arms"]["same"]["seasons"] == told["arms"]["without"]["seasons"]


def test_duty_is_conserved_over_the_seasons(case: Scenario, tmp_path: Path) -> None:
    patrols = [
        {"name": "west", "track": [[1.0, 5.6], [5.0, 5.6]], "range_km": 1.0, "duty_share": 0.5, "cycle_min": 240},
        {"name": "east", "track": [[7.0, 5.6], [11.0, 5.6]], "range_km": 1.0, "duty_share": 0.3, "cycle_min": 240},
    ]
    told = played(tmp_path / "run", case.replace(patrols=patrols, arms={"without": {}})).summary()["arms"]["without"]
    duties = [*(one["duty"] for one in told["seasons"]), told["duty_after"]]
    assert all(sum(duty.values()) == pytest.approx(0.8) for duty in duties)
    assert duties[0] == {"west": 0.5, "east": 0.3}
    assert duties[1] != duties[0]


def test_the_duty_of_a_season_is_that_after_the_one_before(case: Scenario, tmp_path: Path) -> None:
    """By hand: each patrol gives up a fifth, and gets its share of those detected in the season nearest to it."""
    patrols = [
        {"name": "west", "track": [[1.0, 5.6], [6.2, 5.6]], "range_km": 1.0, "duty_share": 0.5, "cycle_min": 240},
        {"name": "east", "track": [[7.0, 5.6], [11.0, 5.6]], "range_km": 1.0, "duty_share": 0.3, "cycle_min": 240},
    ]
    result = played(tmp_path / "run", case.replace(patrols=patrols))
    told = result.summary()["arms"]["without"]
    duties = [one["duty"] for one in told["seasons"]] + [told["duty_after"]]
    for season, (before, after) in enumerate(itertools.pairwise(duties)):
        rows = result.of(season, "without")
        east = float((rows.loc[rows["detected"], "crossing_x_km"] > 6.6).mean())
        assert after["east"] == pytest.approx(0.8 * before["east"] + 0.2 * 0.8 * east)
        assert after["west"] == pytest.approx(0.8 * before["west"] + 0.2 * 0.8 * (1.0 - east))
    assert len({duty["east"] for duty in duties}) == SEASONS + 1


@pytest.mark.parametrize(
    "how",
    [{"chunk_size": 4}, {"kind": "local", "workers": 1}, {"kind": "local", "workers": 2, "chunk_size": 4}],
    ids=str,
)
def test_the_digest_is_the_same_however_it_is_run(result: SeasonResult, case: Scenario, tmp_path: Path, how) -> None:
    again = played(tmp_path / "run", case, **how)
    assert again.digest == result.digest == rows_digest([rows_of(result)])
    assert again.summary() == result.summary()


def test_a_run_that_was_broken_off_goes_on_to_the_same_digest(
    result: SeasonResult, case: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, whole = tmp_path / "run", Replications.run

    def broken(job: Replications, start: int, stop: int) -> Any:
        if start >= 2 * TRIALS + 5:
            raise KeyboardInterrupt
        return whole(job, start, stop)

    monkeypatch.setattr(Replications, "run", broken)
    with pytest.raises(KeyboardInterrupt):
        played(folder, case, chunk_size=5)
    monkeypatch.undo()
    assert json.loads((folder / "manifest.json").read_text())["state"] == "interrupted"
    # A part of an early season is gone as well: it is played again as it was.
    (folder / "outcomes" / "part-000000005-000000010.parquet").unlink()
    assert played(folder, case, chunk_size=6).digest == result.digest


def test_the_same_folder_refuses_other_seasons(case: Scenario, tmp_path: Path) -> None:
    short = case.replace(**{"season.seasons": 1, "season.trials": 2})
    played(tmp_path / "run", short)
    with pytest.raises(StoreError, match=r"season.weight 0.5 -> 0.9"):
        played(tmp_path / "run", short.replace(**{"season.weight": 0.9}))


def walled(**changes: Any) -> Scenario:
    """A case with a post of 200 men by one crossing point that stops all who cross there, and nobody elsewhere."""
    strong = {"name": "wall", "x_km": 8.0, "y_km": 6.0, "sensors": ["radar"], "range_km": 1.4, "responders": 200}
    data = small_data(
        **{
            **LEARNING,
            "season.trials": 40,
            "season.redeploy_share": 0.0,
            "infiltrators.groups.0.start_x_km": 8.0,
            "infiltrators.groups.0.target_x_km": 8.0,
            "sensors.radar.rate_per_hour": 60.0,
            "posts": [strong],
            "patrols": [],
            "command.report_delay_min": 1,
            "command.contact_per_man_hour": 1000.0,
            **changes,
        }
    )
    return validate({**data, "arms": {"without": {}}})


def test_the_learner_leaves_a_strong_post(tmp_path: Path) -> None:
    case = walled()
    told = played(tmp_path / "run", case).summary()["arms"]["without"]
    wall = at_the_wall(case)
    shares = [one["crossing_shares"][wall] for one in told["seasons"]]
    assert told["seasons"][1]["danger"][wall] == pytest.approx(0.5)  # all were stopped, and half is believed
    assert shares[0] > 0.4
    assert max(shares[1:]) < 0.1
    assert told["change"]["lost"]["crossing"] == wall
    assert told["change"]["ci95"][1] < 0
    assert told["seasons"][-1]["interdiction"] < 0.1 < 0.4 < told["seasons"][0]["interdiction"]


def test_who_gives_the_last_season_no_weight_walks_into_it_again_and_again(tmp_path: Path) -> None:
    case = walled(**{"season.weight": 0.0})
    told = played(tmp_path / "run", case).summary()["arms"]["without"]
    assert min(one["crossing_shares"][at_the_wall(case)] for one in told["seasons"]) > 0.25


def at_the_wall(case: Scenario) -> str:
    """The crossing point nearest to x = 8 km."""
    [world] = build_worlds(case, ("without",))
    return min(world.crossings, key=lambda one: abs(one.x_km - 8.0)).name


def test_the_summary_agrees_with_the_rows(result: SeasonResult) -> None:
    told = result.summary()
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert (told["study"], told["seasons"], told["trials"], told["replications"]) == ("season", SEASONS, TRIALS, 60)
    rows = result.of(3, "with_outpost")
    stopped = rows["outcome"].isin(["killed", "captured", "turned_back", "admitted"])
    one = told["arms"]["with_outpost"]["seasons"][3]
    assert one["interdiction"] == pytest.approx(stopped.mean())
    assert one["interdiction_ci95"] == pytest.approx(list(wilson(int(stopped.sum()), TRIALS)))
    assert one["detection"] == pytest.approx(rows["detected"].mean())
    places = [frame["crossing"].map(told["crossings"]) for frame in (rows, result.of(0, "with_outpost"))]
    assert one["mean_along_km"] == pytest.approx(places[0].mean())
    assert one["earth_mover_km"] == pytest.approx(wasserstein_distance(*places))
    assert sum(one["crossing_shares"].values()) == pytest.approx(1.0)


def test_a_season_s_effect_is_that_of_its_rows(result: SeasonResult) -> None:
    """The mean paired difference, arm minus baseline, worked from the rows of one season after the other."""
    told = result.summary()["effects"]["with_outpost"]["seasons"]
    found = []
    for season in range(SEASONS):
        arm, base = (stopped(result.of(season, name)) for name in ("with_outpost", "without"))
        found.append(float(np.mean(arm.astype(int) - base.astype(int))))
    assert [one["difference"] for one in told] == pytest.approx(found)
    assert any(found)
    assert [(one["season"], one["pairs"]) for one in told] == [(season + 1, TRIALS) for season in range(SEASONS)]


def stopped(rows: Any) -> Any:
    return rows["outcome"].isin(["killed", "captured", "turned_back", "admitted"]).to_numpy()


def test_what_changed_in_an_arm_is_between_its_first_season_and_its_last(result: SeasonResult) -> None:
    told = result.summary()
    for arm in result.arms:
        first, last = (result.of(season, arm) for season in (0, SEASONS - 1))
        change = told["arms"][arm]["change"]
        assert change["difference"] == pytest.approx(stopped(last).mean() - stopped(first).mean())
        places = [rows["crossing"].map(told["crossings"]).mean() for rows in (first, last)]
        assert change["mean_shift_km"] == pytest.approx(places[1] - places[0])
        shares = [rows["crossing"].value_counts(normalize=True) for rows in (first, last)]
        moved = shares[1].sub(shares[0], fill_value=0.0)
        for word, most in (("gained", moved.max()), ("lost", moved.min())):
            ends = change[word]
            assert moved[ends["crossing"]] == pytest.approx(most)
            assert ends["along_km"] == told["crossings"][ends["crossing"]]
            assert [ends["first"], ends["last"]] == pytest.approx([one.get(ends["crossing"], 0.0) for one in shares])
            assert most


def test_the_change_of_an_effect_is_last_minus_first(result: SeasonResult) -> None:
    told = result.summary()["effects"]["with_outpost"]
    first, last = told["seasons"][0], told["seasons"][-1]
    change = told["change"]
    assert change["difference"] == pytest.approx(last["difference"] - first["difference"])
    assert (change["first"], change["last"]) == (first["difference"], last["difference"])
    low, high = change["ci95"]
    # Wider than either interval, narrower than both laid end to end.
    widths = [one["ci95"][1] - one["ci95"][0] for one in (first, last)]
    assert max(widths) <= high - low <= sum(widths)


def test_a_season_without_groups_is_undefined_and_no_news(tmp_path: Path) -> None:
    group = small_case().infiltrators.groups[0].model_dump(mode="json")
    same = {key: group[key] for key in ("start_x_km", "start_y_km", "target_x_km", "target_y_km", "inland")}
    stream = {"name": "rare", "per_day": 0.3, **same}
    case = small_case(**{**LEARNING, "season.trials": 2, "infiltrators.groups": [], "infiltrators.streams": [stream]})
    result = played(tmp_path / "run", case)
    told = result.summary()["arms"]["without"]["seasons"]
    empty = [one for one in told if not one["groups"]]
    assert empty
    assert all(one["interdiction"] is None and one["interdiction_ci95"] == [None, None] for one in empty)
    assert sum(one["groups"] for one in told) == len(rows_of(result)) / 3


def test_intervals_are_clustered_where_groups_share_a_replication(tmp_path: Path) -> None:
    group = small_case().infiltrators.groups[0].model_dump(mode="json")
    case = small_case(
        **{**LEARNING, "season.seasons": 2, "infiltrators.groups": [group, {**group, "name": "second", "size": 3}]}
    )
    told = played(tmp_path / "run", case).summary()
    one = told["arms"]["with_outpost"]["seasons"][0]
    assert one["groups"] == 2 * TRIALS
    assert one["interdiction_ci95"] != list(wilson(round(one["interdiction"] * 2 * TRIALS), 2 * TRIALS))
    assert 0 <= one["interdiction_ci95"][0] <= one["interdiction"] <= one["interdiction_ci95"][1] <= 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"infiltrators.behaviour": "informed"}, r"infiltrators.behaviour: is 'informed'; allowed .*: learning"),
        (
            {"arms.same": {"changes": {"infiltrators": {"behaviour": "unaware"}}}},
            r"arms.same.changes.infiltrators.behaviour: is 'unaware'; allowed .*'learning'",
        ),
        ({"arms.same": {"changes": {"season": {"trials": 3}}}}, r"arms.same.changes.season.trials: is 3; allowed .*15"),
    ],
)
def test_what_has_no_seasons_is_refused(case: Scenario, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        check_seasons(case.replace(**changes))
