"""Output folders that cannot be used: refused with status 2, and left as they were."""

from __future__ import annotations

import os

import pytest

from sim.__main__ import main

OUTPUTS = {
    "below a regular file": ("small.yaml/below", ["output", "small.yaml/below"]),
    "deep below a regular file": ("small.yaml/a/b/c", ["output", "small.yaml/a/b/c"]),
    "a regular file": ("small.yaml", ["output", "small.yaml"]),
    "a device": ("/dev/null", ["output", "/dev/null"]),
    "a device's child": ("/dev/null/x", ["output", "/dev/null/x"]),
    "holds other things": ("full", ["output", "full", "note.txt", "empty"]),
    "holds a folder": ("nested", ["output", "nested", "inner"]),
    "name too long": ("x" * 300, ["output"]),
}


@pytest.fixture
def crowded(workplace):
    """A working directory with folders that hold things already."""
    (workplace / "full").mkdir()
    (workplace / "full" / "note.txt").write_text("mine")
    (workplace / "nested" / "inner").mkdir(parents=True)
    return workplace


@pytest.mark.usefixtures("crowded")
@pytest.mark.parametrize(("output", "words"), OUTPUTS.values(), ids=OUTPUTS.keys())
def test_output_is_refused(output, words, refused):
    refused([f"output={output}"], words)


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="there is no /proc here")
def test_output_in_proc_is_refused(refused):
    refused(["output=/proc/border_sim_output"], ["output", "/proc/border_sim_output"])


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_output_without_permission_is_refused(workplace, refused):
    (workplace / "locked").mkdir(mode=0o500)
    refused(["output=locked/results"], ["output", "locked", "ermission"])


def test_table_of_keys_below_a_file_is_refused(refused):
    refused(["study=describe", "output=small.yaml/below"], ["output", "small.yaml/below"])


def test_table_of_keys_into_a_file_is_refused(refused):
    refused(["study=describe", "output=small.yaml"], ["output", "small.yaml"])


@pytest.fixture
def finished(workplace, capsys):
    """A folder with the results of two replications of the small case."""
    arguments = [
        "experiment=small.yaml",
        "outpost.range_km=3",
        "replications=2",
        "execution=serial",
        "output=held",
    ]
    assert main(arguments) == 0
    capsys.readouterr()
    return "held"


def test_output_of_something_else_is_refused_and_says_what_differs(finished, refused):
    run = [f"output={finished}", "outpost.range_km=3"]
    refused([*run, "outpost.height_m=5"], ["output", finished, "outpost.height_m", "12", "5"])
    refused([*run, "seed=2"], ["output", finished, "seed", "1 -> 2"])
    refused([*run, "replications=1"], ["output", finished, "2 replications", "replications=1"])


def test_manifest_that_is_no_manifest_is_refused(workplace, finished, refused):
    (workplace / finished / "manifest.json").write_text("{half")
    refused([f"output={finished}", "outpost.range_km=3"], ["manifest.json"])
