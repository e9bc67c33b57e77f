"""What the laws in `tests/laws` are tested with: drawn cases, runs, and differences with their standard errors.

A law is tested as follows. Each of its cases gives an `Estimate` in standard errors (`z`). A law "never fewer" fails
where some `z` lies below `-bound(cases)`; a law "the same" where some `abs(z)` lies above `bound(cases, sides=2)`. The
chance that a law that holds is refused is then at most `ERROR` for the whole test, however many cases it has
(Bonferroni). Seeds are fixed, so that a test that passes passes always.
"""

from __future__ import annotations

import math
from functools import cache
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from drawn_scenarios import BROOK, REEDS, RIDGE, RIVER, ROAD, TRACKS
from numpy.typing import NDArray
from small_case import BASE
from small_case import default_case as _default

from sim.outcomes import in_words, interdicted
from sim.scenario import Scenario
from sim.scenario.scenario import validate
from sim.study.replications import Replications, build_worlds
from sim.world import Tables

ERROR = 0.001
"""Chance that one test refuses a law that holds."""

TABLES = Tables()


class Estimate(NamedTuple):
    """A share, or a difference of shares, with its standard error."""

    value: float
    error: float

    @property
    def z(self) -> float:
        """The value in standard errors; 0 where both are 0."""
        return self.value / self.error if self.error else math.copysign(math.inf, self.value) if self.value else 0.0


def bound(cases: int, error: float = ERROR, sides: int = 1) -> float:
    """Standard errors by which one of `cases` may be off by chance: exceeded in no more than `error` of all tests.

    >>> round(bound(1, 0.025), 2), round(bound(10), 2)
    (1.96, 3.72)
    """
    return NormalDist().inv_cdf(1 - error / cases / sides)


@cache
def drawn_case(number: int, *, level: bool = False) -> Scenario:
    """The number-th of a fixed sequence of drawn cases; a pure function of its number.

    Twelve kilometres of ground with a border river; a post or more, patrols, a reserve, one or two groups that set out
    south of the river and want to go north; two weathers. What is drawn lies within the ranges that the schema states,
    so that neither everybody nor nobody is stopped. Arms: ``without``, ``with_outpost``, ``more`` (a post and a patrol
    besides). Each key can be changed by `Scenario.replace`.

    Parameters
    ----------
    level:
        On flat ground: no noise, no slopes.
    """
    rng = np.random.default_rng([17, number])

    def between(low: float, high: float) -> float:
        return round(float(rng.uniform(low, high)), 3)

    def whole(low: int, high: int) -> int:
        return int(rng.integers(low, high + 1))

    def one_of(*values: Any) -> Any:
        return values[rng.integers(len(values))]

    def post(name: str, x_km: float) -> dict[str, Any]:
        sensors = one_of(["eye"], ["thermal"], ["radar", "eye"], ["thermal", "eye"])
        place = {"name": name, "x_km": x_km, "y_km": between(5.8, 7.2), "height_m": between(4, 15), "sensors": sensors}
        men = {"responders": whole(3, 15), "notice_min": whole(0, 40), "vehicle": one_of(True, False)}
        return place | men | {"range_km": between(0.8, 3.0), "staffing": between(0.4, 1.0)}

    def patrol(name: str) -> dict[str, Any]:
        walk = {"track": one_of(*TRACKS), "cycle_min": whole(60, 300), "duty_share": between(0.3, 1.0)}
        return {"name": name, **walk, "range_km": between(0.3, 1.5), "responders": whole(2, 8)}

    def group(name: str) -> dict[str, Any]:
        way = {"start_x_km": between(3, 9), "start_y_km": 1.0, "target_x_km": between(3, 9), "target_y_km": 11.3}
        leaves = {"depart_earliest_min": whole(0, 60), "depart_latest_min": whole(60, 400)}
        kind = one_of("fighters", "fighters", "traffickers", "smugglers", "migrants")
        return {"name": name, "kind": kind, "inland": one_of(True, False), **way, **leaves}

    source = "flat" if level else one_of("flat", "gazetteer", "synthetic")
    lines = [RIVER] + [line for line in (BROOK, REEDS, ROAD) if one_of(True, False)]
    lines += [RIDGE] if source == "gazetteer" else []
    ground = {"source": source, "width_km": 12.0, "height_km": 12.0, "cell_m": one_of(250.0, 500.0)}
    ground |= {"terrain_seed": whole(1, 50)} | ({} if source == "synthetic" else {"lines": lines})
    places = [post(f"post_{place}", float(x_km)) for place, x_km in enumerate(rng.permutation([2.0, 5.5, 8.5]))]
    outpost = post("new_post", between(4, 8)) | {"days_open": between(0, 30)}
    more = {"add_posts": [post("mast", 10.6)], "add_patrols": [patrol("riders")]}
    return validate(
        BASE
        | {
            "name": f"drawn_{number}",
            "terrain": ground,
            "posts": places[: whole(1, 3)],
            "outpost": outpost,
            "patrols": [patrol(f"patrol_{place}") for place in range(whole(0, 2))],
            "reaction_force": BASE["reaction_force"] | {"responders": whole(10, 40), "notice_min": whole(10, 60)},
            "command": {
                "report_delay_min": whole(5, 60),
                "report_delay_law": one_of("fixed", "exponential", "erlang"),
                "sharing_radius_km": between(2, 25),
                "contact_km": between(0.3, 1.0),
                "force_ratio": between(1.5, 4.0),
            },
            "infiltrators": BASE["infiltrators"]
            | {
                "behaviour": one_of("unaware", "informed", "quantal", "best_response"),
                "groups": [group(f"band_{place}") for place in range(whole(1, 2))],
            },
            "inland": {"total_hours_low": 4.0, "total_hours_high": 10.0, "road_hours": 1.0},
            "arms": {"without": {}, "with_outpost": {"changes": {"outpost": {"present": True}}}, "more": more},
            "horizon_min": 2500,
        }
    )


