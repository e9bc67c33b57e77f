"""Flags and words that are no settings, and sweeps that cannot be listed: refused with status 2 and one line."""

from __future__ import annotations

import pytest

WORDS = {
    "two files": (["experiment=small.yaml", "experiment=small.yaml"], ["experiment"]),
    "group of nothing": (["@x=3"], ["@x"]),
    "unknown flag": (["--nope"], ["--nope", "--help", "--cfg job"]),
    "unknown short flag": (["-x"], ["-x", "--help"]),
    "Hydra's own flag": (["--config-name=other"], ["--config-name", "--help"]),
    "unknown part of the configuration": (["--cfg", "nope"], ["--cfg", "nope", "job"]),
    "the same with an equals sign": (["--cfg=nope"], ["--cfg", "nope", "job"]),
    "no part of the configuration": (["--cfg"], ["--cfg", "job"]),
    "no equals sign": (["outpost.range_km"], ["outpost.range_km", "KEY=VALUE"]),
    "no key": (["=3"], ["=3", "KEY=VALUE"]),
    "empty word": ([""], ["KEY=VALUE"]),
    "only a plus": (["+"], ["+", "KEY=VALUE"]),
    "Hydra's folder": (["hydra.run.dir=x"], ["hydra.run.dir", "output="]),
    "Hydra's folder, added": (["+hydra.run.dir=x"], ["hydra.run.dir", "output="]),
    "Hydra's logging": (["hydra/job_logging=none"], ["hydra/job_logging", "output="]),
    "Hydra's search path": (["hydra.searchpath=[file:///tmp]"], ["hydra.searchpath"]),
    "two equals signs": (["outpost.range_km==3"], ["outpost.range_km"]),
    "open bracket": (["outpost.sensors=[eye"], ["[eye"]),
    "open quote": (["outpost.name='eye"], ["'eye"]),
    "interpolation": (["title=${oc.env:HOME}"], ["title", "${oc.env:HOME}"]),
    "several values": (["outpost.range_km=1,2"], ["outpost.range_km", "1,2"]),
    "range": (["outpost.range_km=range(1,3)"], ["outpost.range_km", "range(1,3)"]),
    "several options": (["terrain=flat,synthetic"], ["terrain", "flat,synthetic"]),
    "unknown key of the configuration shown": (["--cfg", "job", "outpots.x_km=1"], ["outpots.x_km", "no such key"]),
}

# Every point is checked before the first is run: nothing may have been written when the last one is refused.
SWEEPS = {
    "step of nothing": (["outpost.range_km=range(0,5,0)"], ["outpost.range_km"]),
    "glob": (["outpost.range_km=glob(*)"], ["outpost.range_km", "glob"]),
    "unknown key": (["outpost.rnage_km=1,2"], ["outpost.rnage_km", "no such key"]),
    "bad value in the middle": (["outpost.range_km=1,-2,3"], ["outpost.range_km", "-2", "0"]),
    "bad value at the end": (["outpost.range_km=1,far"], ["outpost.range_km", "'far'"]),
    "bad word at the end": (["infiltrators.behaviour=unaware,clever"], ["infiltrators.behaviour", "clever", "unaware"]),
    "last point in the river": (["outpost.y_km=7.5,6"], ["outpost", "border_river", "(8, 6)"]),
    "no value": (["outpost.range_km="], ["outpost.range_km", "''"]),
    "lonely comma": (["outpost.range_km=,"], ["outpost.range_km=,"]),
    "hole in the list": (["outpost.range_km=1,,2"], ["outpost.range_km=1,,2"]),
    "empty range": (["outpost.range_km=range(3,1)"], ["0 points"]),
    "too many points": (["seed=range(0,10001)"], ["10001", "10000"]),
    "too many points together": (["seed=range(0,200)", "outpost.range_km=range(0,51)"], ["10200", "10000"]),
    "interval": (["outpost.range_km=interval(1,2)"], ["outpost.range_km", "interval()", "range()"]),
    "output": (["output=a,b"], ["output", "one folder"]),
    "study": (["study=compare,describe"], ["study", "describe", "compare"]),
    "study that has no points": (["study=describe", "seed=1,2"], ["study", "describe", "compare"]),
    "missing file among the experiments": (["experiment=small.yaml,none.yaml"], ["experiment", "none.yaml"]),
    "bad seed": (["seed=1,-1"], ["seed", "-1", "0"]),
    "no replications": (["replications=2,0"], ["replications", "0", "1"]),
    "unknown execution": (["execution=serial,cloud"], ["execution", "cloud", "serial"]),
    "unknown terrain": (["terrain=flat,moon"], ["terrain", "moon", "flat"]),
    "output below a file": (["outpost.range_km=1,2", "output=small.yaml/below"], ["output", "small.yaml/below"]),
    "output is a file": (["outpost.range_km=1,2", "output=small.yaml"], ["output", "small.yaml"]),
}


@pytest.mark.parametrize(("arguments", "words"), WORDS.values(), ids=WORDS.keys())
def test_word_is_refused(arguments, words, refused):
    refused(arguments, words)


@pytest.mark.parametrize(("arguments", "words"), SWEEPS.values(), ids=SWEEPS.keys())
def test_sweep_is_refused(arguments, words, refused):
    refused(["-m", *arguments], words)
