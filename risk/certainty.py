"""How sure a score is: the interval that the evidence leaves open, and the flag that says how much there was."""

from __future__ import annotations

import numpy as np

from risk.kernels import beta_parameters

__all__ = ["INTERVAL_LEVEL", "coverage_flag", "coverage_flags", "evidence_interval"]

THIN_VOLUME = 0.5
STALE_DAYS = 31
INTERVAL_LEVEL = 0.9


def evidence_interval(cooperation, conflict, kappa, prior, rho, level=INTERVAL_LEVEL):
    """
    Equal-tailed evidence interval of the score: A = 2p - 1, p ~ Beta(alpha, beta).

    Parameters
    ----------
    cooperation, conflict : array-like
        C, D >= 0.
    kappa, prior, rho : float
        See :func:`risk.kernels.beta_parameters`.
    level : float
        In (0, 1).

    Returns
    -------
    low, high : ndarray

    Examples
    --------
    >>> low, high = evidence_interval(0.0, 0.0, kappa=2.0, prior=0.0, rho=1.0)
    >>> round(float(low), 6), round(float(high), 6)
    (-0.9, 0.9)
    """
    from scipy.special import betaincinv  # loaded on first use: `import risk` stays light

    alpha, beta = beta_parameters(cooperation, conflict, kappa, prior, rho)
    return tuple(2 * betaincinv(alpha, beta, tail) - 1 for tail in ((1 - level) / 2, (1 + level) / 2))


def coverage_flag(volume: float, as_of: int, data_through: int, recorded: bool) -> str:
    """
    ``none`` (no event), ``stale`` (the data stops over 31 days before), ``thin`` (volume below .5) or ``good``.

    Examples
    --------
    >>> coverage_flag(2.0, 100, 90, True)
    'good'
    """
    if not recorded:
        return "none"
    if as_of > data_through + STALE_DAYS:
        return "stale"
    return "thin" if volume < THIN_VOLUME else "good"


def coverage_flags(volume: np.ndarray, as_of, data_through) -> np.ndarray:
    """
    The flags of many scores at once; where nothing is left of a record there is none.

    Parameters
    ----------
    volume : array-like
        C + D.
    as_of, data_through : int or array-like of int
        Days.

    Examples
    --------
    >>> coverage_flags([0.0, 0.2, 2.0, 2.0], [100, 100, 100, 150], 90).tolist()
    ['none', 'thin', 'good', 'stale']
    """
    volume = np.asarray(volume)
    stale = np.broadcast_to(np.asarray(as_of) > np.asarray(data_through) + STALE_DAYS, volume.shape)
    return np.select([~(volume > 0), stale, volume < THIN_VOLUME], ["none", "stale", "thin"], "good")
