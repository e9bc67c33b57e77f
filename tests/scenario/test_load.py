"""Scenarios from configuration: overrides, a user's own file, where every value comes from, and the cache."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_case import default_case

from sim.cache import store
from sim.config_folder import config_folder, options
from sim.scenario import ScenarioError, load, load_scenario
from sim.scenario.keys import flatten
from sim.scenario.load import _cached, _composed
from sim.study.describe.describe import describe
from sim.study.settings import compose

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
        ("shahrituz_2019", ["defaults=3"], ["defaults", "no such key"]),
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


# -- composed configurations in the cache: the same as composed anew, or not used at all -------------------------------

CHOICE = ["terrain=flat"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where composed configurations are cached, in a folder of the test's own."""
    (tmp_path / "cache").mkdir(mode=0o700)
    monkeypatch.setenv("BORDER_SIM_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "composed"


@pytest.fixture
def made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """A short configuration in the place of what Hydra composes, and the choices for which it was composed."""
    calls: list[list[str]] = []

    def composing(groups: list[str], own: Path | None) -> dict[str, Any]:
        assert own is None
        calls.append(groups)
        return {"seed": 1, "light": {"sunset": 17.5}, "arms": [None, True]}

    monkeypatch.setattr(load, "_composed", composing)
    return calls


@pytest.mark.parametrize("experiment", options("experiment"))
def test_what_was_cached_is_what_is_composed(folder: Path, experiment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = _composed([f"experiment={experiment}"], None)
    first = compose([f"experiment={experiment}"])
    monkeypatch.setattr(load, "_composed", None)
    assert compose([f"experiment={experiment}"]) == first
    assert _cached([f"experiment={experiment}"]) == wanted
    assert list(_cached([f"experiment={experiment}"])) == list(wanted)
    assert len(list(folder.iterdir())) == 1


def test_it_is_composed_once_for_each_choice(made: list[list[str]]) -> None:
    for groups in (CHOICE, CHOICE, [], CHOICE, [*CHOICE, "light=november"], []):
        _cached(groups)
    assert made == [CHOICE, [], [*CHOICE, "light=november"]]


def test_what_is_changed_in_hand_is_not_changed_where_it_is_cached(made: list[list[str]]) -> None:
    for _ in range(3):
        found = _cached(CHOICE)
        assert found["arms"] == [None, True]
        found["arms"].append(3)
    assert made == [CHOICE]


def test_every_configuration_file_counts(
    made: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "configs"
    shutil.copytree(config_folder(), copy)
    monkeypatch.setattr(load, "config_folder", lambda: copy)
    files = sorted(copy.rglob("*.yaml"))
    assert len(files) > 30
    _cached(CHOICE)
    for number, path in enumerate(files, start=1):
        assert len(made) == number
        path.write_text(f"{path.read_text()}\n# changed\n")
        _cached(CHOICE)
        _cached(CHOICE)


def test_a_new_file_another_version_or_other_code_is_composed_anew(
    made: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "configs"
    shutil.copytree(config_folder(), copy)
    monkeypatch.setattr(load, "config_folder", lambda: copy)
    changes: list[Callable[[], Any]] = [
        lambda: None,
        lambda: (copy / "terrain" / "new.yaml").write_text(""),
        lambda: monkeypatch.setattr(store, "version", lambda name: f"{name} 99"),
        lambda: monkeypatch.setattr(load, "__file__", str(shutil.copy(load.__file__, tmp_path))),
        lambda: (tmp_path / "load.py").write_text("# other code"),
    ]
    for number, change in zip((1, 2, 3, 3, 4), changes, strict=True):
        change()
        _cached(CHOICE)
        _cached(CHOICE)
        assert len(made) == number


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[:-1],
        lambda text: b"",
        lambda text: text.replace(b"17", b"18"),
        lambda text: text.partition(b"\n")[2],
        lambda text: b"\n" + text,
        lambda text: b"\xff\xfe",
    ],
)
def test_what_is_not_whole_is_composed_anew(
    made: list[list[str]], folder: Path, damage: Callable[[bytes], bytes]
) -> None:
    whole = _cached(CHOICE)
    (path,) = folder.iterdir()
    path.write_bytes(damage(path.read_bytes()))
    assert _cached(CHOICE) == _cached(CHOICE) == whole
    assert len(made) == 2


def test_without_configuration_files_it_is_composed_each_time(
    made: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "config_folder", lambda: tmp_path / "nowhere")
    assert _cached(CHOICE) == _cached(CHOICE)
    assert made == [CHOICE, CHOICE]
