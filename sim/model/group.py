"""A group: it sets out, waits for the dark, rafts, marches, lies up by day, and goes on by road."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar

import mesa

from sim.model.choice import forced_route, perceived_costs
from sim.model.inland import InlandLeg
from sim.model.patrol import Sign
from sim.model.pursuit import Phase
from sim.outcomes import OUTCOMES
from sim.rules.arrivals import drawn_between, drawn_whole
from sim.rules.choice import least
from sim.rules.engagement import GOES_ON, Manner, is_interception
from sim.rules.light import dark_enough, rests
from sim.rules.movement import after_minutes, step_on_foot
from sim.rules.patrol import AWAY, NOTICED, hides_until, is_hiding, notice_reach_km, noticed
from sim.rules.randomness import Purpose, entity, uniform
from sim.rules.response import first_minute
from sim.rules.sensing import LYING_UP, MARCHING, hazard, visibility_as
from sim.scenario.group import Group as GroupSettings
from sim.world.hazards import UNSEEN_M

if TYPE_CHECKING:
    from sim.model.model import BorderModel
    from sim.model.pursuit import Chase
    from sim.model.responder import Responder


Number = TypeVar("Number", int, float)


class Stage(Enum):
    """Where a group stands in its story."""

    AT_HOME = "at home"
    APPROACH = "on the way to the river"
    ABROAD = "across the border"
    INLAND = "on the road inland"
    ENDED = "ended"


class Group(mesa.Agent):
    """People who infiltrate together. `settings` are the scenario's; `index` is their place in the World's tables."""

    model: BorderModel

    def __init__(self, model: BorderModel, index: int, settings: GroupSettings) -> None:
        super().__init__(model)
        self.name, self.index, self.settings = settings.name, index, settings
        self.entity = entity(settings.name)
        self.persons = self.size = _said(settings.size)
        draw = uniform(model.run_key, self.entity, Purpose.DEPARTURE)
        self.departure_min = drawn_whole(draw, settings.depart_earliest_min, settings.depart_latest_min)
        draw = uniform(model.run_key, self.entity, Purpose.PACE)
        self.pace = drawn_between(draw, _said(settings.pace_low), _said(settings.pace_high))
        self.signature = model.scenario_in_force.infiltrators.signature_of(settings, self.size)
        admitted = _said(settings.admitted_probability)
        self.manner = Manner(_said(settings.will_to_fight), settings.is_migrants, admitted)
        self.routes = model.world.routes[index]
        self.stage = Stage.AT_HOME
        self.posture = MARCHING
        self.day_minutes = self.night_minutes = self.step_index = 0
        forced = forced_route(model, self)
        self.take(least(perceived_costs(model, self)) if forced is None else forced)
        self.evasion = Evasion(model, self)
        self.inland: InlandLeg | None = None
        self.record: dict[str, Any] = _blank_record()
        self._hazard_key: tuple[Any, ...] | None = None
        self._hazards: list[tuple[int, int]] = []

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}, {self.stage.value}>"

    def take(self, route: int) -> None:
        """Take one of the routes."""
        world = self.model.world
        self.route_number, self.route = route, self.routes[route]
        self.spots = world.route_spots(self.index, route)
        self.concealment = world.concealment(self.index, route)
        self.x_km, self.y_km = float(self.route.x_km[self.step_index]), float(self.route.y_km[self.step_index])
        self._strips = list(world.strip_crossings(self.index, route))
        self.metres = world.post_metres(self.index, route)

    # -- what others ask ----------------------------------------------------------------------------------------

    @property
    def ended(self) -> bool:
        """Whether its story is over."""
        return self.stage is Stage.ENDED

    @property
    def is_abroad(self) -> bool:
        """Whether it is on the water or beyond it, and still on the grid."""
        return self.stage is Stage.ABROAD

    @property
    def is_watched_for(self) -> bool:
        """Whether posts and patrols look out for it: abroad, and on its way there if they watch the far bank."""
        return self.is_abroad or (self.stage is Stage.APPROACH and self.model.command.settings.watches_far_bank)

    @property
    def is_inland(self) -> bool:
        """Whether it is on the road beyond the grid."""
        return self.stage is Stage.INLAND

    @property
    def shadowed(self) -> bool:
        """Whether anybody has it in sight and follows it."""
        return any(chase.phase is Phase.SHADOW for _, chase in self.chases)

    @property
    def shadowers(self) -> list[Responder]:
        """The units that have it in sight and follow it."""
        return [unit for unit, chase in self.chases if chase.phase is Phase.SHADOW]

    @property
    def chases(self) -> list[tuple[Responder, Chase]]:
        """The units that were sent after it, with what they do."""
        chases = [(unit, unit.chase) for unit in self.model.units if unit.chase is not None]
        return [(unit, chase) for unit, chase in chases if chase.report.group is self]

    @property
    def spot(self) -> int:
        """Position of its cell in the World's list of spots."""
        return int(self.spots[self.step_index])

    @property
    def exposure(self) -> float:
        """How visible it is here and now, over a standard target in the open."""
        factor, concealment = self.settings.lying_up_factor, float(self.concealment[self.step_index])
        return float(visibility_as(self.posture, self.signature, factor, concealment))

    @property
    def crossed_min(self) -> int:
        """When it put to water, or -1."""
        return int(self.record["crossed_min"])

    def hazards_from_posts(self) -> list[tuple[int, int]]:
        """Posts that can detect it this minute, and the hazard from each in units of 2^-32."""
        key = (self.model.light, self.posture, self.step_index, self.model.dark_posts)
        if key != self._hazard_key:
            self._hazard_key = key
            row = enumerate(self.metres[:, self.step_index].tolist())
            hazards = [(post, self._hazard(post, metre)) for post, metre in row if metre < UNSEEN_M]
            self._hazards = [(post, danger) for post, danger in hazards if danger]
        return self._hazards

    def _hazard(self, post: int, metre: int) -> int:
        model = self.model
        rates = model.world.post_rates(post, model.weather, post not in model.dark_posts)[model.light]
        return hazard(float(rates[metre]), self.exposure) if metre < len(rates) else 0

    # -- the story, a minute at a time --------------------------------------------------------------------------

    def step(self) -> None:
        """One minute of the group's story."""
        if self.stage is Stage.ABROAD:
            self.march()
        elif self.stage is Stage.INLAND and self.inland is not None:
            self.inland.step()
        elif self.stage is Stage.APPROACH:
            self.approach()
        elif self.stage is Stage.AT_HOME and self.model.minute >= self.departure_min:
            self.stage = Stage.APPROACH
            self.record["departed_min"] = self.model.minute
            self.approach()

    def approach(self) -> None:
        """Walk to the river, by day or night, lie in wait for the dark there, and put to water."""
        if self.step_index < self.route.raft_step:
            self._advance()
        if self.step_index < self.route.raft_step:
            return
        self.posture = LYING_UP
        if not self.evasion.look_out() and self._dark_enough:
            self.stage, self.posture = Stage.ABROAD, MARCHING
            self.record["crossed_min"] = self.model.minute
            self.model.command.see_afloat(self)

    def march(self) -> None:
        """Go on by night; lie up by day, and while a patrol is near, but never on the water."""
        on_land = self.step_index >= self.route.landing_step
        if on_land and (self.evasion.look_out() or rests(self.settings.lies_up, self.model.light)):
            self.posture = LYING_UP
            return
        self.posture = MARCHING
        self._advance()
        if self.step_index >= self.route.steps:
            self.arrive()

    def arrive(self) -> None:
        """At the target on the grid: the end, or the beginning of the road inland."""
        if self.model.scenario_in_force.goes_inland(self.settings):
            self.stage = Stage.INLAND
            self.inland = InlandLeg(self.model, self)
        else:
            self.model.reach_target(self)

    @property
    def _dark_enough(self) -> bool:
        model, raft_min = self.model, self.route.landing_step - self.route.raft_step
        lights = model.light, model.light_at(model.minute + raft_min)
        return dark_enough(self.settings.rafts_by_night, raft_min, *lights)

    def _advance(self) -> None:
        """A minute on foot, up to the river or the target; on the water a step takes a minute."""
        route, step, at_home = self.route, self.step_index + 1, self.step_index < self.route.raft_step
        if not route.raft_step <= self.step_index < route.landing_step:
            minutes = after_minutes(1, self.model.light, self.day_minutes, self.night_minutes)
            self.day_minutes, self.night_minutes = minutes
            paces, limit = (self.pace, self.settings.night_pace), route.raft_step if at_home else route.steps
            step = min(step_on_foot(*minutes, *paces, self.step_index, route.raft_step, route.landing_step), limit)
        if step == self.step_index:
            return
        self.step_index = step
        self.x_km, self.y_km = float(route.x_km[step]), float(route.y_km[step])
        while self._strips and self._strips[0].step <= step:
            here = self._strips.pop(0)
            sign = Sign(self, here.line, here.track, here.along_km, here.step, self.model.minute)
            self.model.patrols[here.patrol].strip.signs.append(sign)

    # -- what happens to it -------------------------------------------------------------------------------------

    def note_detection(self, observer: str, how: str = "sight") -> None:
        """Remember the first detection."""
        if self.record["detected_min"] < 0:
            self.record.update(detected=True, detected_by=observer, detected_how=how, detected_min=self.model.minute)

    def note_cue(self, minute: int) -> None:
        """Remember the first cue about it."""
        self.record["cued_min"] = first_minute(self.record["cued_min"], minute)

    def note_dispatch(self) -> None:
        """Remember the first time that men were sent after it; to the men who go, that is a cue at the latest."""
        self.note_cue(self.model.minute)
        self.record["dispatched_min"] = first_minute(self.record["dispatched_min"], self.model.minute)

    def note_meeting(self, outcome: int, by: str, mechanism: str, cued_from: str, **place: float) -> None:
        """Remember who met it, why they were there, and where, in kilometres; on the road there is only a depth."""
        if is_interception(not self.record["intercepted"], outcome):
            nowhere = {"x_km": float("nan"), "y_km": float("nan")}
            self.record.update(intercepted=True, intercepted_by=by, mechanism=mechanism, cued_from=cued_from)
            self.record.update(intercepted_min=self.model.minute, **{**nowhere, **place})
        if outcome != GOES_ON:
            self.end(OUTCOMES[outcome])

    def end(self, outcome: str) -> None:
        """The story is over."""
        self.stage = Stage.ENDED
        self.record.update(outcome=outcome, ended_min=self.model.minute)


