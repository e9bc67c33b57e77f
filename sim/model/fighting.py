"""Fights: men meet a group, or a group attacks its target; what that costs either side is noted on the group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.rules import engagement as rules

if TYPE_CHECKING:
    from sim.model.group import Group
    from sim.model.model import BorderModel
    from sim.scenario.command import Engagement


def law_of(here: Engagement) -> rules.Law:
    """The law by which a fight runs."""
    shares = here.surrender_at, here.break_off_at, here.abandon_at, here.capture_probability
    return rules.Law(here.effectiveness, here.law == "square", *shares)


def meet(model: BorderModel, group: Group, men: int, *, attacked: bool = False) -> rules.Encounter:
    """Let men take on a group, or be attacked by it: then its will to fight is not in doubt."""
    manner = rules.Manner(1.0, False, 0.0) if attacked else group.manner
    law, number = law_of(model.scenario_in_force.engagement), group.record.setdefault("fights", 0)
    numbers = men, group.persons, group.size, group.record["killed"]
    return _count_losses(group, rules.encounter(model.run_key, group.entity, number, *numbers, manner, law))


def attack_target(model: BorderModel, group: Group, warned: bool) -> rules.Encounter:
    """Let a group attack those who stand at its target; more of them are ready if they were warned."""
    here, number = model.scenario_in_force.inland, group.record.setdefault("fights", 0)
    group.record["warned"] = warned
    law = rules.law_of_defence(law_of(model.scenario_in_force.engagement), warned, here.warned_advantage)
    men = rules.men_at_target(warned, here.defenders, here.warned_defenders)
    return _count_losses(group, rules.attack(model.run_key, group.entity, number, men, group.persons, group.size, law))


def _count_losses(group: Group, ended: rules.Encounter) -> rules.Encounter:
    """Note what a fight has cost either side."""
    record = group.record
    record["fights"], record["killed"] = record["fights"] + 1, record["killed"] + group.persons - ended.persons
    record["captured"] += ended.captured
    record["own_killed"] += ended.own_killed
    group.persons = ended.persons
    return ended
