"""All pairs of states in every period: their joint votes, a statistic of them, and its interval over roll calls."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from typing import TypedDict, Unpack

import numpy as np
import pandas as pd

from risk.votes import contingency
from risk.votes.table import VoteError, check_votes, select_roll_calls

__all__ = ["Options", "compare"]

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


def compare(
    votes: pd.DataFrame, roll_calls: pd.DataFrame, statistic: Statistic, **options: Unpack[Options]
) -> pd.DataFrame:
    """
    A statistic of the joint table of votes, for all pairs in every period.

    Parameters
    ----------
    votes, roll_calls : pandas.DataFrame
        As in :func:`risk.votes.table.check_votes`.
    statistic : callable
        From joint tables of shape (n_pairs, 3, 3) to one value each; NaN where there is none.
    **options
        See :class:`Options`.

    Returns
    -------
    pandas.DataFrame
        The period, ``a``, ``b``, ``value``, ``n_joint`` (and ``low``, ``high``).

    Raises
    ------
    VoteError
        For a table that cannot be used.
    TypeError, ValueError
        For an option that does not exist or has no meaning.
    """
    _check_options(options)
    by = options.get("by", "session")
    chosen = select_roll_calls(roll_calls, issue=options.get("issue"), important=options.get("important"))
    table = check_votes(votes, roll_calls, by)
    if len(chosen) < len(roll_calls):
        table = table[table["rcid"].isin(chosen["rcid"])]
    table = _of_states(table, votes, options.get("states"))
    weight = _weights(chosen, options.get("item_weights"))
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


def _check_options(options: Options) -> None:
    # Keywords of a TypedDict are not checked when the program runs: a misspelt min_joint would be no minimum at all.
    unknown = sorted(set(options) - set(Options.__annotations__))
    if unknown:
        raise TypeError(f"no option {', '.join(unknown)}; there are {', '.join(Options.__annotations__)}")
    level, n_boot, consensus = options.get("level"), options.get("n_boot", 200), options.get("consensus")
    if level is not None and not 0 < level < 1:
        raise ValueError(f"level: {level!r} is not between 0 and 1")
    if level is not None and options.get("rng") is None:
        raise ValueError("level: a bootstrap interval needs rng=numpy.random.default_rng(seed)")
    if n_boot < 1:
        raise ValueError(f"n_boot: {n_boot!r} draws give no interval")
    masses = list(consensus.values()) if isinstance(consensus, Mapping) else [consensus or 0]
    if not all(0 <= mass < np.inf for mass in masses):
        raise ValueError(
            f"consensus: {consensus!r} is not a number (or numbers by period) of resolutions, >= 0"
        )
    if isinstance(options.get("states"), str):
        raise ValueError(f"states: give a list, as [{options.get('states')!r}, ...]")


def _of_states(table: pd.DataFrame, votes: pd.DataFrame, states: Collection[Hashable] | None) -> pd.DataFrame:
    if states is not None:
        silent = sorted(str(state) for state in set(states) - set(votes["state"]))
        if silent:
            raise VoteError(f"states: {', '.join(silent)} cast no vote; name states as the table does")
        table = table[table["state"].isin(list(states))]
    if table.empty:
        raise VoteError("votes: none on these roll calls" + ("" if states is None else " by these states"))
    return table


def _weights(roll_calls: pd.DataFrame, column: str | None) -> pd.Series | None:
    if column is None:
        return None
    if column not in roll_calls.columns:
        raise VoteError(f"roll_calls: no column {column} to weigh by")
    weight = roll_calls.set_index("rcid")[column].astype(float)
    bad = weight[~((weight >= 0) & (weight < np.inf))]
    if len(bad):
        raise VoteError(
            f"roll_calls: {len(bad)} weights not usable. rcid {bad.index[0]}, column {column}: {bad.iloc[0]} is not a "
            "finite number >= 0. Give every roll call its weight."
        )
    return weight


def _one_period(
    here: dict[str, np.ndarray],
    when: Hashable,
    statistic: Statistic,
    weight: pd.Series | None,
    options: Options,
) -> dict[str, np.ndarray]:
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
    rng, n_boot = options.get("rng"), options.get("n_boot", 200)
    assert rng is not None
    n = item.size
    draws = np.array([value(item * rng.multinomial(n, np.full(n, 1 / n))) for _ in range(n_boot)])
    low, high = np.full(draws.shape[1], np.nan), np.full(draws.shape[1], np.nan)
    known = ~np.isnan(draws).all(axis=0)
    if known.any():
        low[known], high[known] = np.nanquantile(draws[:, known], [(1 - level) / 2, (1 + level) / 2], axis=0)
    return low, high
