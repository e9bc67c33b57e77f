"""The scenario: everything that is simulated, frozen and validated."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Self

from pydantic import ValidationError, model_validator

from sim.scenario.base import Name, ScenarioError, Section, choice, fraction, numbered, quantity
from sim.scenario.command import Command, Engagement
from sim.scenario.costs import PAID, Appraisal, Cost
from sim.scenario.group import Party, Stream
from sim.scenario.held_fixed import check_changes
from sim.scenario.infiltrators import Infiltrators
from sim.scenario.inland import Inland
from sim.scenario.keys import assign, flatten, problem_of
from sim.scenario.light import Light
from sim.scenario.patrol import ControlStrip, Patrol
from sim.scenario.post import Outpost, Post, ReactionForce, Sensor
from sim.scenario.terrain import TerrainSettings


class Arm(Section):
    """What an arm changes; the empty arm is the baseline itself."""

    description: str = choice("", "one line for the report", assumed="a label")
    cost: Cost = Cost()
    cost_usd: float | None = quantity(
        None, "the whole price in place of that of its parts; null: of its parts", "USD", assumed=PAID, ge=0, le=1e12
    )
    changes: dict[str, Any] = choice(
        {}, "keys of the scenario, nested or dotted, and their values in this arm", assumed="the arm's definition"
    )
    add_posts: tuple[Post, ...] = choice((), "posts that stand in this arm only", assumed="the arm's definition")
    add_patrols: tuple[Patrol, ...] = choice((), "patrols that walk in this arm only", assumed="the arm's definition")


class Sector(Section):
    """Crossing points from `west_km` up to `east_km` (east in the local frame) belong to it."""

    name: Name = choice(..., "what it is called", assumed="a label")
    title: str = choice("", "how reports call it", assumed="a label")
    west_km: float = quantity(..., "western end", "km", assumed="drawn by hand")
    east_km: float = quantity(..., "eastern end", "km", assumed="drawn by hand")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.east_km <= self.west_km:
            raise ValueError(f"east_km is {self.east_km}; allowed: more than west_km ({self.west_km})")
        return self


class Season(Section):
    """How `infiltrators.behaviour: learning` learns, in every study, and how `study=season` runs."""

    seasons: int = quantity(8, "seasons that are run", assumed=(3, 20), ge=1, le=1000)
    trials: int = quantity(
        40, "replications of a season from which the adversary learns", assumed=(10, 200), ge=1, le=1_000_000
    )
    weight: float = fraction(0.5, "weight of the last season against all that was believed before", assumed=(0.2, 1))
    forgetting: float = fraction(
        0.1, "share of what is believed of a crossing point that fades in a season without news", assumed=(0, 0.5)
    )
    redeploy_share: float = fraction(
        0.0, "share of all patrol duty that the state moves each season to where groups were detected", assumed=(0, 0.5)
    )


class Provenance(Section):
    """Either `source`, or `assumed` (a range or a sentence); with a note where one helps."""

    source: str | None = None
    assumed: tuple[float, float] | str | None = None
    note: str = ""

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.source is None) == (self.assumed is None):
            raise ValueError("needs either 'source' or 'assumed'")
        return self


class Scenario(Section):
    """One case: the ground, the forces, the infiltrators, and the arms that are compared.

    >>> import sim
    >>> case = sim.load_scenario("shahrituz_2019")
    >>> case.replace(**{"outpost.range_km": 12}).outpost.range_km
    12.0
    """

    name: Name = choice("scenario", "short name", assumed="a label")
    title: str = choice("", "one line for the report", assumed="a label")
    question: str = choice("", "what is asked, in plain words", assumed="a label")
    doubts: tuple[str, ...] = choice((), "what must be said with every answer", assumed="from the case")
    terrain: TerrainSettings
    light: Light
    sensors: dict[Name, Sensor]
    posts: tuple[Post, ...] = ()
    outpost: Outpost
    patrols: tuple[Patrol, ...] = ()
    reaction_force: ReactionForce
    control_strip: ControlStrip = ControlStrip()
    command: Command = Command()
    infiltrators: Infiltrators
    inland: Inland = Inland()
    engagement: Engagement = Engagement()
    season: Season = Season()
    arms: dict[Name, Arm]
    appraisal: Appraisal = Appraisal()
    baseline: Name = choice("without", "the arm that the others are compared with", assumed="the question's 'without'")
    sectors: tuple[Sector, ...] = choice(
        (), "named stretches of the border, for tables", assumed="the case's rival ways"
    )
    horizon_min: int = quantity(7200, "a run ends then at the latest", "min", assumed=(4320, 14400), ge=1, le=200_000)
    provenance: dict[str, Provenance] = choice({}, "where the case's own values come from", assumed="documentation")

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        checks = (self._missing(), self._duplicate_names(), self._unknown_sensors(), self._misfits(), self._front())
        for message in itertools.chain.from_iterable(checks):
            raise ValueError(message)
        return self

    def _units(self, arm: str) -> dict[str, Post | Patrol]:
        """Posts and patrols by key, with those that an arm adds."""
        units = numbered("posts", self.posts) | {"outpost": self.outpost} | numbered("patrols", self.patrols)
        added = numbered("add_posts", self.arms[arm].add_posts) | numbered("add_patrols", self.arms[arm].add_patrols)
        return units | {f"arms.{arm}.{key}": unit for key, unit in added.items()}

    def _duplicate_names(self) -> Iterator[str]:
        for arm in self.arms:
            yield from _duplicates({"reaction_force": self.reaction_force, **self._units(arm)})
        here = self.infiltrators
        yield from _duplicates({f"infiltrators.{key}": party for key, party in here.parties_by_key.items()})
        for stream, group in itertools.product(here.streams, here.groups):
            if re.fullmatch(rf"{stream.name}_\d+", group.name):
                yield f"infiltrators.groups has a group named '{group.name}', as stream '{stream.name}' calls its own"
        yield from _duplicates(numbered("infiltrators.ways", here.ways))
        yield from _duplicates(numbered("sectors", self.sectors))

    def _unknown_sensors(self) -> Iterator[str]:
        for key, unit in itertools.chain.from_iterable(self._units(arm).items() for arm in self.arms):
            field, names = ("sensor", (unit.sensor,)) if isinstance(unit, Patrol) else ("sensors", unit.sensors)
            for name in names:
                if name not in self.sensors:
                    yield f"{key}.{field} is '{name}'; allowed: {', '.join(sorted(self.sensors))}"

    def _missing(self) -> Iterator[str]:
        if not self.infiltrators.parties:
            yield "infiltrators.groups is empty; allowed: at least one group, or one of infiltrators.streams"
        if self.baseline not in self.arms:
            yield f"baseline is '{self.baseline}'; allowed: {', '.join(self.arms) or 'add it under arms'}"

    def _misfits(self) -> Iterator[str]:
        """What only shows once a party's kind has filled in what the party left open."""
        for key, party in self.infiltrators.parties_by_key.items():
            low, high = party.pace_low or 0.0, party.pace_high or 0.0
            if high < low:
                yield f"infiltrators.{key}.pace_high is {high:g}; allowed: no less than pace_low ({low:g})"
            if isinstance(party, Stream) and party.size_high is not None and party.size_high < (party.size or 0):
                yield f"infiltrators.{key}.size_high is {party.size_high}; allowed: no less than size ({party.size})"

    def _front(self) -> Iterator[str]:
        """Lanes are walked straight, which is the quickest way over bare, level ground alone."""
        ground, front = self.terrain, self.infiltrators.front
        if not front.lanes:
            return
        if ground.source != "flat" or ground.lines or ground.points or ground.cover.open.foot_factor == 0:
            yield f"infiltrators.front.lanes is {front.lanes}; allowed: 0, or terrain.source=flat without lines"
        if front.east_km > ground.width_km:
            yield f"infiltrators.front.east_km is {front.east_km:g}, off the grid; allowed: to {ground.width_km:g}"
        if self.infiltrators.ways:
            yield "infiltrators.ways has entries; allowed: none beside infiltrators.front.lanes"
        for key, party in self.infiltrators.parties_by_key.items():
            if party.target_y_km == party.start_y_km:
                place = f"infiltrators.{key}.target_y_km is {party.target_y_km:g}"
                yield f"{place}; allowed with infiltrators.front.lanes: another than start_y_km, to walk a lane"

    @property
    def all_posts(self) -> tuple[Post, ...]:
        """The posts that stand: the listed ones, and the outpost where it is present."""
        return (*self.posts, self.outpost) if self.outpost.present else self.posts

    def sector_of(self, x_km: float) -> str:
        """Name of the sector in which a place east of the grid's western edge lies, empty where in none."""
        return next((sector.name for sector in self.sectors if sector.west_km <= x_km < sector.east_km), "")

    def goes_inland(self, party: Party) -> bool:
        """Whether a party goes on by road beyond the grid, and is followed there."""
        return party.inland and self.inland.enabled

    def awareness(self, post: int) -> float:
        """Probability that a group knows of one of `all_posts`."""
        new = self.outpost.present and self.all_posts[post].name == self.outpost.name
        return self.infiltrators.awareness_new if new else self.infiltrators.awareness_standing

    def cost_of(self, arm: str) -> float:
        """What an arm costs in all, USD at the beginning: as it is stated, or the present value of its parts."""
        stated = self.arms[arm].cost_usd
        return self.appraisal.present_value_usd(self.arms[arm].cost) if stated is None else stated

    def sees_anything(self, post: Post) -> bool:
        """Whether a post has any sensor with a range."""
        others = (self.sensors[name].range_km for name in post.sensors[1:])
        return bool(post.sensors) and max(post.range_km, *others, 0.0) > 0.0

    def replace(self, **changes: Any) -> Scenario:
        """A copy with some dotted keys changed, validated as a whole.

        Raises `ScenarioError` for an unknown key or a value out of its range; the message names both.
        """
        data = self.model_dump(mode="json")
        for key, value in changes.items():
            assign(data, key, value)
        return validate(data)

    def for_arm(self, name: str) -> Scenario:
        """The scenario as it stands in one arm: its changes carried out, its posts and patrols added.

        Raises `ScenarioError` if there is no such arm, or if its changes are refused: so are those of what the
        comparison holds fixed (`sim.scenario.held_fixed`).
        """
        if name not in self.arms:
            raise ScenarioError("arm", f"'{name}' is not an arm; allowed: {', '.join(self.arms)}")
        arm = self.arms[name]
        changes = [(key, value) for key, value in flatten(arm.changes, lists=False) if key and value != {}]
        heads = {key.partition(".")[0] for key, _ in changes}
        # What no change touches is neither copied nor checked again: the ground is by far the longest of it.
        plain = self.model_dump(mode="json", include=heads)
        data = {name: plain.get(name, getattr(self, name)) for name in type(self).model_fields}
        try:
            check_changes(key for key, _ in changes)
            for key, value in changes:
                assign(data, key, value)
            data["posts"] = [*data["posts"], *arm.add_posts]
            data["patrols"] = [*data["patrols"], *arm.add_patrols]
            data["arms"] = {self.baseline: {}}
            return validate(data)
        except ScenarioError as problem:
            raise ScenarioError(f"arms.{name}", str(problem)) from None

    def digest(self) -> str:
        """SHA-256 of all values, whatever the order in which they were given."""
        return hashlib.sha256(json.dumps(self.model_dump(mode="json"), sort_keys=True).encode()).hexdigest()


def _duplicates(named: Mapping[str, Any]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for key, entry in named.items():
        if entry.name in seen:
            other = seen[entry.name]
            yield f"{key}.name is '{entry.name}', which {other} is called already; allowed: a name of its own"
        seen[entry.name] = key


def validate(data: dict[str, Any]) -> Scenario:
    """A scenario from plain data.

    Raises `ScenarioError` with the key, the value and what is allowed for the first thing that is wrong.
    """
    try:
        return Scenario.model_validate(data)
    except ValidationError as error:
        raise problem_of(error) from None
