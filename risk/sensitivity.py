"""How far a score depends on choices and single rows: tornado, Sobol, rank intervals, pivots, coding error."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import pandas as pd

from risk.days import day_number
from risk.entries import Entries
from risk.kernels import net_ratio
from risk.recipe import SCALES
from risk.scorer import Scorer
from risk.stocks import entry_memory

__all__ = [
    "Choices",
    "coding_error",
    "pivots",
    "rank_intervals",
    "sobol",
    "sobol_of_score",
    "swap_probability",
    "tornado",
]


@dataclass(frozen=True)
class Choices:
    """
    Ranges within which a reasonable person could have chosen otherwise.

    ``kappa`` and the half-lives are drawn log-uniformly, every family's weight is multiplied by a log-uniform factor in
    ``weight``, the scale is drawn from the codebook's.
    """

    kappa: tuple[float, float] = (0.5, 2.0)
    fast: tuple[float, float] = (182.6, 730.5)
    slow: tuple[float, float] = (1826.2, 7305.0)
    weight: tuple[float, float] = (0.5, 2.0)
    prior: tuple[float, float] = (0.5, 1.5)


def tornado(scorer: Scorer, a: str, b: str, *, as_of: object, change: float = 0.25) -> pd.DataFrame:
    """
    What the score would be with one choice at a time made larger or smaller.

    Types' weights and kappa move in closed form (the net ratio is linear in them over linear); clocks and prior
    weights are scored anew.

    Parameters
    ----------
    scorer : Scorer
    a, b : str
    as_of : day
    change : float
        Relative step, in (0, 1).

    Returns
    -------
    pandas.DataFrame
        ``parameter, low, high, swing``, widest first; ``low`` with the choice made smaller.

    Examples
    --------
    >>> table = tornado(Scorer(), "VEN", "RUS", as_of="2025-10-15")
    >>> bool(table["swing"].is_monotonic_decreasing)
    True
    """
    if not 0 < change < 1:
        raise ValueError(f"change: {change!r} must be in (0, 1)")
    score = scorer.alignment(a, b, as_of=as_of)
    events = score.contributions.query("family != 'prior'")
    net, total = score.value * (score.kappa + score.volume), score.kappa + score.volume
    decayed = events["weight"] * events["memory"]
    rows = []
    for kind, x in decayed.groupby(events["event_type"]):
        moved = [(net + step * x.sum()) / (total + step * x.abs().sum()) for step in (-change, change)]
        rows.append((kind, *moved))
    pull = [
        (net + step * score.kappa * score.prior) / (total + step * score.kappa) for step in (-change, change)
    ]
    rows.append(("kappa", *pull))
    for name, low, high in _scored_anew(scorer, change):
        rows.append(
            (name, *(scorer.under(recipe).alignment(a, b, as_of=as_of).value for recipe in (low, high)))
        )
    table = pd.DataFrame(rows, columns=["parameter", "low", "high"])
    table["swing"] = (table["high"] - table["low"]).abs()
    return table.sort_values(["swing", "parameter"], ascending=[False, True], ignore_index=True)


def _scored_anew(scorer: Scorer, change: float):
    recipe = scorer.recipe
    for clock, days in recipe.clocks.items():
        yield f"clocks.{clock}", *(recipe.replace(clocks={clock: days * (1 + s)}) for s in (-change, change))
    for row, weight in recipe.prior_weights.items():
        if weight:
            yield (
                f"prior_weights.{row}",
                *(recipe.replace(prior_weights={row: weight * (1 + s)}) for s in (-change, change)),
            )


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


class _Dyads:
    """The entries of dyads on a day, side by side, ready to be scored under many choices at once."""

    def __init__(self, scorer: Scorer, dyads: Sequence[tuple[str, str]], day: int):
        ledger = scorer._ledger
        index, scale = ledger.index, ledger.recipe.scale
        parts = [index.all_of(index.pair(a, b)) for a, b in dyads]
        entries = reduce(Entries.join, parts)
        place = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
        alive = entry_memory(entries, day, day, index.fast, index.slow) > 0
        self.entries, self.place, self.day, self.n = entries.take(alive), place[alive], day, len(parts)
        self.prior = scorer.panel([np.datetime64(day, "D")], dyads)["prior"].to_numpy()
        types = ledger.records(self.entries.row)["event_type"] if alive.any() else []
        strength = [np.abs(ledger.codebook.intensity(types, scale=name)) for name in (scale, *SCALES)]
        self.by_scale = [other / strength[0] for other in strength[1:]]

    def values(self, draw: np.ndarray) -> np.ndarray:
        """A of every dyad under one draw: log2 of kappa and clocks, prior, scale, log2 factors by family."""
        kappa, fast, slow = 2 ** draw[:3]
        factor = (2 ** draw[5:])[self.entries.family]
        kept = entry_memory(self.entries, self.day, self.day, fast, slow)
        u = self.entries.weight * kept * self.by_scale[int(draw[4] >= 0.5)] * factor
        friendly = self.entries.sign > 0
        cooperation, conflict = (
            np.bincount(self.place[side], u[side], self.n) for side in (friendly, ~friendly)
        )
        return net_ratio(cooperation, conflict, kappa, np.clip(self.prior * draw[3], -0.99, 0.99))


def _bounds(scorer: Scorer, choices: Choices) -> dict[str, tuple[float, float]]:
    def logs(pair: tuple[float, float]) -> tuple[float, float]:
        return float(np.log2(pair[0])), float(np.log2(pair[1]))

    families = scorer._ledger.index.books.families
    return {
        "kappa": logs(choices.kappa),
        "fast clock": logs(choices.fast),
        "slow clock": logs(choices.slow),
        "prior": choices.prior,
        "scale": (0.0, 1.0),
        **{f"weight of {family}": logs(choices.weight) for family in families},
    }


def sobol_of_score(
    scorer: Scorer,
    a: str,
    b: str,
    *,
    as_of: object,
    rng: np.random.Generator,
    choices: Choices = Choices(),
    n: int = 256,
) -> pd.DataFrame:
    """Sobol indices of one alignment over the choices; see :func:`sobol`."""
    score = scorer.alignment(a, b, as_of=as_of)
    ready, bounds = _Dyads(scorer, [(score.a, score.b)], day_number(as_of)), _bounds(scorer, choices)
    return sobol(lambda points: np.array([ready.values(point)[0] for point in points]), bounds, rng=rng, n=n)


def _draws(
    scorer: Scorer,
    dyads: Sequence[tuple[str, str]],
    as_of: object,
    rng: np.random.Generator,
    choices: Choices,
    draws: int,
) -> np.ndarray:
    bounds = _bounds(scorer, choices)
    low, high = np.array(list(bounds.values())).T
    points = rng.uniform(low, high, size=(draws, len(bounds)))
    ready = _Dyads(scorer, dyads, day_number(as_of))
    return np.array([ready.values(point) for point in points])


def rank_intervals(
    scorer: Scorer,
    *,
    as_of: object,
    partner: str | None = None,
    rng: np.random.Generator,
    choices: Choices = Choices(),
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
    values = _draws(scorer, list(zip(table["a"], table["b"], strict=True)), as_of, rng, choices, draws)
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
    choices: Choices = Choices(),
    draws: int = 400,
) -> float:
    """Share of the choices under which two dyads stand the other way round than under the recipe."""
    here = [scorer.alignment(a, b, as_of=as_of) for a, b in (first, second)]
    values = _draws(scorer, [(one.a, one.b) for one in here], as_of, rng, choices, draws)
    ahead = here[0].value > here[1].value
    return float(((values[:, 0] > values[:, 1]) != ahead).mean())
