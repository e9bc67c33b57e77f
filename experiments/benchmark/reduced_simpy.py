"""The reduced case as a SimPy program: one process for each group, post and patrol.

Events of the same minute come in the order in which they were scheduled. Groups are started first, then posts, then
patrols, and each schedules its next minute in its turn: in every minute groups move before posts and patrols look.
"""

from __future__ import annotations

from typing import Any

import simpy

from experiments.benchmark.reduced import Lookout, Luck, March, Reduced, Story, Walk, metre_between
from sim.rules.sensing import hazard

Events = Any
"""A SimPy process: a generator of events."""


class Group:
    """It waits for its minute, walks its route, and is gone."""

    def __init__(self, env: simpy.Environment, luck: Luck, march: March) -> None:
        self.env, self.march = env, march
        self.departure, self.pace = luck.departure(march), luck.pace(march)
        self.place, self.abroad = 0, False
        self.detected_by, self.detected_min = "", -1

    def run(self) -> Events:
        """The way, a minute at a time."""
        yield self.env.timeout(self.departure)
        self.abroad = True
        while self.place < self.march.steps:
            yield self.env.timeout(1)
            walked = int(self.pace * (self.env.now - self.departure))
            self.place = min(walked, self.march.steps)
        self.abroad = False


class Sentinel:
    """Whoever watches: hazard adds up for each group until it is detected."""

    def __init__(self, env: simpy.Environment, luck: Luck, groups: list[Group], name: str, entity: int) -> None:
        self.env, self.luck, self.groups = env, luck, groups
        self.name, self.entity = name, entity
        self.left: dict[Group, int] = {}

    def run(self) -> Events:
        """Look once a minute, as long as anybody asks."""
        while True:
            yield self.env.timeout(1)
            self.look()

    def look(self) -> None:
        """Look at every group that is on its way."""
        raise NotImplementedError

    def watch(self, group: Group, danger: int) -> None:
        """Add the hazard of this minute."""
        left = self.left.get(group)
        if left is None:
            left = self.luck.patience(group.march, self.entity)
        if left > 0:
            self.left[group] = left - danger
            if left <= danger and group.detected_min < 0:
                group.detected_by, group.detected_min = self.name, int(self.env.now)


class Post(Sentinel):
    """A post, which stays where it is."""

    def __init__(self, env: simpy.Environment, luck: Luck, groups: list[Group], number: int, lookout: Lookout) -> None:
        super().__init__(env, luck, groups, lookout.name, lookout.entity)
        self.number, self.rates = number, lookout.rates

    def look(self) -> None:
        for group in self.groups:
            if group.abroad:
                metre = group.march.post_metres[group.place][self.number]
                if metre < len(self.rates):
                    self.watch(group, hazard(self.rates[metre], group.march.visible[group.place]))


class Patrol(Sentinel):
    """A patrol, which walks its track to and fro."""

    def __init__(self, env: simpy.Environment, luck: Luck, groups: list[Group], walk: Walk) -> None:
        super().__init__(env, luck, groups, walk.name, walk.entity)
        self.walk, self.offset = walk, luck.offset_km(walk)

    def look(self) -> None:
        along = self.walk.along(int(self.env.now), self.offset)
        (x, y), sight = self.walk.place(along), self.walk.sight[self.walk.stand(along)]
        for group in self.groups:
            if group.abroad:
                march, place = group.march, group.place
                metre = metre_between(march.x_km[place] - x, march.y_km[place] - y)
                if metre < len(self.walk.rates) and sight[march.spots[place]]:
                    self.watch(group, hazard(self.walk.rates[metre], march.visible[place]))


def play(case: Reduced, replications: int, seed: int) -> list[Story]:
    """Play some replications, one after the other."""
    return [_one(case, Luck.of(seed, replication)) for replication in range(replications)]


def _one(case: Reduced, luck: Luck) -> Story:
    env = simpy.Environment()
    groups = [Group(env, luck, march) for march in case.marches]
    posts = [Post(env, luck, groups, number, lookout) for number, lookout in enumerate(case.posts)]
    patrols = [Patrol(env, luck, groups, walk) for walk in case.walks]
    on_the_way = [env.process(group.run()) for group in groups]
    for sentinel in (*posts, *patrols):
        env.process(sentinel.run())
    # Half a minute later, so that the minute of the horizon is played to its end.
    env.run(until=env.all_of(on_the_way) | env.timeout(case.horizon_min + 0.5))
    return [(group.march.name, group.detected_by, group.detected_min) for group in groups]
