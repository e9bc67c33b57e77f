"""The page, the picture and the lines of a verification, and its short form in other pages, from summaries by hand."""

from __future__ import annotations

import copy
from typing import Any

import matplotlib.pyplot as plt
import pytest
from markupsafe import escape

from sim.report.page import Figure
from sim.study.compare import page as compare_page
from sim.study.verify.figures import draw_verification
from sim.study.verify.page import (
    checked_of,
    forms_table,
    lines_of_links,
    links_table,
    render_page,
    verdict_in_words,
    with_unit,
)

EVIL = """<script>alert("x")</script> 'a' & b"""


def link(z: float | None = 1.23, passed: bool = True, **more: Any) -> dict[str, Any]:
    return {
        "quantity": "sweep width",
        "unit": "km",
        "formula": "W = 2 R",
        "source": "Koopman 1946",
        "simulated": 2.0123,
        "exact": 2.0,
        "standard_error": 0.01,
        "z": z,
        "replications": 10_000,
        "passed": passed,
        "laboratory": {"case": "definite_range", "R": 1.0, "V": 3.0, "x": None},
        **more,
    }


def repeated() -> dict[str, Any]:
    estimates = {
        "reapprehended_fraction": 0.36,
        "apprehension_probability": 0.4,
        "got_away": 937.5,
        "true_got_away": 940.2,
    }
    symbols = {"case": "repeat_trials", "N": 1000.0, "p": 0.4, "d": 0.1}
    return link(0.1, quantity="apprehensions", unit="persons", laboratory=symbols, estimates=estimates)


def summary(**cases: dict[str, Any]) -> dict[str, Any]:
    cases = cases or {"definite_range": link(), "repeat_trials": repeated()}
    passed = all(one["passed"] for one in cases.values())
    return {
        "study": "verify",
        "experiment": "verification",
        "seed": 7,
        "digest": "ab" * 32,
        "bound": 2.806,
        "passed": passed,
        "cases": cases,
    }


PASSED = summary()
FAILED = summary(definite_range=link(), duel=link(-5.0, passed=False))
CERTAIN = summary(definite_range=link(None, passed=False))


def page(shown: dict[str, Any], facts: dict[str, str] | None = None) -> str:
    return render_page(shown, [Figure("verification", b"png", "a caption")], facts or {})


# -- the verdict ------------------------------------------------------------------------------------------------------


def test_all_agree() -> None:
    sentence = verdict_in_words(PASSED)
    assert sentence.startswith("All 2 links agree")
    assert "1.23" in sentence
    assert "2.81" in sentence


def test_those_that_differ_are_named() -> None:
    sentence = verdict_in_words(FAILED)
    assert sentence.startswith("1 of 2 links differ")
    assert "duel" in sentence
    assert "definite range" not in sentence
    assert "Do not rely" in sentence


def test_a_link_that_differs_without_chance_is_shown_without_a_number() -> None:
    assert "definite range" in verdict_in_words(CERTAIN)
    (row,) = links_table(CERTAIN).rows
    assert "differs" in row
    assert "DIFFERS" in row


def test_table_shows_each_link() -> None:
    first, second = links_table(FAILED).rows
    assert first == ("definite range", "sweep width", "2.0123 km", "2 km", "+1.23", "10,000", "agrees")
    assert second[-3:] == ("−5.00", "10,000", "DIFFERS")


def test_terminal_gets_a_line_a_link_in_columns() -> None:
    head, first, second = lines_of_links(FAILED)
    assert head.split() == ["link", "what", "simulated", "exact", "z"]
    assert first.endswith("+1.23")
    assert second.endswith("DIFFERS")
    assert first.index("2.0123") == second.index("2.0123") == head.index("simulated")
    assert list(lines_of_links(CERTAIN))[1].split()[-2:] == ["differs", "DIFFERS"]


@pytest.mark.parametrize(
    ("value", "unit", "text"), [(2.0, "km", "2 km"), (0.12345678, "", "0.123457"), (1e-9, "", "1e-09")]
)
def test_values_have_six_digits_and_their_unit(value: float, unit: str, text: str) -> None:
    assert with_unit({"exact": value, "unit": unit}, "exact") == text


# -- the page ---------------------------------------------------------------------------------------------------------


