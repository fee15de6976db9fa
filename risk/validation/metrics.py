"""How good probabilities are: each metric takes outcomes, probabilities and optional weights of the rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.isotonic import isotonic_regression

__all__ = [
    "average_precision", "bootstrap_weights", "brier", "corp", "empirical_auc", "log_loss", "recalibrated",
    "score_table", "spearman",
]  # fmt: skip

EPSILON = 1e-9  # a probability of exactly 0 or 1 for what did not happen would cost infinitely much


def _checked(y, p, weights) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    weights = np.ones(len(y)) if weights is None else np.asarray(weights, dtype=float)
    if not len(y) == len(p) == len(weights) or not len(y):
        raise ValueError(
            f"{len(y)} outcomes, {len(p)} probabilities, {len(weights)} weights: need as many, at least one"
        )
    if np.isnan(p).any() or not np.isin(y, (0, 1)).all():
        raise ValueError("outcomes must be 0 or 1, and probabilities not NaN")
    return y, p, weights


def _by_level(y, p, weights) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Distinct probabilities, ascending, with the weight of events and of all rows at each."""
    levels, place = np.unique(p, return_inverse=True)
    return levels, np.bincount(place, weights * y), np.bincount(place, weights)


def empirical_auc(y, p, weights=None) -> float:
    r"""
    Chance that an event was given a higher value than a non-event, ties counting half; NaN with one class only.

    .. math:: AUC = \frac{1}{n_1 n_0} \sum_{i: y=1} \sum_{j: y=0} [p_i > p_j] + \tfrac12 [p_i = p_j]

    Mann & Whitney (1947); Hanley & McNeil (1982).

    Examples
    --------
    >>> empirical_auc([0, 1, 0, 1], [0.1, 0.4, 0.4, 0.8])
    0.875
    """
    y, p, weights = _checked(y, p, weights)
    _, events, rows = _by_level(y, p, weights)
    others = rows - events
    pairs = events.sum() * others.sum()
    below = np.cumsum(others) - others
    return float(events @ (below + others / 2) / pairs) if pairs > 0 else float("nan")


def average_precision(y, p, weights=None) -> float:
    """
    Mean precision over the events, from the highest probability down; its floor is the base rate.

    Examples
    --------
    >>> round(average_precision([0, 1, 0, 1], [0.1, 0.4, 0.35, 0.8]), 3)
    1.0
    """
    y, p, weights = _checked(y, p, weights)
    _, events, rows = (part[::-1] for part in _by_level(y, p, weights))
    total = events.sum()
    if total <= 0:
        return float("nan")
    seen = np.cumsum(rows)
    precision = np.divide(np.cumsum(events), seen, out=np.zeros_like(seen), where=seen > 0)
    return float(events @ precision / total)


def brier(y, p, weights=None) -> float:
    """
    Mean squared error of probabilities (Brier 1950).

    Examples
    --------
    >>> brier([0, 1], [0.0, 0.5])
    0.125
    """
    y, p, weights = _checked(y, p, weights)
    return float(np.average((p - y) ** 2, weights=weights))


def log_loss(y, p, weights=None) -> float:
    """
    Mean of minus the log of the probability given to what happened; probabilities kept 1e-9 from 0 and 1.

    Examples
    --------
    >>> round(log_loss([1], [0.5]), 4)
    0.6931
    """
    y, p, weights = _checked(y, p, weights)
    p = np.clip(p, EPSILON, 1 - EPSILON)
    return float(np.average(-np.log(np.where(y > 0, p, 1 - p)), weights=weights))


def recalibrated(y, p, weights=None) -> np.ndarray:
    """
    The best monotone recalibration in hindsight (pool adjacent violators), one value per row.

    Examples
    --------
    >>> recalibrated([0, 1, 0, 1], [0.1, 0.3, 0.4, 0.9]).tolist()
    [0.0, 0.5, 0.5, 1.0]
    """
    y, p, weights = _checked(y, p, weights)
    levels, events, rows = _by_level(y, p, weights)
    held = rows > 0
    fitted = np.zeros(len(levels))
    fitted[held] = isotonic_regression(events[held] / rows[held], sample_weight=rows[held], y_min=0, y_max=1)
    return fitted[np.searchsorted(levels, p)]


