"""Games between one who guards and one who must pass: inspection and Stackelberg security games."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.theory.checks import non_negative, positive_probability, real, require


def inspection_game(detection_probability: ArrayLike) -> tuple[float, NDArray[np.float64]]:
    """One inspector, one evader, parallel arcs: the value of the game and the inspector's optimal mix.

    The inspector watches one arc, the evader takes one; if they meet on arc i, the evader is detected with
    probability p_i. Inspect in proportion to 1/p_i; the evader's optimal mix is the same.

    Parameters
    ----------
    detection_probability:
        p_i, shape (arcs,), each above 0 and up to 1.

    Returns
    -------
    tuple
        Detection probability under optimal play, ``1 / sum(1/p_i)``, and the mix, shape (arcs,).

    Raises
    ------
    ValueError
        If there is no arc or a probability is outside (0, 1].

    References
    ----------
    Washburn, A. and Wood, K. (1995). Two-person zero-sum games for network interdiction. Operations Research 43,
    243-251.

    Examples
    --------
    >>> value, mix = inspection_game([0.5, 0.25, 1.0])
    >>> round(value * 7, 6), (mix * 7).round(6)
    (1.0, array([2., 4., 1.]))
    """
    detection = _vector("detection_probability", positive_probability("detection_probability", detection_probability))
    value = float(1 / np.sum(1 / detection))
    return value, value / detection


@dataclass(frozen=True)
class SecurityGame:
    """Solution of a Stackelberg security game.

    Attributes
    ----------
    coverage:
        Probability that each target is covered, shape (targets,).
    attacker_value, defender_value:
        Expected payoffs.
    target:
        Index of the attacked target; among the attacker's best the one that the defender prefers.
    """

    coverage: NDArray[np.float64]
    attacker_value: float
    defender_value: float
    target: int


def stackelberg_security_game(
    attacker_uncovered: ArrayLike,
    attacker_covered: ArrayLike,
    defender_uncovered: ArrayLike,
    defender_covered: ArrayLike,
    resources: float = 1.0,
) -> SecurityGame:
    """Strong Stackelberg equilibrium of a security game: the defender commits, the attacker watches and strikes.

    Coverage is ``c_t = max(0, (Uu_t - v)/(Uu_t - Uc_t))``, the attacker's payoff v the lowest that the resources can
    force, and never below the best covered payoff. Ties go to the defender. What is not needed stays unused.

    Parameters
    ----------
    attacker_uncovered, attacker_covered:
        Attacker's payoff Uu_t, Uc_t from striking target t, shape (targets,); ``Uc_t < Uu_t``.
    defender_uncovered, defender_covered:
        Defender's payoff, shape (targets,); covered no worse than uncovered.
    resources:
        Number of targets that can be covered at once, at least 0.

    Raises
    ------
    ValueError
        If shapes differ, there is no target, or an argument is outside these bounds.

    References
    ----------
    Kiekintveld, C., Jain, M., Tsai, J., Pita, J., Ordonez, F. and Tambe, M. (2009). Computing optimal randomized
    resource allocations for massive security games. AAMAS 2009, 689-696.

    Examples
    --------
    >>> game = stackelberg_security_game([10, 6, 4], [0, 0, 0], [-10, -6, -4], [0, 0, 0], resources=1)
    >>> (game.coverage * 31).round(6), round(game.attacker_value * 31, 6)
    (array([19., 11.,  1.]), 120.0)
    """
    gain, caught = _payoffs("attacker", attacker_uncovered, attacker_covered, len(np.atleast_1d(attacker_uncovered)))
    loss, saved = _payoffs("defender", defender_uncovered, defender_covered, len(gain))
    require(caught < gain, "attacker_covered", caught, "a payoff below attacker_uncovered")
    require(saved >= loss, "defender_covered", saved, "a payoff of at least defender_uncovered")
    value = _attacker_value(gain, caught, float(non_negative("resources", resources)))
    coverage = np.clip((gain - value) / (gain - caught), 0.0, 1.0)
    defence = loss + coverage * (saved - loss)
    payoff = gain + coverage * (caught - gain)
    best = payoff >= value - 1e-9 * max(1.0, float(np.max(np.abs(gain))))
    target = int(np.argmax(np.where(best, defence, -np.inf)))
    return SecurityGame(coverage, value, float(defence[target]), target)


def _attacker_value(gain: NDArray[np.float64], caught: NDArray[np.float64], resources: float) -> float:
    """Lowest v at which the coverage needed sums to the resources: the highest over the best k targets together."""
    order = np.argsort(-gain, kind="stable")
    weight = 1 / (gain - caught)[order]
    levels = (np.cumsum(gain[order] * weight) - resources) / np.cumsum(weight)
    return float(max(levels.max(), caught.max()))


def _payoffs(
    player: str, uncovered: ArrayLike, covered: ArrayLike, targets: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    names = (f"{player}_uncovered", f"{player}_covered")
    both = [_vector(name, real(name, value)) for name, value in zip(names, (uncovered, covered), strict=True)]
    for name, values in zip(names, both, strict=True):
        if len(values) != targets:
            raise ValueError(f"{name} = {values.tolist()}: one payoff for each of the {targets} targets is allowed")
    return both[0], both[1]


def _vector(name: str, values: NDArray[np.float64]) -> NDArray[np.float64]:
    if values.ndim != 1 or values.size == 0:
        raise ValueError(f"{name} has shape {values.shape}: a list of at least one number is allowed")
    return values
