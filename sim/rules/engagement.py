"""Engagement: a stochastic Lanchester duel with surrender and break-off, and what becomes of a beaten group.

Losses fall one at a time; the next is the group's with a probability given by the law (Brown 1963). Without
surrender and break-off the chance to win obeys P(x, y) = q P(x, y-1) + (1-q) P(x-1, y).
"""

from __future__ import annotations

from typing import NamedTuple

from sim.outcomes import OUTCOMES
from sim.rules.randomness import DRAWS_PER_FIGHT, Purpose, uniform

KILLED, CAPTURED, TURNED_BACK, ADMITTED, REPELLED, REACHED, AT_LARGE = range(len(OUTCOMES))
"""Positions in `sim.outcomes.OUTCOMES`."""
GOES_ON = -1
"""In place of an outcome: the group's journey goes on."""


class Law(NamedTuple):
    """The settings of `engagement`; `square` is whether its law is the square one."""

    effectiveness: float
    square: bool
    surrender_at: float
    break_off_at: float
    abandon_at: float
    capture_probability: float


class Manner(NamedTuple):
    """How a group of some kind meets armed men: its will to fight, and what migrants may expect."""

    will: float
    migrants: bool
    admitted: float


class Encounter(NamedTuple):
    """What a meeting has made of men and a group: men killed, persons left of it, and its outcome or `GOES_ON`."""

    beaten: bool
    own_killed: int
    persons: int
    captured: int
    outcome: int


class Fight(NamedTuple):
    """How a fight ended: men left on either side, and whether the responders won."""

    responders_left: int
    group_left: int
    won: bool


def left_of(men: int, share_lost: float) -> float:
    """Men that are left when a share of them is lost; need not be whole."""
    return men * (1.0 - share_lost)


def gives_up(persons: int, size: int, abandon_at: float) -> bool:
    """Whether a group that got away has lost too many of its own to go on."""
    return persons < size and persons <= left_of(size, abandon_at)


def group_loses_next(responders: int, group: int, effectiveness: float, square: bool) -> float:
    """Probability that the next loss is the group's.

    >>> group_loses_next(2, 1, 1.0, True)
    0.6666666666666666
    """
    if square:
        weight = effectiveness * responders
        return weight / (weight + group)
    return effectiveness / (effectiveness + 1.0)


def duel(
    run: int,
    who: int,
    counter: int,
    responders: int,
    group: int,
    effectiveness: float,
    square: bool,
    surrender_below: float,
    break_off_below: float,
) -> Fight:
    """Fight until the group gives up or the responders break off.

    Parameters
    ----------
    run, who, counter:
        Key of the run, entity of the group, and counter of the first draw.
    responders, group:
        Men at the start, both at least 1.
    effectiveness:
        Of one responder over one fighter.
    surrender_below, break_off_below:
        A side stops when it has so many men or fewer; 0 means that it fights to the last man.
    """
    x, y = responders, group
    while y > surrender_below and x > break_off_below:
        if uniform(run, who, Purpose.DUEL, counter) < group_loses_next(x, y, effectiveness, square):
            y -= 1
        else:
            x -= 1
        counter += 1
    return Fight(x, y, y <= surrender_below)


def fight(run: int, who: int, number: int, men: int, persons: int, size: int, will: float, law: Law) -> Fight:
    """Men take on a group of so many persons: a duel if it has the will to fight, else it gives up.

    Parameters
    ----------
    run, who, number:
        Key of the run, entity of the group, and how many fights it had before.
    size:
        Persons at the start of its journey, of whom `law.surrender_at` is a share.
    will:
        Probability that it resists, drawn at each fight.
    """
    if men <= 0 or will <= 0.0 or uniform(run, who, Purpose.WILL, number) >= will:
        return Fight(men, persons, men > 0)
    surrender_below, break_off_below = left_of(size, law.surrender_at), left_of(men, law.break_off_at)
    first = number * DRAWS_PER_FIGHT
    return duel(run, who, first, men, persons, law.effectiveness, law.square, surrender_below, break_off_below)


def loss_of(men: int, lost: int) -> int:
    """How many of the men still to be taken as lost a unit of so many bears: the last to arrive made the contact."""
    return min(men, lost)


