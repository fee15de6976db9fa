"""Every choice a reader takes, in one frozen object."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from risk.codebook import Codebook
from risk.days import day_number

__all__ = ["Before", "Options"]

Before = Literal["error", "predecessor"]


@dataclass(frozen=True)
class Options:
    """
    How files are opened and cells are read.

    Parameters
    ----------
    delimiter, encoding, sheet : str
        Of a text file, and the sheet's name of a workbook.
    allow_empty : bool
        Whether a header without rows is a table.
    max_bytes, max_rows : int
        Caps on the file (packed and unpacked) and on its rows.
    dayfirst, format, excel_dates, unit
        Which dates other than ``YYYY-MM-DD`` are meant; without them such cells are refused.
    timezone, fold
        Zone of clock times without an offset, and which of two equal clock times is meant.
    date_policy : {"midpoint", "start", "end"}
        Where a month or a year is placed.
    excel_epoch : {1900, 1904}
        Day system of Excel serials; a workbook says its own.
    first_day, last_day : str
        Days outside are refused. 1816-01-01 is the start of the Correlates of War's state system.
    decimal, thousands : str
        Marks inside numbers.
    limit : float
        Largest number accepted where a column sets no bound of its own.
    before : {"error", "predecessor"}
        A state named on a day before it existed: refused, or the state it continues in law.
    codebook : Codebook, optional
        The user's own event types; None: the embedded ones.
    errors : {"raise", "quarantine"}
        Whether a refused row stops the reading.

    Examples
    --------
    >>> Options(dayfirst=True).date_policy
    'midpoint'
    """

    errors: str = "raise"
    delimiter: str = ","
    encoding: str = "utf-8"
    sheet: str | None = None
    allow_empty: bool = False
    max_bytes: int = 2**31
    max_rows: int = 20_000_000
    dayfirst: bool | None = None
    format: str | None = None
    excel_dates: bool = False
    excel_epoch: int = 1900
    unit: str | None = None
    timezone: str | None = None
    fold: int | None = None
    date_policy: str = "midpoint"
    first_day: str = "1816-01-01"
    last_day: str = "2100-12-31"
    decimal: str = "."
    thousands: str | None = None
    limit: float = 1e6
    before: Before = "error"
    codebook: Codebook | None = None

    def __post_init__(self) -> None:
        allowed = {
            "errors": ("raise", "quarantine"),
            "date_policy": ("midpoint", "start", "end"),
            "before": ("error", "predecessor"),
            "unit": (None, "s", "ms", "us", "ns"),
            "fold": (None, 0, 1),
            "decimal": (".", ","),
            "thousands": (None, ",", ".", " ", "'", "_", "\u00a0", "\u202f"),
            "excel_epoch": (1900, 1904),
        }
        for name, choices in allowed.items():
            if getattr(self, name) not in choices:
                raise ValueError(f"{name} must be one of {choices}, not {getattr(self, name)!r}")
        if self.thousands == self.decimal:
            raise ValueError(f"thousands and decimal are both {self.decimal!r}")
        if not isinstance(self.delimiter, str) or len(self.delimiter) != 1 or self.delimiter in '"\r\n\0':
            raise ValueError(f"delimiter must be one character, not {self.delimiter!r}")
        if not isinstance(self.encoding, str):
            raise ValueError(f"encoding must be the name of an encoding, not {self.encoding!r}")
        _check_days(self.first_day, self.last_day)
        _check_format(self.format)
        _check_zone(self.timezone)
        for name in ("limit", "max_rows", "max_bytes"):
            cap = getattr(self, name)
            if isinstance(cap, bool) or not isinstance(cap, int | float) or not cap > 0:
                raise ValueError(f"{name} must be a positive number, not {cap!r}")


def _check_days(first: str, last: str) -> None:
    low, high = day_number(first, name="first_day"), day_number(last, name="last_day")
    if low > high:
        raise ValueError(f"first_day {first} is after last_day {last}")


def _check_format(form: str | None) -> None:
    if form is None:
        return
    try:
        dt.datetime.strptime(dt.datetime(2024, 1, 5, tzinfo=dt.UTC).strftime(form), form)
    except (ValueError, TypeError, re.error):
        raise ValueError(f"format: {form!r} is not a strptime form, as '%Y%m%d' is one") from None
    if not re.search("%-?[yYGcxDF]", form):
        raise ValueError(f"format: {form!r} has no year (%Y)")


def _check_zone(name: str | None) -> None:
    if name is None:
        return
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError):
        raise ValueError(f"timezone: {name!r} is not the name of a time zone, as 'Europe/Paris' is") from None
