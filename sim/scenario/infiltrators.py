"""The infiltrators: their groups, the routes and lanes open to them, and how they choose where to cross."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sim.rules.arrivals import size_factor
from sim.scenario.base import Name, Section, choice, fraction, kilometres, minutes, numbered, quantity
from sim.scenario.group import Group, Kinds, Stream


class Front(Section):
    """So many equal strips between two meridians; a group that takes one walks straight along the middle of it."""

    west_km: float = kilometres(0.0, "western end of the front", assumed="the question's", le=4000)
    east_km: float = kilometres(0.0, "eastern end of the front", assumed="the question's", le=4000)
    lanes: int = quantity(
        0, "equal strips, each walked along its middle; 0: no front", assumed="the question's", ge=0, le=10_000
    )

    @model_validator(mode="after")
    def _has_a_width(self) -> Self:
        if self.lanes and self.east_km <= self.west_km:
            raise ValueError(f"east_km is {self.east_km:g}; allowed: more than west_km ({self.west_km:g})")
        return self

    @property
    def lanes_km(self) -> tuple[float, ...]:
        """The middle of each lane, kilometres east, from west to east.

        >>> Front(west_km=1.0, east_km=3.0, lanes=2).lanes_km
        (1.5, 2.5)
        """
        width = self.east_km - self.west_km
        return tuple(self.west_km + width * (lane + 0.5) / self.lanes for lane in range(self.lanes))


class Way(Section):
    """A route over this place is offered for each crossing point, in addition to the quickest one."""

    name: Name = choice(..., "what it is called", assumed="a label")
    title: str = choice("", "how reports call it", assumed="a label")
    x_km: float = quantity(..., "kilometres east in the local frame", "km", source="gazetteer")
    y_km: float = quantity(..., "kilometres north in the local frame", "km", source="gazetteer")


Behaviour = Literal["unaware", "informed", "quantal", "best_response", "learning"]
Danger = Annotated[float, Field(strict=True, ge=0.0, le=1.0, allow_inf_nan=False)]


class Infiltrators(Section):
    """All groups of a run, and what they know of the posts."""

    behaviour: Behaviour = choice(
        "informed",
        "unaware: the quickest way; informed: avoids the posts they know of; quantal: a logit over the crossing points "
        "by expected danger; best_response: knows all and never errs; learning: avoids where others were stopped",
        assumed="what they believed about the posts is not known; both are run in the experiment",
    )
    aversion: float = minutes(
        60.0, "minutes of detour accepted to avoid one expected detection", assumed=(0, 600), le=100_000
    )
    awareness_standing: float = fraction(0.8, "probability to know of a standing post", assumed=(0.4, 1))
    awareness_new: float = fraction(0.2, "probability to know of the new outpost", assumed=(0, 1))
    spread_min: float = minutes(
        60.0,
        "scale of what makes groups differ in taste between crossing points (Gumbel)",
        assumed=(0, 180),
        le=100_000,
    )
    quantal_min: float = quantity(
        60.0,
        "quantal: scale of the logit over crossing points; small ones choose sharply",
        "min",
        assumed=(10, 240),
        gt=0,
        le=100_000,
    )
    danger: dict[str, Danger] = choice(
        {},
        "learning: believed probability to be stopped, by crossing point; what is not named is taken to be safe",
        assumed="reports of earlier seasons",
    )
    crossing_spacing_km: float = quantity(
        2.5, "distance between crossing points along the border", "km", assumed=(1, 5), ge=0.25, le=100
    )
    front: Front = Front()
    raft_min: int = quantity(20, "from bank to bank, on rafts and tyres", "min", assumed=(10, 60), ge=1, le=1440)
    ways: tuple[Way, ...] = choice(
        (), "places that routes may lead over, beside the quickest way", source="the case's rival ways"
    )
    detour_max_min: int = minutes(
        360, "ways that take so much longer than the quickest are not offered", assumed=(120, 720), le=20_000
    )
    size_exponent: float = fraction(
        0.5,
        "visibility of a group grows with its size to this power: 0: not at all; 1: as if each person were looked for "
        "independently of the others",
        assumed=(0, 1),
    )
    standard_size: float = quantity(
        20.0,
        "size of the group for which the sensors' rates are stated: that of the case",
        "persons",
        assumed=(1, 20),
        ge=1,
        le=5000,
    )
    groups: tuple[Group, ...] = choice((), "groups by name", source="the case")
    streams: tuple[Stream, ...] = choice((), "groups that arrive by chance", assumed="none in the case")
    kinds: Kinds = choice(Kinds(), "what is usual for each kind of group")

    @cached_property
    def parties(self) -> tuple[Group | Stream, ...]:
        """The groups, then the streams, with what they leave to their kind; numbered as in the World's tables."""
        parties: tuple[Group | Stream, ...] = (*self.groups, *self.streams)
        return tuple(party.with_profile(self.kinds) for party in parties)

    def signature_of(self, party: Group | Stream, size: int) -> float:
        """How visible a group of one of the `parties` is, over the sensors' standard target, if it has such a size."""
        assert party.signature is not None, "parties come with what they leave to their kind filled in"
        return party.signature * size_factor(size, self.standard_size, self.size_exponent)

    @property
    def parties_by_key(self) -> dict[str, Group | Stream]:
        """The parties by their place in the configuration, such as ``groups.0``."""
        return dict(zip(numbered("groups", self.groups) | numbered("streams", self.streams), self.parties, strict=True))
