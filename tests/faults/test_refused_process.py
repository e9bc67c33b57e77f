"""The same refusals as a user meets them: a process of its own, its exit status and its two streams."""

from __future__ import annotations

import subprocess
import sys

import pytest

CASES = {
    "unknown key": (["outpots.range_km=3"], ["outpots.range_km", "no such key"]),
    "broken file": (["experiment=broken.yaml"], ["experiment", "YAML"]),
    "output below a file": (["output=small.yaml/below"], ["output", "small.yaml/below"]),
    "unknown flag": (["--nope"], ["--nope", "--help"]),
    "bad value in a sweep": (["-m", "outpost.range_km=1,-2"], ["outpost.range_km", "-2", "0"]),
}


@pytest.mark.parametrize(("arguments", "words"), CASES.values(), ids=CASES.keys())
def test_process_is_refused(arguments, words, workplace, refused, child_environment):
    def run_process(words):
        command = [sys.executable, "-m", "sim", *words]
        done = subprocess.run(
            command, capture_output=True, text=True, cwd=workplace, env=child_environment, timeout=120, check=False
        )
        return done.returncode, done.stdout, done.stderr

    (workplace / "broken.yaml").write_text("posts: [1,\n  2: }")
    refused(arguments, words, run=run_process)