def test_page_holds_verdict_table_forms_and_what_it_was_made_with() -> None:
    text = page(PASSED, {"Command": "python -m sim study=verify"})
    for words in ("All 2 links agree", "W = 2 R", "Koopman 1946", "R = 1, V = 3", "ab" * 32, "study=verify"):
        assert words in text
    assert "x = None" not in text


def test_page_says_what_apprehensions_say() -> None:
    text = page(PASSED)
    assert "36.0 % of apprehensions" in text
    assert "at 0.4000; it is 0.4" in text
    assert "put at 938" in text
    assert "gives 940" in text
    assert "apprehensions were not" not in page(FAILED)


def test_page_of_a_failure_says_so() -> None:
    assert "1 of 2 links differ" in page(FAILED)
    assert "differs" in page(CERTAIN)


def test_what_cannot_be_estimated_is_left_out() -> None:
    silent = copy.deepcopy(PASSED)
    silent["cases"]["repeat_trials"]["estimates"] |= {"apprehension_probability": None, "got_away": None}
    assert "apprehensions were not" not in page(silent)
    silent["cases"]["repeat_trials"]["estimates"]["apprehension_probability"] = 0.5
    assert "apprehensions were not" in page(silent)
    assert "got through are put" not in page(silent)


def test_whatever_comes_from_outside_is_escaped() -> None:
    evil = summary(**{EVIL: link(0.1, quantity=EVIL, laboratory={"case": "x", "edges": EVIL})})
    text = page(evil, {EVIL: EVIL})
    assert "<script>alert" not in text
    assert str(escape(EVIL)) in text


def test_nothing_is_loaded_from_outside() -> None:
    text = page(PASSED)
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert "https://" not in text
    assert 'src="data:image/png;base64,' in text


def test_forms_name_the_symbols_but_not_the_case() -> None:
    first, second = forms_table(PASSED).rows
    assert first == ("definite range", "W = 2 R", "Koopman 1946", "R = 1, V = 3")
    assert second[-1] == "N = 1000, p = 0.4, d = 0.1"


# -- the picture ------------------------------------------------------------------------------------------------------


def marks(shown: dict[str, Any]) -> list[tuple[float, str]]:
    figure = draw_verification(shown)
    found = [
        (float(line.get_xdata()[0]), line.get_marker()) for line in figure.axes[0].lines if line.get_marker() in "oX"
    ]
    plt.close("all")
    return found


def test_picture_has_a_mark_a_link_at_its_z() -> None:
    assert marks(FAILED) == [(1.23, "o"), (-5.0, "X")]


def test_a_link_without_a_z_stands_at_the_edge() -> None:
    figure = draw_verification(CERTAIN)
    ((at, marker),) = marks(CERTAIN)
    assert marker == "X"
    assert 2.806 < at < figure.axes[0].get_xlim()[1]
    words = [text.get_text() for text in figure.axes[0].texts]
    assert words == ["differs where nothing is random"]


def test_picture_shows_every_link_however_far_off() -> None:
    far = draw_verification(summary(a=link(400.0, passed=False), b=link()))
    low, high = far.axes[0].get_xlim()
    assert low < -400 < 400 < high
    assert [label.get_text() for label in far.axes[0].get_yticklabels()] == ["a", "b"]


# -- the short form in other pages ------------------------------------------------------------------------------------


def test_no_verification_no_section(comparison: Any) -> None:
    text = compare_page.render_page(comparison.scenario, comparison.summary(), [], {})
    assert "The model against theory" not in text


@pytest.mark.parametrize("shown", [PASSED, FAILED, CERTAIN], ids=["passed", "failed", "certain"])
def test_comparison_says_how_the_model_was_checked(shown: dict[str, Any], comparison: Any) -> None:
    text = compare_page.render_page(comparison.scenario, comparison.summary(), [], {}, checked_of(shown))
    assert "The model against theory" in text
    assert str(escape(verdict_in_words(shown))) in text
    for row in links_table(shown).rows:
        assert all(str(escape(cell)) in text for cell in row)


def test_short_form_is_escaped(comparison: Any) -> None:
    evil = summary(**{EVIL: link(9.0, passed=False, quantity=EVIL)})
    assert "<script>alert" not in compare_page.render_page(
        comparison.scenario, comparison.summary(), [], {}, checked_of(evil)
    )
