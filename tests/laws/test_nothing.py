"""Law: nothing does nothing. What can neither see, read, move nor fight changes no row, whoever else is there.

Rows are compared column by column, to the bit, in drawn cases and in the default one: there is no error rate.
"""

from __future__ import annotations

from typing import Any

import pytest
from drawn_scenarios import RAKED, TRACKS
from law_cases import default_case, drawn_case, played

from sim.outcomes import COLUMNS
from sim.scenario import Scenario

CASES, REPLICATIONS = 12, 100
NOBODY = {"responders": 0, "range_km": 0.0}
UNWALKED = [[1.0, 10.8], [11.0, 10.8]]
"""Where groups come past on their way to the targets, and no patrol."""


def here(number: int) -> Scenario:
    """A drawn case with a strip, and with groups that look out for patrols."""
    wary = {"notice_km": 1.0, "notice_probability": 0.9}
    groups = [{**group.model_dump(mode="json"), **wary} for group in drawn_case(number).infiltrators.groups]
    strip = {"present": True, "lines": list(RAKED), "find_probability": 0.7}
    return drawn_case(number).replace(**{"control_strip": strip, "infiltrators.groups": groups})


def with_patrol(case: Scenario, **keys: Any) -> Scenario:
    """The case with one more patrol, always out, and along the bank where not said otherwise."""
    added = {"name": "added", "track": TRACKS[0], "duty_share": 1.0, **keys}
    return case.replace(patrols=[*case.model_dump(mode="json")["patrols"], added])


def with_post(case: Scenario) -> Scenario:
    empty = {"name": "empty", "x_km": 6.0, "y_km": 6.1, "sensors": [], "power_cuts_per_day": 3.0, **NOBODY}
    return case.replace(posts=[*case.model_dump(mode="json")["posts"], empty])


def with_line(case: Scenario) -> Scenario:
    return case.replace(**{"control_strip.lines": [*case.model_dump(mode="json")["control_strip"]["lines"], UNWALKED]})


NOTHING = {
    "a patrol of nobody": lambda case: with_patrol(case, **NOBODY),
    "a post of nobody without a sensor": with_post,
    "a line that nobody reads": with_line,
}


def differing(one: Scenario, other: Scenario, arm: str, replications: int = REPLICATIONS) -> list[str]:
    """Columns in which some row of two cases differs."""
    first, second = (played(case, arm, replications) for case in (one, other))
    return [name for name in COLUMNS if not first[name].equals(second[name])]


@pytest.mark.parametrize("what", NOTHING)
def test_nothing_does_nothing(what: str) -> None:
    for number in range(CASES):
        case = here(number).replace(**{"command.cue_interior": bool(number % 2)})
        assert differing(case, NOTHING[what](case), "with_outpost") == [], number


def test_a_reaction_force_of_nobody_may_stand_anywhere() -> None:
    for number in range(CASES):
        case = here(number).replace(**{"reaction_force.responders": 0})
        near = case.replace(
            reaction_force={"name": "reserve", "x_km": 6.0, "y_km": 7.5, "responders": 0, "notice_min": 0}
        )
        assert differing(case, near, "with_outpost") == [], number


def test_what_does_something_is_told_apart() -> None:
    """Lest the law hold because nothing ever changes a row: the same patrol with men, and the line with a reader."""
    men = {"range_km": 0.0, "responders": 5}
    some = [differing(here(number), with_patrol(here(number), **men), "with_outpost") for number in range(CASES)]
    assert sum("detected_how" in columns for columns in some) > CASES / 2
    reader = [with_patrol(here(number), **men, track=UNWALKED) for number in range(CASES)]
    some = [differing(case, with_line(case), "with_outpost") for case in reader]
    assert sum("detected_how" in columns for columns in some) > CASES / 2


def test_a_patrol_of_nobody_does_nothing_in_the_default_case() -> None:
    """On this track it was worth 15 points, when each track brought a strip with it that was read for nothing."""
    case = with_patrol(default_case(), **NOBODY, track=[[30.2, 24.0], [31.5, 26.0], [34.0, 26.0]])
    assert differing(default_case(), case, "without", 200) == []
