"""Experiment files that are missing, broken or sly: refused with status 2 and one line."""

from __future__ import annotations

import pytest

FILES = {
    "broken YAML, and where": (b"posts: [1,\n  2: }", ["experiment", "case.yaml", "line 2"]),
    "list and not a mapping": (b"- 1\n- 2\n", ["experiment", "case.yaml", "mapping"]),
    "Hydra's own settings": (b"hydra: {run: {dir: x}}\n", ["hydra"]),
    "broken YAML": (b"posts: [1,\n  2: }", ["experiment", "YAML"]),
    "tab for a blank": (b"name: x\n\tposts: 1\n", ["experiment", "YAML"]),
    "key given twice": (b"name: one\nname: two\n", ["experiment", "YAML", "name"]),
    "list": (b"- 1\n- 2\n", []),
    "plain words": (b"just words\n", ["just words"]),
    "binary": (bytes(range(256)) * 4, ["experiment", "case.yaml", "utf-8"]),
    "unknown key": (b"colour: blue\n", ["colour", "no such key"]),
    "unknown nested key": (b"outpost: {colour: blue}\n", ["outpost.colour", "no such key"]),
    "target at the top": (b"_target_: os.system\n", ["_target_"]),
    "target in a part": (b"outpost: {_target_: os.system}\n", ["outpost._target_", "no such key"]),
    "target in a list item": (b"sectors: [{_target_: os.system}]\n", ["sectors.0"]),
    "interpolation of the environment": (b"title: ${oc.env:HOME}\n", ["experiment", "interpolation"]),
    "interpolation of another key": (b'title: "${name}"\n', ["experiment", "interpolation"]),
    "missing value": (b"title: ???\n", ["title"]),
    "unknown group option": (b"defaults:\n  - override /terrain: moon\n", ["terrain", "moon", "flat", "synthetic"]),
    "bad replications": (b"replications: -4\n", ["replications", "-4", "1"]),
    "bad seed": (b"seed: luck\n", ["seed", "luck"]),
    "bad study": (b"study: {name: magic}\n", ["study.name", "magic", "compare"]),
    "bad value": (b"outpost: {range_km: -2}\n", ["outpost.range_km", "-2", "0"]),
    "no groups": (b"infiltrators: {groups: []}\n", ["infiltrators.groups", "at least one"]),
    "YAML 1.1 switch for a name": (b"outpost: {name: no}\n", ["outpost.name", "False"]),
}


@pytest.mark.parametrize(("content", "words"), FILES.values(), ids=FILES.keys())
def test_file_is_refused(content, words, workplace, refused):
    (workplace / "case.yaml").write_bytes(content)
    refused(["experiment=case.yaml"], words)


def test_no_arms_at_all(edited, refused):
    edited("arms:\n  without: {cost_usd: 0}\n  with_outpost: {cost_usd: 0, changes: {outpost: {present: true}}}\n", "")
    refused([], ["arms", "required"])


def test_empty_arms(edited, refused):
    edited(
        "arms:\n  without: {cost_usd: 0}\n  with_outpost: {cost_usd: 0, changes: {outpost: {present: true}}}",
        "arms: {}",
    )
    refused([], ["arms"])


def test_baseline_that_is_no_arm(edited, refused):
    edited("  without: {cost_usd: 0}\n", "")
    refused([], ["baseline", "without", "with_outpost"])


NAMES = {
    "unknown name": ("atlantis", ["experiment", "atlantis", "shahrituz_2019"]),
    "no name": ("", ["experiment", "shahrituz_2019"]),
    "missing file": ("none.yaml", ["experiment", "none.yaml"]),
    "missing file in a missing folder": ("nowhere/none.yml", ["experiment", "nowhere/none.yml"]),
    "folder": ("folder.yaml", ["experiment", "folder.yaml"]),
    "file by another ending": ("notes.txt", ["experiment", "notes.txt"]),
    "interpolation": ("${oc.env:HOME}", ["experiment", "${oc.env:HOME}"]),
}


@pytest.mark.parametrize(("name", "words"), NAMES.values(), ids=NAMES.keys())
def test_name_is_refused(name, words, workplace, refused):
    (workplace / "folder.yaml").mkdir()
    (workplace / "notes.txt").write_text("name: notes\n")
    refused([f"experiment={name}"], words)


def test_a_target_is_never_called(workplace, refused):
    (workplace / "case.yaml").write_text("outpost: {_target_: pathlib.Path.touch, _args_: [called]}\n")
    refused(["experiment=case.yaml"], ["outpost._", "no such key"])
    assert not (workplace / "called").exists()
