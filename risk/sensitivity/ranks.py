"""How firm a ranking is: rank intervals, and how often two dyads change places."""

from __future__ import annotations

import numpy as np
import pandas as pd

from risk.scorer import Scorer
from risk.sensitivity.choices import DEFAULT_CHOICES, Choices, drawn_scores

__all__ = ["rank_intervals", "swap_probability"]


def rank_intervals(
    scorer: Scorer,
    *,
    as_of: object,
    partner: str | None = None,
    rng: np.random.Generator,
    choices: Choices = DEFAULT_CHOICES,
    draws: int = 200,
    level: float = 0.9,
) -> pd.DataFrame:
    """
    The ranking of all dyads on record, or of a partner's, with the interval of each rank over the choices.

    Parameters
    ----------
    scorer : Scorer
    as_of : day
    partner : str, optional
    rng : numpy.random.Generator
    choices : Choices
        What could have been chosen otherwise.
    draws : int
    level : float
        Of the intervals, in (0, 1).

    Returns
    -------
    pandas.DataFrame
        The ranking's columns with ``rank_low`` and ``rank_high`` after ``rank``.

    Examples
    --------
    >>> table = rank_intervals(Scorer(), as_of="2025-10-15", partner="RUS", rng=np.random.default_rng(1))
    >>> bool((table["rank_low"] <= table["rank_high"]).all())
    True
    """
    table = scorer.ranking(as_of=as_of, partner=partner)
    if not len(table):
        return table.assign(rank_low=table["rank"], rank_high=table["rank"])
    values = drawn_scores(scorer, list(zip(table["a"], table["b"], strict=True)), as_of, rng, choices, draws)
    ranks = (-values).argsort(axis=1).argsort(axis=1) + 1
    low, high = np.quantile(ranks, [(1 - level) / 2, (1 + level) / 2], axis=0, method="nearest")
    table.insert(1, "rank_low", low.astype(int))
    table.insert(2, "rank_high", high.astype(int))
    return table


def swap_probability(
    scorer: Scorer,
    first: tuple[str, str],
    second: tuple[str, str],
    *,
    as_of: object,
    rng: np.random.Generator,
    choices: Choices = DEFAULT_CHOICES,
    draws: int = 400,
) -> float:
    """Share of the choices under which two dyads stand the other way round than under the recipe."""
    here = [scorer.alignment(a, b, as_of=as_of) for a, b in (first, second)]
    values = drawn_scores(scorer, [(one.a, one.b) for one in here], as_of, rng, choices, draws)
    ahead = here[0].value > here[1].value
    return float(((values[:, 0] > values[:, 1]) != ahead).mean())
