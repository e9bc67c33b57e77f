"""Bad laboratories and bad verifications: status 2, one line that names the key, and nothing written."""

from __future__ import annotations

import pytest

VERIFY = "study=verify"


def of(name: str) -> str:
    return f"experiment=verification/{name}"


REFUSED = {
    "symbol out of range": ([VERIFY, of("duel"), "laboratory.r=-1"], ["laboratory.r", "-1", "greater than 0"]),
    "symbol in words": ([VERIFY, of("duel"), "laboratory.x=two"], ["laboratory.x", "integer", "'two'"]),
    "symbol of no number": ([VERIFY, of("barrier_patrol"), "laboratory.L=nan"], ["laboratory.L", "finite", "nan"]),
    "symbol without end": ([VERIFY, of("definite_range"), "laboratory.R=inf"], ["laboratory.R", "finite", "inf"]),
    "symbol that there is not": ([VERIFY, of("duel"), "laboratory.z=1"], ["laboratory.z", "no such key"]),
    "symbol that is added": ([VERIFY, of("duel"), "+laboratory.z=1"], ["laboratory.z", "no such key"]),
    "symbol that is deleted": ([VERIFY, of("duel"), "~laboratory.x"], ["laboratory.x", "required"]),
    "barrier too short to turn inside": (
        [VERIFY, of("barrier_patrol"), "laboratory.L=2", "laboratory.turning=inside"],
        ["laboratory.L", "is 2", "turning=inside", "more than 2 R (2)"],
    ),
    "arcs of nothing": ([VERIFY, of("reliability_path"), "laboratory.edges=[]"], ["laboratory.edges", "empty"]),
    "step too coarse": (
        [VERIFY, of("definite_range"), "laboratory.step_min=100000"],
        ["laboratory.step_min", "is 100000", "allowed with these symbols"],
    ),
    "case that there is not": (
        [VERIFY, of("duel"), "laboratory.case=magic"],
        ["laboratory.case", "magic", "definite_range", "repeat_trials"],
    ),
    "case with another's symbols": (
        [VERIFY, of("duel"), "laboratory.case=definite_range"],
        ["laboratory.", "required"],
    ),
    "laboratory that is a number": ([VERIFY, of("duel"), "laboratory=3"], ["laboratory", "3"]),
    "laboratory taken away": ([VERIFY, of("duel"), "laboratory=null"], ["experiment", "no laboratory", "duel"]),
    "experiment without a laboratory": (
        [VERIFY, "experiment=shahrituz_2019"],
        ["experiment", "no laboratory to verify", "verification/definite_range"],
    ),
    "own case without a laboratory": ([VERIFY, "experiment=small.yaml"], ["experiment", "no laboratory to verify"]),
    "experiment that there is not": (
        [VERIFY, "experiment=verification/nosuch"],
        ["experiment", "verification/nosuch", "verification/duel", "shahrituz_2019"],
    ),
    "experiment that there is not, in another study": (
        ["experiment=verification/nosuch"],
        ["experiment", "verification/nosuch", "verification/duel"],
    ),
    "symbol put wrongly, in another study": (["study=compare", of("duel"), "laboratory.x=0"], ["laboratory.x", "0"]),
    "scenario's key on top": ([VERIFY, of("definite_range"), "posts.0.staffing=2"], ["posts.0.staffing", "2", "1"]),
    "front that leads off the ground": (
        [VERIFY, of("definite_range"), "infiltrators.front.east_km=2000"],
        ["infiltrators.front.east_km", "2000", "off the grid"],
    ),
    "front on other ground": (
        [VERIFY, of("definite_range"), "terrain.source=synthetic"],
        ["infiltrators.front.lanes", "terrain.source=flat"],
    ),
    "arm that there is not": (
        [VERIFY, of("detection_chain"), "laboratory.arm=nobody"],
        ["arm", "nobody", "with_outpost"],
    ),
    "chain that cannot be enumerated": (
        [VERIFY, of("detection_chain"), "control_strip.present=true", "control_strip.lines=[[[18.5,9.8],[22.5,11.5]]]"],
        ["control_strip.present", "true", "false"],
    ),
    "replications until known": ([VERIFY, of("duel"), "replications=auto"], ["replications", "auto", "whole number"]),
    "half a replication": ([VERIFY, of("duel"), "replications=1.5"], ["replications", "1.5"]),
    "engine that there is not": ([VERIFY, of("duel"), "engine=fast"], ["engine", "'fast'", "mesa"]),
    "a sweep of a verification": (["-m", VERIFY, of("duel"), "seed=1,2"], ["study", "verify", "allowed with -m"]),
    "a sweep of symbols": (["-m", of("duel"), "laboratory.x=1,2"], ["laboratory.x", "cannot be swept"]),
}

# All links at once: nothing may be said of a single one, under whatever name the study is asked for.
ALL = {
    "key of one case": (["outpost.range_km=3"], ["outpost.range_km", "belongs to one case", "verification/NAME"]),
    "symbol of one laboratory": (["laboratory.R=1"], ["laboratory.R", "verification/NAME"]),
    "no laboratory": (["laboratory=null"], ["laboratory", "verification/NAME"]),
    "key that there is not": (["typo=1"], ["typo", "verification/NAME"]),
    "no replications": (["replications=0"], ["replications", "0", "1"]),
    "replications until known": (["replications=auto"], ["replications", "auto", "whole number"]),
    "negative seed": (["seed=-1"], ["seed", "-1"]),
}


@pytest.mark.parametrize(("arguments", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_laboratory_is_refused(arguments, words, refused):
    refused(arguments, words)


@pytest.fixture
def all_refused(workplace, capsys, monkeypatch):
    """As `refused`, without the experiment that it names by itself."""
    from sim.__main__ import main

    def check(arguments, words):
        before = sorted(workplace.parent.rglob("*"))
        assert main(list(arguments)) == 2
        told = capsys.readouterr()
        assert told.err.startswith("border-sim: ")
        assert told.err.count("\n") == 1
        assert "Traceback" not in told.out + told.err
        assert [word for word in words if word not in told.err] == []
        assert sorted(workplace.parent.rglob("*")) == before

    return check


@pytest.mark.parametrize("study", ["study=verify", "study.name=verify"])
@pytest.mark.parametrize(("arguments", "words"), ALL.values(), ids=ALL.keys())
def test_what_is_said_of_all_links_is_refused(study, arguments, words, all_refused):
    if study == "study.name=verify" and arguments[0].startswith(("laboratory", "typo")):
        words = words[:1]  # refused by the configuration itself, in other words
    all_refused([study, *arguments], words)
