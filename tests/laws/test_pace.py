"""Laws of pace: an error about the pace of groups costs command little, and who is slower gets no farther for it.

Error rate: each of the tests refuses a law that holds with probability 0.001 at most (one-sided, Bonferroni over its
cases); with seeds fixed, a test that passes passes always.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import pytest
from small_case import default_case

from sim.outcomes import in_words, interdicted
from sim.scenario import Scenario
from sim.scenario.command import Command
from sim.study.replications import Replications, build_worlds
from sim.world import Tables

TABLES = Tables()
ARMS = ("without", "with_outpost")
NUMBER = 4000
BOUND = NormalDist().inv_cdf(1 - 0.001 / len(ARMS))
UNAWARE = {"infiltrators.behaviour": "unaware"}


def loss(arm: str, fixed: dict[str, Any], changes: dict[str, Any]) -> tuple[float, float]:
    """By how much fewer groups are stopped with some changes, in the same runs, and the standard error."""
    case: Scenario = default_case().replace(**UNAWARE, **fixed)
    stopped = []
    for one in (case, case.replace(**changes)):
        rows = in_words(Replications(build_worlds(one, (arm,), TABLES), 1).run(0, NUMBER))
        stopped.append(interdicted(rows).to_numpy(dtype=float))
    less = stopped[0] - stopped[1]
    return float(less.mean()), float(less.std(ddof=1)) / math.sqrt(NUMBER)


@pytest.mark.parametrize("arm", ARMS)
@pytest.mark.parametrize("end", [0, 1])
def test_an_error_about_the_pace_costs_less_than_three_points(arm: str, end: int) -> None:
    """At either end of the range that `expected_pace` states; it was 13 points where men met groups at that pace."""
    pace = Command.model_fields["expected_pace"].json_schema_extra["assumed"][end]  # type: ignore[index,call-overload]
    value, error = loss(arm, {}, {"command.expected_pace": pace})
    assert value - 0.03 <= BOUND * error


@pytest.mark.parametrize("arm", ARMS)
def test_slower_groups_are_not_stopped_less_on_the_grid(arm: str) -> None:
    """The road inland is left out: who takes longer to the road has less of the days that the case gives it all."""
    slower = {"infiltrators.groups.0.pace_low": 0.35, "infiltrators.groups.0.pace_high": 0.65}
    value, error = loss(arm, {"inland.enabled": False}, slower)
    assert value <= BOUND * error
