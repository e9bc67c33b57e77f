"""Models that each break one promise, as somebody might who writes a model for the first time."""

from __future__ import annotations

import functools
import random
from random import random as drawn_by_name
from typing import Any, ClassVar

import numpy as np

from sim.model import BorderModel, Group, Patrol, Post
from sim.rules.randomness import uniform

# -- runs ---------------------------------------------------------------------------------------------------------


class OtherArguments(BorderModel):
    def __init__(self, patience: int) -> None:
        super().__init__()


class DividingPatrol(Patrol):
    def where(self, minute: int) -> float:
        return minute / 0


class Raising(BorderModel):
    patrol_class = DividingPatrol


class Endless(BorderModel):
    def step(self) -> None:
        """The minute is never counted."""


class Silent(BorderModel):
    def rows(self) -> list[dict[str, Any]]:
        return []


class Quitting(BorderModel):
    def rows(self) -> list[dict[str, Any]]:
        raise SystemExit(3)


# -- schema -------------------------------------------------------------------------------------------------------


class Telling(BorderModel):
    """Changes each row in `amend`."""

    def amend(self, row: dict[str, Any]) -> Any:
        return row

    def rows(self) -> list[dict[str, Any]]:
        return [self.amend(row) for row in super().rows()]


class MoreColumns(Telling):
    def amend(self, row: dict[str, Any]) -> Any:
        return {**row, "mood": "good"}


class FewerColumns(Telling):
    def amend(self, row: dict[str, Any]) -> Any:
        return {name: value for name, value in row.items() if name != "own_killed"}


class HalfMinutes(Telling):
    def amend(self, row: dict[str, Any]) -> Any:
        return {**row, "hidden_min": row["hidden_min"] + 0.5}


class NoBooleans(Telling):
    def amend(self, row: dict[str, Any]) -> Any:
        return {**row, "detected": int(row["detected"])}


class Tuples(Telling):
    def amend(self, row: dict[str, Any]) -> Any:
        return tuple(row.values())


class Twice(BorderModel):
    def rows(self) -> list[dict[str, Any]]:
        return super().rows() * 2


class OneReplication(Telling):
    def amend(self, row: dict[str, Any]) -> Any:
        return {**row, "replication": 0}


# -- conservation -------------------------------------------------------------------------------------------------


class OneMorePrisoner(BorderModel):
    def engage(self, group: Group, *others: Any, **how: Any) -> None:
        super().engage(group, *others, **how)
        if group.ended:
            group.record["captured"] += group.size


class PrisonerOfNobody(Telling):
    def amend(self, row: dict[str, Any]) -> Any:
        return row if row["intercepted"] else {**row, "outcome": "at_large", "captured": 1, "escaped": row["size"] - 1}


class LateDetection(Telling):
    def amend(self, row: dict[str, Any]) -> Any:
        return {**row, "detected_min": row["intercepted_min"] + 1} if row["intercepted_min"] >= 0 else row


class OwnWord(Telling):
    def amend(self, row: dict[str, Any]) -> Any:
        return {**row, "outcome": "vanished"}


class NoEnd(Telling):
    def amend(self, row: dict[str, Any]) -> Any:
        return {**row, "ended_min": -1}


class AfterTheHorizon(Telling):
    def amend(self, row: dict[str, Any]) -> Any:
        return {**row, "ended_min": 5000} if row["ended_min"] >= 0 else row


class TotalsByGroup(Telling):
    def amend(self, row: dict[str, Any]) -> Any:
        return {**row, "dispatches": row["dispatches"] + len(row["group"])}


class Deserters(BorderModel):
    def run(self) -> None:
        super().run()
        self.reaction_force.men -= 5


# -- global_random ------------------------------------------------------------------------------------------------


class RandomPatrol(Patrol):
    def where(self, minute: int) -> float:
        return random.random() * self.track.length_km


class Gambler(BorderModel):
    patrol_class = RandomPatrol


class NumpyPatrol(Patrol):
    def where(self, minute: int) -> float:
        return float(np.random.rand()) * self.track.length_km  # noqa: NPY002 - this is the fault


class NumpyGambler(BorderModel):
    patrol_class = NumpyPatrol


class NamelessPatrol(Patrol):
    def where(self, minute: int) -> float:
        return drawn_by_name() * self.track.length_km


class NamelessGambler(BorderModel):
    patrol_class = NamelessPatrol


class Seeder(BorderModel):
    """Draws always the same, but upsets everybody else in the process."""

    def run(self) -> None:
        random.seed(1)
        super().run()


# -- seeds --------------------------------------------------------------------------------------------------------


class WearyPost(Post):
    runs: ClassVar[int] = 0

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        WearyPost.runs += 1
        self.men = max(1, self.men - WearyPost.runs % 7)


class Weary(BorderModel):
    post_class = WearyPost


class FirstTimer(BorderModel):
    """Gives other rows the first time that a replication is run."""

    seen: ClassVar[set[int]] = set()

    def rows(self) -> list[dict[str, Any]]:
        known = self.run_key in self.seen
        self.seen.add(self.run_key)
        return [{**row, "hidden_min": int(known)} for row in super().rows()]


