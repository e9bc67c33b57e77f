"""Repeated trials: what apprehension records say about those who were never seen, and what they hide.

Each of N persons tries until through or deterred: `apprehension_probability` is p, at each attempt, and
`deterrence_probability` is d, of giving up after an apprehension, both 0 to 1. Source: Espenshade, T. J. (1990).
Undocumented migration to the United States: evidence from a repeated trials model. In Undocumented Migration to the
United States, Urban Institute Press.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sim.theory.checks import Values, non_negative, positive_probability, probability, require

__all__ = [
    "observed_effectiveness",
    "repeated_trials_apprehensions",
    "repeated_trials_estimate",
    "repeated_trials_got_away",
    "repeated_trials_reapprehended_fraction",
]


def repeated_trials_apprehensions(
    persons: ArrayLike, apprehension_probability: ArrayLike, deterrence_probability: ArrayLike = 0.0
) -> Values:
    """Expected apprehensions of N persons, at least 0: ``N p / (1 - p (1 - d))``.

    ``p (1 - d)`` must stay below 1, or attempts never end.

    >>> round(float(repeated_trials_apprehensions(1000, 0.4, 0.1)), 6)
    625.0
    """
    again = repeated_trials_reapprehended_fraction(apprehension_probability, deterrence_probability)
    require(again < 1, "apprehension_probability", apprehension_probability, "p (1 - d) below 1")
    return non_negative("persons", persons) * np.asarray(apprehension_probability, dtype=float) / (1 - again)


def repeated_trials_reapprehended_fraction(
    apprehension_probability: ArrayLike, deterrence_probability: ArrayLike = 0.0
) -> Values:
    """Share of apprehensions after which the same person is apprehended again, ``p (1 - d)``.

    >>> round(float(repeated_trials_reapprehended_fraction(0.4, 0.1)), 6)
    0.36
    """
    deterred = probability("deterrence_probability", deterrence_probability)
    return probability("apprehension_probability", apprehension_probability) * (1 - deterred)


def repeated_trials_estimate(reapprehended_fraction: ArrayLike, deterrence_probability: ArrayLike = 0.0) -> Values:
    """Estimate of p from the re-apprehended fraction r, 0 to ``1 - d``: ``r / (1 - d)``.

    d must be below 1: nothing can be learnt when everybody gives up.

    >>> round(float(repeated_trials_estimate(0.36, 0.1)), 6)
    0.4
    """
    again = probability("reapprehended_fraction", reapprehended_fraction)
    deterred = probability("deterrence_probability", deterrence_probability)
    require(deterred < 1, "deterrence_probability", deterred, "a probability below 1")
    estimate = again / (1 - deterred)
    # A fraction that was itself computed as p (1 - d) may exceed the limit by rounding.
    require(estimate <= 1 + 1e-12, "reapprehended_fraction", again, "at most 1 - deterrence_probability")
    return np.minimum(1.0, estimate)


def repeated_trials_got_away(apprehensions: ArrayLike, apprehension_probability: ArrayLike) -> Values:
    """Expected number who got through, ``A (1 - p) / p``, for A apprehensions, at least 0, and p above 0.

    >>> round(float(repeated_trials_got_away(625, 0.4)), 6)
    937.5
    """
    caught = positive_probability("apprehension_probability", apprehension_probability)
    return non_negative("apprehensions", apprehensions) * (1 - caught) / caught


def observed_effectiveness(apprehended: ArrayLike, turned_back: ArrayLike, known_got_aways: ArrayLike) -> Values:
    """Effectiveness as agencies can observe it: (apprehended + turned back) / (those + known got-aways).

    Of counts of at least 0; NaN where nobody was observed at all. It differs from the true interdiction rate where
    detection is partial: better detection also reveals those who got away, so it can fall while the true rate rises.

    >>> float(observed_effectiveness(50, 10, 40))
    0.6
    """
    stopped = non_negative("apprehended", apprehended) + non_negative("turned_back", turned_back)
    known = stopped + non_negative("known_got_aways", known_got_aways)
    return np.where(known > 0, stopped / np.where(known > 0, known, 1.0), np.nan)[()]
