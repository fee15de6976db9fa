"""Do the intervals of the score hold what comes next year, and which rho makes them hold nine in ten?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from risk.alignment import evidence_interval
from risk.kernels import beta_parameters
from risk.recipe import Recipe

__all__ = ["coverage_by_rho", "matched_rho"]

RHOS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0, 20.0, 30.0, 50.0, 80.0)


def coverage_by_rho(table: pd.DataFrame, recipe: Recipe, rhos: Sequence[float] = RHOS) -> pd.DataFrame:
    """
    How often next year's net ratio falls into the 90 % interval, for friendly and hostile dyads apart.

    Two intervals: the evidence interval itself, which speaks of the share p behind the events (columns ``p_...``), and
    what it foretells of a ratio of n equal events drawn with that p (beta-binomial; n is the effective number of next
    year's events). A finite ratio is often exactly -1 or +1, which no interval of p holds; the second is the fair test.

    Parameters
    ----------
    table : pandas.DataFrame
        From :func:`next_year`, dyads with at least five events.

    Returns
    -------
    pandas.DataFrame
        ``rho, all, friendly, hostile, p_all, p_friendly, p_hostile, width, n_friendly, n_hostile``.
    """
    friendly = (table["value"] >= 0).to_numpy()
    seen = table["ratio"].to_numpy()
    rows = []
    for rho in rhos:
        low, high = evidence_interval(
            table["cooperation"], table["conflict"], recipe.kappa, table["prior"], rho
        )
        parts = [_foretold(table, recipe, rho), (seen >= low) & (seen <= high)]
        shares = [
            _mean(inside[chosen]) for inside in parts for chosen in (friendly | True, friendly, ~friendly)
        ]
        rows.append([rho, *shares, float(np.mean(high - low)), int(friendly.sum()), int((~friendly).sum())])
    names = [
        "rho",
        "all",
        "friendly",
        "hostile",
        "p_all",
        "p_friendly",
        "p_hostile",
        "width",
        "n_friendly",
        "n_hostile",
    ]
    return pd.DataFrame(rows, columns=names)


def _foretold(table: pd.DataFrame, recipe: Recipe, rho: float, level: float = 0.9) -> np.ndarray:
    """Whether each ratio lies within the central 90 % of the beta-binomial that the evidence foretells."""
    from scipy.stats import betabinom

    alpha, beta = beta_parameters(
        table["cooperation"].to_numpy(),
        table["conflict"].to_numpy(),
        recipe.kappa,
        table["prior"].to_numpy(),
        rho,
    )
    n = np.maximum(np.rint(table["n_effective"].to_numpy()), 1).astype(int)
    k = np.rint(n * (1 + table["ratio"].to_numpy()) / 2).astype(int)
    tail = (1 - level) / 2
    law = betabinom(n, alpha, beta)
    return (law.cdf(k) >= tail) & (law.sf(k - 1) >= tail)


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else float("nan")


def matched_rho(table: pd.DataFrame, level: float = 0.9) -> float:
    """The rho at which overall coverage reaches the level, between tabled values by the log; NaN if none does."""
    cover, rhos = table["all"].to_numpy(), np.log(table["rho"].to_numpy())
    if cover.max() < level:
        return float("nan")
    at = int(np.argmax(cover >= level))
    if at == 0:
        return float(np.exp(rhos[0]))
    part = (level - cover[at - 1]) / (cover[at] - cover[at - 1])
    return float(np.exp(rhos[at - 1] + part * (rhos[at] - rhos[at - 1])))
