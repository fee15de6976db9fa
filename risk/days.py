"""Days as whole numbers: the one place where dates become arithmetic."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np
import pandas as pd

__all__ = ["FAR", "as_days", "day_number", "day_stamp"]

FAR = 10_000_000
"""A day that never comes: no end, never silenced."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def as_days(dates: pd.Series, empty: int | None = None) -> np.ndarray:
    """
    Days since 1970-01-01 of a column of dates.

    Parameters
    ----------
    dates : pandas.Series of datetime64
    empty : int, optional
        What an empty cell becomes; without it the column has none.

    Returns
    -------
    ndarray of int32

    Examples
    --------
    >>> as_days(pd.Series(pd.to_datetime(["1970-01-02", None])), empty=FAR).tolist()
    [1, 10000000]
    """
    values = dates.to_numpy(dtype="datetime64[D]")
    days = values.astype(np.int64).astype(np.int32)
    if empty is not None:
        days[np.isnat(values)] = empty
    return days


def day_number(day: object, name: str = "as_of") -> int:
    """
    Days since 1970-01-01 of one day, given as ``YYYY-MM-DD`` text, a date or a timestamp.

    Raises
    ------
    ValueError
        For anything else: ``now``, ``today``, a bare number, a day that the calendar does not have.

    Examples
    --------
    >>> day_number("1970-02-01")
    31
    """
    if isinstance(day, str):
        if not _DAY.fullmatch(day.strip()):
            raise ValueError(f"{name}: {day!r} is not a day; write YYYY-MM-DD")
        try:
            day = dt.date.fromisoformat(day.strip())
        except ValueError as error:
            raise ValueError(f"{name}: {day!r} is not a day: {error}") from None
    if isinstance(day, np.datetime64):
        day = pd.Timestamp(day)
    if day is pd.NaT or not isinstance(day, dt.date):
        raise ValueError(f"{name}: {day!r} is not a day; write YYYY-MM-DD")
    return dt.date(day.year, day.month, day.day).toordinal() - dt.date(1970, 1, 1).toordinal()


def day_stamp(number: int) -> pd.Timestamp:
    """
    The timestamp of a day number.

    Examples
    --------
    >>> day_stamp(31)
    Timestamp('1970-02-01 00:00:00')
    """
    return pd.Timestamp(np.datetime64(int(number), "D")).as_unit("s")
