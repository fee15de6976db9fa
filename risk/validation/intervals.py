"""Do the intervals of the score hold what comes next year, and which rho makes them hold nine in ten?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from risk.certainty import evidence_interval
from risk.kernels import beta_parameters
from risk.recipe import Recipe

__all__ = ["coverage_by_rho", "matched_rho"]

RHOS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
COLUMNS = [
    "rho", "all", "friendly", "hostile", "p_all", "p_friendly", "p_hostile", "width", "n_friendly", "n_hostile",
]  # fmt: skip


def coverage_by_rho(table: pd.DataFrame, recipe: Recipe, rhos: Sequence[float] = RHOS) -> pd.DataFrame:
    r"""
    How often next year's net ratio falls into the 90 % interval, for friendly and hostile dyads apart.

    rho recorded events carry the information of one independent event, in the past and in the next year alike. So the
    share p of friendly weight follows the evidence interval's law, and next year's n effective events are n / rho
    draws with that p: a beta-binomial. A ratio of few draws is a coarse thing, and a closed interval of coarse things
    holds more than it promises; the figure here is the exact one, in which a ratio on the edge counts by the part of
    it inside (the randomised interval, averaged: Czado, Gneiting & Held 2009, doi:10.1111/j.1541-0420.2009.01191.x).

    Beside it the evidence interval itself, which speaks of p (columns ``p_...``): a finite ratio is often exactly -1 or
    +1, which no interval of p holds.

    Parameters
    ----------
    table : pandas.DataFrame
        From :func:`risk.validation.world.next_year`, dyads with at least five events.
    recipe : Recipe
    rhos : sequence of float

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
        shares = [_mean(inside[side]) for inside in parts for side in (friendly | True, friendly, ~friendly)]
        rows.append([rho, *shares, float(np.mean(high - low)), int(friendly.sum()), int((~friendly).sum())])
    return pd.DataFrame(rows, columns=COLUMNS)


def _foretold(table: pd.DataFrame, recipe: Recipe, rho: float, level: float = 0.9) -> np.ndarray:
    """The part of each ratio that lies within the central 90 % of the beta-binomial that the evidence foretells."""
    from scipy.stats import betabinom

    stocks = table["cooperation"].to_numpy(), table["conflict"].to_numpy()
    alpha, beta = beta_parameters(*stocks, recipe.kappa, table["prior"].to_numpy(), rho)
    n = np.maximum(np.rint(table["n_effective"].to_numpy() / rho), 1).astype(int)
    k = np.rint(n * (1 + table["ratio"].to_numpy()) / 2).astype(int)
    law = betabinom(n, alpha, beta)
    below, up_to = np.where(k > 0, law.cdf(k - 1), 0.0), law.cdf(k)
    tail = (1 - level) / 2
    inside = np.minimum(up_to, 1 - tail) - np.maximum(below, tail)
    return np.clip(inside / (up_to - below), 0.0, 1.0)


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
