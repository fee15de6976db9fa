"""How far a score hangs on single rows: the fewest that turn it, and rows that are miscoded or from other sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from risk.kernels import net_ratio
from risk.scorer import Scorer

__all__ = ["coding_error", "pivots"]


def pivots(scorer: Scorer, a: str, b: str, *, as_of: object, move: float = 0.1) -> pd.DataFrame:
    """
    The fewest events whose removal changes the score's sign, lowers it by ``move`` and raises it by ``move``.

    Removing the heaviest events of one sign first is optimal for the net ratio, so the sets are exact, not greedy
    guesses.

    Returns
    -------
    pandas.DataFrame
        ``goal, n, result, events``; n is NaN where no removal reaches the goal.

    Examples
    --------
    >>> pivots(Scorer(), "VEN", "RUS", as_of="2025-10-15")["goal"].tolist()
    ['change the sign', 'lower by 0.1', 'raise by 0.1']
    """
    score = scorer.alignment(a, b, as_of=as_of)
    events = score.contributions.query("family != 'prior'").reset_index(drop=True)
    goals = [
        ("change the sign", -np.sign(score.value), lambda value: value * score.value < 0),
        (f"lower by {move:g}", -1.0, lambda value: value <= score.value - move),
        (f"raise by {move:g}", 1.0, lambda value: value >= score.value + move),
    ]
    return pd.DataFrame(
        [_pivot(score, events, *goal) for goal in goals], columns=["goal", "n", "result", "events"]
    )


def _pivot(score, events: pd.DataFrame, goal: str, direction: float, reached: Callable) -> tuple:
    decayed = (events["weight"] * events["memory"]).to_numpy()
    against = np.flatnonzero(decayed * direction < 0)
    order = against[np.argsort(-np.abs(decayed[against]), kind="stable")]
    total = score.kappa + score.volume
    gone = np.cumsum(decayed[order])
    values = (score.value * total - gone) / (total - np.abs(gone))
    hit = np.flatnonzero(reached(values)) if len(values) else np.empty(0, dtype=int)
    if not len(hit):
        return goal, np.nan, np.nan, ""
    n = int(hit[0]) + 1
    return goal, float(n), float(values[n - 1]), "; ".join(events["event_id"].to_numpy()[order[:n]])


def coding_error(
    scorer: Scorer,
    a: str,
    b: str,
    *,
    as_of: object,
    rng: np.random.Generator,
    flip: float | Mapping[str, float] = 0.05,
    draws: int = 2000,
    level: float = 0.9,
) -> dict[str, float]:
    """
    The score when labels are wrong and sources happen to be others.

    Each draw resamples acts with replacement (all rows of an act together) and flips each event's sign with the
    stated probability.

    Parameters
    ----------
    flip : float or mapping
        Probability that an event's sign is wrong; by family, or one for all.
    draws : int
    level : float
        Of the interval given.

    Returns
    -------
    dict
        ``value, mean, low, high, share_opposite`` (draws with the opposite sign).

    Examples
    --------
    >>> out = coding_error(Scorer(), "VEN", "RUS", as_of="2025-10-15", rng=np.random.default_rng(1))
    >>> out["low"] < out["value"]
    True
    """
    score = scorer.alignment(a, b, as_of=as_of)
    events = score.contributions.query("family != 'prior'")
    acts = pd.factorize(events["act_id"].where(events["act_id"] != "", events["event_id"]))[0]
    chance = (
        events["family"].map(flip).fillna(0).to_numpy()
        if isinstance(flip, Mapping)
        else np.full(len(events), flip)
    )
    decayed = (events["weight"] * events["memory"]).to_numpy()
    n_acts = int(acts.max()) + 1 if len(acts) else 0
    times = (
        rng.multinomial(n_acts, np.full(n_acts, 1 / n_acts), size=draws)[:, acts]
        if n_acts
        else np.zeros((draws, 0))
    )
    signs = np.where(rng.random((draws, len(events))) < chance, -1.0, 1.0)
    x = times * signs * decayed
    values = net_ratio(np.where(x > 0, x, 0).sum(1), np.where(x < 0, -x, 0).sum(1), score.kappa, score.prior)
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return {
        "value": score.value,
        "mean": float(values.mean()),
        "low": float(low),
        "high": float(high),
        "share_opposite": float((values * score.value < 0).mean()),
    }