def default_case(**changes: Any) -> Scenario:
    """The default case, with some dotted keys changed."""
    return _default().replace(**changes) if changes else _default()


def played(scenario: Scenario, arm: str, replications: int, seed: int = 1) -> pd.DataFrame:
    """Rows of one arm by the compiled engine, with plain strings."""
    worlds = build_worlds(scenario, (arm,), TABLES)
    return in_words(Replications(worlds, seed).run(0, replications))


def values_of(rows: pd.DataFrame, what: str) -> NDArray[np.float64]:
    """Of each row: 1 or 0 for ``stopped``, for an outcome or for a yes-or-no column; else the column's number."""
    if what == "stopped":
        return interdicted(rows).to_numpy(dtype=float)
    column = rows[what] if what in rows else rows["outcome"] == what
    return column.to_numpy(dtype=float)


def share(rows: pd.DataFrame, what: str = "stopped") -> Estimate:
    """Share of groups (mean of a column), with replications as the independent units."""
    return _ratio(*_sums(rows, what))


def paired(one: pd.DataFrame, other: pd.DataFrame, what: str = "stopped") -> Estimate:
    """Difference of the shares of two runs of the same groups and replications: `one` less `other`."""
    keys = ["replication", "group"]
    assert one[keys].reset_index(drop=True).equals(other[keys].reset_index(drop=True)), "other groups or replications"
    first, counts = _sums(one, what)
    second, _ = _sums(other, what)
    return _ratio(first - second, counts)


def apart(one: pd.DataFrame, other: pd.DataFrame, what: str = "stopped") -> Estimate:
    """Difference of the shares of two independent runs (of other seeds or of other groups)."""
    first, second = share(one, what), share(other, what)
    return Estimate(first.value - second.value, math.hypot(first.error, second.error))


def compared(
    one: Scenario, other: Scenario, arm: str, replications: int, what: str = "stopped", seed: int = 1
) -> Estimate:
    """`paired` of one arm of two scenarios, run with the same random numbers."""
    return paired(played(one, arm, replications, seed), played(other, arm, replications, seed), what)


def _sums(rows: pd.DataFrame, what: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sum and number of the values in each replication that has rows."""
    _, cluster = np.unique(rows["replication"].to_numpy(), return_inverse=True)
    return np.bincount(cluster, values_of(rows, what)), np.bincount(cluster).astype(float)


def _ratio(totals: NDArray[np.float64], counts: NDArray[np.float64]) -> Estimate:
    """Ratio of two sums over independent replications, with its standard error."""
    number, whole = len(counts), counts.sum()
    if number < 2:
        return Estimate(0.0, 0.0)
    value = totals.sum() / whole
    residual = float(((totals - value * counts) ** 2).sum())
    return Estimate(float(value), math.sqrt(residual * number / (number - 1)) / float(whole))
