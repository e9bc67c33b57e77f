"""What counts as the same run, and what the manifest says."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from toy_jobs import SMALL

from sim.execution.errors import StoreError
from sim.execution.manifest import (
    ManifestHead,
    configuration_hash,
    differences,
    new_manifest,
    read_manifest,
    write_manifest,
)

HEAD = ManifestHead("compare", "toy", 1, 10, SMALL)


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        ({"study": "sweep"}, ['study "compare" -> "sweep"']),
        ({"experiment": "other"}, ['experiment "toy" -> "other"']),
        ({"seed": 2}, ["seed 1 -> 2"]),
        (
            {"configuration": {"outpost": {"range_km": 15, "sensors": ["eye"]}, "light": {}}},
            [
                "light (absent) -> {}",
                "light.sunset 18 -> (absent)",
                "outpost.range_km 12 -> 15",
                'outpost.sensors.1 "radar" -> (absent)',
            ],
        ),
        ({"configuration": {**SMALL, "doubt": True}}, ["doubt (absent) -> true"]),
        ({"configuration": {**SMALL, "light": {"sunset": True}}}, ["light.sunset 18 -> true"]),
    ],
)
def test_what_differs_is_reported(change, changed):
    other = replace(HEAD, **change)
    assert differences(new_manifest(HEAD), other) == changed
    assert configuration_hash(other) != configuration_hash(HEAD)


@pytest.mark.parametrize(
    "change",
    [
        {"replications": 5000},
        {"configuration": {**SMALL, "execution": {"workers": 7}, "output": "elsewhere", "replications": 3}},
        {"configuration": dict(reversed(SMALL.items()))},
        {"configuration": {**SMALL, "outpost": {"range_km": 12, "sensors": ("eye", "radar")}}},
    ],
)
def test_what_changes_no_row_does_not_count(change):
    other = replace(HEAD, **change)
    assert differences(new_manifest(HEAD), other) == []
    assert configuration_hash(other) == configuration_hash(HEAD)


def test_differences_survive_the_file(tmp_path):
    write_manifest(tmp_path, new_manifest(HEAD))
    assert differences(read_manifest(tmp_path), HEAD) == []


def test_long_values_are_cut():
    changed = differences(new_manifest(HEAD), replace(HEAD, experiment="long" * 50))
    assert len(changed[0]) < 80


def test_says_what_was_run_and_with_what():
    manifest = new_manifest(HEAD)
    assert manifest["state"] == "running"
    assert (manifest["study"], manifest["experiment"], manifest["seed"], manifest["replications"]) == (
        "compare",
        "toy",
        1,
        10,
    )
    assert manifest["configuration"] == SMALL
    assert {"python", "numpy", "mesa", "pandas", "pyarrow", "border-sim"} <= manifest["versions"].keys()
    assert manifest["versions"]["numpy"] == __import__("numpy").__version__


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"schema_version": 999}',
        '{"schema_version": 1}',
        json.dumps(new_manifest(HEAD) | {"wall_seconds": "long"}),
    ],
)
def test_an_unreadable_manifest_is_refused(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(StoreError, match=r"manifest\.json") as caught:
        read_manifest(tmp_path)
    assert "\n" not in str(caught.value)
