"""Similarity of two raters from the table of their joint ratings: the formulas, for one pair or all pairs at once."""

from __future__ import annotations

import numpy as np

__all__ = [
    "abc",
    "agreement",
    "chance_corrected",
    "kendall_tau_b",
    "penalties",
    "s_score",
    "yes_no_coincidence",
]


def penalties(levels: np.ndarray, weights: str) -> np.ndarray:
    """
    Disagreement of every pair of levels, 0 (same) to 1 (as far apart as the scale allows).

    Parameters
    ----------
    levels : ndarray of shape (n,)
        Every value the scale allows, rising; its ends are the stated range, never the observed one.
    weights : {"nominal", "linear", "quadratic"}

    Examples
    --------
    >>> penalties(np.array([1.0, 2.0, 3.0]), "quadratic")[0].tolist()
    [0.0, 0.25, 1.0]
    """
    apart = np.abs(levels[:, None] - levels[None, :]) / (levels[-1] - levels[0])
    if weights == "nominal":
        return (apart > 0).astype(float)
    if weights not in ("linear", "quadratic"):
        raise ValueError(f"weights: {weights!r} is none of 'nominal', 'linear', 'quadratic'")
    return apart if weights == "linear" else apart**2


def _shares(table: np.ndarray) -> np.ndarray:
    total = table.sum(axis=(-2, -1), keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        return table / total


def _observed(shares: np.ndarray, penalty: np.ndarray) -> np.ndarray:
    return np.einsum("...kl,kl->...", shares, penalty)


def _by_chance(first: np.ndarray, second: np.ndarray, penalty: np.ndarray) -> np.ndarray:
    return np.einsum("...k,kl,...l->...", first, penalty, second)


def agreement(table: np.ndarray, penalty: np.ndarray) -> np.ndarray:
    """One minus the mean penalty: share of exact matches under nominal ones."""
    return 1 - _observed(_shares(table), penalty)


def yes_no_coincidence(table: np.ndarray) -> np.ndarray:
    """Identical / (identical + opposite) among items on which both took the lowest or the highest level."""
    same = table[..., 0, 0] + table[..., -1, -1]
    with np.errstate(invalid="ignore", divide="ignore"):
        return same / (same + table[..., 0, -1] + table[..., -1, 0])


def s_score(table: np.ndarray, penalty: np.ndarray) -> np.ndarray:
    """S = 1 - 2 mean penalty (Signorino & Ritter 1999), in [-1, 1]."""
    return 1 - 2 * _observed(_shares(table), penalty)


def abc(table: np.ndarray, penalty: np.ndarray) -> np.ndarray:
    """S minus what S would be if the two rated independently, each with its own shares."""
    shares = _shares(table)
    return 2 * (_by_chance(shares.sum(-1), shares.sum(-2), penalty) - _observed(shares, penalty))


def chance_corrected(table: np.ndarray, penalty: np.ndarray, *, pooled: bool) -> np.ndarray:
    """
    One minus observed over expected penalty: Cohen's kappa, or Scott's pi where the shares are ``pooled``.

    NaN where chance alone expects no disagreement (both always at one and the same level).
    """
    shares = _shares(table)
    first, second = shares.sum(-1), shares.sum(-2)
    if pooled:
        first = second = (first + second) / 2
    expected = _by_chance(first, second, penalty)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(expected > 1e-12, 1 - _observed(shares, penalty) / expected, np.nan)


def kendall_tau_b(table: np.ndarray) -> np.ndarray:
    """
    Kendall's tau-b of the joint table; NaN where one of the two never varies.

    Concordant minus discordant pairs of items over the root of the pairs untied in each rating.
    """
    total = table.sum(axis=(-2, -1))
    above = np.zeros(table.shape)
    against = np.zeros(table.shape)
    n = table.shape[-1]
    for k in range(n):
        for m in range(n):
            above[..., k, m] = table[..., k + 1 :, m + 1 :].sum(axis=(-2, -1))
            against[..., k, m] = table[..., k + 1 :, :m].sum(axis=(-2, -1))
    surplus = (table * (above - against)).sum(axis=(-2, -1))
    pairs = total**2
    first = (pairs - (table.sum(-1) ** 2).sum(-1)) / 2
    second = (pairs - (table.sum(-2) ** 2).sum(-1)) / 2
    least = 1e-12 * pairs  # weights that are no whole numbers leave rounding where there is no pair
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where((first > least) & (second > least), surplus / np.sqrt(first * second), np.nan)


def joint_tables(cast: np.ndarray, weights: np.ndarray, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """
    Joint table of every pair of raters, shape (n_pairs, n_levels, n_levels), by one matrix product.

    ``cast`` is 1 where a rater gave an item a level, shape (n_levels, n_raters, n_items).
    """
    n_levels, n_states, n_items = cast.shape
    flat = cast.reshape(-1, n_items)
    product = (flat * weights) @ flat.T
    product = product.reshape(n_levels, n_states, n_levels, n_states)
    out = np.empty((first.size, n_levels, n_levels))
    for k in range(n_levels):
        for m in range(n_levels):
            out[:, k, m] = product[k][:, m][first, second]
    return out
