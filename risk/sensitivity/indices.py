"""Sobol indices: which choice a score's spread comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from risk.days import day_number
from risk.scorer import Scorer
from risk.sensitivity.choices import DEFAULT_CHOICES, Choices, Dyads, bounds_of

__all__ = ["sobol", "sobol_of_score"]


def sobol(
    function: Callable[[np.ndarray], np.ndarray],
    bounds: Mapping[str, tuple[float, float]],
    *,
    rng: np.random.Generator,
    n: int = 1024,
) -> pd.DataFrame:
    """
    First-order and total Sobol indices of a function of independent uniform inputs (Saltelli 2010; SALib).

    Parameters
    ----------
    function : callable
        Takes an array (n, inputs), gives (n,).
    bounds : mapping of name to (low, high)
    n : int
        Base sample, a power of two; the function is evaluated n (k + 2) times.

    Returns
    -------
    pandas.DataFrame
        ``input, first, first_conf, total, total_conf``.
    """
    from SALib.analyze.sobol import analyze
    from SALib.sample.sobol import sample

    problem = {
        "num_vars": len(bounds),
        "names": list(bounds),
        "bounds": [list(pair) for pair in bounds.values()],
    }
    seed = int(rng.integers(2**31))
    points = sample(problem, n, calc_second_order=False, seed=seed)
    values = function(points)
    if np.ptp(values) == 0:
        zeros = np.zeros(len(bounds))
        return pd.DataFrame(
            {"input": list(bounds), "first": zeros, "first_conf": zeros, "total": zeros, "total_conf": zeros}
        )
    found = analyze(problem, values, calc_second_order=False, seed=seed)
    return pd.DataFrame(
        {
            "input": list(bounds),
            "first": found["S1"],
            "first_conf": found["S1_conf"],
            "total": found["ST"],
            "total_conf": found["ST_conf"],
        }
    )


def sobol_of_score(
    scorer: Scorer,
    a: str,
    b: str,
    *,
    as_of: object,
    rng: np.random.Generator,
    choices: Choices = DEFAULT_CHOICES,
    n: int = 256,
) -> pd.DataFrame:
    """Sobol indices of one alignment over the choices; see :func:`sobol`."""
    score = scorer.alignment(a, b, as_of=as_of)
    ready, bounds = Dyads(scorer, [(score.a, score.b)], day_number(as_of)), bounds_of(scorer, choices)
    return sobol(lambda points: np.array([ready.values(point)[0] for point in points]), bounds, rng=rng, n=n)
