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
    "too many points": (["seed=range(0,100001)"], ["100001 points", "100000"]),
    "endless range": (["seed=range(0,9999999999)"], ["points", "100000"]),
    "too many points together": (["seed=range(0,2000)", "outpost.range_km=range(0,51)"], ["102000", "100000"]),
    "too many points with a sample": (
        ["seed=range(0,1000)", "outpost.range_km=interval(1,2)", "sweep.samples=128"],
        ["128000", "100000"],
    ),
    "shuffled": (["outpost.range_km=shuffle(1,2,3)"], ["outpost.range_km", "shuffled", "range()"]),
    "interval of nothing": (["outpost.range_km=interval(2,2)"], ["outpost.range_km", "interval(2.0,2.0)", "smaller"]),
    "interval upside down": (["outpost.range_km=interval(3,2)"], ["outpost.range_km", "interval(3.0,2.0)", "smaller"]),
    "interval beyond what is allowed": (["outpost.range_km=interval(40,99)"], ["outpost.range_km", "45"]),
    "interval over the river": (["outpost.y_km=interval(5.5,6.5)"], ["outpost", "border_river"]),
    "interval without a whole number": (
        ["outpost.responders=interval(1.2,1.8)"],
        ["outpost.responders", "whole number"],
    ),
    "interval of words": (["infiltrators.behaviour=interval(0,1)"], ["infiltrators.behaviour", "unaware"]),
    "interval of an unknown key": (["outpost.rnage_km=interval(1,2)"], ["outpost.rnage_km", "no such key"]),
    "interval of seeds": (["seed=interval(1,2)"], ["seed", "cannot be swept"]),
    "interval of files": (["terrain=interval(1,2)"], ["terrain"]),
    "samples of nothing": (["outpost.range_km=interval(1,2)", "sweep.samples=0"], ["sweep.samples", "0", "1"]),
    "half a sample": (["outpost.range_km=interval(1,2)", "sweep.samples=2.5"], ["sweep.samples", "2.5"]),
    "too many samples": (["outpost.range_km=interval(1,2)", "sweep.samples=100001"], ["sweep.samples", "100000"]),
    "unknown method": (["outpost.range_km=1,2", "sweep.method=halton"], ["sweep.method", "sobol", "lhs"]),
    "unknown key of sweeps": (["outpost.range_km=1,2", "sweep.sample=3"], ["sweep.sample", "no such key"]),
    "seed of the sample": (["outpost.range_km=1,2", "sweep.seed=-1"], ["sweep.seed", "-1", "0"]),
    "zip of one key": (["outpost.range_km=1,2", "sweep.zip=[outpost.range_km]"], ["sweep.zip", "two or more"]),
    "zip that is no list": (["outpost.range_km=1,2", "sweep.zip=outpost.range_km"], ["sweep.zip", "list of two"]),
    "zip of lists of different lengths": (
        [
            "outpost.range_km=1,2",
            "command.report_delay_min=1,2,3",
            "sweep.zip=[outpost.range_km,command.report_delay_min]",
        ],
        ["sweep.zip", "outpost.range_km has 2", "command.report_delay_min has 3", "equal"],
    ),
    "zip of a key that is not listed": (
        ["outpost.range_km=1,2", "sweep.zip=[outpost.range_km,outpost.x_km]"],
        ["sweep.zip", "'outpost.x_km'", "outpost.range_km"],
    ),
    "key swept twice": (["outpost.range_km=1,2", "outpost.range_km=3,4"], ["outpost.range_km", "twice"]),
    "output": (["output=a,b"], ["output", "cannot be swept", "one value"]),
    "settings of sweeps": (["sweep.samples=1,2"], ["sweep.samples", "cannot be swept"]),
    "number of replications": (["replications=2,3"], ["replications", "cannot be swept"]),
    "replications to a precision": (["replications=auto", "outpost.range_km=1,2"], ["replications", "auto", "number"]),
    "study": (["study=compare,describe"], ["study", "cannot be swept"]),
    "study that has no points": (["study=describe", "seed=1,2"], ["study", "describe", "compare"]),
    "missing file among the experiments": (["experiment=small.yaml,none.yaml"], ["experiment", "none.yaml"]),
    "bad seed": (["seed=1,-1"], ["seed", "-1", "0"]),
    "no replications": (["replications=0", "outpost.range_km=1,2"], ["replications", "0", "1"]),
    "execution": (["execution=serial,local"], ["execution", "cannot be swept"]),
    "unknown execution": (["execution=cloud", "outpost.range_km=1,2"], ["execution", "cloud", "serial"]),
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
