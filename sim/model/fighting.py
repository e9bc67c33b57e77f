"""What becomes of a group that men have met, and of the men."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.rules.engagement import captured_of, duel, left_of
from sim.rules.engagement import gives_up as loses_heart
from sim.rules.randomness import DRAWS_PER_FIGHT, Purpose, uniform

if TYPE_CHECKING:
    from sim.model.group import Group
    from sim.model.model import BorderModel
    from sim.model.responder import Responder


def fight(model: BorderModel, group: Group, men: int) -> tuple[bool, int]:
    """Let `men` take on a group; returns whether the group is beaten, and how many of the men were lost.

    A group fights a duel if it has the will to (`will_to_fight`, drawn at each meeting), else it gives up. Of a beaten
    group some are captured, the rest slip away; a group that beats the men off goes on with those it has left.
    """
    number = group.record.setdefault("fights", 0)
    group.record["fights"] = number + 1
    lost = 0
    if men > 0 and _resists(model, group, number):
        settings = model.scenario_in_force.engagement
        ended = duel(
            men,
            group.persons,
            settings.effectiveness,
            settings.law == "square",
            left_of(group.size, settings.surrender_at),
            left_of(men, settings.break_off_at),
            lambda counter: uniform(model.run_key, group.entity, Purpose.DUEL, number * DRAWS_PER_FIGHT + counter),
        )
        group.record["killed"] += group.persons - ended.group_left
        lost = men - ended.responders_left
        group.persons = ended.group_left
        if not ended.won:
            return False, lost
    return men > 0, lost


def _resists(model: BorderModel, group: Group, number: int) -> bool:
    will = group.settings.will_to_fight or 0.0
    return will > 0.0 and uniform(model.run_key, group.entity, Purpose.WILL, number) < will


def gives_up(model: BorderModel, group: Group) -> bool:
    """Whether a group that beat the men off has lost too many of its own to go on."""
    return loses_heart(group.persons, group.size, model.scenario_in_force.engagement.abandon_at)


def take_prisoners(model: BorderModel, group: Group) -> None:
    """Capture those of a beaten group who do not slip away."""
    probability = model.scenario_in_force.engagement.capture_probability
    captured = captured_of(
        group.persons,
        probability,
        lambda person: uniform(model.run_key, group.entity, Purpose.CAPTURE, person),
    )
    group.record["captured"] += captured


def outcome_of(model: BorderModel, group: Group) -> str:
    """The word for a beaten group: what became of most of those who did not slip away; migrants are not punished."""
    killed, captured = group.record["killed"], group.record["captured"]
    if group.settings.kind == "migrants":
        admitted = group.settings.admitted_probability or 0.0
        draw = uniform(model.run_key, group.entity, Purpose.ADMITTED)
        return "admitted" if draw < admitted else "turned_back"
    if killed + captured == 0:
        return "turned_back"
    return "killed" if killed >= captured else "captured"


def share_losses(units: list[Responder], lost: int) -> None:
    """Take the men lost from the units present, the last to arrive first: it made the contact."""
    for unit in reversed(units):
        taken = min(unit.men, lost)
        unit.men -= taken
        lost -= taken
