"""The command line and Python must mean the same by the same words."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.__main__ import main
from sim.cli.command import parse
from sim.scenario.load import scenario_of


@pytest.mark.parametrize(
    "overrides",
    [
        [],
        ["outpost.range_km=12", "command.report_delay_min=45", "infiltrators.behaviour=unaware"],
        ["terrain=synthetic", "light.sunset='18:00'", "arms.with_outpost.cost_usd=1"],
        ["posts=[]", "patrols=[]", "infiltrators.groups.0.size=3", "arms.new.changes.outpost.range_km=3"],
    ],
)
def test_shown_configuration_is_the_scenario_that_python_loads(overrides, capsys):
    assert main(["--cfg", "job", *overrides]) == 0
    shown = yaml.safe_load(capsys.readouterr().out)
    assert scenario_of(shown) == sim.load_scenario(overrides=overrides)


def test_own_file_is_the_scenario_that_python_loads(place, monkeypatch, capsys):
    monkeypatch.chdir(place)
    assert main(["experiment=small.yaml", "--cfg", "job"]) == 0
    shown = scenario_of(yaml.safe_load(capsys.readouterr().out))
    assert shown == sim.load_scenario("small.yaml")
    assert shown == sim.load_scenario(str(place / "small.yaml"))
    assert shown.name == "small"
    assert list(shown.arms) == ["without", "with_outpost"]
    assert shown.terrain.source == "flat"


def test_override_is_what_replace_does():
    case = sim.load_scenario()
    assert sim.load_scenario(overrides=["outpost.range_km=9.5"]) == case.replace(**{"outpost.range_km": 9.5})


def test_last_word_counts():
    assert sim.load_scenario(overrides=["outpost.range_km=3", "outpost.range_km=4"]).outpost.range_km == 4.0


@given(
    words=st.lists(st.sampled_from(["seed=2", "+a.b=1", "~seed", "x=", "terrain=flat", "a=b=c"]), max_size=5),
    multirun=st.sampled_from([None, "-m", "--multirun"]),
    show=st.sampled_from([None, ["--cfg", "job"], ["--cfg=job"], ["-c", "job"]]),
    place=st.integers(0, 5),
)
def test_flags_may_stand_anywhere(words, multirun, show, place):
    given_words = list(words)
    for flag in ([multirun] if multirun else [], show or []):
        given_words[place:place] = flag
    asked = parse(given_words)
    assert asked.overrides == tuple(words)
    assert asked.multirun == (multirun is not None)
    assert asked.show_config == (show is not None)