def corp(y, p) -> dict[str, float]:
    """
    The CORP split of the Brier score: miscalibration - discrimination + uncertainty.

    Dimitriadis, Gneiting & Jordan (2021), doi:10.1073/pnas.2016191118: against the isotonic recalibration r and the
    base rate m, ``miscalibration = S(p) - S(r)``, ``discrimination = S(m) - S(r)``, ``uncertainty = S(m)``.

    Examples
    --------
    >>> parts = corp([0, 1, 0, 1], [0.1, 0.3, 0.4, 0.9])
    >>> parts["uncertainty"], parts["discrimination"]
    (0.25, 0.125)
    """
    y, p, _ = _checked(y, p, None)
    at_best, flat = brier(y, recalibrated(y, p)), brier(y, np.full(len(y), y.mean()))
    return {
        "miscalibration": brier(y, p) - at_best,
        "discrimination": flat - at_best,
        "uncertainty": flat,
    }


def bootstrap_weights(clusters, draws: int, rng: np.random.Generator) -> np.ndarray:
    """
    How often each row stands in each bootstrap sample of whole clusters, shape (draws, rows).

    Cameron, Gelbach & Miller (2008), doi:10.1162/rest.90.3.414: years of one target are not independent.

    Examples
    --------
    >>> weights = bootstrap_weights(["a", "a", "b"], 4, np.random.default_rng(1))
    >>> bool((weights[:, 0] == weights[:, 1]).all()), weights[:, [0, 2]].sum(axis=1).tolist()
    (True, [2.0, 2.0, 2.0, 2.0])
    """
    names, place = np.unique(np.asarray(clusters), return_inverse=True)
    counts = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=draws)
    return counts[:, place].astype(float)


def score_table(
    predictions: pd.DataFrame,
    y: str = "happened",
    reference: str = "climatology",
    *,
    clusters: pd.Index | np.ndarray,
    rng: np.random.Generator,
    draws: int = 200,
    level: float = 0.9,
) -> pd.DataFrame:
    """
    Every metric of every model, with intervals from resampled clusters.

    Parameters
    ----------
    predictions : pandas.DataFrame
        The outcome ``y`` and a column of probabilities per model.
    reference : str
        The column that skill is measured against: ``1 - Brier / Brier of reference``.
    clusters : array-like
        Of each row; targets.

    Returns
    -------
    pandas.DataFrame
        Index ``model``; ``n, events, base_rate, auc, auc_low, auc_high, average_precision, brier, skill, skill_low,
        skill_high, log_loss, miscalibration, discrimination, uncertainty``.
    """
    happened = predictions[y].to_numpy()
    weights = bootstrap_weights(clusters, draws, rng)
    against = predictions[reference].to_numpy()
    rows = {}
    for name in [column for column in predictions.columns if column != y]:
        p = predictions[name].to_numpy()
        aucs = _quantiles([empirical_auc(happened, p, w) for w in weights], level)
        skills = _quantiles([_skill(happened, p, against, w) for w in weights], level)
        rows[name] = {
            "n": len(p), "events": int(happened.sum()), "base_rate": happened.mean(),
            "auc": empirical_auc(happened, p), "auc_low": aucs[0], "auc_high": aucs[1],
            "average_precision": average_precision(happened, p),
            "brier": brier(happened, p), "skill": _skill(happened, p, against, None),
            "skill_low": skills[0], "skill_high": skills[1],
            "log_loss": log_loss(happened, p), **corp(happened, p),
        }  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("model")


def _skill(y, p, reference, weights) -> float:
    return 1 - brier(y, p, weights) / brier(y, reference, weights)


def _quantiles(values: list[float], level: float) -> tuple[float, float]:
    found = np.asarray(values)[~np.isnan(values)]
    if not len(found):
        return float("nan"), float("nan")
    low, high = np.quantile(found, [0.5 - level / 2, 0.5 + level / 2])
    return float(low), float(high)


def spearman(
    x, y, clusters, rng: np.random.Generator, draws: int = 200, level: float = 0.9
) -> tuple[float, float, float]:
    """
    Spearman's rank correlation and its interval from resampled clusters (ranks of the whole sample kept).

    Examples
    --------
    >>> spearman([1, 2, 3], [1, 4, 9], ["a", "b", "c"], np.random.default_rng(0), draws=5)[0]
    1.0
    """
    one, two = (pd.Series(np.asarray(column, dtype=float)).rank().to_numpy() for column in (x, y))
    found = [_correlation(one, two, w) for w in bootstrap_weights(clusters, draws, rng)]
    return (_correlation(one, two, np.ones(len(one))), *_quantiles(found, level))


def _correlation(x: np.ndarray, y: np.ndarray, weights: np.ndarray) -> float:
    x, y = x - np.average(x, weights=weights), y - np.average(y, weights=weights)
    both = np.sqrt((weights @ x**2) * (weights @ y**2))
    return round(float(weights @ (x * y) / both), 12) if both > 0 else float("nan")
