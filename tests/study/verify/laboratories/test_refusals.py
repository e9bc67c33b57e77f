"""Symbols outside what a laboratory can do: refused with the key, the value and the condition that it breaks."""

from __future__ import annotations

from typing import Any

import pytest
from laboratories import SYMBOLS, laboratory

from sim.scenario import ScenarioError
from sim.study.verify.laboratories import read_laboratory

NAN, INF = float("nan"), float("inf")
COMPLETE = [[f"n{one}", f"n{other}", 0.1] for one in range(8) for other in range(one)]
CHAIN = [[number, number + 1, 0.1] for number in range(101)]

# Laboratory, symbols that are changed, and what must stand in the refusal: the key first.
REFUSED: dict[str, tuple[str, dict[str, Any], tuple[str, ...]]] = {
    "R of nothing": ("definite_range", {"R": 0}, ("laboratory.R", "greater than 0", "0")),
    "R below nothing": ("definite_range", {"R": -1.5}, ("laboratory.R", "greater than 0", "-1.5")),
    "R that is no number": ("definite_range", {"R": NAN}, ("laboratory.R", "finite", "nan")),
    "R without end": ("definite_range", {"R": INF}, ("laboratory.R", "finite", "inf")),
    "R beyond bounds": ("definite_range", {"R": 1e7}, ("laboratory.R", "1000000")),
    "R in words": ("definite_range", {"R": "far"}, ("laboratory.R", "number", "'far'")),
    "R in quotes": ("definite_range", {"R": "1"}, ("laboratory.R", "number", "'1'")),
    "R as a switch": ("definite_range", {"R": True}, ("laboratory.R", "number", "True")),
    "R as a list": ("definite_range", {"R": [1.0]}, ("laboratory.R", "number", "[1.0]")),
    "no V": ("definite_range", {"V": None}, ("laboratory.V", "number", "None")),
    "V of nothing": ("definite_range", {"V": 0}, ("laboratory.V", "greater than 0")),
    "x far out east": ("definite_range", {"x": 20.1}, ("laboratory.x", "20.1", "20 R", "20 km")),
    "x far out west": ("definite_range", {"R": 0.5, "x": -10.1}, ("laboratory.x", "-10.1", "20 R", "10 km")),
    "x that is no number": ("definite_range", {"x": NAN}, ("laboratory.x", "finite", "nan")),
    "x at the very edge": ("definite_range", {"x": 1.0}, ("laboratory.x", "is 1", "very edge of R", "0.001 R off")),
    "x just within the edge": ("definite_range", {"R": 5.0, "x": -4.996}, ("laboratory.x", "-4.996", "R (5)")),
    "no step": ("definite_range", {"step_min": 0}, ("laboratory.step_min", "greater than 0")),
    "no lane": ("definite_range", {"lane_km": -1}, ("laboratory.lane_km", "greater than 0")),
    "symbol of another law": ("definite_range", {"q": 1.0}, ("laboratory.q", "no such key")),
    "q below nothing": ("constant_rate", {"q": -0.1}, ("laboratory.q", "greater than or equal to 0", "-0.1")),
    "q without end": ("constant_rate", {"q": INF}, ("laboratory.q", "finite", "inf")),
    "x beyond a constant rate": ("constant_rate", {"x": 21}, ("laboratory.x", "21", "20 R")),
    "K of nothing": ("inverse_cube", {"K": 0.0}, ("laboratory.K", "greater than 0")),
    "R of the inverse cube": ("inverse_cube", {"R": 1.0}, ("laboratory.R", "no such key")),
    "x beyond the inverse cube": ("inverse_cube", {"K": 4.0, "x": 40.5}, ("laboratory.x", "20 sqrt(K)", "40 km")),
    "U of nothing": ("barrier_patrol", {"U": 0}, ("laboratory.U", "greater than 0")),
    "barrier of twice the range": (
        "barrier_patrol",
        {"L": 2, "turning": "inside"},
        ("laboratory.L", "is 2", "turning=inside", "more than 2 R (2)"),
    ),
    "gap too small": (
        "barrier_patrol",
        {"L": 2.15, "turning": "inside"},
        ("laboratory.L", "is 2.15", "turning=inside", "a longer barrier, or a slower patrol"),
    ),
    "barrier too short": ("barrier_patrol", {"L": 0.2}, ("laboratory.L", "is 0.2", "from R/4", "0.25")),
    "barrier too long": ("barrier_patrol", {"L": 501}, ("laboratory.L", "is 501", "500 R")),
    "patrol too fast": ("barrier_patrol", {"V": 501}, ("laboratory.V", "is 501", "100 U (500)")),
    "turning elsewhere": ("barrier_patrol", {"turning": "outside"}, ("laboratory.turning", "'ends'", "'inside'")),
    "area of nothing": ("random_search", {"A": 0}, ("laboratory.A", "greater than 0")),
    "coverage too large": ("random_search", {"t": 201.0}, ("laboratory.t", "is 201", "20.1", "up to 20")),
    "search too short": ("random_search", {"t": 0.03}, ("laboratory.t", "is 0.03", "0.1 to 1000")),
    "search too long": ("random_search", {"t": 401.0, "A": 1e4}, ("laboratory.t", "is 401", "0.1 to 1000")),
    "no men": ("contact", {"n": 0}, ("laboratory.n", "1", "0")),
    "more squads than men": ("contact", {"squads": 9}, ("laboratory.squads", "is 9", "up to n (8)")),
    "a search that is too long": ("contact", {"q": 6.0}, ("laboratory.q", "is 6", "up to 20")),
    "nobody": ("duel", {"x": 0}, ("laboratory.x", "1", "0")),
    "too many": ("duel", {"y": 501}, ("laboratory.y", "500", "501")),
    "too many responders": ("duel", {"x": 501}, ("laboratory.x", "500", "501")),
    "half a man": ("duel", {"x": 1.5}, ("laboratory.x", "integer", "1.5")),
    "man as a switch": ("duel", {"x": True}, ("laboratory.x", "integer", "True")),
    "r below nothing": ("duel", {"r": -1}, ("laboratory.r", "greater than 0", "-1")),
    "p of the square law": ("duel", {"p": 0.4}, ("laboratory.p", "0.4", "law=square")),
    "r of the linear law": ("duel", {"law": "linear", "r": 2.0}, ("laboratory.r", "is 2", "law=linear")),
    "p of no win": ("duel", {"law": "linear", "p": 0.0}, ("laboratory.p", "is 0", "0.001 to 0.999")),
    "p over one": ("duel", {"law": "linear", "p": 1.2}, ("laboratory.p", "1.2", "1")),
    "third law": ("duel", {"law": "cubic"}, ("laboratory.law", "'square'", "'linear'", "'cubic'")),
    "no arcs": ("reliability_path", {"edges": []}, ("laboratory.edges", "empty", "at least one")),
    "arcs that are no list": ("reliability_path", {"edges": 3}, ("laboratory.edges", "3")),
    "arc that is no list": ("reliability_path", {"edges": [3]}, ("laboratory.edges.0", "3")),
    "arc without a probability": ("reliability_path", {"edges": [["a", "b"]]}, ("laboratory.edges.0.2", "required")),
    "probability over one": ("reliability_path", {"edges": [["a", "b", 1.5]]}, ("laboratory.edges.0.2", "1.5", "1")),
    "probability below nothing": ("reliability_path", {"edges": [["a", "b", -0.5]]}, ("laboratory.edges.0.2", "-0.5")),
    "probability of no number": ("reliability_path", {"edges": [["a", "b", NAN]]}, ("laboratory.edges.0.2", "nan")),
    "probability in quotes": ("reliability_path", {"edges": [["a", "b", "0.5"]]}, ("laboratory.edges.0.2", "'0.5'")),
    "probability as a switch": ("reliability_path", {"edges": [["a", "b", True]]}, ("laboratory.edges.0.2", "True")),
    "half a node": ("reliability_path", {"edges": [["a", 1.5, 0.1]]}, ("laboratory.edges.0.1", "1.5", "whole number")),
    "node as a switch": ("reliability_path", {"edges": [[True, 2, 0.1]]}, ("laboratory.edges.0.0", "True")),
    "way to where one is": ("reliability_path", {"target": "a"}, ("laboratory.target", "'a'", "another node")),
    "arcs that do not join": (
        "reliability_path",
        {"edges": [["a", "b", 0.5], ["c", "d", 0.5]]},
        ("laboratory.edges", "no path", "'a'", "'d'"),
    ),
    "arcs that do not join, and very many of them": (
        "reliability_path",
        {"edges": [[one, other, 0.1] for one in range(14) for other in range(one)] + [["c", "d", 0.1]]},
        ("laboratory.edges", "no path", "'d'"),
    ),
    "source that is nowhere": ("reliability_path", {"source": "x"}, ("laboratory.edges", "no path", "'x'")),
    "too many ways": ("reliability_path", {"edges": COMPLETE}, ("laboratory.edges", "more than 200 paths")),
    "too many arcs": ("reliability_path", {"edges": CHAIN}, ("laboratory.edges", "101", "100")),
    "attempts without end": ("repeat_trials", {"p": 1.0, "d": 0.0}, ("laboratory.p", "p (1 - d)", "0.95")),
    "attempts nearly without end": ("repeat_trials", {"p": 0.96, "d": 0.0}, ("laboratory.p", "0.96", "0.95")),
    "d below nothing": ("repeat_trials", {"d": -0.1}, ("laboratory.d", "-0.1")),
    "nobody at all": ("repeat_trials", {"N": 0}, ("laboratory.N", "greater than 0")),
    "no departure": ("detection_chain", {"departures": 0}, ("laboratory.departures", "1")),
    "departures of more than a day": (
        "detection_chain",
        {"departures": 1441},
        ("laboratory.departures", "1440", "1441"),
    ),
    "arm of two words": ("detection_chain", {"arm": "two words"}, ("laboratory.arm", "two words")),
    "unknown case": ("definite_range", {"case": "magic"}, ("laboratory.case", "magic", "duel", "detection_chain")),
    "case of nothing": ("definite_range", {"case": None}, ("laboratory.case", "None", "duel")),
}


