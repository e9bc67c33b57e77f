"""The reduced case as an AgentPy program."""

from __future__ import annotations

import agentpy as ap  # type: ignore[import-untyped,import-not-found,unused-ignore]

from experiments.benchmark.reduced import Lookout, Luck, March, Reduced, Story, Walk, metre_between
from sim.rules.sensing import hazard


class Group(ap.Agent):
    """It waits for its minute, walks its route, and is gone."""

    def setup(self, march: March) -> None:
        """Draw when it sets out, and how fast it walks."""
        self.march = march
        self.departure = self.model.luck.departure(march)
        self.pace = self.model.luck.pace(march)
        self.place = 0
        self.abroad = self.arrived = False
        self.detected_by, self.detected_min = "", -1

    def step(self) -> None:
        """One minute of the way."""
        if self.arrived or self.model.t < self.departure:
            return
        walked = int(self.pace * (self.model.t - self.departure))
        self.place = min(walked, self.march.steps)
        self.arrived = self.place == self.march.steps
        self.abroad = not self.arrived


class Sentinel(ap.Agent):
    """Whoever watches: hazard adds up for each group until it is detected."""

    def begin(self, name: str, entity: int) -> None:
        """Nothing is known of any group yet."""
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
                group.detected_by, group.detected_min = self.name, self.model.t


class Post(Sentinel):
    """A post, which stays where it is."""

    def setup(self, number: int, lookout: Lookout) -> None:
        """Take the place of one of the case's posts."""
        self.begin(lookout.name, lookout.entity)
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

    def setup(self, walk: Walk) -> None:
        """Draw where on its track it begins."""
        self.begin(walk.name, walk.entity)
        self.walk, self.offset = walk, self.model.luck.offset_km(walk)

    def step(self) -> None:
        """Walk on, and look at every group that is on its way."""
        along = self.walk.along(self.model.t, self.offset)
        (x, y), sight = self.walk.place(along), self.walk.sight[self.walk.stand(along)]
        for group in self.model.groups:
            if group.abroad:
                march, place = group.march, group.place
                metre = metre_between(march.x_km[place] - x, march.y_km[place] - y)
                if metre < len(self.walk.rates) and sight[march.spots[place]]:
                    self.watch(group, hazard(self.walk.rates[metre], march.visible[place]))


class Valley(ap.Model):
    """One replication."""

    def setup(self) -> None:
        """Place everybody."""
        case: Reduced = self.p.case
        self.luck = Luck.of(self.p.seed, self.p.replication)
        self.groups = ap.AgentList(self, len(case.marches), Group, march=ap.AttrIter(case.marches))
        numbers = ap.AttrIter(range(len(case.posts)))
        self.posts = ap.AgentList(self, len(case.posts), Post, number=numbers, lookout=ap.AttrIter(case.posts))
        self.patrols = ap.AgentList(self, len(case.walks), Patrol, walk=ap.AttrIter(case.walks))

    def step(self) -> None:
        """One minute: groups move, then posts look, then patrols."""
        self.groups.step()
        self.posts.step()
        self.patrols.step()

    def update(self) -> None:
        """Stop when all have arrived."""
        if all(group.arrived for group in self.groups):
            self.stop()

    def sightings(self) -> Story:
        """What came of each group."""
        return [(group.march.name, group.detected_by, group.detected_min) for group in self.groups]


def play(case: Reduced, replications: int, seed: int) -> list[Story]:
    """Play some replications, one after the other."""
    return [_one(case, seed, replication) for replication in range(replications)]


def _one(case: Reduced, seed: int, replication: int) -> Story:
    model = Valley({"case": case, "replication": replication, "seed": seed, "steps": case.horizon_min})
    model.run(display=False)
    return model.sightings()
