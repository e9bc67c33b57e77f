"""The page and the figures of the seasons, from a summary made by hand."""

from __future__ import annotations

import copy
import re
from typing import Any

import numpy as np
import pytest
from checked_summary import assert_tells_the_check, checked_summary
from markupsafe import escape
from small_case import small_case

from sim.report.page import Figure
from sim.study.season.figures import draw_all, draw_season_crossings, draw_season_effects, draw_season_shares
from sim.study.season.page import duty_table, effects_table, places_table, render_page, seasons_table
from sim.study.season.sentences import season_answer, season_verdict
from sim.study.verify.page import checked_of

EVIL = """<script>alert("x")</script> 'a' & b"""
ESCAPED = str(escape(EVIL))


def season(number: int, share: float | None, place: float | None, danger: dict[str, float]) -> dict[str, Any]:
    return {
        "season": number,
        "groups": 40,
        "interdiction": share,
        "interdiction_ci95": [None, None] if share is None else [share - 0.1, share + 0.1],
        "detection": share,
        "detection_ci95": [None, None] if share is None else [share - 0.1, share + 0.1],
        "crossing_shares": {"c00": place, "c01": None if place is None else 1 - place},
        "mean_along_km": None if place is None else 1.0 + 2.0 * (1 - place),
        "earth_mover_km": None if place is None else 2.0 * abs(place - 0.8),
        "danger": danger,
        "duty": {"bank": 0.5, "hill": 0.5},
    }


def arm(first: float, last: float | None, place: float | None) -> dict[str, Any]:
    ends = {"gained": ("c01", 3.0, 0.2, 0.7), "lost": ("c00", 1.0, 0.8, 0.3)}
    names = ("crossing", "along_km", "first", "last")
    return {
        "cost_usd": 0.0,
        "seasons": [season(1, first, 0.8, {}), season(2, last, place, {"c00": 0.6})],
        "danger_after": {"c00": 0.6, "c01": 0.2},
        "duty_after": {"bank": 0.7, "hill": 0.3},
        "change": {
            "difference": None if last is None else last - first,
            "ci95": [None, None] if last is None else [last - first - 0.15, last - first + 0.15],
            "earth_mover_km": None if place is None else 1.0,
            "mean_shift_km": None if place is None else 1.0,
            **{word: None if place is None else dict(zip(names, end, strict=True)) for word, end in ends.items()},
        },
    }


@pytest.fixture
def summary() -> dict[str, Any]:
    first, last = {"difference": 0.2, "ci95": [0.1, 0.3]}, {"difference": 0.1, "ci95": [0.02, 0.18]}
    return {
        "study": "season",
        "experiment": "small",
        "seed": 1,
        "replications": 80,
        "seasons": 2,
        "trials": 40,
        "weight": 0.5,
        "forgetting": 0.1,
        "redeploy_share": 0.2,
        "digest": "0" * 64,
        "baseline": "without",
        "crossings": {"c00": 1.0, "c01": 3.0},
        "arms": {"without": arm(0.5, 0.3, 0.3), "with_outpost": arm(0.7, 0.4, 0.3)},
        "effects": {
            "with_outpost": {
                "seasons": [{"season": 1, **first, "pairs": 40}, {"season": 2, **last, "pairs": 40}],
                "change": {"first": 0.2, "last": 0.1, "difference": -0.1, "ci95": [-0.19, -0.01]},
            }
        },
    }


def alone(summary: dict[str, Any]) -> dict[str, Any]:
    """The same with the baseline only."""
    return {**summary, "arms": {"without": summary["arms"]["without"]}, "effects": {}}


def without_groups(summary: dict[str, Any]) -> dict[str, Any]:
    """The same with a last season that had no groups."""
    told = copy.deepcopy(summary)
    told["arms"] = {name: arm(0.5, None, None) for name in told["arms"]}
    nothing = {"difference": None, "ci95": [None, None]}
    effects = told["effects"]["with_outpost"]
    effects["seasons"][1] |= nothing
    effects["change"] = {"first": 0.2, "last": None, **nothing}
    return told


