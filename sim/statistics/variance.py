"""What pairing buys: how much smaller the variance of a difference becomes under common random numbers."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike


def variance_reduction(y1: ArrayLike, y0: ArrayLike) -> float:
    """Variance of the difference of independent runs over that of the paired ones.

    ``(s1^2 + s0^2) / Var(y1 - y0)``, where ``Var(y1 - y0) = s1^2 + s0^2 - 2 Cov(y1, y0)``. A value of 8 says
    that independent runs would need eight times as many replications for the same interval; below 1, pairing
    does harm.

    Parameters
    ----------
    y1, y0:
        Outcomes of the same units in the two arms, shape (n,), in the same order.

    Returns
    -------
    float
        Infinite when the paired differences do not vary although the outcomes do (identical arms, for
        instance); NaN when nothing varies at all, or with fewer than two pairs.

    Raises
    ------
    ValueError
        If the shapes differ or are not (n,).

    Examples
    --------
    >>> round(variance_reduction([1, 1, 1, 0], [1, 1, 0, 0]), 6)
    2.333333
    >>> variance_reduction([1, 0], [1, 0])
    inf
    """
    first, second = np.asarray(y1, dtype=float), np.asarray(y0, dtype=float)
    if first.ndim != 1 or first.shape != second.shape:
        raise ValueError(f"y1 and y0 have shapes {first.shape} and {second.shape}: one and the same (n,) is needed")
    if first.size < 2:
        return math.nan
    independent = float(np.var(first, ddof=1) + np.var(second, ddof=1))
    paired = float(np.var(first - second, ddof=1))
    if paired == 0:
        return math.inf if independent > 0 else math.nan
    return independent / paired
