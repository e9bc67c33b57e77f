"""The reduced case as a plain Mesa program."""

from __future__ import annotations

import mesa

from experiments.benchmark.reduced import Lookout, Luck, March, Reduced, Sighting, Story, Walk, metre_between
from sim.rules.sensing import hazard


class Group(mesa.Agent):
    """It waits for its minute, walks its route, and is gone."""

    def __init__(self, model: Valley, march: March) -> None:
        super().__init__(model)
        self.march = march
        self.departure = model.luck.departure(march)
        self.pace = model.luck.pace(march)
        self.place = 0
        self.abroad = self.arrived = False
        self.detected_by, self.detected_min = "", -1

    def step(self) -> None:
        """One minute of the way."""
        if self.arrived or self.model.steps < self.departure:
            return
        walked = int(self.pace * (self.model.steps - self.departure))
        self.place = min(walked, self.march.steps)
        self.arrived = self.place == self.march.steps
        self.abroad = not self.arrived


class Sentinel(mesa.Agent):
    """Whoever watches: hazard adds up for each group until it is detected."""

    def __init__(self, model: Valley, name: str, entity: int) -> None:
        super().__init__(model)
        self.name, self.entity = name, entity
        self.left: dict[Group, int] = {}

    def watch(self, group: Group, danger: int) -> None:
        """Add the hazard of this minute."""
        left = self.left.get(group)
        if left is None:
            left = self.model.luck.patience(group.march, self.entity)
        if left > 0:
            self.left[group] = left - danger
            if left <= danger and group.detected_min < 0:
                group.detected_by, group.detected_min = self.name, self.model.steps


class Post(Sentinel):
    """A post, which stays where it is."""

    def __init__(self, model: Valley, number: int, lookout: Lookout) -> None:
        super().__init__(model, lookout.name, lookout.entity)
        self.number, self.rates = number, lookout.rates

    def step(self) -> None:
        """Look at every group that is on its way."""
        for group in self.model.groups:
            if group.abroad:
                metre = group.march.post_metres[group.place][self.number]
                if metre < len(self.rates):
                    self.watch(group, hazard(self.rates[metre], group.march.visible[group.place]))


class Patrol(Sentinel):
    """A patrol, which walks its track to and fro."""

    def __init__(self, model: Valley, walk: Walk) -> None:
        super().__init__(model, walk.name, walk.entity)
        self.walk, self.offset = walk, model.luck.offset_km(walk)

    def step(self) -> None:
        """Walk on, and look at every group that is on its way."""
        along = self.walk.along(self.model.steps, self.offset)
        (x, y), sight = self.walk.place(along), self.walk.sight[self.walk.stand(along)]
        for group in self.model.groups:
            if group.abroad:
                march, place = group.march, group.place
                metre = metre_between(march.x_km[place] - x, march.y_km[place] - y)
                if metre < len(self.walk.rates) and sight[march.spots[place]]:
                    self.watch(group, hazard(self.walk.rates[metre], march.visible[place]))


class Valley(mesa.Model):
    """One replication."""

    def __init__(self, case: Reduced, seed: int, replication: int) -> None:
        super().__init__(seed=0)
        self.luck = Luck.of(seed, replication)
        self.horizon = case.horizon_min
        self.groups = [Group(self, march) for march in case.marches]
        self.posts = [Post(self, number, lookout) for number, lookout in enumerate(case.posts)]
        self.patrols = [Patrol(self, walk) for walk in case.walks]

    def step(self) -> None:
        """One minute: groups move, then posts look, then patrols."""
        for kind in (Group, Post, Patrol):
            if kind in self.agents_by_type:
                self.agents_by_type[kind].do("step")
        self.running = self.steps < self.horizon and not all(group.arrived for group in self.groups)

    def sightings(self) -> list[Sighting]:
        """What came of each group."""
        return [(group.march.name, group.detected_by, group.detected_min) for group in self.groups]


def play(case: Reduced, replications: int, seed: int) -> list[Story]:
    """Play some replications, one after the other."""
    return [_one(case, seed, replication) for replication in range(replications)]


def _one(case: Reduced, seed: int, replication: int) -> Story:
    model = Valley(case, seed, replication)
    model.run_model()
    return model.sightings()
