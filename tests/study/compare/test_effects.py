"""Effects, ledger, causation and displacement on rows made by hand, with numbers worked by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.outcomes import COLUMNS, to_frame
from sim.statistics import PairedTable, newcombe_interval, tango_interval
from sim.study.compare.displacement import displacement
from sim.study.compare.effects import arm_facts, by_sector, causation, effect, effects, ledger, mechanism
from sim.study.pairs import METRICS, Pairs, metric_of, pair_up

BLANK: dict[str, Any] = {
    name: {"int64": -1, "float64": float("nan"), "bool": False, "str": ""}[kind] for name, kind in COLUMNS.items()
}


def row(arm: str, replication: int, stopped: bool, group: str = "band", **more: Any) -> dict[str, Any]:
    outcome = "killed" if stopped else "reached"
    base = {
        "replication": replication,
        "arm": arm,
        "group": group,
        "kind": "fighters",
        "size": 10,
        "crossing": "c00",
        "sector": "west",
        "outcome": outcome,
        "killed": 7 if stopped else 0,
        "captured": 2 if stopped else 0,
        "own_killed": 1 if stopped else 0,
        "detected": stopped,
        "intercepted": stopped,
        "false_alarms": 0,
        "dispatches": 1,
        "patrol_hours": 5.0,
        "cost_usd": 0.0,
        "ended_min": 300,
    }
    return {**BLANK, **base, **more}


def rows_of(both: int, only_with: int, only_without: int, neither: int) -> pd.DataFrame:
    """Pairs with these four cells, in rows that are not in order."""
    cells = [(1, 1)] * both + [(1, 0)] * only_with + [(0, 1)] * only_without + [(0, 0)] * neither
    rows = [
        row(arm, number, bool(cell[side]))
        for number, cell in enumerate(cells)
        for side, arm in enumerate(("new", "old"))
    ]
    return to_frame(rows[::-1])


@pytest.fixture
def pairs() -> Pairs:
    """The table of THEORY's golden values: (30, 15, 5, 50)."""
    return pair_up(rows_of(30, 15, 5, 50), "new", "old")


def test_the_ledger_counts_the_four_cells(pairs: Pairs) -> None:
    assert ledger(pairs) == {"both": 30, "only_with": 15, "only_without": 5, "neither": 50}


def test_an_effect_by_hand(pairs: Pairs) -> None:
    found = effect(pairs, "interdiction")
    assert found["difference"] == pytest.approx((45 - 35) / 100)
    assert found["risk_ratio"] == pytest.approx(45 / 35)
    assert found["ci95"] == pytest.approx(tango_interval(PairedTable(30, 15, 5, 50)))
    assert found["ci95"] == pytest.approx([0.01345, 0.19240], abs=1e-5)
    assert found["newcombe_ci95"] == pytest.approx([0.0122161, 0.1849178], abs=1e-7)
    assert found["newcombe_ci95"] == pytest.approx(newcombe_interval(PairedTable(30, 15, 5, 50)))
    # McNemar, exact: twice the chance of 5 or fewer heads in 20 throws.
    assert found["mcnemar_p"] == pytest.approx(2 * sum((1, 20, 190, 1140, 4845, 15504)) / 2**20)
    assert found["pairs"] == 100


def test_variance_reduction_by_hand(pairs: Pairs) -> None:
    """p1 = .45 and p0 = .35: independent runs have .2475 + .2275, pairs .20 - .01 (n or n - 1 alike)."""
    assert effect(pairs, "interdiction")["variance_reduction"] == pytest.approx((0.2475 + 0.2275) / 0.19, rel=1e-9)


def test_causation_by_hand(pairs: Pairs) -> None:
    found = causation(pairs)
    assert found["pn"] == pytest.approx(15 / 45)
    assert found["ps"] == pytest.approx(15 / 65)
    assert found["pns"] == pytest.approx(15 / 100)
    assert found["pn_bounds"] == pytest.approx([(0.45 - 0.35) / 0.45, 1.0])  # (1 - .35) / .45 is above 1
    assert found["pns_bounds"] == pytest.approx([0.1, 0.45])
    for name in ("pn", "ps", "pns"):
        low, high = found[f"{name}_ci95"]
        assert low <= found[name] <= high


def test_casualties_are_paired_differences(pairs: Pairs) -> None:
    found = effects(pairs)
    assert set(found) == {*METRICS, "killed", "captured", "own_killed"}
    assert found["killed"]["difference"] == pytest.approx(7 * 0.1)
    assert found["captured"]["difference"] == pytest.approx(2 * 0.1)
    half = 1.96 * 7 * np.sqrt(0.19 / 99)
    low, high = found["killed"]["ci95"]
    assert (high - low) / 2 == pytest.approx(half, rel=0.03)  # Student's t for normal, and n for n - 1


def test_one_arm_by_itself() -> None:
    rows = to_frame(
        [
            row("new", 0, True, depth_km=4.0, detected_min=60, ended_min=180, false_alarms=2),
            row("new", 1, True, depth_km=8.0, detected_min=100, ended_min=340, false_alarms=4),
            row("new", 2, False),
            row("new", 3, False),
        ]
    )
    found = arm_facts(rows)
    assert (found["interdiction"], found["detection"], found["reached"]) == (0.5, 0.5, 0.5)
    assert found["interdiction_ci95"] == pytest.approx([0.15003899, 0.84996101], abs=1e-6)  # Wilson, 2 of 4
    assert (found["mean_killed"], found["mean_captured"], found["mean_own_killed"]) == (3.5, 1.0, 0.5)
    assert found["median_depth_km"] == 6.0
    assert found["median_warning_hours"] == 3.0
    assert found["mean_false_alarms"] == 1.5


