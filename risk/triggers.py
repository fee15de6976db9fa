"""Trigger events: dated coups, self-coups, nuclear tests and invasions, listed whether or not sanctions followed."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

import numpy as np
import pandas as pd

from risk.datasets import read_text_table
from risk.days import as_days, day_number
from risk.kernels import decay
from risk.states import StateError, exists

__all__ = ["COLUMNS", "KINDS", "check_triggers", "load_triggers", "recent_triggers"]

COLUMNS = (
    "trigger_id", "date", "date_precision", "state", "kind", "title", "publisher", "source", "url", "checked", "note",
)  # fmt: skip
NEEDED = ("trigger_id", "date", "state", "kind")

KINDS = ("coup", "coup_attempt", "invasion", "nuclear_test", "self_coup")
"""The kinds of the embedded table; a table of your own may have others."""


def check_triggers(frame: pd.DataFrame) -> pd.DataFrame:
    """
    The checked trigger table: one row per event and state.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``trigger_id``, ``date`` as ``YYYY-MM-DD`` text or datetime, ``state`` (the code of the state that acted, or in
        which it happened) and ``kind``; the columns of the citation if given. Never changed.

    Returns
    -------
    pandas.DataFrame
        The columns of the embedded table in their order, sorted by day and id.

    Raises
    ------
    ValueError
        For a missing column, a date that is no day, an empty kind, an id that stands twice, or a state that did not
        exist on the day; the row is named.

    Examples
    --------
    >>> coup = {"trigger_id": ["a"], "date": ["2020-08-18"], "state": ["MLI"], "kind": ["coup"]}
    >>> check_triggers(pd.DataFrame(coup))["kind"].tolist()
    ['coup']
    """
    missing = [name for name in NEEDED if name not in frame.columns]
    if missing:
        raise ValueError(f"triggers: missing columns {', '.join(missing)}")
    table = frame.reset_index(drop=True).copy()
    for name in COLUMNS:
        if name not in table.columns:
            table[name] = "day" if name == "date_precision" else ""
        elif name != "date":
            table[name] = table[name].astype(object).where(table[name].notna(), "").astype(str)
    table["date"] = pd.to_datetime(table["date"], format="%Y-%m-%d", errors="coerce").astype("datetime64[s]")
    _refuse(table["date"].isna(), "date is not a day; write YYYY-MM-DD")
    _refuse(table["date_precision"] != "day", "a trigger has a day; date_precision is day")
    _refuse(table["kind"] == "", "kind is empty")
    _refuse(
        (table["trigger_id"] == "") | table.duplicated("trigger_id"), "trigger_id is empty or stands twice"
    )
    there = [_existed(state, day) for state, day in zip(table["state"], table["date"], strict=True)]
    _refuse(~pd.Series(there, dtype=bool), "state is not the code of a state that existed on the day")
    return table[list(COLUMNS)].sort_values(["date", "trigger_id"], ignore_index=True)


def _existed(state: str, day: pd.Timestamp) -> bool:
    """Whether a code is known and its state existed on the day."""
    try:
        return exists(state, day)
    except StateError:
        return False


def _refuse(bad: pd.Series, why: str) -> None:
    """Stop at the first bad row, with its number and the reason."""
    if bad.any():
        raise ValueError(f"triggers: row {int(bad.to_numpy().argmax()) + 1}: {why}")


@lru_cache(maxsize=1)
def _embedded() -> pd.DataFrame:
    return check_triggers(read_text_table("triggers", "triggers.csv"))


def load_triggers() -> pd.DataFrame:
    """
    The embedded trigger events: coups, failed attempts, self-coups, nuclear tests and invasions since 1990.

    Each kind follows a published list whole, whether or not anybody imposed sanctions: a selection of the cases that
    were sanctioned would leak the outcome into the feature. ``datasets/triggers/README.md`` names the lists.

    Returns
    -------
    pandas.DataFrame
        One row per event and state: ``trigger_id, date, date_precision, state, kind`` and the citation (``title,
        publisher, source, url, checked, note``), sorted by day and id. A new copy each time.

    Examples
    --------
    >>> triggers = load_triggers()
    >>> triggers.loc[triggers["state"] == "PRK", "date"].dt.year.tolist()
    [2006, 2009, 2013, 2016, 2016, 2017]
    """
    return _embedded().copy()


def recent_triggers(
    triggers: pd.DataFrame, kinds: str | Collection[str], as_of: object, half_life: float
) -> pd.Series:
    r"""
    Decayed count of a state's trigger events up to a day.

    .. math:: n_s = \sum_{e:\, s_e = s,\ k_e \in K,\ t_e \le t} 2^{-(t - t_e) / h}

    An event of the day counts 1, one of a half-life ago 1/2; the future does not count. Whether a coup held is known
    after a week: ``["coup", "coup_attempt"]`` together is what could be counted on the day.

    Parameters
    ----------
    triggers : pandas.DataFrame
        As of :func:`load_triggers` or :func:`check_triggers`.
    kinds : str or collection of str
        One kind, or the kinds counted together.
    as_of : str, date or timestamp
        The end of that day is the present.
    half_life : float
        Days until half of the weight is gone, > 0; ``inf`` never forgets and counts events.

    Returns
    -------
    pandas.Series
        Index ``state``, in the order of the codes: the states with such an event by then. A state that is not in it
        had none since the list begins: ``reindex(states, fill_value=0.0)`` says so, inside the years that the list
        covers (``risk.datasets.describe("triggers")["coverage"]``).

    Raises
    ------
    ValueError
        For a kind that neither this nor the embedded table has, a half-life that is not positive, a day that is none.

    Examples
    --------
    >>> recent_triggers(load_triggers(), "nuclear_test", "2018-09-03", half_life=365).round(2)["PRK"].item()
    0.93
    """
    wanted = {kinds} if isinstance(kinds, str) else set(kinds)
    unknown = wanted - set(KINDS) - set(triggers["kind"])
    if unknown or not wanted:
        raise ValueError(
            f"kinds: {sorted(unknown)} not found; there are {sorted(set(KINDS) | set(triggers['kind']))}"
        )
    if not half_life > 0:
        raise ValueError(f"half_life: {half_life!r} is not positive; give days, or inf")
    age = day_number(as_of) - as_days(triggers["date"]).astype(np.int64)
    counted = np.flatnonzero(triggers["kind"].isin(wanted).to_numpy() & (age >= 0))
    counted = counted[
        np.argsort(-age[counted], kind="stable")
    ]  # the oldest first: the sum does not know the row order
    codes, states = pd.factorize(triggers["state"].to_numpy(dtype=object)[counted], sort=True)
    total = np.bincount(codes, weights=decay(age[counted], half_life), minlength=len(states))
    index = pd.Index(states, name="state", dtype=object)
    return pd.Series(total, index=index, name="recent_triggers", dtype=float)
