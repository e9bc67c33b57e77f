"""The report of a sweep on made-up tables: which figure, what it holds, and a page that is whole and escapes all."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from checked_summary import assert_tells_the_check, checked_summary
from markupsafe import escape
from matplotlib import image as mpl_image
from small_case import small_case

import sim
from sim.report.page import Checked, Figure
from sim.report.style import png_bytes
from sim.scenario.base import ScenarioError
from sim.scenario.overrides import expand
from sim.study.result import write_report
from sim.study.sweep.design import make_design
from sim.study.sweep.figures import draw_curves, drawings
from sim.study.sweep.figures_points import EFFECT_COLOURS, draw_heat_map, draw_parallel, effect_scale, is_grid
from sim.study.sweep.result import SweepResult
from sim.study.sweep.settings import SweepSettings
from sim.study.sweep.summary import LEDGER, tipping_points
from sim.study.verify.page import checked_of

EVIL = """<script>alert("x")</script> 'a' & b"""
ESCAPED = str(escape(EVIL))
WORDS = "<i>a</i> & "
ARMS = ("without", "with_outpost", "same")


def made_up(
    *words: str, effect: Callable[..., float] = lambda *values: 0.1, half: float = 0.05, **how: Any
) -> SweepResult:
    """A result whose main arm has the effect given at each point, with an interval of equal width round it."""
    design = make_design(expand(words)[1], SweepSettings(**{"samples": 16, **how}), 1)
    rows = []
    for point, values in enumerate(design.points):
        for arm in ARMS:
            change = effect(*values) if arm == "with_outpost" else 0.0
            ends = (np.nan,) * 3 if arm == "without" else (change, change - half, change + half)
            row = {"point": point, **design.values(point), "arm": arm, "replications": 50, "failed": 0, "groups": 50}
            for metric in ("interdiction", "detection", "interception"):
                row |= {metric: 0.4 + change}
                row |= {f"{metric}_{n}": end for n, end in zip(("difference", "low", "high"), ends, strict=True)}
            rows.append(row | dict.fromkeys(LEDGER, None if arm == "without" else 1))
    return SweepResult(small_case(), design, pd.DataFrame(rows), 50, 1, "ab" * 32)


def drawn_from(result: SweepResult) -> dict[str, Any]:
    """The figures of a result by name."""
    return dict(drawings(result.table, result.keys, result.baseline))


def page_of(result: SweepResult, checked: Checked | None = None) -> str:
    """Its page without figures."""
    return result.page([], {}, checked)


CASES = {
    "one number": (["outpost.range_km=1,3,5"], ["sweep"]),
    "one word": (["infiltrators.behaviour=unaware,informed"], ["sweep"]),
    "a sample of one": (["outpost.range_km=interval(1,5)"], ["sweep"]),
    "two lists": (["outpost.range_km=1,3,5", "command.report_delay_min=5,60"], ["heat"]),
    "two lists of words": (["infiltrators.behaviour=unaware,informed", "outpost.name=a,b,c"], ["heat"]),
    "a sample of two": (["outpost.range_km=interval(1,5)", "outpost.x_km=interval(7,9)"], ["plane"]),
    "three lists, one short": (
        ["outpost.range_km=1,3,5", "command.report_delay_min=5,60,90", "infiltrators.behaviour=unaware,informed"],
        ["heat", "parallel"],
    ),
    "three long lists": (["a=range(0,5)", "b=range(0,5)", "c=range(0,5)"], ["parallel"]),
    "a sample and words": (["a=interval(0,1)", "b=interval(0,1)", "c=x,y"], ["parallel"]),
    "a sample beside words": (["a=interval(0,1)", "c=x,y"], ["heat"]),
    "a list of one": (["outpost.range_km=1,3,5", "command.report_delay_min=choice(5)"], ["sweep"]),
    "nothing": ([], []),
}


@pytest.mark.parametrize(("words", "names"), CASES.values(), ids=CASES.keys())
def test_each_design_gets_its_figures(words: list[str], names: list[str]) -> None:
    drawn = drawn_from(made_up(*words))
    assert list(drawn) == names
    for drawing in drawn.values():
        pixels = mpl_image.imread(io.BytesIO(png_bytes(drawing, dpi=60)))
        assert 60 * 5 < pixels.shape[1] < 60 * 40
        assert pixels[..., :3].std() > 0.02
        # Nothing is cut off: a rim of paper on all sides.
        rims = (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1])
        assert all(float(np.min(rim[..., :3])) > 0.99 for rim in rims)


def test_without_a_second_arm_there_is_no_effect_to_draw() -> None:
    result = made_up("outpost.range_km=1,3", "command.report_delay_min=5,60")
    alone = SweepResult(**{**vars(result), "table": result.table[result.table["arm"] == "without"]})
    assert drawn_from(alone) == {}
    assert "no effect" in alone.sentences()[0]
    with pytest.raises(ScenarioError, match="nothing to draw"):
        alone.plot()


def test_curves_hold_the_values_and_crosses_the_tipping_points() -> None:
    result = made_up("k=0,4,8", effect=lambda k: (k - 4) / 40)
    tipping = tipping_points(result.table, ["k"])
    assert [(one["arm"], one["at"]) for one in tipping] == [
        ("with_outpost", pytest.approx(2)),
        ("with_outpost", pytest.approx(6)),
    ]
    shares, effects = draw_curves(result.table, "k", "without", tipping).axes
    lines = {line.get_label(): line for line in shares.get_lines()}
    assert lines["with outpost"].get_xydata().tolist() == [
        [0, pytest.approx(30)],
        [4, pytest.approx(40)],
        [8, pytest.approx(50)],
    ]
    crosses = sorted({round(float(line.get_xdata()[0]), 9) for line in effects.get_lines() if line.get_marker() == "X"})
    assert crosses == [2, 6]


def test_heat_is_white_at_zero_and_shows_the_sign_without_colour() -> None:
    result = made_up("k=0,4,8", "m=1,2", effect=lambda k, m: (k - 4) / 40)
    scale = effect_scale(result.table[result.table["arm"] == "with_outpost"])
    assert EFFECT_COLOURS(float(scale(0.0)))[:3] == pytest.approx((1, 1, 1), abs=0.02)
    assert scale.vmin == -scale.vmax
    ax = draw_heat_map(result.table, ["k", "m"], "with_outpost", "without").axes[0]
    assert [text.get_text() for text in ax.texts] == ["−10.0", "0.0", "+10.0"] * 2
    assert sum(patch.get_hatch() is not None for patch in ax.patches) == 2
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["0", "4", "8"]


def test_a_cell_of_the_map_is_empty_where_the_arm_is_missing() -> None:
    table = made_up("k=0,4,8", "m=1,2", effect=lambda k, m: (k - 4) / 40).table
    table = table[~((table["point"] == 1) & (table["arm"] == "with_outpost"))]
    ax = draw_heat_map(table, ["k", "m"], "with_outpost", "without").axes[0]
    assert sorted((*text.get_position(), text.get_text()) for text in ax.texts) == [
        (0.5, 0.5, "−10.0"), (1.5, 0.5, "0.0"), (1.5, 1.5, "0.0"), (2.5, 0.5, "+10.0"), (2.5, 1.5, "+10.0")
    ]  # fmt: skip


def test_large_maps_mark_harm_with_a_minus() -> None:
    result = made_up("k=range(0,20)", "m=1,2", effect=lambda k, m: (k - 9.5) / 20)
    ax = draw_heat_map(result.table, ["k", "m"], "with_outpost", "without").axes[0]
    assert len(ax.texts) == 2 * 9
    assert {text.get_text() for text in ax.texts} == {"−"}


def test_parallel_strands_end_at_their_effects() -> None:
    result = made_up("a=interval(0,1)", "b=interval(0,1)", "c=interval(0,1)", effect=lambda a, b, c: a - 0.5)
    ax = draw_parallel(result.table, ["a", "b", "c"], "with_outpost", "without").axes[0]
    ends = sorted(float(path.vertices[-1, 1]) for strand in ax.collections for path in strand.get_paths())
    values = result.table.query("arm == 'with_outpost'")["interdiction_difference"].to_numpy()
    low, high = min(0, values.min()), max(0, values.max())
    assert ends == pytest.approx(sorted((values - low) / (high - low)))


def test_grids_are_distinguished_from_samples() -> None:
    assert is_grid(made_up("a=1,2", "b=1,2,3").table, ["a", "b"])
    assert not is_grid(made_up("a=1,2", "b=1,2", zip=["a", "b"]).table, ["a", "b"])
    assert not is_grid(made_up("a=interval(0,1)", "b=interval(0,1)").table, ["a", "b"])


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("page")
    result = made_up("outpost.range_km=1,3,5", "command.report_delay_min=5,60", effect=lambda k, m: (k - 3) / 20)
    path = write_report(folder, result, {"Command": "python -m sim -m a=1,2"})
    assert path == folder / "report.html"
    assert [figure.name for figure in (folder / "figures").iterdir()] == ["heat.png"]
    return path.read_text(encoding="utf-8")


def text_of(page: str) -> str:
    body = re.sub(r"(?s)<style>.*?</style>", "", page)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)))


def test_nothing_is_loaded_from_outside(page: str) -> None:
    addresses = re.findall(r"""(?:src|href|action|data|poster|srcset)\s*=\s*["']?([^"'\s>]+)""", page)
    assert len(addresses) == 2
    assert all(address.startswith(("data:image/png;base64,", "#")) for address in addresses)
    for forbidden in ("<script", "<link", "<iframe", "@import", "url(", "http://", "https://"):
        assert forbidden not in page.lower()


def test_the_page_says_what_varied_what_was_held_and_where_it_tips(page: str) -> None:
    text = text_of(page)
    for words in ("outpost.range_km 1, 3, 5", "outpost.range_km near 2 (between 1 and 3", "outpost.range_km near 4"):
        assert words in text
    assert "What was held fixed" in text
    held = page[page.index('id="held"') : page.index('id="made"')]
    assert "outpost.responders" in held
    assert "outpost.range_km" not in held
    assert "command.report_delay_min" not in held
    for fact in ("ab" * 32, "python -m sim -m a=1,2", "straight line", "not a finding about what happened"):
        assert fact in text


def test_the_table_of_the_page_holds_the_values_of_each_point() -> None:
    result = made_up("outpost.range_km=1,3", effect=lambda k: (k - 2) / 10)
    result.table["detection"], result.table["interception"] = 0.7, 0.2
    page = page_of(result)
    head, *rows = re.findall(r"(?s)<tr>(.*?)</tr>", page[page.index('id="table"') : page.index('id="held"')])
    cells = [re.sub(r"<[^>]+>", "|", row.replace("\u00a0", " ")).replace("||", "|").strip("|\n ") for row in rows]
    assert "stopped" in head
    assert cells[1] == "1|with outpost|30.0 %|−10.0|−15.0 to −5.0|70.0 %|50"
    assert cells[3] == "3|without|40.0 %|||70.0 %|50"


def evil_result() -> SweepResult:
    """Free text wherever a sweep can hold any: the case, its arms, the values and names of its keys, its errors."""
    result = made_up(f"title='{WORDS}','b'")
    table = result.table.assign(arm=result.table["arm"].replace("same", EVIL))
    arms = {name: arm.model_copy(update={"description": EVIL}) for name, arm in result.scenario.arms.items()}
    arms[EVIL] = arms.pop("same")
    case = result.scenario.model_copy(update={"title": EVIL, "doubts": (EVIL,), "name": EVIL, "arms": arms})
    failures = ({"point": 0, "replications": 1, "first": 0, "seed": 1, "error": EVIL},)
    return SweepResult(**{**vars(result), "scenario": case, "failures": failures, "table": table, "digest": EVIL})


def test_free_text_is_escaped() -> None:
    evil = evil_result()
    page = evil.page([Figure("sweep", b"\x89PNG", EVIL)], {EVIL: EVIL}, None)
    assert "<script" not in page
    assert "<i>" not in page
    assert EVIL not in page
    assert not re.search(r"&(?!amp;|lt;|gt;|#34;|#39;|nbsp;)", page)
    # Two in the head, a doubt, the caption and what is read aloud, three descriptions, both sides of a fact, the case,
    # the digest, the error.
    assert page.count(ESCAPED) >= 13
    assert f'alt="{ESCAPED}"' in page
    for place in ("varied", "table"):
        assert "&lt;i&gt;a&lt;/i&gt; &amp; " in page[page.index(f'id="{place}"') :].partition("<h2")[0]
    assert "&amp;lt;" not in page


def test_free_text_is_escaped_in_a_notebook() -> None:
    shown = evil_result()._repr_html_()
    assert "<script" not in shown
    assert "<i>" not in shown


def test_keys_are_escaped() -> None:
    result = made_up("outpost.range_km=1,3")
    key = f"outpost.{EVIL}"
    design = replace(result.design, axes=(replace(result.design.axes[0], key=key),))
    table = result.table.rename(columns={"outpost.range_km": key})
    evil = SweepResult(**{**vars(result), "design": design, "table": table})
    page = page_of(evil)
    assert "<script" not in page
    assert page.count(ESCAPED) >= 3


def test_the_answer_names_where_the_effect_is_least_and_most() -> None:
    result = made_up("outpost.range_km=1,3,5", effect=lambda k: (k - 3) / 20)
    text = " ".join(result.sentences()).replace("\u00a0", " ")
    assert "−10.0 (−15.0 to −5.0) percentage points at the least (at outpost.range_km=1)" in text
    assert "+10.0 (+5.0 to +15.0) at the most (at outpost.range_km=5)" in text
    assert "above zero at 1 points, below it at 1, and includes it at 1" in text
    assert "outpost.range_km near 2 (between 1 and 3): from below zero to open" in text


def test_python_gives_a_frame_a_figure_and_a_page(tmp_path: Path) -> None:
    result = sim.sweep(small_case(), {"outpost.range_km": np.array([0.5, 6.0])}, replications=3, workers=1, quiet=True)
    frame = result.to_frame()
    assert frame["outpost.range_km"].tolist() == [0.5] * 3 + [6.0] * 3
    frame["arm"] = "other"
    assert result.to_frame()["arm"][0] == "without"
    assert result.plot().axes
    assert "<table" in result._repr_html_()
    assert "<img" in result._repr_html_()
    assert "2 points over outpost.range_km" in repr(result)
    assert result.report(tmp_path / "there").exists()
    assert (tmp_path / "there" / "sweep.parquet").exists()


@pytest.mark.parametrize(
    ("over", "how", "message"),
    [
        ({"outpost.range_km": 5}, {}, r"outpost.range_km: is 5; allowed: a list .*sim.interval"),
        ({"outpost.range_km": "5,6"}, {}, r"outpost.range_km: is '5,6'"),
        ({"outpost.range_km": sim.interval(5, 2)}, {}, r"outpost.range_km: is interval\(5,2\)"),
        ({"outpost.range_km": [5, 99]}, {}, r"outpost.range_km: .*45"),
        ({"outpost.nothing": [5]}, {}, r"outpost.nothing: no such key"),
        ({"outpost.range_km": [5]}, {"method": "halton"}, r"sweep.method: .*sobol"),
        ({"outpost.range_km": [5]}, {"samples": 0}, r"sweep.samples: "),
        ({"outpost.range_km": [5]}, {"zip": ["a", "b"]}, r"sweep.zip: names 'a'"),
        ({"outpost.range_km": [5]}, {"replications": 0}, r"replications: is 0"),
        ({"outpost.range_km": []}, {}, r"0 points"),
        ({"replications": [5]}, {}, r"replications: cannot be swept"),
    ],
    ids=str,
)
def test_python_refuses_as_the_command_line_does(over: dict[str, Any], how: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        sim.sweep(small_case(), over, **{"replications": 2, "workers": 1, "quiet": True, **how})


def test_the_page_says_how_the_model_was_checked_and_nothing_where_it_was_not() -> None:
    result = made_up("outpost.range_km=1,3,5")
    assert "The model against theory" not in page_of(result)
    assert_tells_the_check(page_of(result, checked_of(checked_summary())))
    assert EVIL not in page_of(result, checked_of(checked_summary(EVIL)))
