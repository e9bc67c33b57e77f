"""Laboratories in which a walker passes posts for a known number of minutes: duels, repeated trials, networks."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

import numpy as np
from pydantic import Field, PlainValidator, model_validator

from sim import theory
from sim.outcomes import INTERDICTED
from sim.rules.randomness import Purpose, entity, replication_key, uniform
from sim.study.verify.laboratories.base import (
    Case,
    Counts,
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

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.replications import Replications

HEIGHT_KM, POST_KM = 12.0, 3.0
"""Of the ground, and from its southern edge to the post."""

RANGE_KM, STEP_KM, GLIMPSES = 0.5, 0.05, 20
"""Of a post, of a walker in a minute, and the minutes that a walker spends within range."""

WALKING_KMH = 60 * STEP_KM

STEADY = {
    "contact_km": 1.0,
    "contact_per_man_hour": 1000.0,
    "shadow_loss_per_hour": 0.0,
    "engage_ratio": 0.0,
    "common_picture": True,
    "route_guess_probability": 1.0,
    "pursuit_limit_min": 10_000,
    "wait_min": 10_000,
}
"""Command under which no group that is followed is lost."""

LEAST_P = 1e-3
MOST_AGAIN = 0.95
"""Of p (1 - d): beyond it attempts hardly ever end."""

APART = 10**10
"""A person's k-th attempt is the replication with the person's number and k times so many."""

MOST_ARCS, MOST_PATHS = 100, 200
APART_KM = 4 * RANGE_KM
"""Between lanes, and between the posts on one: nobody is in range of two."""


def _post(name: str, x_km: float, y_km: float, **more: object) -> Data:
    """A post on the route that has a walker in range for `GLIMPSES` minutes; `y_km` is a multiple of the step.

    It is half a step off the steps, so that no rounding can make it a minute more or less.
    """
    return post(x_km, y_km + STEP_KM / 2, RANGE_KM, name=name, height_m=30.0, **more)


def _detects_with(probability: float) -> Data:
    """A sensor that detects with this probability in `GLIMPSES` minutes together."""
    if probability == 1:
        return sensor("definite_range")
    return sensor("constant_rate", -math.log1p(-probability) * 60.0 / GLIMPSES)


def _meeting(responders: int, detects: Data, **group: Any) -> Data:
    """A post whose responders go out to every group that it has detected, and meet it for certain."""
    data = bare_ground((6.0, HEIGHT_KM), WALKING_KMH, (2.0, 4.0, 1), detects)
    data["command"] |= STEADY
    squad = {"responders": responders, "notice_min": 0, "response_km": 50.0, "frontage_km": 100.0, "vehicle": True}
    data["posts"] = [_post("watch", 3.0, POST_KM, **squad)]
    send_one_group(data, HEIGHT_KM, WALKING_KMH, **group)
    return data


class Duel(Case):
    """Responders fight a group to the last: Lanchester's square or linear law, as a chain of single losses.

    Of x responders and y of the group, the next to fall is of the group with r x / (r x + y) (square) or p (linear).
    """

    case: Literal["duel"] = word("which laboratory")
    x: int = symbol("responders who are sent", "persons", ge=1, le=500)
    y: int = symbol("people in the group", "persons", ge=1, le=500)
    law: Literal["square", "linear"] = word("aimed fire, or single combat", "square")
    r: float = symbol("square law: effectiveness of a responder over one of the group", "", 1.0, gt=0, le=1000)
    p: float = symbol("linear law: that the next to fall is of the group", "", 0.5, ge=0, le=1)

    @model_validator(mode="after")
    def _is_valid(self) -> Self:
        if self.law == "linear" and not LEAST_P <= self.p <= 1 - LEAST_P:
            raise ValueError(f"p is {self.p:g}; allowed: {LEAST_P:g} to {1 - LEAST_P:g}, so that either side may win")
        if self.law == "linear" and self.r != 1.0:
            raise ValueError(f"r is {self.r:g}; allowed with law=linear: nothing but 1, it has no part in it")
        if self.law == "square" and self.p != 0.5:
            raise ValueError(f"p is {self.p:g}; allowed with law=square: nothing but 0.5, it has no part in it")
        return self

    def expand(self) -> Data:
        """The scenario as plain data."""
        data = _meeting(self.x, sensor("definite_range"), kind="fighters", size=self.y, will_to_fight=1.0)
        effectiveness = self.r if self.law == "square" else self.p / (1.0 - self.p)
        to_the_last = {"surrender_at": 1.0, "break_off_at": 1.0, "abandon_at": 1.0}
        data["engagement"] = {"law": self.law, "effectiveness": effectiveness, **to_the_last}
        return data

    def closed_form(self) -> Expectation:
        """The probability that the responders win."""
        won = theory.duel_win_probability(self.x, self.y, law=self.law, r=self.r, p=self.p)
        return share("men win", won, "P(x, y) = q P(x, y-1) + (1-q) P(x-1, y)", "Brown 1963")

    def happened(self, rows: pd.DataFrame) -> pd.Series:
        """Whether the group was killed to the last."""
        return rows["outcome"] == "killed"


class RepeatTrials(Case):
    """N persons, apprehended with p at each attempt; after an apprehension a share d gives up, the others try again."""

    case: Literal["repeat_trials"] = word("which laboratory")
    N: float = symbol("persons", "persons", 1000.0, gt=0, le=1e12)
    p: float = symbol("apprehension probability of an attempt", ge=0, le=1)
    d: float = symbol("that a person gives up after an apprehension", "", 0.0, ge=0, le=1)

    @model_validator(mode="after")
    def _is_valid(self) -> Self:
        again = self.p * (1 - self.d)
        if again > MOST_AGAIN:
            raise ValueError(f"p is {self.p:g}, which makes p (1 - d) {again:g}; allowed: up to {MOST_AGAIN:g}")
        return self

    def expand(self) -> Data:
        """The scenario of one attempt as plain data."""
        return _meeting(4, _detects_with(self.p)) | {"engagement": {"capture_probability": 1.0}}

    def closed_form(self) -> Expectation:
        """Apprehensions of a person: none with 1 - p, else as many as it takes until one is not followed by another."""
        again = float(theory.repeated_trials_reapprehended_fraction(self.p, self.d))
        mean = float(theory.repeated_trials_apprehensions(1.0, self.p, self.d))
        variance = self.p * (1 + again) / (1 - again) ** 2 - mean**2
        formula, source = "A = N p / (1 - p (1 - d))", "Espenshade 1990"
        return Expectation("apprehensions", mean, variance, formula, source, "persons", factor=self.N)

    def counts(self, job: Replications, start: int, stop: int) -> Counts:
        """How often each person is apprehended; one who is, and is not deterred, tries again with new draws."""
        counts = np.zeros(stop - start, dtype=np.int64)
        trying, attempt = np.arange(start, stop), 0
        while len(trying):
            rows = job.run_these(trying + attempt * APART)
            caught = trying[rows["outcome"].isin(INTERDICTED).to_numpy()]
            counts[caught - start] += 1
            again = [person for person in caught.tolist() if not self._gives_up(job.seed, person, attempt)]
            trying, attempt = np.array(again, dtype=int), attempt + 1
        return counts

    def _gives_up(self, seed: int, person: int, attempt: int) -> bool:
        return uniform(replication_key(seed, person), entity("deterred"), Purpose.DETERRED, attempt) < self.d

    def estimates(self, trials: int, total: int, positive: int) -> dict[str, float | None]:
        """What a statistician who sees apprehensions only would say, and the truth.

        ``reapprehended_fraction`` r, the share of apprehensions that the same person had one before;
        ``apprehension_probability`` r / (1 - d), null where everybody gives up or nobody is apprehended; ``got_away``
        A (1 - p) / p by that estimate, and ``true_got_away``, both for N persons.
        """
        apprehensions = self.N / trials * total
        again = (total - positive) / total if total else None
        estimate = None if again is None or self.d >= 1 else min(1.0, again / (1 - self.d))
        return {
            "reapprehended_fraction": again,
            "apprehension_probability": estimate,
            "got_away": apprehensions * (1 - estimate) / estimate if estimate else None,
            "true_got_away": apprehensions * (1 - self.p) / self.p if self.p else None,
        }


def _name(value: Any) -> str | int:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(f"is {value!r}; allowed: a word or a whole number")
    return value


Node = Annotated[str | int, PlainValidator(_name)]
Edge = tuple[Node, Node, Annotated[float, Field(strict=True, ge=0, le=1)]]


class ReliabilityPath(Case):
    """A network whose arcs are watched; a group takes the path from source to target on which it is least likely seen.

    Arcs are ``[from, to, detection probability]``, walked either way. Every path that passes no node twice becomes a
    lane, and every arc of it a post on that lane. The group chooses among the lanes by the model's own best response.
    """

    case: Literal["reliability_path"] = word("which laboratory")
    edges: tuple[Edge, ...] = word("arcs [from, to, detection probability]")
    source: Node | None = word("where the path begins; null: where the first arc does", None)
    target: Node | None = word("where it ends; null: where the last arc does", None)

    @model_validator(mode="after")
    def _is_valid(self) -> Self:
        if not self.edges:
            raise ValueError("edges is empty; allowed: at least one [from, to, detection probability]")
        if len(self.edges) > MOST_ARCS:
            raise ValueError(f"edges has {len(self.edges)} arcs; allowed: up to {MOST_ARCS}")
        start, end = self.ends
        if start == end:
            raise ValueError(f"target is {end!r}, which is the source; allowed: another node")
        paths = self.paths()
        if not paths:
            raise ValueError(f"edges has no path from {start!r} to {end!r}; allowed: arcs that join the two")
        if len(paths) > MOST_PATHS:
            raise ValueError(f"edges has more than {MOST_PATHS} paths from {start!r} to {end!r}; allowed: no more")
        return self

    @property
    def ends(self) -> tuple[str | int, str | int]:
        """Source and target."""
        source = self.edges[0][0] if self.source is None else self.source
        target = self.edges[-1][1] if self.target is None else self.target
        return source, target

    def paths(self) -> list[list[float]]:
        """Detection probabilities along each path that passes no node twice; no more than one beyond `MOST_PATHS`."""
        return list(islice(self._onward([self.ends[0]], []), MOST_PATHS + 1))

    def _onward(self, nodes: list[str | int], passed: list[float]) -> Iterator[list[float]]:
        if nodes[-1] == self.ends[1]:
            yield passed
            return
        for tail, head, detection in self.edges:
            for near, far in ((tail, head), (head, tail)):
                # Dead ends are not entered: a network may have more of them than could ever be walked.
                if near == nodes[-1] and far not in nodes and self._leads_on(far, nodes):
                    yield from self._onward([*nodes, far], [*passed, detection])

    def _leads_on(self, node: str | int, passed: list[str | int]) -> bool:
        """Whether the target can be reached from a node without the nodes that were passed."""
        found, border = {node}, {node}
        while border:
            ends = {end for edge in self.edges if border & set(edge[:2]) for end in edge[:2]}
            border = ends - found - set(passed)
            found |= border
        return self.ends[1] in found

    def expand(self) -> Data:
        """The scenario as plain data."""
        paths = self.paths()
        width, height = APART_KM * len(paths), APART_KM * (max(map(len, paths)) + 1)
        data = bare_ground((width, height), WALKING_KMH, (0.0, width, len(paths)))
        for lane, path in enumerate(paths):
            for place, detection in enumerate(path):
                if detection > 0:
                    self._add_post(data, lane, place, detection)
        send_one_group(data, height, WALKING_KMH)
        data["infiltrators"] |= {"behaviour": "best_response", "aversion": 100_000.0}
        return data

    def closed_form(self) -> Expectation:
        """The probability to pass undetected on the safest route."""
        _, through = theory.most_reliable_path(self.edges, *self.ends)
        return share("gets through undetected", through, "Dijkstra on -ln(1 - p)", "Dijkstra 1959")

    def happened(self, rows: pd.DataFrame) -> pd.Series:
        """Whether the group passed undetected."""
        return ~rows["detected"]

    def _add_post(self, data: Data, lane: int, place: int, detection: float) -> None:
        kind = f"arc_{lane}_{place}"
        data["sensors"][kind] = _detects_with(detection)
        x_km, y_km = APART_KM * (lane + 0.5), APART_KM * (place + 1)
        data["posts"].append(_post(kind, x_km, y_km, sensors=[kind]))
