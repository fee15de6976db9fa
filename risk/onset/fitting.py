"""The arithmetic under the scorecard: ridge logistic regression with sign bounds, its covariance, its calibration."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

__all__ = ["Fit", "calibrate", "clustered_covariance", "fit_logistic", "log_loss", "past_folds"]

Fit = tuple[float, np.ndarray]
"""Intercept and coefficients, on the scale of the columns given."""

PRIOR_SLOPE = 1.0  # a sigmoid whose slope is 1 changes nothing: few events must not bend it far
SLOPES = (0.1, 3.0)


def log_loss(log_odds: np.ndarray, y: np.ndarray) -> float:
    """
    Mean of minus the log probability of what happened, from log odds.

    Examples
    --------
    >>> round(log_loss(np.array([0.0]), np.array([1])), 4)
    0.6931
    """
    return float(np.mean(np.logaddexp(0.0, np.where(y > 0, -log_odds, log_odds))))


def fit_logistic(z: np.ndarray, y: np.ndarray, ridge: float, signs: np.ndarray) -> Fit:
    r"""
    Ridge logistic regression under sign bounds.

    .. math:: \min_{b_0, b}\ \sum_i \log(1 + e^{\eta_i}) - y_i \eta_i + \tfrac{\lambda}{2} |b|^2,
        \quad \eta = b_0 + z b, \quad \text{sign}_j b_j \ge 0 \text{ where a sign is given}

    Solved by L-BFGS-B (Byrd, Lu, Nocedal & Zhu 1995, doi:10.1137/0916069). Without bounds and at ridge 0 it is maximum
    likelihood.

    Parameters
    ----------
    z : ndarray, shape (n, k)
        Standardised columns: the ridge treats them alike.
    y : ndarray of 0 and 1
    ridge : float
        At least 0.
    signs : ndarray of -1, 0, 1
    """
    target = y.astype(float)

    def loss(b: np.ndarray) -> tuple[float, np.ndarray]:
        eta = b[0] + z @ b[1:]
        gap = expit(eta) - target
        value = np.logaddexp(0.0, eta).sum() - target @ eta + ridge / 2 * (b[1:] @ b[1:])
        return value, np.concatenate([[gap.sum()], z.T @ gap + ridge * b[1:]])

    base = np.clip(target.mean(), 1e-6, 1 - 1e-6)
    start = np.concatenate([[np.log(base / (1 - base))], np.zeros(z.shape[1])])
    bounds = [(None, None), *[(0 if s > 0 else None, 0 if s < 0 else None) for s in signs]]
    options = {"maxiter": 2000, "maxfun": 20000, "ftol": 1e-13, "gtol": 1e-8}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    return float(found.x[0]), np.asarray(found.x[1:])


def past_folds(time: np.ndarray, n_folds: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """
    Train and test rows of the latest folds, in each of which training ends before the test begins.

    Examples
    --------
    >>> [(train.tolist(), test.tolist()) for train, test in past_folds(np.array([2001, 2002, 2003]), 2)]
    [([0], [1]), ([0, 1], [2])]
    """
    blocks = np.array_split(np.unique(time), n_folds + 1)
    folds = []
    for block in blocks[1:]:
        if len(block):
            test = np.flatnonzero((time >= block[0]) & (time <= block[-1]))
            folds.append((np.flatnonzero(time < block[0]), test))
    return folds


def calibrate(log_odds: np.ndarray, y: np.ndarray) -> Fit:
    r"""
    Intercept and slope of a sigmoid over out-of-fold log odds (Platt 1999), pulled towards changing nothing.

    Minimises the log loss plus :math:`\tfrac12 (slope - 1)^2`, the slope in [0.1, 3].
    """

    def loss(b: np.ndarray) -> tuple[float, np.ndarray]:
        eta = b[0] + b[1] * log_odds
        gap = expit(eta) - y
        pull = PRIOR_SLOPE * (b[1] - 1)
        value = np.logaddexp(0.0, eta).sum() - y @ eta + pull * (b[1] - 1) / 2
        return value, np.array([gap.sum(), gap @ log_odds + pull])

    found = minimize(loss, np.array([0.0, 1.0]), jac=True, method="L-BFGS-B", bounds=[(None, None), SLOPES])
    return float(found.x[0]), np.array([found.x[1]])


def clustered_covariance(
    z: np.ndarray, y: np.ndarray, fit: Fit, ridge: float, groups: np.ndarray | None
) -> np.ndarray:
    """
    Sandwich covariance of intercept and coefficients, rows of one group taken as one observation.

    Liang & Zeger (1986), doi:10.1093/biomet/73.1.13. Coefficients on their bound have no row: zeros.
    """
    free = np.concatenate([[True], fit[1] != 0])
    design = np.column_stack([np.ones(len(z)), z])[:, free]
    p = expit(fit[0] + z @ fit[1])
    bend = design.T @ (design * (p * (1 - p))[:, None])
    bend += np.diag(np.where(np.arange(len(bend)) > 0, ridge, 0.0))
    pull = design * (y - p)[:, None]
    codes = np.arange(len(z)) if groups is None else np.unique(groups, return_inverse=True)[1]
    sums = np.zeros((codes.max() + 1, design.shape[1]))
    np.add.at(sums, codes, pull)
    n = max(len(sums), 2)
    inverse = np.linalg.pinv(bend)
    full = np.zeros((len(free), len(free)))
    full[np.ix_(free, free)] = inverse @ (sums.T @ sums) @ inverse * n / (n - 1)
    return full
