"""Every choice a reader takes, in one frozen object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from risk.codebook import Codebook

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
        }
        for name, choices in allowed.items():
            if getattr(self, name) not in choices:
                raise ValueError(f"{name} must be one of {choices}, not {getattr(self, name)!r}")
        if self.thousands == self.decimal:
            raise ValueError(f"thousands and decimal are both {self.decimal!r}")
