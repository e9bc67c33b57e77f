from __future__ import annotations

from typing import Any

import pytest

from sim.report.words import NARROW
from sim.study.compare.result import Comparison
from sim.study.compare.section_sentences import official_statistics_in_words
from sim.study.compare.tables import report_tables

Summary = dict[str, Any]


@pytest.fixture
def summary(comparison: Comparison) -> Summary:
    """Known: those stopped, 26 of 60 with the outpost, and nobody else: observed effectiveness is 1 by construction."""
    return comparison.summary()


def words_of(summary: Summary, comparison: Comparison) -> str:
    return " ".join(official_statistics_in_words(summary, comparison.scenario)).replace(NARROW, " ")


def with_effect(summary: Summary, observed: tuple[float, ...], true: tuple[float, ...]) -> Summary:
    measures = {
        name: {"difference": one[0], "ci95": list(one[1:])} for name, one in (("observed", observed), ("true", true))
    }
    summary["honesty"]["with_outpost"]["effect"] = {**measures, "opposed": observed[0] * true[0] < 0}
    return summary


def test_the_truth_the_observed_and_what_is_missed(summary: Summary, comparison: Comparison) -> None:
    text = words_of(summary, comparison)
    assert "In truth 43.3 % of all groups are stopped with the outpost" in text
    assert "observes 100.0 %. It misses the 34 of 60 groups that nobody saw, and so it is too high, by +56.7" in text
    assert "opposite" not in text


@pytest.mark.parametrize(
    ("observed", "true", "wanted"),
    [
        (
            (-0.2, -0.3, -0.1),
            (0.1, 0.05, 0.15),
            ["effectiveness falls (−20.0 points)", "stopped rises (+10.0 points)", "more of", "Neither interval"],
        ),
        ((0.2, 0.1, 0.3), (-0.1, -0.15, -0.05), ["falls (−10.0 points)", "fewer of those", "Neither interval"]),
        ((-0.2, -0.5, 0.1), (0.1, 0.05, 0.15), ["Zero lies in the interval of the observed difference"]),
        ((-0.2, -0.5, 0.1), (0.1, -0.1, 0.3), ["the interval of the observed and of the true difference"]),
    ],
)
def test_opposite_directions_are_said(
    observed: tuple[float, ...], true: tuple[float, ...], wanted: list[str], summary: Summary, comparison: Comparison
) -> None:
    text = words_of(with_effect(summary, observed, true), comparison)
    for words in ("With the outpost the two point in opposite directions", *wanted):
        assert words in text


def test_why_the_estimate_differs(summary: Summary, comparison: Comparison, plain_ground: Any) -> None:
    scenario, _ = plain_ground  # two groups
    trial = summary["honesty"]["with_outpost"]["repeat_trial"]
    assert "all attempts are those of one group" in words_of(summary, comparison)
    for bias, ends, words in (
        (0.2, [0.1, 0.3], "too high because groups differ"),
        (0.2, [-0.1, 0.3], "do not separate the two"),
        (-0.2, [-0.3, -0.1], "too low, by chance"),
    ):
        trial |= {"bias": bias, "bias_ci95": ends}
        assert words in official_statistics_in_words(summary, scenario)[-1]


def test_what_is_undefined_is_called_so(comparison: Comparison, hills: Any, rows_of: Any) -> None:
    scenario, worlds = hills
    nobody = Comparison(scenario, worlds, rows_of(worlds, 6, lambda replication, arm: "reached"), 1, "")
    text = words_of(nobody.summary(), comparison)
    assert "observed effectiveness is undefined" in text
    assert "in one of the two arms nobody is known" in text
    assert "no repeat-trial estimate" in text
    assert nobody.honesty()["observed"].isna().all()
    tables = report_tables(nobody.summary(), scenario)
    for name in ("honesty", "either", "repeat_trial"):
        assert "undefined" in {cell for row in tables[name].rows for cell in row}


def test_the_baseline_alone(comparison: Comparison, rows_of: Any) -> None:
    worlds = comparison.worlds[:1]
    alone = Comparison(comparison.scenario, worlds, rows_of(worlds, 9), 1, "")
    text = words_of(alone.summary(), comparison)
    assert "In truth 33.3 % of all groups are stopped without the outpost" in text
    assert report_tables(alone.summary(), comparison.scenario)["either"].rows == ()


def test_a_frame_for_notebooks(comparison: Comparison) -> None:
    frame = comparison.honesty()
    assert list(frame.columns) == ["true", "observed", "apprehended", "estimate"]
    assert frame.loc["with_outpost", "true"] == pytest.approx(26 / 60)
    # Of the 20 that are captured in every third replication none is captured in the next one.
    assert frame.loc["without", "estimate"] == 0


def test_tables_have_a_row_an_arm(summary: Summary, comparison: Comparison) -> None:
    tables = report_tables(summary, comparison.scenario)
    for table in (tables["honesty"], tables["repeat_trial"]):
        assert [row[0] for row in table.rows] == ["without", "with outpost", "communications"]
        assert {len(row) for row in table.rows} == {len(table.head)}
    assert [row[0] for row in tables["either"].rows] == ["with outpost", "communications"]
