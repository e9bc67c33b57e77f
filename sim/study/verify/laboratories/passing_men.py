"""The laboratory in which a group passes men who wait for it, and they meet it by random search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self

from pydantic import model_validator

from sim import theory
from sim.study.verify.laboratories.base import (
    KOOPMAN,
    Case,
    Data,
    Expectation,
    bare_ground,
    post,
    send_one_group,
    sensor,
    share,
    symbol,
    word,
)
from sim.study.verify.laboratories.contact import HEIGHT_KM, POST_KM, RANGE_KM, STEADY, STEP_KM, WALKING_KMH

if TYPE_CHECKING:
    import pandas as pd

MINUTES = 21
"""In which a walker is near men who wait: from the tenth step before them to the tenth after."""

MOST_COVERAGE = 20.0
"""Of n q 2 R / U: beyond it they always meet."""


class Contact(Case):
    """Men who wait for a group on its way meet it by random search while it passes, in however many squads they come.

    The group is within R of them for 2 R / U, which are so many minutes of the model as it takes steps near them.
    """

    case: Literal["contact"] = word("which laboratory")
    n: int = symbol("men", "persons", ge=1, le=500)
    squads: int = symbol("squads in which they come", "", 1, ge=1, le=20)
    q: float = symbol("rate at which a man meets a group that is near", "1/h", ge=0, le=1e6)
    R: float = symbol("distance that is near", "km", gt=0, le=1e6)
    U: float = symbol("speed of the group", "km/h", gt=0, le=1e6)

    @model_validator(mode="after")
    def _is_valid(self) -> Self:
        if self.squads > self.n:
            raise ValueError(f"squads is {self.squads}; allowed: up to n ({self.n})")
        if self.n * self._of_one > MOST_COVERAGE:
            raise ValueError(f"q is {self.q:g}; allowed: so much that n q 2 R / U is up to {MOST_COVERAGE:g}")
        return self

    @property
    def _of_one(self) -> float:
        """What one man adds to the hazard while the group passes."""
        return self.q * 2 * self.R / self.U

    def expand(self) -> Data:
        """The scenario as plain data: command takes the group to be quick, so that the men are there long before it."""
        data = bare_ground((6.0, HEIGHT_KM), WALKING_KMH, (2.0, 4.0, 1), sensor("definite_range"))
        all_go = {"force_ratio": 20.0, "sharing_radius_km": 50.0, "farthest_on_pace": 3.0}
        per_hour = 60.0 * self._of_one / MINUTES
        data["command"] |= {**STEADY, **all_go, "contact_km": MINUTES * STEP_KM / 2, "contact_per_man_hour": per_hour}
        waiting: Data = {"height_m": 30.0, "sensors": [], "notice_min": 0, "vehicle": False}
        data["posts"] = [post(3.0, POST_KM + STEP_KM / 2, RANGE_KM, height_m=30.0)]
        for number in range(self.squads):
            men = self.n // self.squads + (number < self.n % self.squads)
            data["posts"].append(post(3.0, 2 * POST_KM, 0.0, **waiting, name=f"squad_{number}", responders=men))
        send_one_group(data, HEIGHT_KM, WALKING_KMH, size=500)
        return data

    def closed_form(self) -> Expectation:
        """The probability that any of them meets it."""
        met = float(theory.random_search(self.n * self._of_one))
        return share("men meet the group", met, "1 - exp(-n q 2 R / U)", KOOPMAN)

    def happened(self, rows: pd.DataFrame) -> pd.Series:
        """Whether the group was met."""
        return rows["intercepted"]
