"""What all laboratories share: what theory expects, bare ground in clear air, people who walk straight on, units."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.scenario.base import ScenarioError, Section, choice, quantity

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.scenario import Scenario
    from sim.study.replications import Replications

Data = dict[str, Any]
Counts = NDArray[np.int64]
Front = tuple[float, float, int]
"""Where people cross, from west to east in model kilometres, and in how many lanes."""

KOOPMAN = "Koopman 1946"

RANGE_KM = 4.0
"""Range of the sensor on the model's ground, whatever it is in the laboratory; in whole metres, as rates are kept."""

WALKS_KMH = 6.0 * math.exp(-3.5 * 0.05) * 0.6
"""Tobler's pace over level ground off path, at which a route's steps are a minute each."""

LONGEST_STEP_KM = 0.07
"""Of a group in a minute of the model; its pace over open ground may be half as fast again as Tobler's, not more."""

FINEST_STEP, COARSEST_STEP = 1 / 4000, 50.0
"""Steps that may be asked for, in ranges: finer ones take too long, coarser ones leave nothing of a range."""

CERTAIN_PER_HOUR = 1e5
"""A rate at which nobody passes a minute undetected; higher ones make no difference."""

CELL_M = 500.0
SPARE_KM = 0.5
EVENING = {"start": "2019-11-03T22:00", "weather": [{"name": "clear", "probability": 1.0, "visibility": 1.0}]}


def symbol(doc: str, unit: str = "", default: Any = ..., **bounds: Any) -> Any:
    """A number that stands for a symbol of the formula, or says how it is run."""
    return quantity(default, doc, unit=unit, assumed="the formula's symbol", **bounds)


def word(doc: str, default: Any = ...) -> Any:
    """A word or list that belongs to the formula."""
    return choice(default, doc, assumed="the formula's")


@dataclass(frozen=True)
class Expectation:
    """An exact value, and how the mean over replications becomes an estimate of it.

    Attributes
    ----------
    quantity, unit:
        What is estimated, in words, and its unit; empty for pure numbers.
    mean, variance:
        Exact, of what is counted in one replication.
    formula, source:
        The closed form, as people write it, and where it stands.
    factor, offset:
        The quantity is ``offset + factor * mean``: a sweep width is a share times the width of the front, and the
        known width beyond the front.
    """

    quantity: str
    mean: float
    variance: float
    formula: str
    source: str
    unit: str = ""
    factor: float = 1.0
    offset: float = 0.0

    @property
    def exact(self) -> float:
        """The closed form's own value of the quantity."""
        return self.quantity_at(self.mean)

    @property
    def is_share(self) -> bool:
        """Whether 0 or 1 is counted in each replication."""
        return self.variance == self.mean * (1 - self.mean)

    def quantity_at(self, mean: float) -> float:
        """The quantity for some mean over replications.

        >>> Expectation("width", 0.5, 0.25, "2 R", "", factor=4.0).quantity_at(0.25)
        1.0
        """
        return self.offset + self.factor * mean

    def z(self, mean: float, trials: int) -> float:
        """Standard errors, by the exact variance, between a mean over trials and the exact one.

        Where nothing is random it is 0 or infinite.

        >>> Expectation("share", 0.5, 0.25, "", "").z(0.6, 100)
        1.99...
        """
        error = math.sqrt(self.variance / trials)
        if error > 0:
            return (mean - self.mean) / error
        return 0.0 if mean == self.mean else math.copysign(math.inf, mean - self.mean)


def share(quantity: str, probability: float, formula: str, source: str, **more: Any) -> Expectation:
    """The expectation of a share of replications."""
    return Expectation(quantity, probability, probability * (1 - probability), formula, source, **more)


class Case(Section):
    """A laboratory: the symbols of a formula, the scenario in which it must come out, and what is counted there."""

    def expand(self) -> Data:
        """The scenario as plain data."""
        raise NotImplementedError

    def expand_over(self, config: Data) -> Data:  # noqa: ARG002
        """What is put over a configuration; by default a whole scenario, which leaves nothing of the case at hand."""
        return self.expand()

    def closed_form(self) -> Expectation:
        """What theory says of these symbols."""
        raise NotImplementedError

    def expectation(self, scenario: Scenario) -> Expectation:  # noqa: ARG002
        """What theory says of the laboratory in a scenario; by default that depends on the symbols alone."""
        return self.closed_form()

    def arm_in(self, scenario: Scenario) -> str:
        """The arm that is run."""
        return scenario.baseline

    def happened(self, rows: pd.DataFrame) -> pd.Series:
        """Whether the event whose probability is known happened, by row."""
        return rows["detected"]

    def counts(self, job: Replications, start: int, stop: int) -> Counts:
        """What is counted in replications start .. stop - 1, shape (stop - start,); by default 1 for the event."""
        rows = job.run(start, stop)
        counts = np.zeros(stop - start, dtype=np.int64)
        counts[rows.loc[self.happened(rows), "replication"].to_numpy() - start] = 1
        return counts

    def estimates(self, trials: int, total: int, positive: int) -> dict[str, float | None]:  # noqa: ARG002
        """What records alone would let a statistician say: from replications, their counts, and how many are not 0."""
        return {}


class PassingCase(Case):
    """A laboratory in which people pass a sensor: its steps and lanes may be coarsened, to see what that costs."""

    step_min: float | None = symbol(
        "laboratory minutes in a step of the model; null: too short to matter", "min", None, gt=0, le=1e6
    )
    lane_km: float | None = symbol(
        "width of the lanes in which people pass; null: too narrow to matter", "km", None, gt=0, le=1e6
    )

    def lanes(self, front_km: float, otherwise: int) -> int:
        """Lanes over a front in laboratory kilometres."""
        return otherwise if self.lane_km is None else max(1, min(10_000, round(front_km / self.lane_km)))


