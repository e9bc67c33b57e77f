"""Learning over seasons: what an adversary makes of who was stopped where, and the World in which it acts on that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.outcomes import interdicted
from sim.rules.randomness import absorb, entity
from sim.study.replications import Replications
from sim.world import World

if TYPE_CHECKING:
    import pandas as pd

    from sim.model import BorderModel

LARGEST_SEED = (1 << 63) - 1


def learn(
    danger: Mapping[str, float],
    stopped: Mapping[str, int],
    crossed: Mapping[str, int],
    weight: float,
    forgetting: float,
) -> dict[str, float]:
    """What is believed of each crossing point after a season.

    Where groups crossed: (1 - weight) x what was believed + weight x share of them that was stopped. Elsewhere, where
    there is no news: what was believed x (1 - forgetting). A crossing point that is not named is held to be safe.

    Parameters
    ----------
    danger:
        Believed probability to be stopped, by crossing point.
    stopped, crossed:
        How many groups of the season chose a crossing point, and how many of those were stopped, wherever and by
        whomever; points that nobody chose may be left out.
    weight, forgetting:
        Shares, 0 to 1.

    Returns
    -------
    dict
        By crossing point in the order of the names, each between 0 and 1.

    Examples
    --------
    >>> learn({"c00": 0.4, "c01": 0.2}, {"c00": 3}, {"c00": 4}, weight=0.5, forgetting=0.1)
    {'c00': 0.575, 'c01': 0.18000000000000002}
    """
    told = {}
    for name in sorted({*danger, *crossed}):
        before, groups = danger.get(name, 0.0), crossed.get(name, 0)
        if groups:
            after = (1.0 - weight) * before + weight * stopped.get(name, 0) / groups
        else:
            after = before * (1.0 - forgetting)
        told[name] = min(1.0, after)
    return told


def tally(rows: pd.DataFrame) -> tuple[dict[str, int], dict[str, int]]:
    """How many groups were stopped, and how many there were, by the crossing point that they chose."""
    if not len(rows):
        return {}, {}
    crossed = Counter(rows["crossing"].tolist())
    stopped = Counter(rows.loc[interdicted(rows), "crossing"].tolist())
    return dict(stopped), dict(crossed)


def after_season(world: World, rows: pd.DataFrame) -> World:
    """The same World for an adversary that knows how a season went in it.

    Parameters
    ----------
    world:
        With what was believed before as `scenario.infiltrators.danger`.
    rows:
        Outcome rows of the season in this arm.
    """
    season = world.scenario.season
    danger = learn(world.scenario.infiltrators.danger, *tally(rows), season.weight, season.forgetting)
    return with_scenario(world, {"infiltrators.danger": danger})


def with_scenario(world: World, changes: Mapping[str, Any]) -> World:
    """The same World with keys of its scenario changed that none of its tables depends on."""
    return replace(world, scenario=world.scenario.replace(**changes))


def learns(world: World) -> bool:
    """Whether the adversary of this arm learns over seasons."""
    return world.scenario.infiltrators.behaviour == "learning"


def learning_seed(seed: int) -> int:
    """The seed of the seasons that come before the counted replications of a seed.

    It is a hash of the seed, so that no season shares its luck with a counted replication. It depends on nothing
    else: in one season all arms have the same luck. `study=season` with this seed and `season.redeploy_share=0` plays
    the very seasons from which the adversary of `study=compare` has learnt.
    """
    return absorb(entity("seasons"), seed) & LARGEST_SEED


def learned_world(world: World, seed: int, model: type[BorderModel] | None = None, engine: str = "compiled") -> World:
    """The World of an arm after the adversary has learnt in it; as it is where the adversary does not learn.

    It plays `season.seasons` seasons of `season.trials` replications with the luck of `learning_seed`, one after the
    other in this process. Season s (from 0) takes the replications s x trials to (s + 1) x trials - 1 of that seed.

    Parameters
    ----------
    world:
        Of one arm, with what is believed at first as `scenario.infiltrators.danger`.
    seed:
        Of the replications that shall be counted afterwards.
    model:
        `BorderModel` where None, or a subclass.
    engine:
        See `sim.study.replications.ENGINES`.
    """
    if not learns(world):
        return world
    season, luck = world.scenario.season, learning_seed(seed)
    for number in range(season.seasons):
        first = number * season.trials
        rows = Replications((world,), luck, model, engine).run(first, first + season.trials)
        world = after_season(world, rows)
    return world
