"""Kinds of groups: what is usual for each, and what its outcomes are called."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import StringConstraints

from sim.scenario.base import Section, choice, fraction, quantity

GroupKind = Literal["fighters", "traffickers", "smugglers", "migrants"]
Word = Annotated[str, StringConstraints(min_length=1, max_length=40, strict=True)]


def _size(default: int, low: int, high: int) -> Any:
    return quantity(default, "persons", "persons", assumed=(low, high), ge=1, le=5000)


def _pace(default: float, which: str, low: float, high: float) -> Any:
    return quantity(default, f"{which} pace over plain Tobler going", assumed=(low, high), gt=0, le=3)


def _signature(default: float, low: float, high: float) -> Any:
    doc = "detection rate against such a group over that against the sensors' standard target"
    return quantity(default, doc, assumed=(low, high), ge=0, le=10)


def _will(default: float, low: float, high: float) -> Any:
    return fraction(default, "probability that they fight when they are met", assumed=(low, high))


class OutcomeWords(Section):
    """What reports call the outcomes of such a group; the outcomes themselves are the same for all kinds."""

    killed: Word = choice("killed", "most of those who did not slip away were killed", assumed="a label")
    captured: Word = choice("captured", "most of those who did not slip away were captured", assumed="a label")
    turned_back: Word = choice("turned back", "stopped without prisoners or dead", assumed="a label")
    admitted: Word = choice("admitted to procedure", "stopped, and handed on to a procedure", assumed="a label")
    reached: Word = choice("attacked the target", "they got where they wanted to go", assumed="a label")
    at_large: Word = choice("still at large", "the run ended first", assumed="a label")


class KindProfile(Section):
    """What is usual for a kind of group; a group that states a value of its own keeps that."""

    size: int = _size(20, 5, 40)
    pace_low: float = quantity(
        0.7,
        "slowest pace over plain Tobler going",
        source="2.4 km/h cross-country against Tobler's 3.0 off path",
        gt=0,
        le=3,
    )
    pace_high: float = _pace(1.0, "fastest", 0.8, 1.2)
    signature: float = _signature(1.0, 0.5, 2.0)
    will_to_fight: float = _will(1.0, 0.8, 1.0)
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

    size: int = _size(6, 2, 15)
    pace_low: float = _pace(0.8, "slowest", 0.7, 0.9)
    pace_high: float = _pace(1.1, "fastest", 0.9, 1.2)
    signature: float = _signature(0.8, 0.4, 1.2)
    will_to_fight: float = _will(0.3, 0.1, 0.6)
    words: TraffickerWords = TraffickerWords()


class Smugglers(KindProfile):
    """Carriers of ordinary goods: few, and they give up."""

    size: int = _size(4, 1, 10)
    pace_low: float = _pace(0.8, "slowest", 0.7, 0.9)
    pace_high: float = _pace(1.1, "fastest", 0.9, 1.2)
    signature: float = _signature(0.7, 0.4, 1.2)
    will_to_fight: float = _will(0.0, 0.0, 0.1)
    words: TraffickerWords = TraffickerWords()


class MigrantWords(OutcomeWords):
    """Migrants arrive."""

    captured: Word = choice("taken into custody", "most were captured (not used for migrants)", assumed="a label")
    reached: Word = choice("arrived", "they got where they wanted to go", assumed="a label")


class Migrants(KindProfile):
    """People who flee or look for work: families among them, slower, unarmed; nobody of them is killed."""

    size: int = _size(12, 3, 40)
    pace_low: float = _pace(0.5, "slowest", 0.4, 0.7)
    pace_high: float = _pace(0.8, "fastest", 0.6, 1.0)
    signature: float = _signature(1.2, 0.8, 2.0)
    will_to_fight: float = quantity(
        0.0, "probability that they fight when they are met: never", source="a choice of the model", ge=0, le=0
    )
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
