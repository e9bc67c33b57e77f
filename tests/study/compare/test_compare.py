"""The study `compare` from end to end on the small case: its summary, and equal digests however it is run."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from silent_context import silent_context
from small_case import small_case

from sim.execution.chunks import Chunk
from sim.execution.digest import rows_digest
from sim.execution.errors import Failure
from sim.execution.manifest import ManifestHead
from sim.execution.rows import Rows, encode_part
from sim.execution.store import open_store
from sim.outcomes import COLUMNS, in_words
from sim.scenario import ScenarioError
from sim.study.compare.result import Comparison
from sim.study.compare.run import CompareRun, without_failed
from sim.study.replications import Replications, arms_in_order, build_worlds
from sim.study.result import finite
from sim.study.running import run

REPLICATIONS = 12
GROUP = small_case().infiltrators.groups[0].model_dump(mode="json")


def played(folder: Path, seed: int = 1, kind: str = "serial", **how: Any) -> Comparison:
    case = small_case()
    head = ManifestHead("compare", case.name, seed, REPLICATIONS, case.model_dump(mode="json"))
    run = CompareRun(case, build_worlds(case, arms_in_order(case)), seed, REPLICATIONS)
    with open_store(folder, head) as store:
        return replace(run.execute(store, silent_context(kind=kind, **how)), fixed_routes=None)


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    return played(tmp_path_factory.mktemp("compare") / "run")


def test_official_figures_are_those_of_the_rows(result: Comparison) -> None:
    found, rows = result.summary(), result.to_frame()
    for arm, one in found["honesty"].items():
        mine = rows[rows["arm"] == arm]
        got_away = mine["outcome"].isin(["reached", "at_large"])
        known = got_away & (mine["detected"] | mine["intercepted"])
        assert one["known_got_aways"] == known.sum()
        assert one["stopped"] + one["known_got_aways"] + one["unknown"] == len(mine)
        assert one["true"] == found["arms"][arm]["interdiction"]
        assert ("effect" in one) == (arm != "without")
    assert found["honesty"]["with_outpost"]["effect"]["true"] == {
        key: found["effects"]["with_outpost"]["interdiction"][key] for key in ("difference", "ci95")
    }
    assert found["honesty"]["same"]["effect"]["observed"]["difference"] == 0


def test_summary_has_the_promised_keys(result: Comparison) -> None:
    found = result.summary()
    assert {
        "study",
        "experiment",
        "seed",
        "replications",
        "baseline",
        "arms",
        "effects",
        "ledger",
        "causation",
        "mechanism",
        "displacement",
    } <= set(found)
    assert (found["study"], found["experiment"], found["seed"], found["replications"]) == (
        "compare",
        "small",
        1,
        REPLICATIONS,
    )
    assert found["baseline"] == "without"
    assert set(found["arms"]) == {"without", "same", "with_outpost"}
    assert set(found["effects"]) == set(found["ledger"]) == set(found["causation"]) == {"same", "with_outpost"}
    assert {"interdiction", "detection"} <= set(found["arms"]["without"])
    for effect in found["effects"]["with_outpost"].values():
        assert {"difference", "ci95"} <= set(effect)
    assert {"risk_ratio", "risk_ratio_ci95", "mcnemar_p"} <= set(found["effects"]["with_outpost"]["interdiction"])
    assert {"pn", "pn_ci95", "pn_bounds", "ps", "pns"} <= set(found["causation"]["with_outpost"])
    assert {"own", "cued"} <= set(found["mechanism"]["with_outpost"])


def test_summary_can_be_written_as_strict_json(result: Comparison) -> None:
    assert json.loads(json.dumps(result.summary(), allow_nan=False))["digest"] == result.digest


def test_summary_agrees_with_the_rows(result: Comparison) -> None:
    found = result.summary()
    shares = {arm: rows["detected"].mean() for arm, rows in result.rows.groupby("arm")}
    assert {arm: facts["detection"] for arm, facts in found["arms"].items()} == pytest.approx(shares)
    effect = found["effects"]["with_outpost"]["detection"]["difference"]
    assert effect == pytest.approx(shares["with_outpost"] - shares["without"])
    assert sum(found["ledger"]["with_outpost"].values()) == REPLICATIONS


def test_an_arm_that_changes_nothing_has_no_effect(result: Comparison) -> None:
    found = result.summary()
    assert all(effect["difference"] == 0.0 for effect in found["effects"]["same"].values())
    assert found["ledger"]["same"]["only_with"] == found["ledger"]["same"]["only_without"] == 0
    same = found["displacement"]["same"]
    assert same["moved"] == same["mean_shift_km"] == same["earth_mover_km"] == same["replayed"] == 0
    assert same["net"] == same["naive"]
    assert same["adaptation"]["difference"] == 0.0


def test_rows_come_in_order_and_with_the_schema(result: Comparison) -> None:
    assert list(result.rows.columns) == list(COLUMNS)
    assert result.rows["replication"].is_monotonic_increasing
    assert result.rows["arm"].tolist() == ["without", "same", "with_outpost"] * REPLICATIONS
    assert_frame_equal(result.to_frame(), result.rows)


def test_the_ledger_is_a_table_of_arms(result: Comparison) -> None:
    table = result.ledger()
    assert table.index.tolist() == ["same", "with_outpost"]
    assert (table.sum(axis=1) == REPLICATIONS).all()


@pytest.mark.parametrize(
    "how",
    [
        {"chunk_size": 1},
        {"chunk_size": 5},
        {"kind": "local", "workers": 1, "chunk_size": 4},
        {"kind": "local", "workers": 2, "chunk_size": 3},
    ],
    ids=str,
)
def test_the_digest_is_the_same_however_it_is_run(result: Comparison, tmp_path: Path, how: dict[str, Any]) -> None:
    assert played(tmp_path / "run", **how).digest == result.digest


def test_another_seed_gives_another_digest(result: Comparison, tmp_path: Path) -> None:
    assert played(tmp_path / "run", seed=2).digest != result.digest


def test_the_digest_is_that_of_the_rows_run_by_hand(result: Comparison) -> None:
    case = small_case()
    rows = Replications(build_worlds(case, arms_in_order(case)), 1).run(0, REPLICATIONS)
    assert rows_digest([rows]) == result.digest


def test_several_groups_are_rows_of_one_replication() -> None:
    """And they lead to an interval clustered by replication: no test that takes pairs as independent is reported."""
    case = small_case(**{"infiltrators.groups": [GROUP, {**GROUP, "name": "second", "size": 3}]})
    rows = Replications(build_worlds(case, arms_in_order(case)), 1).run(0, REPLICATIONS)
    assert len(rows) == 3 * 2 * REPLICATIONS
    found = Comparison(case, build_worlds(case, arms_in_order(case)), rows, 1, "").summary()
    assert found["replications"] == REPLICATIONS
    effect = found["effects"]["with_outpost"]["interdiction"]
    assert effect["pairs"] == 2 * REPLICATIONS
    assert effect["mcnemar_p"] is effect["newcombe_ci95"] is None
    assert found["effects"]["same"]["interdiction"]["difference"] == 0.0


def test_how_rows_keep_their_strings_changes_nothing() -> None:
    """Strings, categories in any order, and parts that do not agree on them: one summary."""
    case = small_case(**{"infiltrators.groups": [GROUP, {**GROUP, "name": "another", "size": 3}]})
    worlds = build_worlds(case, arms_in_order(case))
    rows = in_words(Replications(worlds, 1).run(0, REPLICATIONS))

    def coded(part: pd.DataFrame, backwards: bool) -> pd.DataFrame:
        texts = part.select_dtypes("str")
        return part.assign(**{name: _categories(texts[name], backwards) for name in texts})

    halves = coded(rows[: len(rows) // 3], True), coded(rows[len(rows) // 3 :], False)
    held = Rows.of_parts(encode_part(half, Chunk(0, REPLICATIONS), "run") for half in halves)
    plain, whole, parts = (Comparison(case, worlds, some, 1, "") for some in (rows, coded(rows, True), held))
    assert plain.summary() == whole.summary() == parts.summary()
    assert_frame_equal(parts.to_frame(), rows)
    assert_frame_equal(parts.ledger(), plain.ledger())
    one, other = (found.pairs("with_outpost") for found in (plain, parts))
    assert_frame_equal(one.arm, other.arm)


def _categories(column: pd.Series, backwards: bool) -> pd.Series:
    return column.astype(pd.CategoricalDtype(sorted(set(column), reverse=backwards)))


def test_replications_that_failed_later_are_left_out_of_all_rows(result: Comparison) -> None:
    less = without_failed(result, (Failure(3, None, "ValueError: no"), Failure(5, None, "ValueError: no")))
    kept = result.to_frame()[~result.to_frame()["replication"].isin([3, 5])].reset_index(drop=True)
    assert_frame_equal(less.rows, kept)
    how = {"mature": result.mature, "completed": REPLICATIONS - 2}
    alone = Comparison(result.scenario, result.worlds, kept, 1, result.digest, **how)
    assert {**alone.summary(), "failed": 2} == less.summary()


def test_a_summary_is_the_users_own(result: Comparison) -> None:
    result.summary()["arms"].clear()
    assert result.summary()["arms"]


def test_run_is_one_arm_of_the_study(result: Comparison) -> None:
    rows = run(small_case(), "with_outpost", REPLICATIONS)
    assert_frame_equal(rows, result.of_arm("with_outpost"))


@pytest.mark.parametrize("replications", [0, -1, 2.5, True, 10**10])
def test_a_number_of_replications_that_cannot_be_is_refused(replications: Any) -> None:
    with pytest.raises(ScenarioError, match="replications"):
        run(small_case(), "without", replications)


def test_an_unknown_engine_or_arm_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"engine: is 'steam'; allowed: .*mesa"):
        run(small_case(), "without", 1, engine="steam")
    with pytest.raises(ScenarioError, match="'nowhere' is not an arm"):
        run(small_case(), "nowhere", 1)


def test_what_json_cannot_hold_becomes_none() -> None:
    assert finite({"a": [1.5, math.nan], "b": (math.inf, "x"), "c": None}) == {
        "a": [1.5, None],
        "b": [None, "x"],
        "c": None,
    }


def test_rows_survive_the_store(result: Comparison, tmp_path: Path) -> None:
    again = played(tmp_path / "run")
    pd.testing.assert_frame_equal(again.rows, result.rows)