class Scale(NamedTuple):
    """Model kilometres in one of the laboratory (`km`), and laboratory minutes in a step of the model (`step_min`)."""

    km: float
    step_min: float

    def reach_km(self, reach: float) -> float:
        """A reach of the laboratory in the model's units: whole metres, since rates are kept by the metre."""
        return round(reach * self.km, 3)

    def speed_kmh(self, speed: float) -> float:
        """A speed of the laboratory in the model's units."""
        return speed * self.km * self.step_min

    def rate_per_hour(self, rate: float) -> float:
        """A rate of the laboratory in the model's units."""
        return rate * self.step_min


def scale(range_km: float, speed_kmh: float, closing_kmh: float, steps: float, step_min: float | None) -> Scale:
    """Units in which a range becomes `RANGE_KM`, and so many steps at the closing speed cross it.

    Where the step is given (`step_min`, laboratory minutes), the ground shrinks until people can walk that far in a
    minute; `ScenarioError` is raised if it is too fine or too coarse for the range.
    """
    if step_min is None:
        step_min = 60.0 * min(range_km / steps / closing_kmh, LONGEST_STEP_KM / RANGE_KM * range_km / speed_kmh)
    else:
        finest, coarsest = (60.0 * share * range_km / speed_kmh for share in (FINEST_STEP, COARSEST_STEP))
        if not finest <= step_min <= coarsest:
            raise ScenarioError(
                "laboratory.step_min", f"is {step_min:g}; allowed with these symbols: {finest:.3g} to {coarsest:.3g}"
            )
    step_km = speed_kmh * step_min / 60.0
    # 1e-6 is added, lest rounding takes a metre off the usual range.
    metres = min(RANGE_KM * 1000, math.floor(1000 * LONGEST_STEP_KM * range_km / step_km + 1e-6))
    return Scale(max(1, metres) / 1000 / range_km, step_min)


def bare_ground(size_km: tuple[float, float], walking_kmh: float, front: Front, detects: Data | None = None) -> Data:
    """A scenario of bare, level ground on which people walk at a pace (model units), with nobody on it yet.

    They cross a front; `detects` is the sensor of whoever will watch them.
    """
    width_km, height_km = size_km
    return {
        "terrain": {
            "source": "flat",
            # A little more, lest rounding puts an end of the route off the grid.
            "width_km": width_km + SPARE_KM,
            "height_km": height_km + SPARE_KM,
            "cell_m": min(2000.0, max(CELL_M, width_km, height_km)),
            "lines": [],
            "points": [],
            "cover": {"open": {"foot_factor": walking_kmh / WALKS_KMH, "concealment": 0.0}},
        },
        "light": dict(EVENING),
        "sensors": {"laboratory": detects} if detects else {},
        "posts": [],
        "patrols": [],
        "outpost": {"x_km": 0.0, "y_km": 0.0, "present": False, "sensors": [], "responders": 0},
        "reaction_force": {"x_km": 0.0, "y_km": 0.0, "responders": 0},
        "control_strip": {"present": False},
        "command": {
            "sharing_radius_km": 0.0,
            "cue_interior": False,
            "report_delay_min": 0,
            "report_delay_law": "fixed",
            "night_pace": 1.0,
            "vehicle_night_pace": 1.0,
        },
        "inland": {"enabled": False},
        "infiltrators": {
            "behaviour": "unaware",
            "size_exponent": 0.0,
            "spread_min": 1.0,
            "front": dict(zip(("west_km", "east_km", "lanes"), front, strict=True)),
            "ways": [],
            "groups": [],
            "streams": [],
        },
        "arms": {"without": {"description": "the laboratory"}},
        "baseline": "without",
        "sectors": [],
    }


def walkers(height_km: float, **more: Any) -> Data:
    """One person who walks from the southern edge of the ground to the northern one, and stops for nothing."""
    plain: Data = {"kind": "smugglers", "size": 1, "signature": 1.0, "will_to_fight": 0.0}
    steady: Data = {"pace_low": 1.0, "pace_high": 1.0, "night_pace": 1.0, "lies_up": False, "rafts_by_night": False}
    ends: Data = {"start_x_km": 0.0, "start_y_km": 0.0, "target_x_km": 0.0, "target_y_km": height_km}
    return {"name": "walker", "inland": False, "notice_km": 0.0, **plain, **steady, **ends, **more}


def send_one_group(data: Data, height_km: float, walking_kmh: float, **more: Any) -> None:
    """Let one group of `walkers` leave in the first minute, and the run last until it has crossed the ground."""
    data["infiltrators"]["groups"] = [walkers(height_km, depart_earliest_min=1, depart_latest_min=1, **more)]
    data["horizon_min"] = math.ceil(60 * height_km / walking_kmh) + 10


def sensor(law: str, rate_per_hour: float = 0.0) -> Data:
    """A sensor that sees as well by night as by day."""
    steady: Data = {"twilight_factor": 1.0, "night_factor": 1.0, "weather_sensitivity": 0.0, "powered": False}
    return {"kind": "radar", "law": law, "rate_per_hour": min(rate_per_hour, CERTAIN_PER_HOUR), **steady}


def post(x_km: float, y_km: float, range_km: float, **more: Any) -> Data:
    """A post that watches all the time, with all its staff, and sends nobody."""
    steady: Data = {"staffing": 1.0, "false_alarms_per_day": 0.0, "power_cuts_per_day": 0.0, "days_open": 1000.0}
    place: Data = {"name": "watch", "x_km": x_km, "y_km": y_km, "range_km": range_km, "height_m": 200.0}
    return {**place, "sensors": ["laboratory"], "responders": 0, **steady, **more}
