"""How alike states vote: every measure, all pairs of all states at once, from matrix products."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from typing import TypedDict, Unpack

import numpy as np
import pandas as pd

from risk.votes import contingency
from risk.votes.table import VoteError, check_votes, select_roll_calls

__all__ = ["Options", "abc", "agreement", "kappa", "pi", "s_score", "tau_b", "voting_coincidence"]

_LEVELS = np.array([1.0, 2.0, 3.0])  # yes, abstain, no
Statistic = Callable[[np.ndarray], np.ndarray]


class Options(TypedDict, total=False):
    """
    What every measure of this module takes after its own arguments.

    by : str
        Column of ``roll_calls`` to compare within: ``session`` (default) or ``year``.
    issue, important : str, bool
        A subset of roll calls, as in :func:`risk.votes.select_roll_calls`.
    min_joint : int
        Fewest roll calls on which both voted; below it the value is NaN. Default 1.
    consensus : float or mapping of period to float
        Resolutions adopted without a vote, counted as so many on which both said yes (Häge & Hug 2016,
        International Interactions 42(1)). ``n_joint`` does not count them. Default none.
    item_weights : str
        Column of ``roll_calls`` with the weight of each; default all 1.
    states : collection
        Only pairs of these.
    level : float
        Level of a bootstrap interval over roll calls, columns ``low`` and ``high``; default none.
    n_boot : int
        Draws for it. Default 200.
    rng : numpy.random.Generator
        Needed with ``level``.
    """

    by: str
    issue: str | None
    important: bool | None
    min_joint: int
    consensus: float | Mapping[Hashable, float] | None
    item_weights: str | None
    states: Collection[Hashable] | None
    level: float | None
    n_boot: int
    rng: np.random.Generator | None


def agreement(
    votes: pd.DataFrame, roll_calls: pd.DataFrame, *, form: str = "exact", **options: Unpack[Options]
) -> pd.DataFrame:
    """
    Share of roll calls on which two states voted alike, 0 to 1.

    Parameters
    ----------
    votes, roll_calls : pandas.DataFrame
        As in :func:`risk.votes.table.check_votes`.
    form : {"exact", "half"}
        ``half`` gives an abstention beside a yes or a no half a point (Lijphart 1963,
        doi:10.2307/1952608); ``exact`` gives it nothing.
    **options
        See :class:`Options`.

    Returns
    -------
    pandas.DataFrame
        One row per period and pair of states that voted in it: the period, ``a``, ``b``, ``value``, ``n_joint``
        (and ``low``, ``high``).

    Examples
    --------
    >>> votes = pd.DataFrame({"rcid": [1, 1, 2, 2], "state": ["A", "B"] * 2, "vote": [1, 1, 1, 2]})
    >>> roll_calls = pd.DataFrame({"rcid": [1, 2], "session": [9, 9]})
    >>> agreement(votes, roll_calls, form="half")[["session", "a", "b", "value", "n_joint"]].values.tolist()
    [[9, 'A', 'B', 0.75, 2]]
    """
    if form not in ("exact", "half"):
        raise ValueError(f"form: {form!r} is none of 'exact', 'half'")
    penalty = contingency.penalties(_LEVELS, "nominal" if form == "exact" else "linear")
    return _compare(votes, roll_calls, lambda table: contingency.agreement(table, penalty), **options)


def voting_coincidence(
    votes: pd.DataFrame, roll_calls: pd.DataFrame, *, definition: str = "2017", **options: Unpack[Options]
) -> pd.DataFrame:
    """
    Voting coincidence as the US State Department reports it, 0 to 1.

    Parameters
    ----------
    votes, roll_calls
        As in :func:`agreement`.
    definition : {"2017", "before 2017"}
        Up to the report on 2016: identical over identical and opposite votes, abstentions left out. From the report
        on 2017: 1 for the same vote, one half where one of two abstains, 0 for opposite ones, over all roll calls both
        were present for.
    **options
        See :class:`Options`.

    Returns
    -------
    pandas.DataFrame
        As in :func:`agreement`; ``n_joint`` counts roll calls both were present for.

    Examples
    --------
    >>> votes = pd.DataFrame({"rcid": [1, 1, 2, 2], "state": ["A", "B"] * 2, "vote": [1, 1, 1, 2]})
    >>> roll_calls = pd.DataFrame({"rcid": [1, 2], "session": [9, 9]})
    >>> voting_coincidence(votes, roll_calls, definition="before 2017")["value"].tolist()
    [1.0]
    """
    if definition not in ("2017", "before 2017"):
        raise ValueError(f"definition: {definition!r} is none of '2017', 'before 2017'")
    if definition == "2017":
        return agreement(votes, roll_calls, form="half", **options)
    return _compare(votes, roll_calls, contingency.yes_no_coincidence, **options)


def s_score(
    votes: pd.DataFrame, roll_calls: pd.DataFrame, *, form: str = "absolute", **options: Unpack[Options]
) -> pd.DataFrame:
    """
    Signorino and Ritter's S, -1 to 1; the scale runs from yes to no whether or not both were cast.

    Parameters
    ----------
    votes, roll_calls
        As in :func:`agreement`.
    form : {"absolute", "squared"}
    **options
        See :class:`Options`.

    Returns
    -------
    pandas.DataFrame
        As in :func:`agreement`.

    See Also
    --------
    risk.votes.pair.s_score : The formula and its source.
    """
    if form not in ("absolute", "squared"):
        raise ValueError(f"form: {form!r} is none of 'absolute', 'squared'")
    penalty = contingency.penalties(_LEVELS, "linear" if form == "absolute" else "quadratic")
    return _compare(votes, roll_calls, lambda table: contingency.s_score(table, penalty), **options)


def kappa(
    votes: pd.DataFrame, roll_calls: pd.DataFrame, *, weights: str = "quadratic", **options: Unpack[Options]
) -> pd.DataFrame:
    """
    Cohen's kappa: agreement beyond chance, each state with its own shares of yes, abstain and no.

    Parameters
    ----------
    votes, roll_calls
        As in :func:`agreement`.
    weights : {"nominal", "linear", "quadratic"}
    **options
        See :class:`Options`.

    Returns
    -------
    pandas.DataFrame
        As in :func:`agreement`; NaN where both always voted one and the same way.

    See Also
    --------
    risk.votes.pair.kappa : The formula and its source.
    """
    penalty = contingency.penalties(_LEVELS, weights)
    return _compare(
        votes, roll_calls, lambda table: contingency.chance_corrected(table, penalty, pooled=False), **options
    )


def pi(
    votes: pd.DataFrame, roll_calls: pd.DataFrame, *, weights: str = "nominal", **options: Unpack[Options]
) -> pd.DataFrame:
    """
    Scott's pi: agreement beyond chance, with the shares of both states together.

    Parameters, returned frame and ``options`` are those of :func:`kappa`.

    See Also
    --------
    risk.votes.pair.pi : The formula and its source.
    """
    penalty = contingency.penalties(_LEVELS, weights)
    return _compare(
        votes, roll_calls, lambda table: contingency.chance_corrected(table, penalty, pooled=True), **options
    )


def tau_b(votes: pd.DataFrame, roll_calls: pd.DataFrame, **options: Unpack[Options]) -> pd.DataFrame:
    """
    Kendall's tau-b of two states' votes; NaN where one of them never varies.

    Parameters, returned frame and ``options`` are those of :func:`kappa`, without weights.

    See Also
    --------
    risk.votes.pair.tau_b : The formula and its source.
    """
    return _compare(votes, roll_calls, contingency.kendall_tau_b, **options)


def abc(
    votes: pd.DataFrame, roll_calls: pd.DataFrame, *, weights: str = "linear", **options: Unpack[Options]
) -> pd.DataFrame:
    """
    S minus what S would be if the two states voted independently, each with its own shares.

    Parameters, returned frame and ``options`` are those of :func:`kappa`.

    See Also
    --------
    risk.votes.pair.abc : The formula.
    """
    penalty = contingency.penalties(_LEVELS, weights)
    return _compare(votes, roll_calls, lambda table: contingency.abc(table, penalty), **options)


def _compare(
    votes: pd.DataFrame, roll_calls: pd.DataFrame, statistic: Statistic, **options: Unpack[Options]
) -> pd.DataFrame:
    """A statistic of the joint table of votes, for all pairs in every period."""
    by, level = options.get("by", "session"), options.get("level")
    if level is not None and options.get("rng") is None:
        raise ValueError("level: a bootstrap interval needs rng=numpy.random.default_rng(seed)")
    chosen = select_roll_calls(roll_calls, issue=options.get("issue"), important=options.get("important"))
    whole = len(chosen) == len(roll_calls)
    table = check_votes(votes if whole else votes[votes["rcid"].isin(chosen["rcid"])], chosen, by)
    states = options.get("states")
    if states is not None:
        table = table[table["state"].isin(list(states))]
        if table.empty:
            raise VoteError("states: none of them voted on these roll calls")
    weight = None
    if options.get("item_weights") is not None:
        weight = chosen.set_index("rcid")[options["item_weights"]]
    period, periods = pd.factorize(table["period"], sort=True)
    order = np.argsort(period, kind="stable")
    edges = np.searchsorted(period[order], np.arange(len(periods) + 1))
    columns = {name: table[name].to_numpy()[order] for name in ("rcid", "state", "vote")}
    parts = []
    for k, when in enumerate(periods):
        here = {name: values[edges[k] : edges[k + 1]] for name, values in columns.items()}
        parts.append(_one_period(here, when, statistic, weight, options))
    out = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return pd.DataFrame({by: np.repeat(periods, [part["a"].size for part in parts]), **out})


def _one_period(here, when: Hashable, statistic: Statistic, weight: pd.Series | None, options: Options):
    row, states = pd.factorize(here["state"], sort=True)
    column, rcids = pd.factorize(here["rcid"])
    cast = np.zeros((3, len(states), len(rcids)))
    cast[here["vote"] - 1, row, column] = 1
    first, second = np.triu_indices(len(states), 1)
    item = np.ones(len(rcids)) if weight is None else weight.loc[rcids].to_numpy(dtype=float)
    present = cast.sum(axis=0)
    n_joint = (present @ present.T)[first, second].astype(int)
    short = n_joint < options.get("min_joint", 1)
    mass = np.where(n_joint > 0, _mass(options.get("consensus"), when), 0)

    def value(weights: np.ndarray) -> np.ndarray:
        table = contingency.joint_tables(cast, weights, first, second)
        table[:, 0, 0] += mass
        return np.where(short, np.nan, statistic(table))

    out = {"a": states[first], "b": states[second], "value": value(item), "n_joint": n_joint}
    level = options.get("level")
    if level is not None:
        out["low"], out["high"] = _interval(value, item, level, options)
    return out


def _mass(consensus: float | Mapping[Hashable, float] | None, when: Hashable) -> float:
    return float((consensus.get(when, 0) if isinstance(consensus, Mapping) else consensus) or 0)


def _interval(value: Callable[[np.ndarray], np.ndarray], item: np.ndarray, level: float, options: Options):
    """Percentile interval over draws of roll calls with replacement."""
    rng, n_boot = options["rng"], options.get("n_boot", 200)
    assert rng is not None
    n = item.size
    draws = np.array([value(item * rng.multinomial(n, np.full(n, 1 / n))) for _ in range(n_boot)])
    low, high = np.full(draws.shape[1], np.nan), np.full(draws.shape[1], np.nan)
    known = ~np.isnan(draws).all(axis=0)
    low[known], high[known] = np.nanquantile(draws[:, known], [(1 - level) / 2, (1 + level) / 2], axis=0)
    return low, high
