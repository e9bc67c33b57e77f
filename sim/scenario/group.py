"""Groups that infiltrate: their kinds, when they leave, how they move, notice, hide and fight."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal, Self

from pydantic import StringConstraints, model_validator

from sim.scenario.base import Name, Section, check_order, choice, fraction, kilometres, minutes, pace, quantity

GroupKind = Literal["fighters", "traffickers", "smugglers", "migrants"]
Word = Annotated[str, StringConstraints(min_length=1, max_length=40, strict=True)]
persons = partial(quantity, unit="persons", ge=1, le=5000)
SLOWEST = "slowest pace over plain Tobler going"
FASTEST = "fastest pace over plain Tobler going"
SIGNATURE = "detection rate against such a group over that against the sensors' standard target of the same size"
FIGHTS = "probability that they fight when they are met"


class OutcomeWords(Section):
    """What reports call the outcomes of such a group; the outcomes themselves are the same for all kinds."""

    killed: Word = choice("killed", "most of those who did not slip away were killed", assumed="a label")
    captured: Word = choice("captured", "most of those who did not slip away were captured", assumed="a label")
    turned_back: Word = choice("turned back", "stopped without prisoners or dead", assumed="a label")
    admitted: Word = choice("admitted to procedure", "stopped, and handed on to a procedure", assumed="a label")
    repelled: Word = choice("beaten at the target", "beaten in their attack on the target", assumed="a label")
    reached: Word = choice("attacked the target", "they got where they wanted to go", assumed="a label")
    at_large: Word = choice("still at large", "the run ended first", assumed="a label")


class KindProfile(Section):
    """What is usual for a kind of group; a group that states a value of its own keeps that."""

    size: int = persons(20, "persons", assumed=(5, 40))
    pace_low: float = pace(0.7, SLOWEST, source="2.4 km/h cross-country against Tobler's 3.0 off path")
    pace_high: float = pace(1.0, FASTEST, assumed=(0.8, 1.2))
    signature: float = quantity(1.0, SIGNATURE, assumed=(0.5, 2.0), ge=0, le=10)
    will_to_fight: float = fraction(1.0, FIGHTS, assumed=(0.8, 1.0))
    admitted_probability: float = fraction(
        0.0, "migrants: that a group that is stopped is admitted to procedure", assumed=(0, 0)
    )
    words: OutcomeWords = OutcomeWords()


class TraffickerWords(OutcomeWords):
    """Traffickers are arrested, or deliver."""

    captured: Word = choice("arrested", "most of those who did not slip away were captured", assumed="a label")
    reached: Word = choice("delivered", "they got where they wanted to go", assumed="a label")


class Traffickers(KindProfile):
    """Armed carriers of drugs or arms: fewer, faster, and seldom willing to fight."""

    size: int = persons(6, "persons", assumed=(2, 15))
    pace_low: float = pace(0.8, SLOWEST, assumed=(0.7, 0.9))
    pace_high: float = pace(1.1, FASTEST, assumed=(0.9, 1.2))
    signature: float = quantity(0.8, SIGNATURE, assumed=(0.4, 1.2), ge=0, le=10)
    will_to_fight: float = fraction(0.3, FIGHTS, assumed=(0.1, 0.6))
    words: TraffickerWords = TraffickerWords()


class Smugglers(KindProfile):
    """Carriers of ordinary goods: few, and they give up."""

    size: int = persons(4, "persons", assumed=(1, 10))
    pace_low: float = pace(0.8, SLOWEST, assumed=(0.7, 0.9))
    pace_high: float = pace(1.1, FASTEST, assumed=(0.9, 1.2))
    signature: float = quantity(0.7, SIGNATURE, assumed=(0.4, 1.2), ge=0, le=10)
    will_to_fight: float = fraction(0.0, FIGHTS, assumed=(0.0, 0.1))
    words: TraffickerWords = TraffickerWords()


class MigrantWords(OutcomeWords):
    """Migrants arrive."""

    captured: Word = choice("taken into custody", "most were captured (not used for migrants)", assumed="a label")
    reached: Word = choice("arrived", "they got where they wanted to go", assumed="a label")


class Migrants(KindProfile):
    """People who flee or look for work: families among them, slower, unarmed; nobody of them is killed."""

    size: int = persons(12, "persons", assumed=(3, 40))
    pace_low: float = pace(0.5, SLOWEST, assumed=(0.4, 0.7))
    pace_high: float = pace(0.8, FASTEST, assumed=(0.6, 1.0))
    signature: float = quantity(1.2, SIGNATURE, assumed=(0.8, 2.0), ge=0, le=10)
    will_to_fight: float = quantity(0.0, f"{FIGHTS}: never", source="a choice of the model", ge=0, le=0)
    admitted_probability: float = fraction(
        0.5, "that a group that is stopped is admitted to procedure, not turned back", assumed=(0, 1)
    )
    words: MigrantWords = MigrantWords()


class Kinds(Section):
    """Every kind of group; the names of the fields are the kinds."""

    fighters: KindProfile = KindProfile()
    traffickers: Traffickers = Traffickers()
    smugglers: Smugglers = Smugglers()
    migrants: Migrants = Migrants()

    def of(self, kind: GroupKind) -> KindProfile:
        """The profile of one kind."""
        profile: KindProfile = getattr(self, kind)
        return profile


OF_THE_KIND = ("size", "pace_low", "pace_high", "signature", "will_to_fight", "admitted_probability")
"""Values that a group may leave to its kind (`infiltrators.kinds`)."""


class Party(Section):
    """People who infiltrate together: what a single group and a stream of arrivals share."""

    name: Name = choice(..., "what it is called", assumed="a label")
    kind: GroupKind = choice("fighters", "who they are", source="the case")
    size: int | None = persons(
        None,
        "persons; null: as is usual for the kind",
        source="about 20 attackers, official account of 6 November 2019",
    )
    start_x_km: float = quantity(..., "where they set out", "km", source="gazetteer")
    start_y_km: float = quantity(..., "where they set out", "km", source="gazetteer")
    target_x_km: float = quantity(..., "where they go on the grid", "km", source="gazetteer")
    target_y_km: float = quantity(..., "where they go on the grid", "km", source="gazetteer")
    pace_low: float | None = pace(
        None,
        f"{SLOWEST}; null: as is usual for the kind",
        assumed="2.4 km/h cross-country against Tobler's 3.0 off path",
    )
    pace_high: float | None = pace(None, f"{FASTEST}; null: as is usual for the kind", assumed=(0.8, 1.2))
    night_pace: float = quantity(
        0.67, "pace by night over pace by day", source="marching tables: 1.6 against 2.4 km/h cross-country", gt=0, le=1
    )
    keeps_off_paths: bool = choice(True, "walks off roads and tracks", assumed="true or false")
    rafts_by_night: bool = choice(
        True, "puts to water only in the dark", source="crossings at night on rafts and tyres are reported"
    )
    lies_up: bool = choice(
        True, "hides by day once across the border", source="crossings and marches by night are reported"
    )
    lying_up_factor: float = fraction(0.1, "how visible they are while they hide, over marching", assumed=(0.02, 0.3))
    signature: float | None = quantity(None, f"{SIGNATURE}; null: of the kind", assumed=(0.5, 2), ge=0, le=10)
    will_to_fight: float | None = fraction(None, f"{FIGHTS}; null: of the kind", assumed=(0, 1))
    admitted_probability: float | None = fraction(
        None,
        "migrants: that they are admitted to procedure when stopped, not turned back; null: of the kind",
        assumed=(0, 1),
    )
    notice_km: float = kilometres(
        0.0, "distance at which they may notice a patrol by day; 0: they notice none", assumed=(0, 2), le=12
    )
    notice_night_factor: float = fraction(
        0.5, "that distance by night over that by day (voices, lamps, engines)", assumed=(0.2, 1)
    )
    notice_probability: float = fraction(0.7, "that they notice a patrol that comes so near", assumed=(0.3, 0.95))
    hide_min: int = minutes(30, "how long they stay hidden after a noticed patrol has gone", assumed=(10, 120), le=1440)
    inland: bool = choice(True, "goes on by road beyond the grid", source="the attack came some 200 km from Okultun")

    @property
    def sizes(self) -> tuple[int, int]:
        """The smallest and the largest size of its groups, where what is left to the kind is filled in."""
        return self.size or 1, self.size or 1

    @property
    def is_fighters(self) -> bool:
        """Whether they attack those who stand at the target."""
        return self.kind == "fighters"

    @property
    def is_migrants(self) -> bool:
        """Whether they are admitted or turned back when they are stopped, and never punished."""
        return self.kind == "migrants"

    @model_validator(mode="after")
    def _migrants_do_not_fight(self) -> Self:
        if self.is_migrants and self.will_to_fight:
            raise ValueError(f"will_to_fight is {self.will_to_fight}; allowed for migrants: 0")
        return self

    def with_profile(self, kinds: Kinds) -> Self:
        """The same party with everything filled in that it leaves to its kind."""
        profile = kinds.of(self.kind)
        return self.model_copy(
            update={name: getattr(profile, name) for name in OF_THE_KIND if getattr(self, name) is None}
        )


class Group(Party):
    """One group with a time of departure of its own."""

    depart_earliest_min: int = minutes(60, "first minute of departure", assumed=(0, 1440), le=100_000)
    depart_latest_min: int = minutes(420, "last minute of departure", assumed=(0, 1440), le=100_000)

    @model_validator(mode="after")
    def _departures_are_ordered(self) -> Self:
        check_order(self, "depart_earliest_min", "depart_latest_min")
        return self


MOST_EXPECTED = 2_000.0


class Stream(Party):
    """Groups that arrive at `per_day` between two minutes of the run; the k-th is called ``NAME_k``, from 1."""

    per_day: float = quantity(..., "mean number of departures", "1/d", assumed=(0.1, 10), ge=0, le=10_000)
    from_min: int = minutes(0, "no departure before", assumed="the time of interest", le=200_000)
    until_min: int = quantity(
        1440, "no departure from here on", "min", assumed="the time of interest", ge=1, le=200_000
    )
    size_high: int | None = persons(
        None, "sizes are uniform from size to here; null: all have the same size", assumed="as for size"
    )

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.until_min <= self.from_min:
            raise ValueError(f"until_min is {self.until_min}; allowed: more than from_min ({self.from_min})")
        expected = self.per_day * (self.until_min - self.from_min) / 1440.0
        if expected > MOST_EXPECTED:
            raise ValueError(f"per_day is {self.per_day:g}, {expected:g} groups a run; allowed: {MOST_EXPECTED:g}")
        return self

    @property
    def per_min(self) -> float:
        """Mean number of departures in a minute."""
        return self.per_day / 1440.0

    @property
    def sizes(self) -> tuple[int, int]:
        """The smallest and the largest size of its groups, where what is left to the kind is filled in."""
        return self.size or 1, self.size_high or self.size or 1

    def arrival(self, number: int, departure_min: int, size: int) -> Group:
        """The number-th group of the stream (from 1), as a group of its own; trusted, not validated again."""
        shared: dict[str, Any] = {name: getattr(self, name) for name in Party.model_fields}
        shared |= {"name": f"{self.name}_{number}", "size": size}
        return Group.model_construct(**shared, depart_earliest_min=departure_min, depart_latest_min=departure_min)
