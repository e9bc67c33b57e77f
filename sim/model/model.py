"""The border model: one replication of one arm, minute by minute, to be read, watched and subclassed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import mesa
import numpy as np

from sim.model.command import Command
from sim.model.fighting import attack_target, meet
from sim.model.group import Group
from sim.model.patrol import Patrol, Sign
from sim.model.post import Post, ReactionForce
from sim.model.pursuit import Phase, Plan, Report, believed_route
from sim.model.responder import Responder
from sim.outcomes import OUTCOMES
from sim.rules import engagement as rules
from sim.rules.arrivals import drawn_whole, poisson_times
from sim.rules.command import place_reported
from sim.rules.light import drawn_weather
from sim.rules.randomness import Purpose, entity, replication_key, threshold, uniform
from sim.rules.road import depth_on_road
from sim.scenario.group import Group as GroupSettings
from sim.scenario.group import Stream
from sim.scenario.load import load_scenario
from sim.scenario.scenario import Scenario
from sim.world import World, build_world


class BorderModel(mesa.Model):
    """Posts, patrols, command, a reaction force and groups, on the World of one arm.

    Parameters
    ----------
    scenario:
        The case; the default experiment when None.
    arm:
        Name of the arm that is run.
    rng:
        Seed of all keyed streams: a whole number, None for 1, or a NumPy generator from which one is drawn.
    replication:
        Which replication of that seed; the same pair gives the same draws in every arm.
    world:
        The arm's World, where one has been built already.
    routes:
        Crossing point and way of groups, by group name, that are to be taken whatever the group would choose; a group
        that has no such route in this arm chooses for itself.

    Notes
    -----
    To try an idea, subclass an agent and name it in a subclass of the model::

        class Sprinter(Patrol):
            def where(self, minute):
                return super().where(3 * minute)

        class Mine(BorderModel):
            patrol_class = Sprinter

    `sim.check_model(Mine)` tries whether it still keeps what studies rely on.

    Examples
    --------
    >>> model = BorderModel(rng=1)
    >>> model.run()
    >>> model.rows()[0]["outcome"] in ("killed", "captured", "turned_back", "repelled", "reached", "at_large")
    True
    """

    post_class: ClassVar[type[Post]] = Post
    patrol_class: ClassVar[type[Patrol]] = Patrol
    reaction_force_class: ClassVar[type[ReactionForce]] = ReactionForce
    group_class: ClassVar[type[Group]] = Group
    command_class: ClassVar[type[Command]] = Command

    def __init__(
        self,
        scenario: Scenario | None = None,
        arm: str = "with_outpost",
        rng: int | np.random.Generator | None = None,
        *,
        replication: int = 0,
        world: World | None = None,
        routes: Mapping[str, tuple[str, str]] | None = None,
    ) -> None:
        super().__init__(rng=np.random.default_rng(0))
        self.world = world if world is not None else build_world(scenario or load_scenario(), arm)
        self.scenario_in_force = self.world.scenario
        self.arm, self.replication = self.world.arm, replication
        self.run_key = replication_key(_seed_of(rng), replication)
        self.minute, self.dispatches = 0, 0
        self.forced_routes = dict(routes or {})
        kinds = self.world.scenario.light.weather
        draw = uniform(self.run_key, entity("weather"), Purpose.WEATHER)
        self.weather = drawn_weather(draw, [kind.probability for kind in kinds])
        self._lights = self.world.lights
        self.light = self._lights[0]
        self._going = self.world.going
        self.command = self.command_class(self)
        here = self.scenario_in_force
        self.posts = [self.post_class(self, index, post) for index, post in enumerate(here.all_posts)]
        self.patrols = [self.patrol_class(self, index, patrol) for index, patrol in enumerate(here.patrols)]
        self.reaction_force = self.reaction_force_class(self, here.reaction_force)
        self.units: list[Responder] = [*self.posts, *self.patrols, self.reaction_force]
        self.groups = [self.group_class(self, index, group) for index, group in self._parties()]
        self._horizon, self._strip_is_read = here.horizon_min, here.control_strip.present
        self._false_alarms = sorted(
            (minute, post.index, number) for post in self.posts for number, minute in enumerate(post.false_alarms)
        )
        self._power_changes = sorted({minute for post in self.posts for minute in post.power_changes})
        self.dark_posts: tuple[int, ...] = ()

    # -- time ---------------------------------------------------------------------------------------------------

    def step(self) -> None:
        """One minute: groups move, posts and patrols look, command acts, units go on with what they do."""
        if self.minute >= self._horizon:
            self.running = False
            return
        self.minute += 1
        self.light = self._lights[self.minute]
        self._switch_power()
        self.command.count_sought()
        going_on = False
        for group in self.groups:
            group.step()
            if group.is_watched_for:
                self.watch(group)
            going_on = going_on or not group.ended
        if self._strip_is_read:
            for patrol in self.patrols:
                patrol.strip.look_for_tracks()
        self.command.step()
        self.answer_false_alarms()
        for unit in self.units:
            if unit.chase is not None:
                unit.step()
        if self.minute >= self._horizon or not going_on:
            self.running = False

    def _switch_power(self) -> None:
        """Note which posts are without power, when a cut begins or ends."""
        if self._power_changes and self._power_changes[0] <= self.minute:
            while self._power_changes and self._power_changes[0] <= self.minute:
                self._power_changes.pop(0)
            self.dark_posts = tuple(post.index for post in self.posts if not post.has_power(self.minute))

    def run(self) -> None:
        """Step until every group's story has ended, or the horizon is reached."""
        while self.running:
            self.step()

    def light_at(self, minute: int) -> int:
        """Class of light at a minute of the run; after the horizon that of the horizon."""
        return self._lights[min(minute, self._horizon)]

    def gone(self, way: int, minute: int) -> float:
        """Minutes of going by day that the minutes up to one are worth, on foot or otherwise (see `World.going`)."""
        line = self._going[way]
        last = len(line) - 1
        return line[min(minute, last)] + max(0, minute - last)

    def _parties(self) -> Iterator[tuple[int, GroupSettings]]:
        """The groups of this run with their place in the World's tables: those by name, then those of the streams."""
        for index, party in enumerate(self.scenario_in_force.infiltrators.parties):
            if isinstance(party, Stream):
                yield from ((index, group) for group in _arrivals(self.run_key, party))
            else:
                yield index, party

    def watch(self, group: Group) -> None:
        """Posts that can see the group's place, then patrols near by, look out for it."""
        for index, hazard in group.hazards_from_posts():
            if self.posts[index].detection.add(group, hazard):
                self.detect(self.posts[index], group)
        for patrol in self.patrols:
            patrol.look(group)

    def answer_false_alarms(self) -> None:
        """Send out the squads of posts to which a false alarm comes in this minute."""
        while self._false_alarms and self._false_alarms[0][0] <= self.minute:
            _, index, number = self._false_alarms.pop(0)
            self.posts[index].answer_false_alarm(number)

    # -- events -------------------------------------------------------------------------------------------------

    def detect(self, observer: Post | Patrol, group: Group) -> None:
        """A post or patrol has detected a group: it reports it, and acts alone once the group has put to water."""
        group.note_detection(observer.name)
        report = self.report(observer, group, group.step_index, self.minute, checked=False)
        if group.is_abroad:
            observer.respond_alone(report)

    def find_tracks(self, patrol: Patrol, sign: Sign) -> None:
        """A patrol has found the tracks of a group that it did not know of: it reports and follows them."""
        group = sign.group
        if patrol.detection.has_detected(group):
            return
        patrol.detection.close(group)
        group.note_detection(patrol.name, "tracks")
        report = self.report(patrol, group, sign.step, sign.minute, checked=True)
        if patrol.available and group.is_abroad:
            chase = patrol.send(report, Plan(patrol, sign.step, self.minute, 0))
            chase.phase, chase.route, chase.step = Phase.TRAIL, group.route_number, sign.step  # not the believed route
            chase.contact_hazard = threshold(self.run_key, patrol.with_group(group), Purpose.TRAIL)

    def report(
        self,
        unit: Responder,
        group: Group,
        step: int,
        minute: int,
        *,
        checked: bool,
        place_km: tuple[float, float] | None = None,
    ) -> Report:
        """A unit reports from its own place, or another, where and when a group was on its route, or will land."""
        if group.is_abroad:
            step, minute = place_reported(step, minute, group.route.landing_step)
        believed = believed_route(self, unit.entity, group, step)
        report = Report(unit, group, believed, step, minute, unit.place_km if place_km is None else place_km)
        self.command.hear(report, checked=checked)
        return report

    def engage(self, group: Group, present: list[Responder], report: Report, *, attacked: bool = False) -> None:
        """The units present take on a group on the grid, or are attacked by it."""
        lead, observer = present[-1], report.observer
        ended = meet(self, group, sum(unit.men_out for unit in present), attacked=attacked)
        lost = ended.own_killed
        for unit in reversed(present):
            lost -= unit.bear(lost)
        depth_km = float(self.world.depth_km(group.index, group.route_number)[group.step_index])
        why = (lead.name, "own", "") if lead is observer else (lead.name, "cued", observer.name)
        group.note_meeting(ended.outcome, *why, x_km=group.x_km, y_km=group.y_km, depth_km=depth_km)

    def engage_inland(self, group: Group, stopped_by: str, cued_from: str | None) -> None:
        """The interior takes on a group on the road."""
        here, share = self.scenario_in_force.inland, group.inland.share if group.inland is not None else 1.0
        border_km = float(self.world.depth_km(group.index, group.route_number)[-1])
        depth_km, why = depth_on_road(border_km, share, here.length_km), "cued" if cued_from else "unprompted"
        ended = meet(self, group, here.responders)
        group.note_meeting(ended.outcome, stopped_by, why, cued_from or "", depth_km=depth_km)

    def reach_target(self, group: Group, *, warned: bool = False) -> None:
        """The group is where it wanted to go; fighters attack those who stand there, and may be beaten."""
        if rules.attacks_target(group.is_inland, group.settings.is_fighters):
            group.end(OUTCOMES[attack_target(self, group, warned).outcome])
        else:
            group.end("reached")

    # -- results ------------------------------------------------------------------------------------------------

    def rows(self) -> list[dict[str, Any]]:
        """One outcome row a group, with the columns of `sim.outcomes.COLUMNS`."""
        world, here, rows = self.world, self.scenario_in_force, []
        totals = {
            "false_alarms": sum(len(post.false_alarms) for post in self.posts),
            "dispatches": self.dispatches,
            "patrol_hours": sum(patrol.duty_minutes(self._horizon) for patrol in self.patrols) / 60.0,
            "cost_usd": world.cost_usd,
            "weather": here.light.weather[self.weather].name,
        }
        for group in self.groups:
            crossing, record = world.crossings[group.route.crossing], group.record
            identity = {
                "replication": self.replication,
                "arm": self.arm,
                "group": group.name,
                "kind": group.settings.kind,
                "size": group.size,
                "crossing": crossing.name,
                "crossing_x_km": crossing.x_km,
                "crossing_y_km": crossing.y_km,
                "sector": here.sector_of(crossing.x_km),
                "way": world.way_name(group.route.way),
                "escaped": group.size - record["killed"] - record["captured"],
            }
            rows.append({**identity, **record, **totals})
            rows[-1].pop("fights", None)
        return rows

    def release(self) -> None:
        """Let go of everything, so that memory is freed: Mesa 3.3 keeps every model it has ever seen."""
        self.remove_all_agents()
        getattr(mesa.Agent, "_ids", {}).pop(self, None)
        for agents in (self.units, self.posts, self.patrols, self.groups):
            agents.clear()


def _arrivals(run_key: int, stream: Stream) -> Iterator[GroupSettings]:
    """The groups of a stream in order of departure; the same in every arm."""
    who, hours = entity(stream.name), (stream.from_min, stream.until_min)
    times = poisson_times(stream.per_min, *hours, lambda count: uniform(run_key, who, Purpose.ARRIVAL, count))
    for number, time in enumerate(times, start=1):
        size = drawn_whole(uniform(run_key, who, Purpose.SIZE, number), *stream.sizes)
        yield stream.arrival(number, int(time), size)


def _seed_of(rng: int | np.random.Generator | None) -> int:
    if rng is None:
        return 1
    return int(rng.integers(1 << 62)) if isinstance(rng, np.random.Generator) else int(rng)
