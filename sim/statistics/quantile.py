"""Two-sided critical values, the one place where a confidence level is checked."""

from __future__ import annotations


def normal_quantile(confidence: float) -> float:
    """Half-width of the central interval of a standard normal variable.

    Parameters
    ----------
    confidence:
        Confidence level, strictly between 0 and 1.

    Raises
    ------
    ValueError
        If `confidence` is outside (0, 1).

    Examples
    --------
    >>> round(normal_quantile(0.95), 6)
    1.959964
    """
    from scipy import special  # a tenth of a second to load, wanted after the playing

    _check(confidence)
    return float(special.ndtri(0.5 + confidence / 2))


def t_quantile(confidence: float, degrees_of_freedom: float) -> float:
    """Half-width of the central interval of Student's t.

    Parameters
    ----------
    confidence:
        Confidence level, strictly between 0 and 1.
    degrees_of_freedom:
        Positive; NaN is returned for 0 or less, where the distribution does not exist.

    Raises
    ------
    ValueError
        If `confidence` is outside (0, 1).

    Examples
    --------
    >>> round(t_quantile(0.95, 10), 6)
    2.228139
    """
    from scipy import special

    _check(confidence)
    return float(special.stdtrit(degrees_of_freedom, 0.5 + confidence / 2)) if degrees_of_freedom > 0 else float("nan")


def _check(confidence: float) -> None:
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence = {confidence!r}: a number strictly between 0 and 1 is needed, such as 0.95")
