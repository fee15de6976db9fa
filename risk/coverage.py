"""Declared coverage: the dyads, families and windows for which the record claims to be complete."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from risk.datasets import read_text_table
from risk.days import FAR, as_days
from risk.reading import Column, Draft, Options, Schema, check_table

__all__ = ["Coverage", "check_coverage", "load_coverage", "no_coverage"]

COVERAGE = Schema(
    columns=(
        Column("start", "date", required=True, blank=False),
        Column("end", "date"),
        Column("a", "state", required=True, blank=False, on="start"),
        Column("b", "state", required=True, blank=False, on="start"),
        Column("family", "code", required=True, blank=False),
        Column("threshold"),
    ),
    noun="windows",
    reader="",
)
COLUMNS = ["a", "b", "family", "start", "end", "threshold"]


def _check_rows(draft: Draft) -> None:
    """What a window must satisfy beyond its single cells; puts the two states into alphabetical order."""
    columns = draft.columns
    a, b = columns["a"], columns["b"]
    itself = (a == b) & (a != "")
    draft.refuse(itself.to_numpy(bool), "b", "dyad.self", "both states are the same")
    early = (columns["end"] <= columns["start"]).to_numpy(bool)
    draft.refuse(
        early, "end", "date.end_before_start", "end, the first day not claimed, must come after start"
    )
    swap = (a > b).to_numpy(bool)
    columns["a"], columns["b"] = a.mask(swap, b), b.mask(swap, a)


def check_coverage(frame: pd.DataFrame) -> pd.DataFrame:
    """
    The checked coverage table: one row per dyad, family and window for which a record claims to be complete.

    Parameters
    ----------
    frame : pandas.DataFrame
        At least ``a, b, family, start``; names or codes, in any order. Not changed.

    Returns
    -------
    pandas.DataFrame
        ``a, b`` (alphabetical codes), ``family, start, end, threshold``; see :func:`load_coverage`.

    Raises
    ------
    TableError
        If a column is missing or a row is refused; rows count from 1.

    Examples
    --------
    >>> window = {"a": ["Russia"], "b": ["Cuba"], "family": ["treaty"], "start": ["2000-01-01"]}
    >>> check_coverage(pd.DataFrame(window))[["a", "b"]].iloc[0].tolist()
    ['CUB', 'RUS']
    """
    return check_table(frame, COVERAGE, _check_rows, Options(allow_empty=True)).table[COLUMNS]


@lru_cache(maxsize=1)
def no_coverage() -> pd.DataFrame:
    """A coverage table without rows: nothing is claimed."""
    return check_coverage(pd.DataFrame({name: pd.Series(dtype=str) for name in COLUMNS}))


@lru_cache(maxsize=1)
def _embedded() -> pd.DataFrame:
    return check_coverage(read_text_table("coverage", "coverage.csv"))


def load_coverage() -> pd.DataFrame:
    """
    The embedded coverage table.

    Returns
    -------
    pandas.DataFrame
        One row per dyad and family: ``a, b`` (alphabetical), ``family``, ``start``, ``end`` (half-open days; an
        empty end is claimed as long as the record runs) and ``threshold``, in words.

    Examples
    --------
    >>> list(load_coverage().columns)
    ['a', 'b', 'family', 'start', 'end', 'threshold']
    """
    return _embedded().copy()


class Coverage:
    """
    A coverage table that answers whether a dyad is covered on a day.

    Parameters
    ----------
    frame : pandas.DataFrame
        From :func:`check_coverage`.
    through : int, optional
        Day until which the record is said to run: windows without an end reach it and no further.
    """

    def __init__(self, frame: pd.DataFrame, through: int | None = None):
        self.frame = frame
        self._start = as_days(frame["start"])
        self._end = as_days(frame["end"], empty=FAR if through is None else through + 1)
        self._pair = np.array([f"{a} {b}" for a, b in zip(frame["a"], frame["b"], strict=True)], dtype=object)

    def of(self, a: str, b: str, as_of: int) -> bool:
        """Whether any family of the dyad is declared complete on the day."""
        pair = " ".join(sorted((a, b)))
        return bool(((self._pair == pair) & (self._start <= as_of) & (as_of < self._end)).any())

    def grid(self, first: np.ndarray, second: np.ndarray, days: np.ndarray) -> np.ndarray:
        """Which dyads (columns) are covered on which days (rows)."""
        pairs = zip(first, second, strict=True) if len(self.frame) else ()
        column = {(min(pair), max(pair)): at for at, pair in enumerate(pairs)}
        covered = np.zeros((len(days), len(first)), dtype=bool)
        rows = zip(zip(self.frame["a"], self.frame["b"], strict=True), self._start, self._end, strict=True)
        for pair, start, end in rows:
            if pair in column:
                covered[:, column[pair]] |= (start <= days) & (days < end)
        return covered