@pytest.mark.parametrize(("case", "symbols", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_is_refused_in_one_line(case: str, symbols: dict[str, Any], words: tuple[str, ...]) -> None:
    with pytest.raises(ScenarioError) as refusal:
        laboratory(case, **symbols)
    text = str(refusal.value)
    assert refusal.value.key == words[0]
    assert [word for word in words if word not in text] == []
    assert "\n" not in text


@pytest.mark.parametrize("case", [case for case, symbols in SYMBOLS.items() if symbols and case != "repeat_trials"])
def test_symbols_that_are_left_out_are_named(case: str) -> None:
    with pytest.raises(ScenarioError, match="is required and missing") as refusal:
        read_laboratory({"case": case})
    assert refusal.value.key.removeprefix("laboratory.") in SYMBOLS[case]


@pytest.mark.parametrize("data", [{}, {"x": 3, "y": 2}])
def test_a_laboratory_without_a_case_is_refused_with_those_there_are(data: dict[str, Any]) -> None:
    with pytest.raises(ScenarioError, match=r"laboratory\.case: is missing; allowed: .*definite_range.*repeat_trials"):
        read_laboratory(data)


@pytest.mark.parametrize("data", [3, "duel", [], None])
def test_what_is_no_mapping_is_refused(data: Any) -> None:
    with pytest.raises(ScenarioError) as refusal:
        read_laboratory(data)
    assert refusal.value.key == "laboratory"


BOUNDS: dict[str, tuple[str, dict[str, Any]]] = {
    "x at 20 R": ("definite_range", {"x": 20.0}),
    "no rate": ("constant_rate", {"q": 0}),
    "barrier of a quarter": ("barrier_patrol", {"L": 0.25}),
    "barrier of 500": ("barrier_patrol", {"L": 500.0}),
    "barrier just wide enough": ("barrier_patrol", {"L": 2.2, "turning": "inside"}),
    "fastest patrol": ("barrier_patrol", {"V": 500.0}),
    "coverage of 20": ("random_search", {"t": 200.0}),
    "shortest search": ("random_search", {"t": 0.04}),
    "certain arc": ("reliability_path", {"edges": [["a", "b", 1], ["b", 2, 0]]}),
    "hardest to get away": ("repeat_trials", {"p": 1.0, "d": 0.05}),
    "nobody is caught": ("repeat_trials", {"p": 0.0, "d": 1.0}),
}


@pytest.mark.parametrize(("case", "symbols"), BOUNDS.values(), ids=BOUNDS.keys())
def test_the_bounds_themselves_are_allowed(case: str, symbols: dict[str, Any]) -> None:
    assert laboratory(case, **symbols).case == case
