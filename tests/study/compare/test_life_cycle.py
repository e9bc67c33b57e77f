"""The effect over the years and the coverage by crossing point, by hand on made-up rows; and their tables."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from silent_context import silent_context
from small_case import small_case

from sim.execution.rows import Rows
from sim.execution.store import open_store
from sim.model import BorderModel
from sim.outcomes import to_frame
from sim.study.compare.coverage import covered
from sim.study.compare.life_cycle import MATURE, life_cycles, over_years
from sim.study.compare.result import Comparison
from sim.study.compare.run import CompareRun
from sim.study.compare.section_tables import (
    coverage_in_words,
    coverage_table,
    life_cycle_in_words,
    life_cycle_table,
)
from sim.study.pairs import Pairs, side_by_side
from sim.study.replay.replay import earlier_run
from sim.study.replications import arms_in_order, build_worlds
from sim.world import build_world

ARMS = ("without", "same", "with_outpost")


def rows(arm: str, stopped: str) -> pd.DataFrame:
    """Rows of which those marked 1 are stopped."""
    outcomes = ["captured" if one == "1" else "reached" for one in stopped]
    frame = pd.DataFrame({"replication": range(len(stopped)), "arm": arm, "group": "band", "outcome": outcomes})
    return frame


def test_the_mean_is_weighted_by_time() -> None:
    """At first 2 of 4 more, later 1 of 4 fewer; a fifth of the time at first: 0.2 x 0.5 - 0.8 x 0.25."""
    base = rows("without", "0010")
    young, mature = (side_by_side(rows("with_outpost", one), base) for one in ("1110", "0000"))
    assert over_years(young, mature, 0.2)["difference"] == pytest.approx(-0.1)
    low, high = over_years(young, mature, 0.2)["ci95"]
    assert low < -0.1 < high


def test_where_time_changes_nothing_the_effect_stays_and_else_it_is_unknown_until_run() -> None:
    case = small_case(**{"appraisal.years": 1.0, "arms.same.cost_usd": 500.0})
    worlds = tuple(build_world(case, arm) for arm in ARMS)
    young = {"without": "0010", "same": "0110", "with_outpost": "1110"}

    def read(arm: str, _: object) -> pd.DataFrame:
        return rows(arm, young[arm])

    found = life_cycles(case, worlds, read, None)
    assert found["same"]["mature"] == found["same"]["young"] == found["same"]["over_years"]
    assert found["same"]["cost_usd"] == 500.0
    assert found["same"]["parts"] is None
    assert found["with_outpost"]["verdict"] == "saves"  # it has no price
    assert pd.isna(found["with_outpost"]["mature"]["difference"])
    later = rows("with_outpost", "0000").drop(index=3)  # one replication failed
    several = {arm: rows(arm, of_arm).drop(index=3) for arm, of_arm in young.items()}
    again = life_cycles(
        case, worlds, lambda arm, _: several[arm], Rows.of(pd.concat([later, rows("with_outpost", "0000")[3:]]))
    )
    assert again["with_outpost"]["mature"]["difference"] == pytest.approx(-1 / 3)
    assert again["with_outpost"]["young_days"] == 180.0


def test_coverage_by_hand() -> None:
    world = build_world(small_case(), "without")
    names = [crossing.name for crossing in world.crossings]
    frame = pd.DataFrame({"crossing": [names[1]] * 40 + [names[0]] * 2, "detected": [True] * 10 + [False] * 32})
    found = covered(world, frame)
    assert list(found) == names
    assert [one["along_km"] for one in found.values()] == sorted(one["along_km"] for one in found.values())
    assert {key: found[names[1]][key] for key in ("groups", "detected", "share", "few")} == {
        "groups": 40,
        "detected": 10,
        "share": 0.25,
        "few": False,
    }
    assert (found[names[0]]["share"], found[names[0]]["few"]) == (0.0, True)
    assert found[names[2]]["share"] is None


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Comparison]:
    """The small case, whose outpost costs men for years and becomes known."""
    case = small_case(**{"arms.with_outpost.cost.men": 10, "infiltrators.aversion": 600.0})
    run = CompareRun(case, build_worlds(case, arms_in_order(case)), 1, 12)
    path = tmp_path_factory.mktemp("years") / "run"
    with open_store(path, run.head) as store:
        return path, run.execute(store, silent_context(kind="serial"))


def test_only_the_arm_that_time_changes_is_run_again_and_can_be_replayed(folder: tuple[Path, Comparison]) -> None:
    path, result = folder
    assert result.mature is not None
    again = result.mature.frame()
    assert set(again["arm"]) == {"with_outpost"}
    assert len(again) == 12
    [model] = earlier_run(path / MATURE, 5).models("with_outpost", BorderModel)
    model.run()
    told = to_frame(model.rows())
    pd.testing.assert_frame_equal(told, again[again["replication"] == 5].reset_index(drop=True))


def test_the_tables_show_what_the_summary_holds(folder: tuple[Path, Comparison]) -> None:
    _, result = folder
    summary = result.summary()
    table = life_cycle_table(summary)
    assert [row[0] for row in table.rows] == ["same", "with outpost"]
    assert all(len(row) == len(table.head) for row in table.rows)
    [sentence] = life_cycle_in_words(summary, result.scenario)
    assert "Over 10 years at a discount rate of 3.0" in sentence
    places = coverage_table(summary)
    taken = {name for of_arm in summary["coverage"].values() for name, one in of_arm.items() if one["groups"]}
    assert [row[0] for row in places.rows] == [name for name in summary["coverage"]["without"] if name in taken]
    assert "(few)" in places.rows[0][2] or places.rows[0][2] == "nobody"
    assert places.head[2:] == ("without", "same", "with outpost")
    assert "crossing points" in coverage_in_words(summary)


def test_pairs_of_one_arm_twice_show_no_change() -> None:
    same = rows("without", "0110")
    assert over_years(Pairs(same, same), Pairs(same, same), 0.5)["difference"] == 0.0
