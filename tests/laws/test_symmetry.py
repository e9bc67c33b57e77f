"""Law: a mirrored, turned or transposed map, later days, and a longer horizon give the same answer.

Where the draws are the same, rows are compared one by one; where they are not, by shares and their errors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from drawn_scenarios import RAKED
from law_cases import bound, drawn_case, paired, played

from sim.outcomes import COLUMNS
from sim.scenario.scenario import validate

SIDE_KM, OFF_EDGES_KM = 12.0, 0.03
CASES, REPLICATIONS, DAY_MIN = 10, 400, 1440
WITHOUT_PLACES = tuple(name for name in COLUMNS if not name.endswith(("x_km", "y_km", "depth_km")))
OF_GROUPS = tuple(name for name in WITHOUT_PLACES if name not in ("patrol_hours", "false_alarms", "dispatches"))

Place = tuple[float, float]
MAPS: dict[str, Callable[[float, float], Place]] = {
    "mirrored": lambda x, y: (SIDE_KM - x, y),
    "transposed": lambda x, y: (y, x),
    "turned by 90 degrees": lambda x, y: (y, SIDE_KM - x),
}


def moved(data: Any, place: Callable[[float, float], Place]) -> Any:
    """Plain data of a scenario with every place in it moved."""
    if isinstance(data, list):
        return [moved(entry, place) for entry in data]
    if not isinstance(data, dict):
        return data
    found = {key: moved(value, place) for key, value in data.items()}
    for key in [key for key in data if key.endswith("x_km") and data[key] is not None]:
        other = key.replace("x_km", "y_km")
        found[key], found[other] = place(data[key], data[other])
    if data.keys() >= {"lines", "find_probability"}:
        found["lines"] = [[list(place(*point)) for point in line] for line in data["lines"]]
    for key in ("points", "track"):
        if isinstance(data.get(key), list):
            found[key] = [
                moved(entry, place) if isinstance(entry, dict) else list(place(*entry)) for entry in data[key]
            ]
    return found


def level(number: int) -> dict[str, Any]:
    """A drawn case on level ground without reeds, whose edges are ragged by chance; no place on the edge of a cell.

    There is a control strip: patrols read what routes leave on its lines.
    """
    strip = {"control_strip.present": True, "control_strip.lines": list(RAKED)}
    data = drawn_case(number, level=True).replace(**strip).model_dump(mode="json")
    data["terrain"]["lines"] = [line for line in data["terrain"]["lines"] if line["kind"] != "reeds"]
    return dict(moved(data, lambda x, y: (x + OFF_EDGES_KM, y + OFF_EDGES_KM)))


def differing(one: pd.DataFrame, other: pd.DataFrame, columns: Sequence[str], later_min: int = 0) -> float:
    """Share of rows that differ in some column, minutes taken `later_min` later in the second."""
    different = np.zeros(len(one), dtype=bool)
    for name in columns:
        first, second = one[name].to_numpy(), other[name].to_numpy()
        if name.endswith("_min") and name != "hidden_min":
            second = np.where(second >= 0, second - later_min, second)
        different |= first != second
    return float(different.mean())


@pytest.mark.parametrize("name", MAPS)
def test_a_map_may_be_turned(name: str) -> None:
    """No row changes but for places; one in a thousand may, where rounding decides between equals."""
    for number in range(CASES):
        here = level(number)
        data = (here, moved(here, MAPS[name]))
        one, other = (played(validate(each), "with_outpost", REPLICATIONS) for each in data)
        assert differing(one, other, WITHOUT_PLACES) <= 0.001, number
        assert not np.allclose(one["crossing_x_km"], other["crossing_x_km"]), number


def test_a_longer_run_tells_of_the_same_groups_the_same() -> None:
    """All have ended after two days; counts of a whole run (patrol hours, alarms, squads sent) go on."""
    for number in range(CASES):
        case = drawn_case(number)
        one, other = (played(case.replace(horizon_min=horizon), "more", 100) for horizon in (2500, 4000))
        assert not (one["outcome"] == "at_large").any()
        assert differing(one, other, OF_GROUPS) == 0.0, number


def test_all_may_happen_a_day_later() -> None:
    """The same share is stopped and detected, with draws of its own for patrols, alarms and turns of duty: apart by
    chance alone, refused in one of a thousand tests."""
    found = []
    for number in range(CASES):
        case = drawn_case(number)
        leave = {
            f"infiltrators.groups.{place}.depart_{end}_min": getattr(group, f"depart_{end}_min") + DAY_MIN
            for place, group in enumerate(case.infiltrators.groups)
            for end in ("earliest", "latest")
        }
        later = case.replace(horizon_min=2500 + DAY_MIN, **leave)
        one, other = (played(each, "with_outpost", 4 * REPLICATIONS) for each in (case, later))
        assert differing(one, other, ("departed_min", "size", "weather", "crossing"), DAY_MIN) == 0.0, number
        found += [paired(one, other, what) for what in ("stopped", "detected")]
    assert max(abs(each.z) for each in found) < bound(len(found), sides=2), found
