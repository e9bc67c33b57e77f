"""A network whose arcs are watched: a group takes the way on which it is least likely to be detected.

Every way from the source to the target that passes no node twice becomes a lane, every arc of it a post on that lane.
A group that answers best then chooses among the lanes by the model's own rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import Field, PlainValidator, model_validator

from sim.scenario.laboratory.bench import Case, Data, at_once, sensor, word
from sim.scenario.laboratory.meeting import RANGE_KM, STEP_KM, glimpsed, watch
from sim.scenario.laboratory.repeat_trials import glimpse_rate


def _name(value: Any) -> str | int:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(f"is {value!r}; allowed: a word or a whole number")
    return value


Node = Annotated[str | int, PlainValidator(_name)]
Edge = tuple[Node, Node, Annotated[float, Field(strict=True, ge=0, le=1)]]

MOST_ARCS = 100
MOST_WAYS = 200
APART_KM = 4 * RANGE_KM
"""Between lanes, and between the posts on one: nobody sees two."""


class ReliabilityPath(Case):
    """Arcs ``[from, to, detection probability]``, walked either way; the way is sought from source to target."""

    case: Literal["reliability_path"] = word("which laboratory")
    edges: tuple[Edge, ...] = word("arcs [from, to, detection probability]")
    source: Node | None = word("where the way begins; null: where the first arc does", None)
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
        ways = self.ways()
        if not ways:
            raise ValueError(f"edges has no way from {start!r} to {end!r}; allowed: arcs that join the two")
        if len(ways) > MOST_WAYS:
            raise ValueError(f"edges has more than {MOST_WAYS} ways from {start!r} to {end!r}; allowed: no more")
        return self

    @property
    def ends(self) -> tuple[str | int, str | int]:
        """Source and target."""
        source = self.edges[0][0] if self.source is None else self.source
        target = self.edges[-1][1] if self.target is None else self.target
        return source, target

    def ways(self) -> list[list[float]]:
        """Detection probabilities along each way that passes no node twice; no more than one beyond `MOST_WAYS`."""
        found: list[list[float]] = []
        for way in self._onward([self.ends[0]], []):
            found.append(way)
            if len(found) > MOST_WAYS:
                break
        return found

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
        ways = self.ways()
        height = APART_KM * (max(map(len, ways)) + 1)
        data = glimpsed(APART_KM * len(ways), height)
        data["sensors"], data["posts"] = {}, []
        for lane, way in enumerate(ways):
            for place, detection in enumerate(way):
                if detection > 0:
                    self._watch(data, lane, place, detection)
        parties = at_once(height, height / STEP_KM)
        data["horizon_min"] = parties.pop("horizon_min")
        data["infiltrators"] |= parties | {"behaviour": "best_response", "aversion": 100_000.0}
        data["infiltrators"]["front"] = {"west_km": 0.0, "east_km": APART_KM * len(ways), "lanes": len(ways)}
        return data

    def _watch(self, data: Data, lane: int, place: int, detection: float) -> None:
        kind = f"arc_{lane}_{place}"
        certain = detection == 1
        law = sensor("definite_range") if certain else sensor("constant_rate", glimpse_rate(detection))
        data["sensors"][kind] = law
        x_km, y_km = APART_KM * (lane + 0.5), APART_KM * (place + 1)
        data["posts"].append(watch(kind, x_km, y_km, sensors=[kind]))
