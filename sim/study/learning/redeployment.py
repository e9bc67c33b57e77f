"""Redeployment: the state moves patrol duty along the border to where groups were detected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.world import World
from sim.world.crossings import along_border_km

if TYPE_CHECKING:
    import pandas as pd

FULL = 1e-12


def redeployed_world(world: World, rows: pd.DataFrame) -> World:
    """The World of an arm after the state has moved patrol duty in answer to a season.

    Each group that was detected in the season, by whomever, votes for the patrol whose track lies nearest to its
    crossing point. The distance is measured along the border, to the stretch that the patrol's tracks (alternatives
    included) run beside, and is 0 within that stretch. Patrols at the same distance share the vote. `move_duty` then
    moves `season.redeploy_share` of all duty by these votes. Nothing moves where that share is 0, nobody was detected,
    there is no patrol, or no border river along which to measure.

    Parameters
    ----------
    world:
        With the duty of the season as `scenario.patrols.N.duty_share`.
    rows:
        Outcome rows of the season in this arm.
    """
    share, patrols = world.scenario.season.redeploy_share, world.scenario.patrols
    places = detected_along_km(world, rows)
    if not share or not patrols or not len(places) or len(world.terrain.border_km) < 2:
        return world
    duty = [patrol.duty_share for patrol in patrols]
    moved = move_duty(duty, votes(patrol_stretches_km(world), places), share)
    return world.with_changes(**{f"patrols.{index}.duty_share": float(part) for index, part in enumerate(moved)})


def move_duty(duty: ArrayLike, weights: ArrayLike, share: float) -> NDArray[np.float64]:
    """Shares of duty after some of all duty was moved; their sum stays, and each stays between 0 and 1.

    Every patrol gives up `share` of its duty. What was given up is handed out by the weights. A patrol that is full
    (on duty all the time) takes no more; what it leaves is handed out among the others by their weights, and once
    all that have a weight are full, among the rest by the room that they have.

    Parameters
    ----------
    duty:
        Share of the time on duty, shape (patrols,), each 0 to 1.
    weights:
        Where the duty shall go, shape (patrols,), none negative, not all 0.
    share:
        Of all duty that is moved, 0 to 1.

    Returns
    -------
    Shares of the time on duty, shape (patrols,).

    Examples
    --------
    >>> move_duty([0.4, 0.4], [1, 0], 0.5).round(3).tolist()
    [0.6, 0.2]
    >>> move_duty([0.9, 0.9, 0.6], [1, 0, 0], 0.5).round(3).tolist()  # the first is full with 0.55 more; 0.65 are left
    [1.0, 0.736, 0.664]
    """
    before, pull = np.asarray(duty, dtype=float), np.asarray(weights, dtype=float)
    now = before * (1.0 - share)
    left = float(before.sum() - now.sum())
    for claim in (pull, None):
        for _ in before:
            room = 1.0 - now
            claims = np.where(room > FULL, room if claim is None else claim, 0.0)
            if left <= FULL or not claims.sum():
                break
            given = np.minimum(room, left * claims / claims.sum())
            now, left = now + given, left - float(given.sum())
    return np.clip(now, 0.0, 1.0)


def votes(stretches_km: Sequence[tuple[float, float]], places_km: Sequence[float]) -> NDArray[np.float64]:
    """Share of the places that lie nearest to each stretch, shape (stretches,).

    >>> votes([(0, 4), (6, 9)], [1.0, 4.5, 5.0, 20.0]).tolist()
    [0.625, 0.375]
    """
    ends, places = np.asarray(stretches_km, dtype=float), np.asarray(places_km, dtype=float)[:, None]
    gap = np.maximum(np.maximum(ends[:, 0] - places, places - ends[:, 1]), 0.0)
    nearest = gap <= gap.min(axis=1, keepdims=True) + FULL
    return np.asarray((nearest / nearest.sum(axis=1, keepdims=True)).mean(axis=0))


def patrol_stretches_km(world: World) -> list[tuple[float, float]]:
    """For each patrol the stretch of the border along which its tracks lie: its two ends in km along the border."""
    stretches = []
    for beat in world.patrol_tracks:
        tracks = [world.tracks[number] for number in beat]
        points = np.concatenate([np.column_stack([track.x_km, track.y_km]) for track in tracks])
        along = [along_border_km(world.terrain.border_km, x, y) for x, y in points]
        stretches.append((min(along), max(along)))
    return stretches


def detected_along_km(world: World, rows: pd.DataFrame) -> list[float]:
    """Where the detected groups crossed, km along the border, in the order of the rows."""
    if not len(rows):
        return []
    along = {crossing.name: crossing.along_km for crossing in world.crossings}
    return [along[name] for name in rows.loc[rows["detected"].astype(bool), "crossing"]]