class Evasion:
    """What one group has noticed of the patrols, so that it hides until they have gone: one draw an encounter."""

    def __init__(self, model: BorderModel, group: Group) -> None:
        self._model, self._group = model, group
        self._patrols: dict[str, tuple[int, int]] = {}
        self._hidden_until = -1

    @property
    def hiding(self) -> bool:
        """Whether it hides from a patrol this minute."""
        return is_hiding(self._model.minute, self._hidden_until)

    def look_out(self) -> bool:
        """Look where the patrols are this minute; whether the group hides from one."""
        here, model, group = self._group.settings, self._model, self._group
        reach = notice_reach_km(here.notice_km, here.notice_night_factor, model.light)
        for patrol in (one for one in model.patrols if one.men > 0 and reach > 0.0):
            near = patrol.away_km(group, reach) <= reach and patrol.sees(group, patrol.where(model.minute))
            key, before = (model.run_key, group.entity, patrol.entity), self._patrols.get(patrol.name, (AWAY, 0))
            self._patrols[patrol.name] = now = noticed(*key, near, *before, here.notice_probability)
            if now[0] == NOTICED:
                self._hidden_until = hides_until(model.minute, here.hide_min)
        group.record["hidden_min"] += self.hiding
        return self.hiding


def _said(value: Number | None) -> Number:
    """A value that a party may leave to its kind; the World's parties have them all filled in."""
    assert value is not None
    return value


def _blank_record() -> dict[str, Any]:
    minutes = ("departed_min", "crossed_min", "detected_min", "cued_min", "dispatched_min", "intercepted_min")
    places = ("x_km", "y_km", "depth_km")
    return {
        **dict.fromkeys(minutes, -1),
        **dict.fromkeys(places, float("nan")),
        **dict.fromkeys(("detected", "intercepted", "warned"), False),
        **dict.fromkeys(("detected_by", "detected_how", "cued_from", "intercepted_by", "mechanism"), ""),
        **dict.fromkeys(("killed", "captured", "own_killed", "hidden_min"), 0),
        "outcome": "at_large",
        "ended_min": -1,
    }
