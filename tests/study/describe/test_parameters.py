"""The parameter tables: every key of the schema is there, and docs/ODD.md holds what `make docs` would write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

import sim
from sim.scenario.scenario import Scenario
from sim.study.describe.describe import describe
from sim.study.describe.parameters import BEGIN, END, Row, main, parameter_tables, parameters, with_tables
from sim.study.settings import run_settings_schema
from sim.study.verify.laboratories import Laboratory

ROOT = Path(__file__).resolve().parents[3]
PLACEHOLDERS = re.compile(r"\b(?:N|NAME|KIND)\b")


@pytest.fixture(scope="module")
def case() -> Scenario:
    return sim.load_scenario()


@pytest.fixture(scope="module")
def rows(case: Scenario) -> list[Row]:
    return parameters(case)


def own_keys(schema: dict[str, Any]) -> Iterator[str]:
    """Names of all keys in a JSON schema, but for those that document others, and names of kinds, which are one key."""
    for title, part in {"": schema, **schema["$defs"]}.items():
        if title not in ("Provenance", "CoverTable", "Kinds"):
            yield from part.get("properties", {})


def test_every_key_of_the_schema_is_listed(rows: list[Row]) -> None:
    listed = {part for row in rows for part in row.key.split(".")}
    assert set(own_keys(Scenario.model_json_schema())) - listed == {"provenance"}
    schema = run_settings_schema()
    run = {part for row in parameters(sim.load_scenario(), schema()) for part in row.key.split(".")}
    assert {"report", "only", "replay", "sweep"} <= run
    # The symbols of laboratories have a page of their own, and are listed by study=describe where one is in force.
    symbols = set(own_keys(TypeAdapter(Laboratory).json_schema()))
    assert set(own_keys(schema.model_json_schema())) - symbols <= run
    page = (ROOT / "docs" / "VERIFICATION.md").read_text(encoding="utf-8")
    assert [symbol for symbol in symbols if not re.search(rf"\b{symbol}\b", page)] == []


def test_every_key_of_the_case_is_listed(case: Scenario, rows: list[Row]) -> None:
    patterns = [PLACEHOLDERS.sub("[^.]+", re.escape(row.key)) for row in rows]
    # Posts and patrols of the arms are those of the baseline again.
    patterns += [r"arms\.[^.]+\.add_(posts|patrols)\.\d+\..*"]
    known = re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
    assert [key for key in describe(case)["key"] if not known.fullmatch(key)] == []


def test_a_case_of_streams_without_groups_is_listed_too() -> None:
    other = sim.load_scenario("mechanisms")
    found = {row.key: row for row in parameters(other)}
    assert found["infiltrators.groups"].value == "none"
    assert found["infiltrators.groups.N.notice_km"].value == "0"
    assert found["infiltrators.streams.N.notice_km"].value == "0; raiders, carriers, traders: 0.8"


def test_a_key_is_listed_once_for_each_meaning(rows: list[Row]) -> None:
    assert len({(row.key, row.meaning) for row in rows}) == len(rows)
    assert all(row.meaning for row in rows)


def test_defaults_come_first_and_then_the_entries_that_depart_from_them(case: Scenario) -> None:
    changed = case.replace(**{f"posts.{i}.notice_min": 15 for i in range(5)} | {"posts.1.notice_min": 40})
    found = {row.key: row for row in parameters(changed)}
    assert found["posts.N.notice_min"].value == f"15; {case.posts[1].name}: 40"
    assert found["posts.N.name"].value == "as listed"
    assert found["outpost.notice_min"].value == str(case.outpost.notice_min)


def test_keys_that_mean_different_things_have_a_row_for_each(rows: list[Row]) -> None:
    meanings = [row.meaning for row in rows if row.key == "terrain.lines.N.width_km"]
    assert len(meanings) == 2
    assert meanings[0].endswith("(border_river, river)")
    assert meanings[1].endswith("(reeds)")


def test_entries_that_the_case_has_not_show_the_defaults(case: Scenario) -> None:
    none = case.replace(posts=[])
    found = {row.key: row.value for row in parameters(none)}
    assert found["posts"] == "none"
    assert found["posts.N.x_km"] == "required"
    assert found["posts.N.staffing"] == "0.8"


def test_all_lines_of_a_table_have_as_many_cells(case: Scenario) -> None:
    lines = [line for line in parameter_tables(case).splitlines() if line.startswith("|")]
    cells = {len(re.findall(r"(?<!\\)\|", line)) for line in lines}
    assert cells == {8}
    assert 100 < len(lines) < 380


def test_the_page_is_up_to_date(case: Scenario) -> None:
    page = (ROOT / "docs" / "ODD.md").read_text(encoding="utf-8")
    assert page == with_tables(page, parameter_tables(case)), "docs/ODD.md is out of date: run make docs"


def test_the_block_is_replaced_and_the_rest_kept(tmp_path: Path, case: Scenario) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n\n{BEGIN}\nwhat was there before\n{END}\n\nafter\n", encoding="utf-8")
    main([str(page)])
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"before\n\n{BEGIN}\n\n#### case\n")
    assert text.endswith(f"{END}\n\nafter\n")
    assert "what was there before" not in text
    main([str(page)])
    assert page.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("page", ["", BEGIN, END, f"{END}{BEGIN}", f"{BEGIN}{BEGIN}{END}", f"{BEGIN}{END}{END}"])
def test_a_page_without_its_marks_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match="once each"):
        with_tables(page, "tables")


def test_what_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"nowhere\.md"):
        main([str(tmp_path / "nowhere.md")])
    with pytest.raises(SystemExit, match="usage"):
        main([])
