"""Ties: which share of a state's outside economy runs through each partner, by the year it was published for."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from risk.datasets import read_text_table
from risk.days import as_days

__all__ = ["COLUMNS", "Ties", "check_ties", "load_ties"]

COLUMNS = ("state", "partner", "share", "year", "known_on", "publisher", "source", "url", "note")


def check_ties(frame: pd.DataFrame) -> pd.DataFrame:
    """
    The checked tie table: one row per state, partner and year.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``state, partner, share`` in [0, 1], ``year`` and ``known_on``, the day the year's shares were published.

    Raises
    ------
    ValueError
        For a missing column, a share outside [0, 1], a tie to itself or one told twice.

    Examples
    --------
    >>> tie = {"state": ["VEN"], "partner": ["CHN"], "share": [0.3], "year": [2023], "known_on": ["2024-06-01"]}
    >>> check_ties(pd.DataFrame(tie))["share"].tolist()
    [0.3]
    """
    missing = [name for name in COLUMNS[:5] if name not in frame.columns]
    if missing:
        raise ValueError(f"ties: missing columns {', '.join(missing)}")
    table = frame.reset_index(drop=True).copy()
    table["share"] = pd.to_numeric(table["share"]).astype(float)
    table["year"] = pd.to_numeric(table["year"]).astype("int64")
    table["known_on"] = pd.to_datetime(table["known_on"], format="%Y-%m-%d").astype("datetime64[s]")
    for name in COLUMNS[5:]:
        told = table[name].astype(object) if name in table.columns else pd.Series("", table.index)
        table[name] = told.where(told.notna(), "").astype(str)
    for bad, why in (
        (~table["share"].between(0, 1), "share is outside [0, 1]"),
        (table["known_on"].isna(), "known_on is empty"),
        (table["state"] == table["partner"], "a state has no tie to itself"),
        (table.duplicated(["state", "partner", "year"]), "state, partner and year stand twice"),
    ):
        if bad.any():
            raise ValueError(f"ties: row {int(bad.to_numpy().argmax()) + 1}: {why}")
    return table[list(COLUMNS)].sort_values(["state", "year", "partner"], ignore_index=True)


@lru_cache(maxsize=1)
def _embedded() -> pd.DataFrame:
    return check_ties(read_text_table("ties", "ties.csv"))


def load_ties() -> pd.DataFrame:
    """
    The embedded tie shares: the mean of a partner's share in a state's exports and in its imports.

    Examples
    --------
    >>> load_ties().groupby(["state", "year"])["share"].sum().max() <= 1
    np.True_
    """
    return _embedded().copy()


class Ties:
    """A tie table that gives the matrix of the latest shares known on a day."""

    def __init__(self, frame: pd.DataFrame):
        self.frame = frame
        self._known = as_days(frame["known_on"])

    def latest(self, known_on: int) -> pd.DataFrame:
        """For each state the rows of its latest year published by the day."""
        known = self.frame[self._known <= known_on]
        return known[known["year"] == known.groupby("state")["year"].transform("max")]

    def matrix(self, known_on: int, states: list[str]) -> tuple[np.ndarray, list[str]]:
        """
        Tie shares among the given states, row by row; a row over 1 is scaled down and named.

        Returns
        -------
        shares : ndarray, shape (n, n)
        notes : list of str
        """
        rows = self.latest(known_on)
        at = pd.Index(states)
        i, j = at.get_indexer(rows["state"]), at.get_indexer(rows["partner"])
        inside = (i >= 0) & (j >= 0)
        shares = np.zeros((len(states), len(states)))
        shares[i[inside], j[inside]] = rows["share"].to_numpy()[inside]
        sums = shares.sum(axis=1)
        over = np.flatnonzero(sums > 1)
        shares[over] /= sums[over, None]
        return shares, [
            f"tie shares of {states[k]} added up to {sums[k]:.3f} and were scaled to 1" for k in over
        ]