def test_what_nobody_did_has_no_median() -> None:
    found = arm_facts(to_frame([row("new", 0, False), row("new", 1, False)]))
    assert found["median_depth_km"] is None
    assert found["median_warning_hours"] is None


def test_mechanisms_are_shares_of_all_groups() -> None:
    rows = to_frame(
        [
            row("new", 0, True, mechanism="own"),
            row("new", 1, True, mechanism="cued"),
            row("new", 2, True, mechanism="cued"),
            row("new", 3, False, mechanism="own"),
            row("new", 4, True, mechanism="unprompted"),
        ]
    )
    assert mechanism(rows) == {"own": 0.2, "cued": 0.4, "unprompted": 0.2}


def test_displacement_by_hand() -> None:
    along = {"c00": 0.0, "c01": 2.5, "c02": 5.0}
    crossed = [("c00", "c00"), ("c02", "c00"), ("c01", "c02"), ("c01", "c01")]
    rows = to_frame(
        [
            row(arm, number, False, crossing=pair[side])
            for number, pair in enumerate(crossed)
            for side, arm in enumerate(("new", "old"))
        ]
    )
    found = displacement(pair_up(rows, "new", "old"), along, along, {})
    assert found["moved"] == 0.5
    assert found["mean_shift_km"] == pytest.approx((0 + 5 - 2.5 + 0) / 4)
    # Sorted: 0, 2.5, 2.5, 5 against 0, 0, 2.5, 5.
    assert found["earth_mover_km"] == pytest.approx(2.5 / 4)


def test_sectors_are_those_of_the_baseline() -> None:
    rows = to_frame(
        [
            row("new", 0, True, sector="east"),
            row("old", 0, False, sector="west"),
            row("new", 1, False, sector="west"),
            row("old", 1, False, sector="west"),
            row("new", 2, True, sector="east"),
            row("old", 2, True, sector="east"),
        ]
    )
    found = by_sector(pair_up(rows, "new", "old"), ("west", "east", "nowhere"))
    assert set(found) == {"west", "east"}
    assert found["west"]["share"] == pytest.approx(2 / 3)
    assert (found["west"]["difference"], found["west"]["pairs"]) == (0.5, 2)
    assert found["east"]["difference"] == 0.0


def test_groups_of_one_replication_are_a_cluster() -> None:
    """Ten copies of each group say no more than one: the interval must not shrink by the root of ten."""
    rng = np.random.default_rng(5)
    stopped = rng.random((60, 2)) < (0.6, 0.4)
    single = [row(arm, r, bool(stopped[r, side])) for r in range(60) for side, arm in enumerate(("new", "old"))]
    tenfold = [
        row(arm, r, bool(stopped[r, side]), group=f"band_{copy}")
        for r in range(60)
        for side, arm in enumerate(("new", "old"))
        for copy in range(10)
    ]
    alone, many = (effect(pair_up(to_frame(rows), "new", "old"), "interdiction") for rows in (single, tenfold))
    assert many["difference"] == pytest.approx(alone["difference"])
    assert many["pairs"] == 600
    widths = [found["ci95"][1] - found["ci95"][0] for found in (alone, many)]
    assert widths[1] == pytest.approx(widths[0], rel=0.1)
    assert alone["mcnemar_p"] is not None
    assert many["mcnemar_p"] is many["newcombe_ci95"] is many["risk_ratio_ci95"] is None


def test_pairs_are_matched_by_replication_and_group(pairs: Pairs) -> None:
    assert pairs.arm["replication"].tolist() == pairs.base["replication"].tolist() == list(range(100))
    assert set(pairs.arm["arm"]) == {"new"}


def test_rows_without_a_partner_are_refused() -> None:
    rows = rows_of(1, 1, 1, 1)
    with pytest.raises(ValueError, match="not of the same replications"):
        pair_up(rows[:-1], "new", "old")


@pytest.mark.parametrize(
    ("outcome", "interdicted"),
    [("killed", True), ("captured", True), ("turned_back", True), ("reached", False), ("at_large", False)],
)
def test_interdicted_means_stopped_before_the_target(outcome: str, interdicted: bool) -> None:
    assert metric_of(to_frame([row("new", 0, False, outcome=outcome)]), "interdiction").tolist() == [interdicted]


def test_who_is_repelled_is_neutralised_and_not_stopped() -> None:
    """Of four pairs one is repelled in the arm alone, one stopped in both, one repelled in the baseline and stopped in
    the arm, and one reaches the target in both."""
    told = [("repelled", "reached"), ("killed", "captured"), ("turned_back", "repelled"), ("reached", "reached")]
    rows = to_frame(
        [
            row(arm, number, False, outcome=pair[side])
            for number, pair in enumerate(told)
            for side, arm in enumerate(("new", "old"))
        ]
    )
    pairs = pair_up(rows, "new", "old")
    assert ledger(pairs) == {"both": 1, "only_with": 1, "only_without": 0, "neither": 2}
    assert ledger(pairs, "neutralised") == {"both": 2, "only_with": 1, "only_without": 0, "neither": 1}
    assert causation(pairs, "neutralised")["pn"] == pytest.approx(1 / 3)
    assert effects(pairs)["neutralised"]["difference"] == pytest.approx(1 / 4)
    found = arm_facts(pairs.arm)
    assert (found["interdiction"], found["neutralised"], found["reached"]) == (0.5, 0.75, 0.25)
    assert found["neutralised_ci95"] == pytest.approx([0.30064, 0.95441], abs=1e-5)  # Wilson, 3 of 4