def test_the_answer_tells_first_last_and_change(summary: dict[str, Any]) -> None:
    text = " ".join(season_answer(summary, small_case())).replace("\u00a0", " ")
    for words in ("50.0 % in the first season", "30.0 % in the last", "20.0 percentage points fewer"):
        assert words in text
    assert "the effect shrank by 10.0 percentage points (95 % interval −19.0 to −1.0)" in text
    assert "most to c01 (3 km from the upstream end; 20 % of groups, then 70 %)" in text
    assert "bank gained most (on duty 50 % of the time, then 70 %)" in text
    assert "smaller once the adversary has learnt: by 10.0" in season_verdict(summary)


def test_the_tables_show_each_number_in_its_column(summary: dict[str, Any]) -> None:
    """First and last season differ in everything here, so a column that shows the other one is noticed."""
    shown = [cells(table) for table in (effects_table(summary), places_table(summary), duty_table(summary))]
    effect = ("with outpost", "+20.0", "+10.0 to +30.0", "+10.0", "+2.0 to +18.0", "−10.0", "−19.0 to −1.0")
    moved = ("1.0", "1.0", "c01 at 3 km: 20 %, then 70 %", "c00 at 1 km: 80 %, then 30 %")
    duty = (("bank", "50.0 %", "70.0 %"), ("hill", "50.0 %", "30.0 %"))
    assert shown[0] == [effect]
    assert shown[1] == [("without", *moved), ("with outpost", *moved)]
    assert shown[2] == [(arm, *row) for arm in ("without", "with outpost") for row in duty]
    assert [head.split(",")[0] for head in effects_table(summary).head[1::2]] == [
        "first season",
        "last season",
        "change",
    ]


def test_the_table_of_seasons_has_a_row_an_arm_and_season(summary: dict[str, Any]) -> None:
    for arm in summary["arms"].values():
        arm["seasons"][1]["detection"] = 0.9
    rows = cells(seasons_table(summary))
    assert rows[0] == ("without", "1", "40", "50.0 %", "40.0 to 60.0", "50.0 %", "1.4", "0.0")
    assert rows[1] == ("without", "2", "40", "30.0 %", "20.0 to 40.0", "90.0 %", "2.4", "1.0")
    assert [row[:2] for row in rows[2:]] == [("with outpost", "1"), ("with outpost", "2")]


def cells(table: Any) -> list[tuple[str, ...]]:
    """Rows of a table with plain spaces."""
    return [tuple(cell.replace("\u00a0", " ") for cell in row) for row in table.rows]


def test_the_figures_draw_the_numbers_of_the_summary(summary: dict[str, Any]) -> None:
    summary["arms"]["with_outpost"]["seasons"][1]["interdiction_ci95"] = [0.35, 0.48]
    without, outpost = draw_season_shares(summary).axes[:2]
    assert [line.get_ydata().tolist() for line in without.lines] == [pytest.approx([50.0, 30.0])]
    dotted, own = outpost.lines
    assert dotted.get_ydata() == pytest.approx([50.0, 30.0])
    assert own.get_ydata() == pytest.approx([70.0, 40.0])
    assert own.get_xdata().tolist() == [1, 2]
    band = outpost.collections[0].get_paths()[0].vertices
    assert {tuple(corner) for corner in band.round(6)} == {(1, 60), (1, 80), (2, 35), (2, 48)}
    [effects] = (ax for ax in draw_season_effects(summary).axes if ax.get_visible())
    assert effects.lines[-1].get_ydata() == pytest.approx([20.0, 10.0])
    band = effects.collections[0].get_paths()[0].vertices
    assert {tuple(corner) for corner in band.round(6)} == {(1, 10), (1, 30), (2, 2), (2, 18)}


