"""The ODD description keeps to the protocol, and the keys that the pages name are keys of the configuration."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sim
from sim.outcomes import COLUMNS, OUTCOMES
from sim.scenario.scenario import Scenario
from sim.study.describe.parameters import parameters
from sim.study.settings import run_settings_schema

ELEMENTS = (
    "1 Purpose and patterns",
    "2 Entities, state variables and scales",
    "3 Process overview and scheduling",
    "4 Design concepts",
    "5 Initialization",
    "6 Input data",
    "7 Submodels",
)
CONCEPTS = (
    "Basic principles",
    "Emergence",
    "Adaptation",
    "Objectives",
    "Learning",
    "Prediction",
    "Sensing",
    "Interaction",
    "Stochasticity",
    "Collectives",
    "Observation",
)
PAGES = ("ODD.md", "MODEL.md", "MODEL_CARD.md")
CODE = re.compile(r"`([A-Za-z_][A-Za-z_0-9.]*)`")


OTHER_WORDS = {"NAME_1", "NAME_2", "p_s"}
"""Names of arrivals, and a symbol of the formulas."""


@pytest.fixture(scope="module")
def known() -> set[str]:
    """All keys and parts of keys, since a page need not repeat what a key belongs to; values, columns, outcomes."""
    case = sim.load_scenario()
    rows = parameters(case) + parameters(case, run_settings_schema()())
    parts = [row.key.split(".") for row in rows]
    keys = {".".join(part[first:last]) for part in parts for first in range(len(part)) for last in range(len(part) + 1)}
    values = {word for row in rows for word in row.allowed.split(" | ")}
    return keys | values | set(COLUMNS) | set(OUTCOMES) | OTHER_WORDS


def test_the_elements_and_concepts_stand_in_order(root: Path) -> None:
    text = (root / "docs" / "ODD.md").read_text(encoding="utf-8")
    assert tuple(re.findall(r"^## (\d .*)$", text, re.MULTILINE)) == ELEMENTS
    concepts = text.split("\n## 4 Design concepts\n")[1].split("\n## ")[0]
    assert tuple(re.findall(r"^### (.*)$", concepts, re.MULTILINE)) == CONCEPTS


@pytest.mark.parametrize("name", PAGES)
def test_keys_that_the_page_names_are_there(root: Path, known: set[str], name: str) -> None:
    text = re.sub(r"```.*?```", "", (root / "docs" / name).read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"<!-- parameters: begin.*?parameters: end -->", "", text, flags=re.DOTALL)
    named = {word for word in CODE.findall(text) if "_" in word or word.partition(".")[0] in Scenario.model_fields}
    assert {word for word in named - known if not word.endswith((".json", ".md", ".py"))} == set()