def is_interception(first: bool, outcome: int) -> bool:
    """Whether a meeting is noted as the interception: the first one, and whichever ends the group's journey."""
    return first or outcome != GOES_ON


def attacks_target(on_road: bool, fighters: bool) -> bool:
    """Whether a group that has come to its target attacks those who stand there: fighters at the end of the road."""
    return on_road and fighters


def attack_hazard(fighters: bool, persons: int, men: int, attack_ratio: float, units: int) -> int:
    """Hazard of a minute in which fighters notice men who shadow them and turn on them: only those who are stronger.

    >>> [attack_hazard(True, persons, 5, 2.0, 1000) for persons in (9, 10)]
    [0, 1000]
    """
    return units if fighters and persons >= attack_ratio * men else 0


def is_attacked(run: int, who: int, minute: int, lost: int, attacked: int) -> bool:
    """Whether a shadow ends with an attack and not because the group is lost, in proportion to the two hazards.

    Parameters
    ----------
    run, who:
        Key of the run, and the pair of unit and group.
    lost, attacked:
        Hazards of the minute in which it ends.
    """
    return attacked > 0 and uniform(run, who, Purpose.ATTACK, minute) * (lost + attacked) < attacked


def captured_of(run: int, who: int, persons: int, probability: float) -> int:
    """How many of a beaten group's persons are captured; the others slip away."""
    captured = 0
    for person in range(persons):
        captured += uniform(run, who, Purpose.CAPTURE, person) < probability
    return captured


def outcome_of_beaten(run: int, who: int, migrants: bool, admitted: float, killed: int, captured: int) -> int:
    """Outcome of a beaten group: what became of most of those who did not slip away; migrants are not punished.

    Parameters
    ----------
    admitted:
        Probability that migrants are admitted; else they are turned back.
    """
    if migrants:
        return ADMITTED if uniform(run, who, Purpose.ADMITTED) < admitted else TURNED_BACK
    if killed + captured == 0:
        return TURNED_BACK
    return KILLED if killed >= captured else CAPTURED


def encounter(
    run: int, who: int, number: int, men: int, persons: int, size: int, killed: int, manner: Manner, law: Law
) -> Encounter:
    """Men meet a group: a fight, then prisoners and an outcome if it is beaten; else it goes on, or gives up.

    Parameters
    ----------
    run, who, number:
        As for `fight`.
    persons, size, killed:
        Persons left before the fight, at the start of the journey, and how many were killed in earlier fights.
    """
    ended = fight(run, who, number, men, persons, size, manner.will, law)
    captured, outcome = 0, GOES_ON
    if ended.won:
        captured = captured_of(run, who, ended.group_left, law.capture_probability)
        killed += persons - ended.group_left
        outcome = outcome_of_beaten(run, who, manner.migrants, manner.admitted, killed, captured)
    elif gives_up(ended.group_left, size, law.abandon_at):
        outcome = TURNED_BACK
    return Encounter(ended.won, men - ended.responders_left, ended.group_left, captured, outcome)


def men_at_target(warned: bool, defenders: int, warned_defenders: int) -> int:
    """Men who are ready at the target when it is attacked: a warning takes none away."""
    return max(defenders, warned_defenders) if warned else defenders


def law_of_defence(law: Law, warned: bool, warned_advantage: float) -> Law:
    """The law of the fight at the target: men who were warned have the first shot, and are worth so much more."""
    effectiveness = law.effectiveness * (warned_advantage if warned else 1.0)
    shares = law.surrender_at, law.break_off_at, law.abandon_at, law.capture_probability
    return Law(effectiveness, law.square, shares[0], shares[1], shares[2], shares[3])


def attack(run: int, who: int, number: int, defenders: int, persons: int, size: int, law: Law) -> Encounter:
    """Fighters attack those who stand at their target; their will is not drawn, since they have come to fight.

    They are repelled if the defenders beat them, or if they lose too many to go on, as in any other fight. If the
    defenders break off, are all killed, or are not there, they have reached their target.
    """
    ended = encounter(run, who, number, defenders, persons, size, 0, Manner(1.0, False, 0.0), law)
    outcome = REACHED if ended.outcome == GOES_ON else REPELLED
    return Encounter(ended.beaten, ended.own_killed, ended.persons, ended.captured, outcome)