def test_the_map_of_crossings_has_the_first_season_on_top_and_upstream_to_the_right(summary: dict[str, Any]) -> None:
    figure = draw_season_crossings(summary)
    shares, danger = figure.axes[:2]
    [mesh] = shares.collections
    np.testing.assert_allclose(mesh.get_array(), [[80, 20], [30, 70]])  # c00 at 1 km, then c01 at 3 km
    [mesh] = danger.collections
    np.testing.assert_allclose(np.ma.filled(mesh.get_array(), -1), [[-1, -1], [60, -1]])
    assert mesh.get_clim() == (0.0, 100.0)
    assert mesh.get_coordinates()[0, :, 0].tolist() == [0.0, 2.0, 4.0]
    (low, high), (left, right) = shares.get_ylim(), shares.get_xlim()
    assert low > high
    assert left > right


def test_an_open_change_is_said_to_be_open(summary: dict[str, Any]) -> None:
    summary["effects"]["with_outpost"]["change"]["ci95"] = [-0.3, 0.1]
    assert "do not show" in season_verdict(summary)
    assert "may have grown or shrunk" in " ".join(season_answer(summary, small_case()))


@pytest.mark.parametrize("of", [lambda told: told, alone, without_groups], ids=["two arms", "one arm", "no groups"])
@pytest.mark.filterwarnings("error")
def test_the_page_is_one_file_whatever_is_undefined(summary: dict[str, Any], of: Any) -> None:
    told = of(summary)
    figures = list(draw_all(told))
    assert len(figures) == 2 + bool(told["effects"])
    assert all(figure.png.startswith(b"\x89PNG") for figure in figures)
    page = render_page(small_case(), told, figures, {"Command": "python -m sim <b>"})
    assert "<b>" not in page
    assert not re.findall(r'(?:src|href)="(?!data:)', page)
    assert "None" not in re.sub(r"base64,[^\"]*", "", page)
    assert "nan" not in re.sub(r"base64,[^\"]*", "", page).replace("financ", "")


def with_evil_words(summary: dict[str, Any]) -> dict[str, Any]:
    """The same with free text wherever the summary holds a name: arms, crossings, patrols, the case."""
    told = copy.deepcopy(summary)
    for one in told["arms"].values():
        one["change"]["gained"]["crossing"] = one["change"]["lost"]["crossing"] = EVIL
        one["duty_after"] = {EVIL: 0.7}
        for when in one["seasons"]:
            when["duty"] = {EVIL: 0.5}
    told["arms"][EVIL] = told["arms"].pop("with_outpost")
    told["effects"][EVIL] = told["effects"].pop("with_outpost")
    return told | {"experiment": EVIL, "digest": EVIL}


def test_free_text_is_escaped(summary: dict[str, Any]) -> None:
    case = small_case()
    arms = {name: arm.model_copy(update={"description": EVIL}) for name, arm in case.arms.items()}
    arms[EVIL] = arms["with_outpost"]
    case = case.model_copy(update={"title": EVIL, "doubts": (EVIL, EVIL), "arms": arms, "name": EVIL})
    figures = [Figure("season_shares", b"\x89PNG", EVIL)]
    page = render_page(case, with_evil_words(summary), figures, {EVIL: EVIL})
    assert "<script" not in page
    assert EVIL not in page
    assert not re.search(r"&(?!amp;|lt;|gt;|#34;|#39;|nbsp;)", page)
    # Two in the head, two doubts, the caption and what is read aloud, two descriptions and the arm's name,
    # both sides of a fact, the case, the digest.
    assert page.count(ESCAPED) >= 13
    assert f'alt="{ESCAPED}"' in page
    # Where names are made readable, they are so before they are escaped.
    for place in ("places", "duty", "effects"):
        assert "&lt;script&gt;" in page[page.index(f'id="{place}"') :].partition("<h2")[0]
    assert "&amp;lt;" not in page


def test_the_page_tells_how_the_model_was_checked_and_nothing_where_it_was_not(summary: dict[str, Any]) -> None:
    assert "The model against theory" not in render_page(small_case(), summary, [], {})
    assert_tells_the_check(render_page(small_case(), summary, [], {}, checked_of(checked_summary())))
    assert EVIL not in render_page(small_case(), summary, [], {}, checked_of(checked_summary(EVIL)))
