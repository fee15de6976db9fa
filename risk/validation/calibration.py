"""Which kappa, clocks, persistences and prior weights next year's events would choose, beside the recipe's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import betaln, expit, logit

from risk.kernels import beta_parameters
from risk.stocks import entry_memory
from risk.validation.dyad_years import Evidence, evidence
from risk.validation.metrics import bootstrap_weights

__all__ = ["PARAMETERS", "Evidence", "evidence", "fit", "held_out_gain", "log_likelihood", "profile"]

MAX_PRIOR = 0.98  # of |m0|: the laws of the score need a prior strictly inside (-1, 1)


@dataclass(frozen=True)
class Parameter:
    """One choice of the recipe as a number: its range, whether steps are ratios, and what it is."""

    low: float
    high: float
    ratio: bool
    meaning: str

    def grid(self, n: int) -> np.ndarray:
        """n values across the range, evenly spaced (by ratio where steps are ratios)."""
        return np.geomspace(self.low, self.high, n) if self.ratio else np.linspace(self.low, self.high, n)


PARAMETERS = {
    "kappa": Parameter(1 / 16, 16, True, "weight of the prior, full events"),
    "fast": Parameter(45, 1461, True, "half-life of the fast clock, days"),
    "slow": Parameter(730, 29220, True, "half-life of the slow clock, days"),
    "persistence": Parameter(1 / 32, 32, True, "factor on the odds p/(1-p) of every type's persistence"),
    "base": Parameter(-0.9, 0.9, False, "what the base row adds to the prior"),
    "votes": Parameter(0, 0.9, False, "weight of the votes row"),
    "shared_pressure": Parameter(0, 0.9, False, "weight of the shared-pressure row"),
}


def _stocks(data: Evidence, chosen: Mapping[str, float]) -> tuple[np.ndarray, np.ndarray]:
    """C and D of each row under these clocks and factors on the odds of the persistences."""
    entries, n = data.entries, len(data.rows)
    odds = np.array([chosen.get(f"persistence.{family}", chosen["persistence"]) for family in data.families])
    with np.errstate(divide="ignore"):  # a persistence of 0 or 1 has no odds to move, and stays
        moved = expit(logit(entries.persistence) + np.log(odds[entries.family]))
    kept = entry_memory(
        entries.replace(persistence=moved), data.day, data.day, chosen["fast"], chosen["slow"]
    )
    u, friendly = entries.weight * kept, entries.sign > 0
    return (
        np.bincount(data.row[friendly], u[friendly], n),
        np.bincount(data.row[~friendly], u[~friendly], n),
    )


def log_likelihood(
    data: Evidence,
    choices: Mapping[str, float],
    *,
    stocks: tuple[np.ndarray, np.ndarray] | None = None,
) -> np.ndarray:
    r"""
    Log probability of each row's next year, given the score of the day.

    Of n effective events k are friendly by weight, with the share p drawn from the law whose mean is the score itself
    (rho = 1; rho widens the interval and is matched by coverage, :mod:`risk.validation.intervals`),

    .. math:: \log B(k + \alpha, n - k + \beta) - \log B(\alpha, \beta),

    which is the beta-binomial likelihood without the binomial coefficient (a constant of the data); alpha and beta as
    in :func:`risk.kernels.beta_parameters`. Larger is better; 0 is certainty.

    Parameters
    ----------
    data : Evidence
    choices : mapping
        Values of ``PARAMETERS``, or ``persistence.<family>`` for one family; what is absent is the recipe's own.
    stocks : pair of ndarray, optional
        C and D of each row, where they are known already.
    """
    chosen = {**data.default, **choices}
    if stocks is None:
        stocks = _stocks(data, chosen)
    m0 = chosen["base"] + sum(
        chosen[name] * data.rows[name].to_numpy() for name in ("votes", "shared_pressure")
    )
    m0 = np.clip(m0, -MAX_PRIOR, MAX_PRIOR)
    alpha, beta = beta_parameters(*stocks, chosen["kappa"], m0, 1.0)
    n, k = data.rows["n"].to_numpy(), data.rows["friendly"].to_numpy()
    return betaln(k + alpha, n - k + beta) - betaln(alpha, beta)


def profile(
    data: Evidence,
    rng: np.random.Generator,
    *,
    names: Iterable[str] = tuple(PARAMETERS),
    free_base: bool = False,
    draws: int = 500,
    level: float = 0.9,
    n: int = 41,
) -> pd.DataFrame:
    """
    What the data would choose for one parameter at a time, the others as in the recipe.

    The likelihood is worked out on a grid once; the interval is that of its best grid value over resampled dyads.

    Parameters
    ----------
    data : Evidence
    rng : numpy.random.Generator
    names : iterable of str
        Of ``PARAMETERS``, or ``persistence.<family>``.
    free_base : bool
        Whether the base row is fitted again at every value: a feed in which nine acts in ten are friendly says more
        about its own base rate than about anything else.
    draws, level, n : int, float, int
        Resamples of the dyads, level of the intervals, points of the grid.

    Returns
    -------
    pandas.DataFrame
        Index ``parameter``; ``default, fitted, low, high``, ``gain`` (mean log likelihood of a dyad-year over the
        default's, with ``gain_low, gain_high``) and ``meaning``.
    """
    weights = bootstrap_weights(data.dyads, draws, rng)
    ends = [(1 - level) / 2, (1 + level) / 2]
    own, rows = _said(data, {}, free_base), {}
    for name in names:
        parameter = _parameter(name)
        grid = parameter.grid(n)
        said = np.array([_said(data, {name: value}, free_base and name != "base") for value in grid])
        best = int(said.sum(axis=1).argmax())
        low, high = np.quantile(grid[(weights @ said.T).argmax(axis=1)], ends, method="nearest")
        gained = said[best] - own
        gain_low, gain_high = np.quantile((weights @ gained) / weights.sum(axis=1), ends)
        rows[name] = {
            "default": data.default.get(name, 1.0), "fitted": grid[best], "low": low, "high": high,
            "gain": float(gained.mean()), "gain_low": gain_low, "gain_high": gain_high, "meaning": parameter.meaning,
        }  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("parameter")


def _said(data: Evidence, choices: Mapping[str, float], free_base: bool) -> np.ndarray:
    """Log likelihood by row; with a free base the one under which all rows together are likeliest."""
    if not free_base:
        return log_likelihood(data, choices)
    chosen = {**data.default, **choices}
    stocks = _stocks(data, chosen)
    tried = [
        log_likelihood(data, {**choices, "base": base}, stocks=stocks) for base in PARAMETERS["base"].grid(37)
    ]
    return max(tried, key=lambda said: said.sum())


def _parameter(name: str) -> Parameter:
    whole, _, family = name.partition(".")
    if family and whole == "persistence":
        return replace(PARAMETERS[whole], meaning=f"the same for the family {family} alone")
    return PARAMETERS[name]


def fit(data: Evidence, free: Iterable[str] = tuple(PARAMETERS)) -> dict[str, float]:
    """
    The values of several parameters at once under which next year's events are likeliest.

    L-BFGS-B within the ranges of ``PARAMETERS`` from the recipe's own values; steps are ratios where the parameter's
    are.
    """
    names = list(free)
    bounds = [_inner(name, (PARAMETERS[name].low, PARAMETERS[name].high)) for name in names]
    start = [_inner(name, (data.default[name],))[0] for name in names]

    def loss(point: np.ndarray) -> float:
        return -float(log_likelihood(data, _outer(names, point)).mean())

    found = minimize(loss, np.clip(start, *np.array(bounds).T), method="L-BFGS-B", bounds=bounds)
    return _outer(names, found.x)


def _inner(name: str, values: tuple[float, ...]) -> list[float]:
    return [float(np.log(value)) if PARAMETERS[name].ratio else float(value) for value in values]


def _outer(names: list[str], point: np.ndarray) -> dict[str, float]:
    return {
        name: float(np.exp(value) if PARAMETERS[name].ratio else value)
        for name, value in zip(names, point, strict=True)
    }


def held_out_gain(
    data: Evidence, last: int, rng: np.random.Generator, *, draws: int = 500, level: float = 0.9
) -> dict[str, float]:
    """
    Does a joint fit on the years to ``last`` foretell the later ones better than the recipe's own choices?

    Returns
    -------
    dict
        ``gain`` in mean log likelihood per later dyad-year with ``low, high`` from resampled dyads; ``n_fit, n``.
    """
    years = data.rows["year"]
    past, later = data.between(int(years.min()), last), data.between(last + 1, int(years.max()))
    gained = log_likelihood(later, fit(past)) - log_likelihood(later, {})
    weights = bootstrap_weights(later.dyads, draws, rng)
    low, high = np.quantile((weights @ gained) / weights.sum(axis=1), [(1 - level) / 2, (1 + level) / 2])
    return {
        "gain": float(gained.mean()), "low": float(low), "high": float(high),
        "n_fit": len(past.rows), "n": len(later.rows),
    }  # fmt: skip
