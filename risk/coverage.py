"""Declared coverage: the dyads, families and windows for which the record claims to be complete."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from risk.datasets import read_text_table
from risk.days import FAR, as_days

__all__ = ["COLUMNS", "Coverage", "load_coverage"]

COLUMNS = ("a", "b", "family", "start", "end", "threshold")


@lru_cache(maxsize=1)
def _embedded() -> pd.DataFrame:
    table = read_text_table("coverage", "coverage.csv")
    for name in ("start", "end"):
        table[name] = pd.to_datetime(table[name], format="%Y-%m-%d").astype("datetime64[s]")
    return table


def load_coverage() -> pd.DataFrame:
    """
    The embedded coverage table.

    Returns
    -------
    pandas.DataFrame
        One row per dyad and family: ``a, b`` (alphabetical), ``family``, ``start``, ``end`` (half-open days; an
        empty end is the day the data runs through) and ``threshold``, in words.

    Examples
    --------
    >>> list(load_coverage().columns)
    ['a', 'b', 'family', 'start', 'end', 'threshold']
    """
    return _embedded().copy()


class Coverage:
    """A coverage table that answers whether a dyad is covered on a day."""

    def __init__(self, frame: pd.DataFrame):
        self.frame = frame
        self._start = as_days(frame["start"])
        self._end = as_days(frame["end"], empty=FAR)
        self._pair = np.array([f"{a} {b}" for a, b in zip(frame["a"], frame["b"], strict=True)], dtype=object)

    def of(self, a: str, b: str, as_of: int) -> bool:
        """Whether any family of the dyad is declared complete on the day."""
        pair = " ".join(sorted((a, b)))
        return bool(((self._pair == pair) & (self._start <= as_of) & (as_of < self._end)).any())

    def grid(self, first: np.ndarray, second: np.ndarray, days: np.ndarray) -> np.ndarray:
        """Which dyads (columns; first < second) are covered on which days (rows)."""
        column = (
            {pair: at for at, pair in enumerate(zip(first, second, strict=True))} if len(self.frame) else {}
        )
        covered = np.zeros((len(days), len(first)), dtype=bool)
        rows = zip(zip(self.frame["a"], self.frame["b"], strict=True), self._start, self._end, strict=True)
        for pair, start, end in rows:
            if pair in column:
                covered[:, column[pair]] |= (start <= days) & (days < end)
        return covered
