from __future__ import annotations

import html
import re
from typing import Any

import pytest

from sim.report.page import Figure
from sim.report.words import percent
from sim.study.compare.page import render_page
from sim.study.compare.result import Comparison

EVIL = '<script>alert("x")</script>'
SHOTS = [Figure("map", b"\x89PNG", "a map"), Figure("effect", b"\x89PNG", "effects")]


@pytest.fixture(scope="module")
def page(comparison: Comparison) -> str:
    facts = {"command to repeat it": "python -m sim seed=7"}
    return render_page(comparison.scenario, comparison.summary(), SHOTS, facts)


def text_of(page: str) -> str:
    body = re.sub(r"(?s)<style>.*?</style>", "", page)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)))


def test_nothing_is_loaded_from_outside(page: str) -> None:
    addresses = re.findall(r"""(?:src|href|action|data|poster|srcset)\s*=\s*["']?([^"'\s>]+)""", page)
    assert len(addresses) == len(SHOTS)
    assert all(address.startswith("data:image/png;base64,") for address in addresses)
    for forbidden in ("<script", "<link", "<iframe", "@import", "url(", "http://", "https://"):
        assert forbidden not in page.lower()


def test_names_are_escaped(comparison: Comparison) -> None:
    scenario = comparison.scenario.model_copy(update={"title": EVIL, "question": EVIL, "doubts": (EVIL,), "name": EVIL})
    shot = [Figure("map", b"", f'">{EVIL}')]
    page = render_page(scenario, comparison.summary() | {"experiment": EVIL}, shot, {EVIL: EVIL})
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 8


def test_the_answer_and_its_uncertainty_come_first(comparison: Comparison, page: str) -> None:
    summary = comparison.summary()
    text = text_of(page)
    order = [text.index(part) for part in (comparison.scenario.title, comparison.scenario.question, "95 % interval")]
    assert order == sorted(order)
    for arm in ("without", "with_outpost"):
        assert percent(summary["arms"][arm]["interdiction"]) in html.unescape(page)
    assert page.index('id="answer"') < page.index('id="map"') < page.index('id="effect"') < page.index('id="ledger"')


def test_every_doubt_and_every_limit_of_repeating_it_stands_there(comparison: Comparison, page: str) -> None:
    text = text_of(page)
    assert comparison.scenario.doubts
    for doubt in comparison.scenario.doubts:
        assert " ".join(doubt.split()) in text
    for fact in ("ab" * 32, "python -m sim seed=7", "replications in each arm 60", "seed 7"):
        assert fact in text


def test_every_assumption_is_listed_with_its_basis(comparison: Comparison, page: str) -> None:
    text = text_of(page)
    for key in ("outpost.range_km", "command.report_delay_min", "infiltrators.groups.0.size"):
        assert f" {key} " in text
    assert " assumed " in text
    assert " sourced " in text


def test_the_ledger_shows_what_the_change_lost(page: str) -> None:
    assert re.search(r"with outpost 18 8 2 32", text_of(page).replace("  ", " "))


def test_undefined_stands_for_none(comparison: Comparison) -> None:
    summary = comparison.summary()
    summary["arms"]["without"]["median_depth_km"] = None
    assert "undefined" in text_of(render_page(comparison.scenario, summary, [], {}))


def test_one_arm_alone_shows_no_effects(comparison: Comparison, rows_of: Any) -> None:
    worlds = comparison.worlds[:1]
    alone = Comparison(comparison.scenario, worlds, rows_of(worlds, 6), 1, "")
    page = render_page(alone.scenario, alone.summary(), [], {})
    assert 'id="ledger"' not in page
    assert 'id="honesty"' in page
    assert "as observed, points" not in page
    assert "nothing to compare" in page


def test_groups_without_river_and_sectors(plain_ground: Any, rows_of: Any) -> None:
    scenario, worlds = plain_ground
    result = Comparison(scenario, worlds, rows_of(worlds, 8), 1, "")
    page = render_page(scenario, result.summary(), [], {})
    assert 'id="sectors"' not in page
    assert "undefined" in page  # several groups share a replication: no McNemar test, no interval of the ratio
