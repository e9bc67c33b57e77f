"""Scenarios from configuration: overrides, a user's own file, and where every value comes from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from small_case import default_case

from sim.scenario import ScenarioError, load_scenario
from sim.scenario.keys import flatten
from sim.study.describe.describe import describe

OWN = """\
name: my_case
title: My own case
outpost: {x_km: 26.5, range_km: 9}
infiltrators:
  groups:
    - {name: three, size: 3, kind: smugglers, start_x_km: 45.3, start_y_km: 12.6, target_x_km: 20.6, target_y_km: 55.4}
"""


def test_overrides_reach_the_scenario() -> None:
    case = load_scenario("shahrituz_2019", ["outpost.range_km=12", "command.report_delay_min=45", "light.sunset=18:10"])
    assert (case.outpost.range_km, case.command.report_delay_min, case.light.sunset) == (12.0, 45, 18 * 60 + 10)
    assert (
        case.replace(**{"outpost.range_km": 6.7, "command.report_delay_min": 30, "light.sunset": "17:29"})
        == default_case()
    )


def test_another_group_of_the_configuration_can_be_chosen() -> None:
    assert default_case().terrain.source == "gazetteer"
    assert load_scenario("shahrituz_2019", ["terrain=synthetic"]).terrain.source == "synthetic"


def test_a_new_arm_can_be_given_on_the_command_line() -> None:
    case = load_scenario("shahrituz_2019", ["arms.fast={changes:{command.report_delay_min:5}}"])
    assert case.for_arm("fast").command.report_delay_min == 5


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(OWN, encoding="utf-8")
    case = load_scenario(str(path))
    assert (case.name, case.outpost.x_km, case.outpost.range_km) == ("my_case", 26.5, 9.0)
    assert [(group.name, group.size) for group in case.infiltrators.groups] == [("three", 3)]
    assert case.outpost.y_km == default_case().outpost.y_km  # what the file leaves out keeps its default


@pytest.mark.parametrize(
    ("name", "overrides", "named"),
    [
        ("nowhere", [], ["experiment", "nowhere", "shahrituz_2019"]),
        ("missing.yaml", [], ["experiment", "no such file", "missing.yaml"]),
        ("shahrituz_2019", ["outpost.rnge_km=3"], ["outpost.rnge_km", "no such key"]),
        ("shahrituz_2019", ["+outpost.wings=3"], ["outpost.wings", "no such key"]),
        ("shahrituz_2019", ["outpost.range_km=-3"], ["outpost.range_km", "-3"]),
        ("shahrituz_2019", ["terrain=moon"], ["terrain", "moon", "synthetic"]),
        ("shahrituz_2019", ["outpost.range_km=[1,"], ["[1,"]),
    ],
)
def test_what_cannot_be_loaded_is_named_in_one_line(name: str, overrides: list[str], named: list[str]) -> None:
    with pytest.raises(ScenarioError) as refused:
        load_scenario(name, overrides)
    assert all(word in str(refused.value) for word in named)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("outpost: {range_km: [", ["broken YAML"]),
        ("title: ${oc.env:HOME}\n", ["interpolation"]),
        ("outpost: {_target_: os.system}\n", ["_target_"]),
        ("sensors: {eye: {colour: green}}\n", ["colour", "no such key"]),
    ],
)
def test_a_bad_file_is_refused(tmp_path: Path, text: str, named: list[str]) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        load_scenario(str(path))
    assert all(word in str(refused.value) for word in named)


def test_every_value_of_the_default_case_has_a_unit_where_it_needs_one_and_an_origin() -> None:
    table = describe(default_case()).set_index("key")
    named = {"_km": "km", "_min": "min", "_m": "m", "_usd": "USD", "_kmh": "km/h", "_deg": "deg", "_hours": "h"}
    for key, row in table.iterrows():
        assert row["basis"] in ("sourced", "assumed"), key
        for ending, unit in named.items():
            last = str(key).rsplit(".", 1)[-1]
            if last.endswith(ending) and last not in ("terrain_seed",) and "per" not in last:
                assert row["unit"] == unit, key


def test_assumed_values_lie_inside_the_ranges_that_are_stated() -> None:
    table = describe(default_case())
    outside, tried = set(), 0
    for _, row in table[table["basis"] == "assumed"].iterrows():
        ends, value = re.match(r"(-?[\d.e+]+) to (-?[\d.e+]+)", row["from"]), re.fullmatch(r"-?[\d.e+]+", row["value"])
        if ends and value:
            tried += 1
            if not float(ends[1]) <= float(row["value"]) <= float(ends[2]):
                outside.add(row["key"])
    assert tried > 100
    assert outside <= {"terrain.lines.11.width_km"}  # the reeds of the Kofarnihon are narrower than the belts meant


def test_the_table_holds_every_leaf_of_the_default_case() -> None:
    """Lists of plain values are one entry; their members need none of their own."""
    keys = set(describe(default_case())["key"])
    for key, _ in flatten(default_case().model_dump(mode="json")):
        if not key.startswith(("provenance", "doubts")):
            parts = key.split(".")
            assert any(".".join(parts[:count]) in keys for count in range(len(parts), 0, -1)), key
