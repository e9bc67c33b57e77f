"""Between seasons: what an adversary comes to believe, and where the state sends its patrols."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

FULL = 1e-12


def learn(
    danger: Mapping[str, float],
    stopped: Mapping[str, int],
    crossed: Mapping[str, int],
    weight: float,
    forgetting: float,
) -> dict[str, float]:
    """What is believed of each crossing point after a season.

    Where groups crossed: (1 - weight) x what was believed + weight x share of them that was stopped. Elsewhere, where
    there is no news: what was believed x (1 - forgetting). A crossing point that is not named is believed to be safe.

    Parameters
    ----------
    danger:
        Believed probability to be stopped, by crossing point; the result is that too, in the order of the names.
    stopped, crossed:
        How many of the season's groups were stopped that chose a crossing point, and how many chose it.
    weight, forgetting:
        Shares, 0 to 1.

    Examples
    --------
    >>> learn({"c00": 0.4, "c01": 0.2}, {"c00": 3}, {"c00": 4}, weight=0.5, forgetting=0.1)
    {'c00': 0.575, 'c01': 0.18000000000000002}
    """
    believed = {name: before * (1.0 - forgetting) for name, before in danger.items()}
    for name, groups in crossed.items():
        if groups:
            believed[name] = (1.0 - weight) * danger.get(name, 0.0) + weight * stopped.get(name, 0) / groups
    return {name: min(1.0, believed.get(name, 0.0)) for name in sorted({*danger, *crossed})}


def votes(stretches_km: Sequence[tuple[float, float]], places_km: Sequence[float]) -> NDArray[np.float64]:
    """Share of the places that are nearest to each stretch, shape (stretches,); a tie is shared.

    >>> votes([(0, 4), (6, 9)], [1.0, 4.5, 5.0, 20.0]).tolist()
    [0.625, 0.375]
    """
    ends, places = np.asarray(stretches_km, dtype=float), np.asarray(places_km, dtype=float)[:, None]
    gap = np.maximum(np.maximum(ends[:, 0] - places, places - ends[:, 1]), 0.0)
    nearest = gap <= gap.min(axis=1, keepdims=True) + FULL
    return np.asarray((nearest / nearest.sum(axis=1, keepdims=True)).mean(axis=0))


def redeploy(duty: ArrayLike, weights: ArrayLike, share: float) -> NDArray[np.float64]:
    """Shares of duty after some of all duty was reassigned; their sum stays, and each stays between 0 and 1.

    Every patrol gives up `share` of its duty. What was given up is handed out by the weights. A patrol that is full
    (on duty all the time) takes no more; what it leaves is handed out among the others by their weights, and once
    all that have a weight are full, among the rest by the room that they have.

    Parameters
    ----------
    duty:
        Share of the time on duty, shape (patrols,), each 0 to 1; the result is that too.
    weights:
        Where the duty shall go, shape (patrols,), none negative, not all 0.
    share:
        Of all duty that is reassigned, 0 to 1.

    Examples
    --------
    >>> redeploy([0.4, 0.4], [1, 0], 0.5).round(3).tolist()
    [0.6, 0.2]
    >>> redeploy([0.9, 0.9, 0.6], [1, 0, 0], 0.5).round(3).tolist()  # the first is full with 0.55 more; 0.65 are left
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
