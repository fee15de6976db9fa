"""How alike states vote: every measure, all pairs of all states at once, from matrix products."""

from __future__ import annotations

from typing import Unpack

import numpy as np
import pandas as pd

from risk.votes import contingency
from risk.votes.comparison import Options, compare

__all__ = ["Options", "abc", "agreement", "kappa", "pi", "s_score", "tau_b", "voting_coincidence"]

_LEVELS = np.array([1.0, 2.0, 3.0])  # yes, abstain, no


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
    return compare(votes, roll_calls, lambda table: contingency.agreement(table, penalty), **options)


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
    return compare(votes, roll_calls, contingency.yes_no_coincidence, **options)


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
    return compare(votes, roll_calls, lambda table: contingency.s_score(table, penalty), **options)


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
    return compare(
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
    return compare(
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
    return compare(votes, roll_calls, contingency.kendall_tau_b, **options)


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
    return compare(votes, roll_calls, lambda table: contingency.abc(table, penalty), **options)