class Unseeded(BorderModel):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.run_key = int(np.random.default_rng().integers(1 << 60))
        for group in self.groups:
            group.departure_min = self.run_key % 60


class Worn(BorderModel):
    """Writes into the World, which all runs of an arm share."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.world.force_travel[:] += 25.0


class Crowded(BorderModel):
    """Begins each run with a clean slate, but has one slate for all runs."""

    slate: ClassVar[list[int]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.slate.clear()

    def step(self) -> None:
        self.slate.append(self.minute)
        super().step()

    def rows(self) -> list[dict[str, Any]]:
        return [{**row, "hidden_min": len(self.slate)} for row in super().rows()]


class Seedless(BorderModel):
    @property
    def run_key(self) -> int:
        return 7

    @run_key.setter
    def run_key(self, key: int) -> None:
        pass


# -- streams ------------------------------------------------------------------------------------------------------


class QueueingPatrol(Patrol):
    def where(self, minute: int) -> float:
        return float(self.model.rng.random()) * self.track.length_km


class Queueing(BorderModel):
    patrol_class = QueueingPatrol


class LotteryPost(Post):
    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.men += self.model.random.randrange(30)


class Lottery(BorderModel):
    """Draws in turn before the first minute only."""

    post_class = LotteryPost


class SharedUrn(BorderModel):
    """A generator of its own, well seeded, from which all patrols draw in turn."""

    class patrol_class(Patrol):  # noqa: N801 - the name that the model asks for
        def where(self, minute: int) -> float:
            return float(self.model.urn.random()) * self.track.length_km  # type: ignore[attr-defined]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.urn = np.random.default_rng(self.run_key)


class NumberedPatrol(Patrol):
    def where(self, minute: int) -> float:
        return uniform(self.model.run_key, self.index, 1000, minute) * self.track.length_km


class Numbered(BorderModel):
    """Keyed, but by a place in a list."""

    patrol_class = NumberedPatrol


class NumberedGroup(Group):
    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.departure_min += 10 * self.index


class NumberedGroups(BorderModel):
    group_class = NumberedGroup


# -- pairing ------------------------------------------------------------------------------------------------------


class ArmGroup(Group):
    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        if self.model.arm == "with_outpost":
            self.size = self.persons = self.size + 1


class ByArm(BorderModel):
    group_class = ArmGroup


class WeatherByArm(Telling):
    """The runs are the same, but their rows tell of two kinds of weather."""

    def amend(self, row: dict[str, Any]) -> Any:
        return {**row, "weather": f"{row['weather']} in {row['arm']}"}


class Renamed(BorderModel):
    """The same groups, but one arm has no men, by its name alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.arm != "without":
            for unit in self.units:
                unit.men = 0


class Deterred(BorderModel):
    """The reserve is as strong as there are other posts, whatever they can do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reaction_force.men = 25 * (len(self.posts) - 1)


# -- pickling and processes ---------------------------------------------------------------------------------------


def local_model() -> type[BorderModel]:
    class Local(BorderModel):
        pass

    return Local


class Replaced(BorderModel):
    pass


def original_and_stand_in() -> type[BorderModel]:
    """A class whose name stands for another one by now, as after a cell of a notebook was run again."""

    class Replaced(BorderModel):
        pass

    Replaced.__qualname__ = "Replaced"
    return Replaced


class Sticky(BorderModel):
    """What the first replication of the process has drawn, all others take over."""

    minutes: ClassVar[dict[str, int]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for group in self.groups:
            group.departure_min = self.minutes.setdefault(group.name, group.departure_min)


class Hashing(Telling):
    def amend(self, row: dict[str, Any]) -> Any:
        return {**row, "hidden_min": hash(row["group"]) % 100_003}


# -- memory -------------------------------------------------------------------------------------------------------


class Hoarder(BorderModel):
    kept: ClassVar[list[Any]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept.append(self)


class Forgetful(BorderModel):
    """A default argument is one list for all calls."""

    def rows(self, kept: list[Any] = []) -> list[dict[str, Any]]:  # noqa: B006 - this is the fault
        kept.append(self)
        return super().rows()


class CachingPatrol(Patrol):
    @functools.cache  # noqa: B019 - this is the fault
    def where(self, minute: int) -> float:
        return super().where(minute)


class Caching(BorderModel):
    patrol_class = CachingPatrol


class Diarist(BorderModel):
    """Keeps no model, but all rows."""

    diary: ClassVar[list[Any]] = []

    def run(self) -> None:
        super().run()
        self.diary.append([*self.rows()])


class Clinging(BorderModel):
    def release(self) -> None:
        """Nothing is let go of."""


# -- no fault -----------------------------------------------------------------------------------------------------


class AmbushPatrol(Patrol):
    """Lies in wait on a place of its track that is drawn for each day, keyed as it should be."""

    def where(self, minute: int) -> float:
        return uniform(self.model.run_key, self.entity, 1000, minute // 1440) * self.track.length_km


class Ambush(BorderModel):
    patrol_class = AmbushPatrol
