"""Similarity of two rating vectors: alliance portfolios, votes, anything on a scale with stated ends."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from risk.votes import contingency

__all__ = ["abc", "kappa", "pi", "s_score", "tau_b"]

_FORMS = {"absolute": "linear", "squared": "quadratic"}


def _table(x, y, levels: tuple[float, float] | None, item_weights: Sequence[float] | None):
    """Joint table of two vectors and the levels of its rows: the observed ones and the stated ends."""
    first, second = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    weight = np.ones(first.shape) if item_weights is None else np.asarray(item_weights, dtype=float)
    if first.ndim != 1 or first.shape != second.shape or weight.shape != first.shape:
        shapes = f"{first.shape}, {second.shape}, {weight.shape}"
        raise ValueError(f"x, y and item_weights must be vectors of one length, not {shapes}")
    both = ~np.isnan(first) & ~np.isnan(second)
    if not both.any():
        raise ValueError("x and y share no item that both have rated")
    if (weight < 0).any() or not np.isfinite(weight).all() or weight.sum() <= 0:
        raise ValueError("item_weights must be finite, >= 0 and not all 0")
    rated = np.concatenate([first[both], second[both]])
    scale = np.unique(np.concatenate([rated, [] if levels is None else levels]))
    if levels is not None and (rated.min() < levels[0] or rated.max() > levels[1]):
        raise ValueError(
            f"levels: ratings run from {rated.min():g} to {rated.max():g}, outside {tuple(levels)}"
        )
    joint = np.zeros((scale.size, scale.size))
    at = np.searchsorted(scale, first[both]), np.searchsorted(scale, second[both])
    np.add.at(joint, at, weight[both])
    return joint, scale


def _scaled(x, y, levels: tuple[float, float], weights: str, item_weights: Sequence[float] | None):
    """Joint table of two vectors, and the penalty of each of its cells on a scale with stated ends."""
    _check_levels(levels)
    joint, scale = _table(x, y, levels, item_weights)
    return joint, contingency.penalties(scale, weights)


def _check_levels(levels: tuple[float, float]) -> None:
    ends = np.asarray(levels, dtype=float)  # None, too, is no scale
    if ends.shape != (2,) or not np.isfinite(ends).all() or ends[0] >= ends[1]:
        raise ValueError(f"levels: {levels!r} is not (lowest, highest), the two ends of the scale")


def s_score(
    x,
    y,
    *,
    levels: tuple[float, float],
    form: str = "absolute",
    weights: str | None = None,
    item_weights: Sequence[float] | None = None,
) -> float:
    r"""
    Signorino and Ritter's S of two rating vectors, from -1 (as far apart as the scale allows) to 1 (equal).

    .. math:: S = 1 - 2\,\frac{\sum_k w_k\, d_k}{\sum_k w_k},\quad
              d_k = \frac{|x_k - y_k|}{\text{highest} - \text{lowest}} \text{ or its square}

    Parameters
    ----------
    x, y : array-like of shape (n,)
        Ratings of the same items; NaN where there is none.
    levels : (lowest, highest)
        Ends of the scale. Stated, never inferred: two vectors that happen to use half of a scale are not further
        apart for it.
    form : {"absolute", "squared"}
    weights : {"nominal", "linear", "quadratic"}, optional
        The same choice in kappa's words (linear is absolute, quadratic is squared); it goes before ``form``.
    item_weights : array-like of shape (n,), optional
        Weight of each item, as capability shares of the states an alliance is with.

    Returns
    -------
    float

    References
    ----------
    Signorino & Ritter (1999), International Studies Quarterly 43(1), 115-144, doi:10.1111/0020-8833.00113.

    Examples
    --------
    >>> s_score([3, 0, 0], [3, 0, 3], levels=(0, 3))
    0.33333333333333337
    """
    if form not in _FORMS:
        raise ValueError(f"form: {form!r} is none of 'absolute', 'squared'")
    return float(contingency.s_score(*_scaled(x, y, levels, weights or _FORMS[form], item_weights)))


def kappa(
    x,
    y,
    *,
    levels: tuple[float, float],
    weights: str = "quadratic",
    item_weights: Sequence[float] | None = None,
) -> float:
    r"""
    Cohen's kappa: agreement beyond that expected from each rater's own shares.

    .. math:: \kappa = 1 - \frac{\sum_{kl} p_{kl}\, d_{kl}}{\sum_{kl} p_{k\cdot}\, p_{\cdot l}\, d_{kl}}

    Parameters
    ----------
    x, y, levels, item_weights
        As in :func:`s_score`.
    weights : {"nominal", "linear", "quadratic"}
        Penalty d of a disagreement.

    Returns
    -------
    float
        1 for equal vectors, 0 for what chance would do; NaN where chance expects no disagreement.

    References
    ----------
    Cohen (1968), Psychological Bulletin 70(4), 213-220, doi:10.1037/h0026256; Häge (2011), Political Analysis 19(3),
    287-305, doi:10.1093/pan/mpr023.

    Examples
    --------
    >>> kappa([1, 1, 3, 3], [1, 1, 3, 1], levels=(1, 3), weights="nominal")
    0.5
    """
    return float(contingency.chance_corrected(*_scaled(x, y, levels, weights, item_weights), pooled=False))


def pi(
    x,
    y,
    *,
    levels: tuple[float, float],
    weights: str = "nominal",
    item_weights: Sequence[float] | None = None,
) -> float:
    """
    Scott's pi: as :func:`kappa`, with chance from the shares of both raters together.

    Parameters
    ----------
    x, y, levels, weights, item_weights
        As in :func:`kappa`.

    Returns
    -------
    float

    References
    ----------
    Scott (1955), Public Opinion Quarterly 19(3), 321-325, doi:10.1086/266577; Häge (2011), as in :func:`kappa`.

    Examples
    --------
    >>> round(pi([1, 1, 3, 3], [1, 1, 3, 1], levels=(1, 3)), 4)
    0.4667
    """
    return float(contingency.chance_corrected(*_scaled(x, y, levels, weights, item_weights), pooled=True))


def tau_b(
    x,
    y,
    *,
    levels: tuple[float, float] | None = None,
    weights: str | None = None,
    item_weights: Sequence[float] | None = None,
) -> float:
    """
    Kendall's tau-b: rank correlation with ties.

    Parameters
    ----------
    x, y, item_weights
        As in :func:`s_score`.
    levels : (lowest, highest), optional
        Only checked: ranks need no scale.
    weights : optional
        Taken so that all five measures can be called alike; ranks know no size of a disagreement.

    Returns
    -------
    float
        NaN where one of the two never varies.

    References
    ----------
    Kendall (1945), Biometrika 33(3), 239-251, doi:10.1093/biomet/33.3.239.

    Examples
    --------
    >>> tau_b([1, 2, 3], [1, 3, 2])
    0.3333333333333333
    """
    if levels is not None:
        _check_levels(levels)
    joint, _ = _table(x, y, levels, item_weights)
    return float(contingency.kendall_tau_b(joint))


def abc(
    x, y, *, levels: tuple[float, float], weights: str = "linear", item_weights: Sequence[float] | None = None
) -> float:
    r"""
    S minus its expectation if the two rated independently.

    .. math:: 2 \left(\sum_{kl} p_{k\cdot}\, p_{\cdot l}\, d_{kl} - \sum_{kl} p_{kl}\, d_{kl}\right)

    Parameters
    ----------
    x, y, levels, weights, item_weights
        As in :func:`kappa`.

    Returns
    -------
    float
        0 for what chance would do; unlike kappa it is not divided by the room chance leaves.

    Examples
    --------
    >>> abc([1, 1, 3, 3], [1, 1, 3, 1], levels=(1, 3))
    0.5
    """
    return float(contingency.abc(*_scaled(x, y, levels, weights, item_weights)))
